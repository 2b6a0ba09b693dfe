"""The number of significant studies against what their power lets expect."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.bias.caution import caution
from hipevidence.bias.result import ExcessSignificance
from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

TESTS = ("exact", "binomial", "chi2")
ALTERNATIVES = ("two-sided", "greater", "less")


def excess_significance(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    effect: float | None = None,
    alpha: float = 0.05,
    alternative: str = "two-sided",
    test: str = "exact",
) -> ExcessSignificance:
    """Compare the number of significant studies with what their power lets expect.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    effect
        Effect taken as true; the common-effect mean if None.
    alpha
        Level at which the studies were tested.
    alternative
        How they were tested: ``"two-sided"``, ``"greater"`` or ``"less"``.
    test
        ``"exact"``: sum of unlike Bernoulli variables; ``"binomial"``: with the mean power; ``"chi2"``.

    Returns
    -------
    ExcessSignificance
        The P value is one-sided: at least so many.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    chi2 = (O - E)² / E + (O - E)² / (k - E), P halved; where O < E it is one minus that half.

    References
    ----------
    Ioannidis & Trikalinos (2007), doi:10.1177/1740774507079441; Francis (2013), doi:10.1016/j.jmp.2013.02.003.

    Examples
    --------
    >>> result = excess_significance([0.7, 0.6, 0.8, 0.1], [0.08, 0.06, 0.12, 0.01])
    >>> result.observed, round(result.expected, 2)
    (3, 1.18)
    """
    y, v = check_studies(yi, vi)
    _check(alpha, alternative, test)
    k, weights, se = len(y), 1.0 / v, np.sqrt(v)
    true = float(weights @ y / weights.sum()) if effect is None else float(effect)
    critical = -float(special.ndtri(0.5 * alpha if alternative == "two-sided" else alpha))
    upper, lower = special.ndtr(true / se - critical), special.ndtr(-critical - true / se)
    z = y / se
    if alternative == "two-sided":
        power, significant = upper + lower, np.abs(z) >= critical
    else:
        power, significant = (upper, z >= critical) if alternative == "greater" else (lower, z <= -critical)
    observed, expected = int(np.count_nonzero(significant)), float(power.sum())
    statistic, p_value = _tested(observed, power, test)
    text = caution("excess", k)
    ratio = observed / expected if expected > 0.0 else math.nan
    return ExcessSignificance(
        observed, expected, ratio, statistic, p_value, power, true, alpha, alternative, test, k, "", text
    )


def _check(alpha: float, alternative: str, test: str) -> None:
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha: found {alpha}; allowed: between 0 and 1.")
    if alternative not in ALTERNATIVES:
        raise InputError(f"alternative: found {alternative!r}; allowed: {', '.join(map(repr, ALTERNATIVES))}.")
    if test not in TESTS:
        raise InputError(f"test: found {test!r}; allowed: {', '.join(map(repr, TESTS))}.")


def _tested(observed: int, power: Floats, test: str) -> tuple[float, float]:
    """Return the statistic (``nan`` if there is none) and the P value of at least so many significant studies."""
    k, expected = len(power), float(power.sum())
    if test == "exact":
        return math.nan, float(at_least(observed, power))
    if test == "binomial":
        mean = expected / k
        return math.nan, 1.0 if observed == 0 else float(special.betainc(observed, k - observed + 1, mean))
    gap = (observed - expected) ** 2
    statistic = gap / expected + gap / (k - expected) if 0.0 < expected < k else math.inf
    half = float(special.ndtr(-math.sqrt(statistic)))
    return statistic, half if observed >= expected else float(special.ndtr(math.sqrt(statistic)))


def at_least(count: int, chances: Floats) -> float:
    """Return the probability that ``count`` or more of independent events with these chances happen."""
    distribution = np.zeros(len(chances) + 1)
    distribution[0] = 1.0
    for chance in chances:
        distribution[1:] = distribution[1:] * (1.0 - chance) + distribution[:-1] * chance
        distribution[0] *= 1.0 - chance
    return float(min(1.0, distribution[count:].sum()))
