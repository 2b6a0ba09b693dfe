"""The raw figures of a row's two arms, as printed, for the columns beside a forest plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

_MEANS: Final = {
    "post": ("mean{}_post", "sd{}_post"),
    "change": ("change{}_mean", "change{}_sd"),
    "baseline": ("mean{}_pre", "sd{}_pre"),
}


def arm_texts(printed: pd.Series[str], way: str) -> tuple[str, str]:
    """Return what the paper prints for arm 1 and arm 2, or the group sizes where it prints only an effect.

    Parameters
    ----------
    printed
        The row as text, exactly as in the file.
    way
        The way the row was read, as in ``row_effect``.
    """
    if way in _MEANS:
        mean, sd = _MEANS[way]
        return _mean(printed, 1, mean, sd), _mean(printed, 2, mean, sd)
    if way == "proportion":
        return f"{printed['events1']}/{printed['n1']}", ""
    if way == "events":
        return f"{printed['events1']}/{printed['n1']}", f"{printed['events2']}/{printed['n2']}"
    return _size(printed["n1"]), _size(printed["n2"])


def _mean(printed: pd.Series[str], arm: int, mean: str, sd: str) -> str:
    return f"{printed[mean.format(arm)]} ({printed[sd.format(arm)]}), {_size(printed[f'n{arm}'])}"


def _size(n: str) -> str:
    return f"n = {n}" if n else ""
