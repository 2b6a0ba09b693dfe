"""Begg and Mazumdar's rank correlation of effects and variances."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats

from hipevidence.bias.caution import caution
from hipevidence.bias.result import RankTest
from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

TESTS = ("exact", "normal")


def begg(yi: npt.ArrayLike, vi: npt.ArrayLike, *, test: str = "exact") -> RankTest:
    """Test whether effects and their variances are correlated in rank (Begg and Mazumdar).

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    test
        ``"exact"``: permutation distribution (normal where there are ties, and the result says so); ``"normal"``.

    Returns
    -------
    RankTest
        With fewer than two studies, or where all are equally precise, ``nan`` with a reason.

    Raises
    ------
    InputError
        If studies or test cannot be used.

    Notes
    -----
    Kendall's correlation of (y - mean) / sqrt(v - 1 / Σw) with v, mean the common-effect one. The normal test has no
    continuity correction.

    References
    ----------
    Begg & Mazumdar (1994), doi:10.2307/2533446.

    Examples
    --------
    >>> result = begg([0.1, 0.3, 0.35, 0.62, 0.8], [0.01, 0.02, 0.04, 0.09, 0.16])
    >>> round(result.tau, 3), round(result.p_value, 4)
    (1.0, 0.0167)
    """
    y, v = check_studies(yi, vi)
    if test not in TESTS:
        raise InputError(f"test: found {test!r}; allowed: {' or '.join(map(repr, TESTS))}.")
    k, text = len(y), caution("rank", len(y))
    weights = 1.0 / v
    spread = v - 1.0 / weights.sum()
    if k < 2 or np.ptp(v) == 0.0:
        why = "a rank correlation needs at least two studies" if k < 2 else "all studies are equally precise: no ranks"
        return RankTest("Begg", math.nan, math.nan, math.nan, math.nan, k, test, why, text)
    deviates = (y - weights @ y / weights.sum()) / np.sqrt(spread)
    score, variance, tied = _score(deviates, v)
    if variance == 0.0:
        why = "all effects are equal: no ranks"
        return RankTest("Begg", math.nan, score, math.nan, math.nan, k, test, why, text)
    statistic = score / math.sqrt(variance)
    used = "normal" if tied else test
    reason = "ties: the normal distribution stands in for the exact one" if used != test else ""
    p_value = 2.0 * float(special.ndtr(-abs(statistic)))
    if used == "exact":
        p_value = float(stats.kendalltau(deviates, v, method="exact").pvalue)
    tau = float(stats.kendalltau(deviates, v).statistic)
    return RankTest("Begg", tau, score, statistic, p_value, k, used, reason, text)


def _score(x: Floats, y: Floats) -> tuple[float, float, bool]:
    """Return concordant minus discordant pairs, its variance under no association, and whether there are ties."""
    k = len(x)
    score = float(np.sum(np.triu(np.sign(x[:, None] - x) * np.sign(y[:, None] - y), 1)))
    ties = [np.unique(values, return_counts=True)[1].astype(np.float64) for values in (x, y)]
    pairs = [float(np.sum(t * (t - 1.0))) for t in ties]
    triples = [float(np.sum(t * (t - 1.0) * (t - 2.0))) for t in ties]
    lost = sum(float(np.sum(t * (t - 1.0) * (2.0 * t + 5.0))) for t in ties)
    variance = (k * (k - 1.0) * (2.0 * k + 5.0) - lost) / 18.0 + pairs[0] * pairs[1] / (2.0 * k * (k - 1.0))
    if k > 2:
        variance += triples[0] * triples[1] / (9.0 * k * (k - 1.0) * (k - 2.0))
    return score, variance, any(pairs)
