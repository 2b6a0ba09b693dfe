"""Limit meta-analysis: what the studies would say if each were infinitely precise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.bias.asymmetry import Line, fit_line
from hipevidence.bias.caution import caution
from hipevidence.bias.result import LimitMetaAnalysis
from hipevidence.pooling import pool
from hipevidence.pooling.checks import check_studies
from hipevidence.results import Interval

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats


_NUMBERS = (
    *("estimate", "se", "p_value", "bias", "bias_se", "intercept"),
    *("q", "q_small", "q_small_p_value", "q_residual", "q_residual_p_value", "g2"),
)


def limit_meta_analysis(
    yi: npt.ArrayLike, vi: npt.ArrayLike, *, method: str = "REML", level: float = 0.95
) -> LimitMetaAnalysis:
    """Extrapolate a random-effects meta-analysis to infinitely precise studies (Rücker).

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    method
        Estimator of tau².
    level
        Coverage of the interval.

    Returns
    -------
    LimitMetaAnalysis
        With fewer than three studies, or all equally precise, ``nan`` with a reason.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    With s = sqrt(v + tau²): y = b + s (a + e), e standard normal. As sampling variances vanish, y tends to
    b + tau (a + e): the estimate is b + tau a, and the limit of a study b + (tau / s)(y - b). The standard error takes
    tau² as known and is that of b + tau a, covariance of a and b included.

    References
    ----------
    Rücker et al. (2011), doi:10.1093/biostatistics/kxq046.

    Examples
    --------
    >>> result = limit_meta_analysis([0.1, 0.5, 0.35, 0.92, 0.8], [0.01, 0.02, 0.04, 0.09, 0.16])
    >>> round(result.estimate, 3), round(result.g2, 3)
    (0.175, 0.964)
    """
    y, v = check_studies(yi, vi)
    pooled = pool(y, v, method=method, ci="wald", level=level, prediction=None)
    by_se = Line("limit", y, v, np.sqrt(v), "se", level)
    why = by_se.hopeless()
    if why:
        return _nothing(len(y), pooled.tau2, method, level, why)
    total = v + pooled.tau2
    by_total = Line("limit", y, total, np.sqrt(total), "s", level)
    line = fit_line(by_total, "EE", "wald")
    b, a = line.coefficients
    slope = a.estimate / by_total.unit
    direction = np.array([1.0, pooled.tau / by_total.unit])
    estimate, se = b.estimate + pooled.tau * slope, math.sqrt(direction @ line.covariance @ direction)
    half = -float(special.ndtri(0.5 * (1.0 - level))) * se
    limits = b.estimate + pooled.tau / np.sqrt(total) * (y - b.estimate)
    residual = fit_line(by_se, "EE", "wald").q
    small = max(0.0, pooled.q - residual)
    return LimitMetaAnalysis(
        estimate=estimate,
        se=se,
        ci=Interval(estimate - half, estimate + half, level),
        p_value=2.0 * float(special.ndtr(-abs(estimate / se))),
        bias=slope,
        bias_se=a.se / by_total.unit,
        intercept=b.estimate,
        tau2=pooled.tau2,
        q=pooled.q,
        q_small=small,
        q_small_p_value=float(special.chdtrc(1, small)),
        q_residual=residual,
        q_residual_p_value=float(special.chdtrc(len(y) - 2, residual)),
        g2=_unexplained(limits, v),
        limits=limits,
        k=len(y),
        method=method,
        level=level,
        reason="",
        caution=caution("extrapolation", len(y)),
    )


def _unexplained(limits: Floats, v: Floats) -> float:
    """Return 1 - R² of the radial plot of the limits: limits / se on 1 / se."""
    radial, precision = limits / np.sqrt(v), 1.0 / np.sqrt(v)
    radial, precision = radial - radial.mean(), precision - precision.mean()
    total = float(radial @ radial)
    return 1.0 - float(radial @ precision) ** 2 / (total * float(precision @ precision)) if total > 0.0 else 0.0


def _nothing(k: int, tau2: float, method: str, level: float, reason: str) -> LimitMetaAnalysis:
    missing = dict.fromkeys(_NUMBERS, math.nan)
    nothing, limits = Interval(math.nan, math.nan, level), np.full(k, math.nan)
    text = caution("extrapolation", k)
    return LimitMetaAnalysis(
        **missing, ci=nothing, tau2=tau2, limits=limits, k=k, method=method, level=level, reason=reason, caution=text
    )
