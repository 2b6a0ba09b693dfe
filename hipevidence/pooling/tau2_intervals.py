"""Confidence intervals of tau²; those of I² and H² are the same limits on another scale.

==== ===========================================================================================================
QP   Q-profile, exact under normality: Viechtbauer (2007), doi:10.1002/sim.2514
PL   profile likelihood (restricted, unless the method is ML): Hardy & Thompson (1996),
     doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A
GENQ generalised Q with the weights of the method GENQ, or 1 / v: Jackson (2013), doi:10.1002/jrsm.1081
==== ===========================================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from hipevidence.errors import InputError
from hipevidence.pooling.quadratic_form import upper_tail
from hipevidence.pooling.roots import solve_falling
from hipevidence.pooling.tau2 import estimate_tau2, log_likelihood, quadratic, score_bound
from hipevidence.pooling.weighted import fit_with

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Batch, Floats
    from hipevidence.pooling.weighted import Fit

TAU2_CI_METHODS = ("QP", "PL", "GENQ")
"""Names of the tau² intervals."""
_BISECTIONS = 200


def check_tau2_ci(tau2_ci: str | None) -> None:
    """Raise InputError unless the name is known (None: no interval)."""
    if tau2_ci is not None and tau2_ci not in TAU2_CI_METHODS:
        raise InputError(f"tau2_ci: found {tau2_ci!r}; allowed: {', '.join(TAU2_CI_METHODS)}, None.")


def tau2_limits(
    batch: Batch,
    tau2_ci: str,
    level: float,
    *,
    method: str,
    tau2: Floats,
    fit_at_zero: Fit,
    q_weights: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return the limits of tau² by name, in units of the batch; ``nan`` where there are none.

    Parameters
    ----------
    batch
        Arranged meta-analyses.
    tau2_ci
        One of ``TAU2_CI_METHODS``.
    level
        Coverage.
    method, tau2, q_weights
        Estimator of tau², its value, and the weights of GENQ.
    fit_at_zero
        The fit at tau² = 0.
    """
    if tau2_ci == "QP":
        return q_profile(batch, level, fit_at_zero)
    if tau2_ci == "PL":
        likelihood = "ML" if method == "ML" else "REML"
        peak = tau2 if method == likelihood else _likelihood_peak(batch)
        return profile_likelihood(batch, level, likelihood, peak)
    weights = fit_at_zero.weights if q_weights is None else q_weights
    return generalised_q(batch, level, weights)


def _likelihood_peak(batch: Batch) -> Floats:
    """Return the REML tau² of the rows that have one, 0 elsewhere."""
    peak, known = np.zeros(batch.size), batch.df >= 1.0
    peak[known] = estimate_tau2(batch.take(known), "REML").value
    return peak


def q_profile(batch: Batch, level: float, fit_at_zero: Fit) -> tuple[Floats, Floats]:
    """Return the Q-profile limits of tau² in units of the batch.

    The limits solve ``Q(tau²) = c`` for the upper and the lower chi-square quantile. Where even Q(0) lies below the
    lower quantile no tau² is compatible with the data: the interval is empty, and both limits are ``nan``. So they
    are where a meta-analysis has no degrees of freedom.
    """
    tail = (1.0 - level) / 2.0
    lower_quantile = np.asarray(2.0 * special.gammaincinv(batch.df / 2.0, tail), dtype=np.float64)
    upper_quantile = np.asarray(2.0 * special.gammainccinv(batch.df / 2.0, tail), dtype=np.float64)
    q, slope = fit_at_zero.q, fit_at_zero.score
    twice, targets = batch.take(np.tile(np.arange(batch.size), 2)), np.concatenate([upper_quantile, lower_quantile])
    low, high = np.split(solve_falling(quadratic, twice, targets, (np.tile(q, 2), np.tile(slope, 2)))[0], 2)
    empty = (q < lower_quantile) | (batch.df < 1.0)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def profile_likelihood(batch: Batch, level: float, method: str, tau2: Floats) -> tuple[Floats, Floats]:
    """Return where the likelihood has fallen by half a chi-square quantile below its maximum, on either side.

    ``tau2`` is where the likelihood of ``method`` (ML or REML) has its maximum. Should the likelihood have
    several maxima, the limits are the outermost ones that bisection from the inside reaches.
    """
    drop = special.chdtri(1.0, 1.0 - level) / 2.0
    target = log_likelihood(batch, tau2, method) - drop
    low = _crossing(batch, method, target, inside=tau2, outside=np.zeros(batch.size))
    outside = np.maximum(tau2, np.maximum(score_bound(batch), 1.0))
    for _ in range(_BISECTIONS):
        still = log_likelihood(batch, outside, method) > target
        if not still.any():
            break
        outside = np.where(still, 2.0 * outside, outside)
    high = _crossing(batch, method, target, inside=tau2, outside=outside)
    known = batch.df >= 1.0
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _crossing(batch: Batch, method: str, target: Floats, *, inside: Floats, outside: Floats) -> Floats:
    """Bisect between a point above the target and one below it; ``outside`` itself where that is not below."""
    reached = log_likelihood(batch, outside, method) >= target
    near, far = inside, outside
    for _ in range(_BISECTIONS):
        middle = 0.5 * (near + far)
        above = log_likelihood(batch, middle, method) >= target
        near, far = np.where(above, middle, near), np.where(above, far, middle)
        if (np.abs(far - near) <= 4.0 * np.finfo(np.float64).eps * np.maximum(near, far)).all():
            break
    return np.where(reached, outside, 0.5 * (near + far))


def generalised_q(batch: Batch, level: float, weights: Floats) -> tuple[Floats, Floats]:
    """Return the generalised Q limits: the tau² at which the observed Q is at its upper and lower tail probability.

    Q with fixed weights is a weighted sum of chi-squares; its weights are eigenvalues, so a row costs k³.
    """
    tail = (1.0 - level) / 2.0
    low, high = np.full(batch.size, np.nan), np.full(batch.size, np.nan)
    observed = fit_with(batch, weights).q
    for row in np.flatnonzero(batch.df >= 1.0):
        contrast = _contrast(batch, weights, int(row))
        low[row], high[row] = (_tail_root(contrast, float(observed[row]), p) for p in (tail, 1.0 - tail))
    return np.where(np.isnan(high), np.nan, low), high


def _contrast(batch: Batch, weights: Floats, row: int) -> tuple[Floats, Floats]:
    """Return the matrix P of the quadratic form y'Py of one row, and the variances of its studies."""
    counts = np.isfinite(batch.variances[row])
    w, v = weights[row, counts], batch.variances[row, counts]
    x = np.ones((1, len(w))) if batch.design is None else batch.design[:, row, counts]
    weighted = x * w
    return np.diag(w) - weighted.T @ np.linalg.solve(weighted @ x.T, weighted), v


def _tail_root(contrast: tuple[Floats, Floats], observed: float, probability: float) -> float:
    """Return the tau² at which P(Q > observed) is this; if larger even at 0: 0 (lower) or ``nan`` (upper limit)."""
    matrix, variances = contrast

    def gap(tau2: float) -> float:
        roots = np.sqrt(variances + tau2)
        eigenvalues = np.linalg.eigvalsh(roots[:, None] * matrix * roots)
        positive = eigenvalues[eigenvalues > 1e-12 * eigenvalues[-1]]
        return upper_tail(observed, positive) - probability

    if gap(0.0) >= 0.0:
        return 0.0 if probability < 0.5 else np.nan
    far = 1.0
    while gap(far) < 0.0:
        far *= 4.0
    return float(optimize.brentq(gap, 0.0, far, xtol=1e-14, rtol=1e-13))
