"""Which figures of a row an effect can be computed from, and how a printed P value is read."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

P_VALUE = re.compile(r"([<>=]?)\s*([0-9]*\.?[0-9]+)")
MEANS = frozenset({"MD", "SMD", "SMDH", "ROM"})
RATIOS = frozenset({"OR", "RR", "RD", "HR", "IRR"})
PROPORTIONS = frozenset({"PR", "PLN", "PLO", "PAS", "PFT"})
MEASURES = MEANS | RATIOS | PROPORTIONS
# designs that measure once, so that a mean is a mean and no end score
MEASURED_ONCE = frozenset({"cohort", "case_control", "cross_sectional", "laboratory"})
GROUP_FIGURES = {
    "post": ("n1", "mean1_post", "sd1_post", "n2", "mean2_post", "sd2_post"),
    "change": ("n1", "change1_mean", "change1_sd", "n2", "change2_mean", "change2_sd"),
    "baseline": ("n1", "mean1_pre", "sd1_pre", "n2", "mean2_pre", "sd2_pre"),
    "events": ("events1", "n1", "events2", "n2"),
    "proportion": ("events1", "n1"),
}
SIGNED_STATISTICS = frozenset({"t", "d", "z"})  # F has no sign, so it needs a finding


@dataclass(frozen=True, slots=True)
class PValue:
    """A P value as a paper prints it.

    Attributes
    ----------
    relation
        ``=``, ``<`` or ``>``.
    value
        Between 0 and 1.
    """

    relation: Literal["=", "<", ">"]
    value: float


def read_p_value(text: str) -> PValue | None:
    """Return a printed P value, or ``None`` when the text is none.

    Parameters
    ----------
    text
        As printed, such as ``.006``, ``<0.001`` or ``>0.05``.

    Returns
    -------
    PValue or None
        ``None`` also where the figure lies outside 0 to 1.

    Examples
    --------
    >>> read_p_value("<0.001")
    PValue(relation='<', value=0.001)
    >>> read_p_value("1.5") is None
    True
    """
    match = P_VALUE.fullmatch(text.strip())
    if match is None or not 0 <= float(match[2]) <= 1:
        return None
    relation: Literal["=", "<", ">"] = "<" if match[1] == "<" else ">" if match[1] == ">" else "="
    return PValue(relation, float(match[2]))


def usable_figures(row: Mapping[str, Any], measure: str, score: str = "either") -> tuple[str, ...]:
    """Return the ways in which an effect on a scale can be computed from a row.

    Parameters
    ----------
    row
        One row of studies.csv: numbers as float with nan, text as str with ``""``.
    measure
        Effect size code such as ``SMD`` or ``PLO``.
    score
        ``post`` takes means at the end only (an effect printed without them may come from change scores);
        ``change`` and ``either`` take every way.

    Returns
    -------
    tuple of str
        Among ``post``, ``change``, ``baseline``, ``events``, ``proportion``, ``effect``, ``statistic`` and ``p``;
        empty when nothing can be computed.
    """
    if measure in PROPORTIONS:
        return ("proportion",) if _complete(row, "proportion") else ()
    if measure in RATIOS:
        return (*_present(row, ("events",)), *_printed_effect(row, {measure}))
    means = _present(row, _mean_ways(str(row["design"]), score))
    if score == "post" and row["design"] not in MEASURED_ONCE:
        return means
    if measure != "SMD":
        return (*means, *_printed_effect(row, {measure}))
    return (*means, *_printed_effect(row, {"SMD", "MD"}), *_test(row))


def _mean_ways(design: str, score: str) -> tuple[str, ...]:
    if design in MEASURED_ONCE:
        return ("post", "baseline")
    return ("post",) if score == "post" else ("post", "change")


def _present(row: Mapping[str, Any], ways: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(way for way in ways if _complete(row, way))


def _complete(row: Mapping[str, Any], way: str) -> bool:
    # A mean of one person has no standard deviation.
    enough = way in {"events", "proportion"} or _sized(row)
    return enough and all(_is_number(row[column]) for column in GROUP_FIGURES[way])


def _printed_effect(row: Mapping[str, Any], measures: set[str]) -> tuple[str, ...]:
    """Return ``effect`` where an effect of one of the measures stands with its interval or an exact P."""
    if row["effect_measure"] not in measures or not _is_number(row["effect"]):
        return ()
    interval = _is_number(row["ci_low"]) and _is_number(row["ci_high"])
    # Only a standardised effect can be read from a difference in points when both group sizes are known.
    sized = "MD" not in measures or len(measures) == 1 or row["effect_measure"] == "SMD" or _sized(row)
    # From P and the distance to no difference follows the standard error, unless that distance is nought.
    apart = row["effect"] != (1 if row["effect_measure"] in RATIOS - {"RD"} else 0)
    return ("effect",) if sized and (interval or (_exact_p(row) and apart)) else ()


def _test(row: Mapping[str, Any]) -> tuple[str, ...]:
    if not _sized(row):
        return ()
    directed = row["finding"] in {"increases", "decreases"}
    readable = SIGNED_STATISTICS | {"F"} if directed else SIGNED_STATISTICS
    statistic = row["statistic"] in readable and _is_number(row["statistic_value"])
    ways = ("statistic",) if statistic else ()
    return (*ways, "p") if _exact_p(row) and directed else ways


def _sized(row: Mapping[str, Any]) -> bool:
    return bool(row["n1"] >= 2 and row["n2"] >= 2)


def _exact_p(row: Mapping[str, Any]) -> bool:
    p_value = read_p_value(str(row["p_value"]))
    return p_value is not None and p_value.relation == "=" and 0 < p_value.value < 1


def _is_number(value: Any) -> bool:
    return value is not None and not math.isnan(value)
