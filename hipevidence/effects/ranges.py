"""What a paired effect can be when the paper does not print the correlation of the two measurements."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.effects.measures import effect_size
from hipevidence.errors import InputError
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from hipevidence.effects._elements import Reasons, Values


@dataclasses.dataclass(frozen=True, slots=True)
class EffectRange(Result):
    """The span of an effect and its variance over assumed correlations.

    Attributes
    ----------
    yi_low, yi_high
        Smallest and largest effect, on the scale of the measure; equal where it does not depend on the correlation.
    vi_low, vi_high
        Smallest and largest sampling variance; the larger one is the cautious choice.
    r
        The correlations that were assumed.
    measure, method
        Code of the measure, and how it was computed.
    reason
        Why a value is ``nan``, ``""`` where none is.
    """

    yi_low: Values
    yi_high: Values
    vi_low: Values
    vi_high: Values
    r: tuple[float, ...]
    measure: str
    method: str
    reason: Reasons = ""


def effect_size_range(
    measure: str, *, r: Sequence[float], correction: str | None = None, **inputs: ArrayLike | None
) -> EffectRange:
    """Return what a paired effect spans over a list of correlations.

    Parameters
    ----------
    measure
        ``MC``, ``SMCC``, ``SMCR`` or ``PPC``.
    r
        Correlations between the two measurements, each applied to every row (and, for PPC, to both arms).
    correction, **inputs
        As in ``effect_size``, without ``r``.

    Returns
    -------
    EffectRange
        Lowest and highest effect and variance.

    Raises
    ------
    InputError
        As ``effect_size``; or if ``r`` is empty or the measure takes no correlation of two measurements.

    Notes
    -----
    All four are monotone in the correlation, so its two ends give the span.

    References
    ----------
    Morris SB (2008). https://doi.org/10.1177/1094428106291059

    Examples
    --------
    >>> span = effect_size_range("SMCR", mean1=26, sd1=5.5, mean2=22, n=60, r=[0.5, 0.8])
    >>> round(span.yi_low, 4) == round(span.yi_high, 4), round(span.vi_low, 4), round(span.vi_high, 4)
    (True, 0.011, 0.021)
    """
    allowed = ("MC", "SMCC", "SMCR", "PPC")
    if measure not in allowed:
        raise InputError(f"measure is {measure!r}; allowed: {', '.join(allowed)}, which compare two measurements.")
    assumed = np.atleast_1d(np.asarray(r, dtype=np.float64))
    if assumed.ndim != 1 or assumed.size == 0 or not (np.abs(assumed) <= 1).all():
        raise InputError(f"r is {r!r}; allowed: one or more correlations between -1 and 1.")
    given: dict[str, Any] = {
        name: np.asarray(value, dtype=np.float64) for name, value in inputs.items() if value is not None
    }
    dimensions = max((value.ndim for value in given.values()), default=0)
    stacked = assumed.reshape(-1, *([1] * dimensions))
    effects = effect_size(measure, correction=correction, r=stacked, **given)
    reasons = np.asarray(effects.reason)
    first = np.take_along_axis(reasons, np.argmax(reasons != "", axis=0, keepdims=True), axis=0)[0]
    yi_low, yi_high = _ends(effects.yi)
    vi_low, vi_high = _ends(effects.vi)
    return EffectRange(
        yi_low,
        yi_high,
        vi_low,
        vi_high,
        r=tuple(assumed.tolist()),
        measure=measure,
        method=f"{effects.method}; correlations assumed: {', '.join(f'{value:g}' for value in assumed)}",
        reason=first if dimensions else str(first),
    )


def _ends(stacked: Values) -> tuple[Values, Values]:
    low, high = np.min(stacked, axis=0), np.max(stacked, axis=0)
    return (low, high) if np.ndim(low) else (float(low), float(high))
