"""Several risk factors in one person, without pretending that they are independent."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects import from_estimate_ci
from hipevidence.effects._elements import check_choice
from hipevidence.effects.result import check_level, normal_quantile
from hipevidence.errors import InputError
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

RATIOS = ("RR", "HR", "OR")


@dataclasses.dataclass(frozen=True, slots=True)
class CombinedRatio(Result):
    """What several risk factors come to together: a range, because their dependence is a range.

    Attributes
    ----------
    low, high
        Least and greatest joint ratio over the stated correlations.
    ci
        From the lowest lower to the highest upper limit over the stated correlations.
    correlation
        The stated range of correlation between any two of the factors.
    k
        Number of factors.
    method
        The assumptions, in words.
    reason
        Why a number is ``nan``, ``""`` where none is.

    Examples
    --------
    >>> found = combine_factors("RR", [2.0, 1.5], [1.5, 1.1], [2.7, 2.0], correlation=(0, 1))
    >>> round(found.low, 4), round(found.high, 4)
    (1.7321, 3.0)
    """

    low: float
    high: float
    ci: Interval
    correlation: tuple[float, float]
    k: int
    method: str
    reason: str = ""


def combine_factors(
    measure: str,
    ratio: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    correlation: tuple[float, float],
    level: float = 0.95,
) -> CombinedRatio:
    """Return the joint ratio of several risk factors that were each studied without the others.

    Parameters
    ----------
    measure
        RR, HR or OR (as ratios); an odds ratio only where the outcome is rare.
    ratio, low, high
        Each factor's ratio and limits, one element a factor, all for being exposed rather than not.
    correlation
        Least and greatest correlation thought possible between any two of the factors; it has to be stated. ``(0, 0)``
        says that they are independent or were adjusted for each other, ``(0, 1)`` admits to knowing nothing but that
        they go together.
    level
        Coverage of limits and interval.

    Returns
    -------
    CombinedRatio
        The range of the joint ratio over that correlation.

    Raises
    ------
    InputError
        If the correlation or a ratio is impossible.

    Notes
    -----
    On the logarithmic scale a ratio that was not adjusted for the other k - 1 factors also carries their effects, as
    far as they go together: b = R β with R the correlation matrix of the factors. With one common correlation ρ the
    joint effect is Σβ = Σb / (1 + (k - 1)ρ): the product of the ratios at ρ = 0, their geometric mean at ρ = 1. Exact
    for normally distributed factors of equal spread acting multiplicatively; no interaction. The errors of the ratios
    may go together too (same people), so that the standard error of the sum is taken as the sum of their standard
    errors, its greatest possible value.

    References
    ----------
    Cinelli C, Hazlett C (2020). https://doi.org/10.1111/rssb.12348 (omitted variables, b = R β)

    Examples
    --------
    >>> round(combine_factors("RR", [2.0, 1.5], [1.5, 1.1], [2.7, 2.0], correlation=(0, 0)).high, 6)
    3.0
    """
    check_choice("measure", measure, RATIOS)
    check_level(level)
    ratios, lows, highs = (np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (ratio, low, high))
    k = ratios.size
    _check(k, correlation)
    effects = from_estimate_ci(measure, ratios, lows, highs, level)
    reason = "; ".join(dict.fromkeys(str(text) for text in np.ravel(effects.reason) if text))
    total, reach = np.sum(effects.yi), normal_quantile(level) * np.sum(effects.sei)
    shrink = 1 / (1 + (k - 1) * np.asarray(correlation))
    joint = np.exp(total * shrink)
    limits = np.exp(np.concatenate([(total - reach) * shrink, (total + reach) * shrink]))
    words = f"{k} factors, correlation between any two from {correlation[0]:g} to {correlation[1]:g}"
    return CombinedRatio(
        low=float(joint.min()),
        high=float(joint.max()),
        ci=Interval(float(limits.min()), float(limits.max()), level),
        correlation=correlation,
        k=k,
        method=f"{words}; multiplicative, no interaction; standard errors added (greatest possible)",
        reason=reason,
    )


def _check(k: int, correlation: tuple[float, float]) -> None:
    if k < 2:
        raise InputError(f"{k} factor; allowed: two or more. Give one element for each factor.")
    least = -1 / (k - 1)
    first, last = correlation
    if not least < first <= last <= 1:
        raise InputError(
            f"correlation is {first:g} to {last:g}; allowed: from above {least:g} (for {k} factors) to 1, the lower "
            "one first. State the range you can defend."
        )
