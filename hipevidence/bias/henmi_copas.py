"""The interval of Henmi and Copas: centred where small studies weigh little, as wide as heterogeneity asks for."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from hipevidence.bias.caution import caution
from hipevidence.bias.result import HenmiCopas
from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies
from hipevidence.results import Interval

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
_REACH = 12.0
"""Standard deviations of the normal density beyond which nothing is left to integrate."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Moments:
    """Mean and variance of Q given the standardised error R of the common-effect mean: both linear in R²."""

    mean: float
    mean_slope: float
    variance: float
    variance_slope: float


def henmi_copas(yi: npt.ArrayLike, vi: npt.ArrayLike, *, level: float = 0.95) -> HenmiCopas:
    """Pool effects by inverse sampling variance, with an interval that is valid under heterogeneity.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    level
        Coverage.

    Returns
    -------
    HenmiCopas
        With one study the interval is ``nan`` and ``reason`` says so.

    Raises
    ------
    InputError
        If studies or level cannot be used.

    Notes
    -----
    The estimate is the common-effect mean m with variance (1 + tau² W₂) / W₁, W₁ = Σw, W₂ = Σw² / W₁. The critical
    value t solves P(|m - mu| > t se(tau²_DL)) = 1 - level, where Q given m is taken as a gamma variable with its exact
    conditional mean and variance, at the estimated tau².

    References
    ----------
    Henmi & Copas (2010), doi:10.1002/sim.4029.

    Examples
    --------
    >>> result = henmi_copas([0.1, 0.3, 0.35, 0.5], [0.01, 0.02, 0.04, 0.09])
    >>> round(result.ci.low, 4), round(result.ci.high, 4)
    (0.0757, 0.3467)
    """
    y, v = check_studies(yi, vi)
    if not 0.0 < level < 1.0:
        raise InputError(f"level: found {level}; allowed: between 0 and 1.")
    k = len(y)
    weights = 1.0 / v
    total = float(weights.sum())
    estimate = float(weights @ y) / total
    w2 = float(weights @ weights) / total
    q = float(weights @ (y - estimate) ** 2)
    tau2 = max(0.0, (q - (k - 1)) / (total - w2)) if k > 1 else math.nan
    nothing = Interval(math.nan, math.nan, level)
    text = caution("robust_interval", k)
    if k == 1:
        return HenmiCopas(estimate, math.nan, nothing, tau2, math.nan, k, "needs at least two studies", text)
    se = math.sqrt((1.0 + tau2 * w2) / total)
    critical = _critical_value(weights, tau2, level)
    interval = Interval(estimate - critical * se, estimate + critical * se, level)
    return HenmiCopas(estimate, se, interval, tau2, critical, k, "", text)


def _moments(weights: Floats, tau2: float) -> _Moments:
    """Return the moments of Q = e'Ae given R = Σwe / sqrt(Σw), with e independent, Var(e) = 1/w + tau².

    Given R = r the errors have mean r c / Var(R) and covariance diag(1/w + tau²) - cc' / Var(R), c = Cov(e, R).
    """
    total = float(weights.sum())
    inflated = 1.0 + tau2 * weights
    spread = inflated / weights
    c = inflated / math.sqrt(total)
    variance_r = float(weights @ inflated) / total

    def apply(vector: Floats) -> Floats:
        return weights * vector - weights * (float(weights @ vector) / total)

    ac = apply(c)
    form = float(c @ ac)
    trace = float(inflated.sum()) - variance_r
    crossed = float(weights @ inflated)
    trace_of_square = float(inflated @ inflated - 2.0 * (weights @ inflated**2) / total + (crossed / total) ** 2)
    doubled = float(ac @ (spread * ac))
    return _Moments(
        mean=trace - form / variance_r,
        mean_slope=form / variance_r**2,
        variance=2.0 * (trace_of_square - 2.0 * doubled / variance_r + (form / variance_r) ** 2),
        variance_slope=4.0 * (doubled - form**2 / variance_r) / variance_r**2,
    )


def _critical_value(weights: Floats, tau2: float, level: float) -> float:
    total, k = float(weights.sum()), len(weights)
    w2 = float(weights @ weights) / total
    moments = _moments(weights, tau2)
    spread = math.sqrt(1.0 + tau2 * w2)
    tail = 0.5 * (1.0 - level)

    def excess(t: float) -> float:
        """Return the one-sided probability of an error beyond t standard errors, minus what is allowed."""
        z = t / spread + 0.5 * _REACH * (_NODES + 1.0)
        r = spread * z
        bound = (total / w2 - 1.0) * ((r / t) ** 2 - 1.0) + k - 1
        mean = moments.mean + moments.mean_slope * r**2
        variance = moments.variance + moments.variance_slope * r**2
        density = 0.5 * _REACH * _WEIGHTS * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        return float(density @ special.gammainc(mean**2 / variance, bound * mean / variance)) - tail

    high = 2.0
    while excess(high) > 0.0:
        high *= 2.0
    return float(optimize.brentq(excess, 1e-3, high, xtol=1e-12, rtol=1e-12))
