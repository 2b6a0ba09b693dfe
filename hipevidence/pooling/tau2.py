"""Estimators of the between-study variance tau², for a whole batch at once.

====== ==========================================================================================
EE, FE tau² = 0 (equal-effects, fixed-effects model)
DL     DerSimonian & Laird (1986), doi:10.1016/0197-2456(86)90046-2
DL2    two-step DerSimonian-Laird, CA2 the same from HE: DerSimonian & Kacker (2007), doi:10.1016/j.cct.2006.04.004
HE     Hedges (Cochran's ANOVA), doi:10.1037/0033-2909.93.2.388
HS     Hunter & Schmidt; HSk with Q times k / (k - p)
SJ     Sidik & Jonkman (2005), doi:10.1111/j.1467-9876.2005.00489.x
ML     maximum likelihood; REML restricted: Viechtbauer (2005), doi:10.3102/10769986030003261
PM     Paule & Mandel; EB (empirical Bayes, Morris 1983) solves the same equation; PMM its median-unbiased form
GENQ   generalised Q with weights of the user's: DerSimonian & Kacker (2007)
====== ==========================================================================================
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.pooling.ascent import Horizon
from hipevidence.pooling.batch import study_sum
from hipevidence.pooling.maxima import interior_maxima
from hipevidence.pooling.roots import solve_falling
from hipevidence.pooling.weighted import fit_at, fit_with

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Batch, Booleans, Floats, Integers
    from hipevidence.pooling.weighted import Fit

METHODS = ("REML", "ML", "DL", "DL2", "CA2", "HE", "HS", "HSk", "SJ", "PM", "PMM", "EB", "GENQ", "EE", "FE")
"""Names of the tau² estimators."""
ITERATED = ("REML", "ML", "PM", "PMM", "EB")
"""Methods that solve an equation."""
COMMON_EFFECT = ("EE", "FE")
"""Methods that set tau² to zero by assumption."""


@dataclasses.dataclass(frozen=True, slots=True)
class Tau2:
    """Estimates of tau² with what is known about how they were reached; all shape (n,).

    Attributes
    ----------
    value
        tau² in units of the batch.
    steps
        Evaluations of the estimating equation (0 for closed forms).
    optima
        Local maxima of the likelihood, or roots of the estimating equation (always 1 but for ML and REML).
    proven
        Whether it is certain that no better value exists.
    """

    value: Floats
    steps: Integers
    optima: Integers
    proven: Booleans


def check_method(method: str) -> None:
    """Raise InputError unless the method is known."""
    if method not in METHODS:
        raise InputError(f"method: found {method!r}; allowed: {', '.join(METHODS)}.")


def estimate_tau2(batch: Batch, method: str, q_weights: Floats | None = None, fit_at_zero: Fit | None = None) -> Tau2:
    """Estimate tau² of every meta-analysis of the batch; each must have more studies than coefficients.

    Parameters
    ----------
    batch
        Arranged meta-analyses.
    method
        One of ``METHODS``.
    q_weights
        Weights for ``GENQ`` in the order of the batch, shape (n, k), 0 for absent studies.
    fit_at_zero
        The fit at tau² = 0, if it is at hand already.
    """
    fit = fit_at_zero or fit_at(batch, np.zeros(batch.size))
    if method in ("ML", "REML"):
        return _likelihood(batch, method, fit)
    if method in ("PM", "EB", "PMM"):
        return _certain(*solve_falling(quadratic, batch, q_target(batch, method), (fit.q, fit.score)))
    value = np.maximum(_closed_form(batch, method, q_weights, fit), 0.0)
    return _certain(value, np.zeros(batch.size, dtype=np.int64))


def _certain(value: Floats, steps: Integers) -> Tau2:
    return Tau2(value, steps, np.ones(len(value), dtype=np.int64), np.ones(len(value), dtype=np.bool_))


def _closed_form(batch: Batch, method: str, q_weights: Floats | None, fit_at_zero: Fit) -> Floats:
    if method in COMMON_EFFECT:
        return np.zeros(batch.size)
    start, fit = _moment_fit(batch, method, q_weights, fit_at_zero)
    if method == "SJ":
        return start * fit.q / batch.df
    if method in ("HS", "HSk"):
        factor = 1.0 if method == "HS" else batch.k / batch.df
        return (factor * fit.q - batch.k) / study_sum(fit.weights)
    if method in ("HE", "GENQ"):
        variances = np.where(np.isfinite(batch.variances), batch.variances, 0.0)
        return (fit.q - fit.trace_variances(variances)) / fit.trace()
    return start + (fit.q - batch.df) / fit.trace()  # with weights 1 / (v + start), tr PV = k - p - start tr P


def _moment_fit(batch: Batch, method: str, q_weights: Floats | None, fit_at_zero: Fit) -> tuple[Floats, Fit]:
    """Return the tau² inside the weights of a moment estimator (0 if none is), and the fit with those weights."""
    start = np.zeros(batch.size)
    if method in ("HE", "GENQ"):
        return start, fit_with(batch, present(batch) if q_weights is None else q_weights)
    if method in ("DL", "HS", "HSk"):
        return start, fit_at_zero
    if method == "SJ":
        start = _total_variance(batch)
    else:
        first = _closed_form(batch, "DL" if method == "DL2" else "HE", None, fit_at_zero)
        start = np.maximum(first, 0.0)
    return start, fit_at(batch, start)


def present(batch: Batch) -> Floats:
    """Return 1 for studies that count and 0 for absent ones, shape (n, k)."""
    return np.ones_like(batch.variances) if batch.whole else np.isfinite(batch.variances).astype(np.float64)


def _total_variance(batch: Batch) -> Floats:
    """Mean squared deviation of the effects from their plain mean (the starting value of SJ)."""
    counted = present(batch)
    deviations = batch.effects - (study_sum(counted, batch.effects) / batch.k)[:, None]
    return study_sum(counted, deviations, deviations) / batch.k


def quadratic(batch: Batch, tau2: Floats) -> tuple[Floats, Floats]:
    """Return Q(tau²) = y'Py and minus its slope, each shape (n,)."""
    fit = fit_at(batch, tau2)
    return fit.q, fit.score


def reml_curves(fit: Fit) -> tuple[Floats, ...]:
    """Return the curves F, G, u, w of the restricted likelihood's score, y'PPy - tr P, shape (n,) each."""
    return _curves(fit.score, fit.cubic(), fit.trace(), fit.trace_squared())


def ml_curves(fit: Fit) -> tuple[Floats, ...]:
    """Return the curves F, G, u, w of the likelihood's score, y'PPy - tr W, shape (n,) each."""
    return _curves(fit.score, fit.cubic(), study_sum(fit.weights), study_sum(fit.weights, fit.weights))


def _curves(pull: Floats, cubic: Floats, push: Floats, push_fall: Floats) -> tuple[Floats, ...]:
    return np.sqrt(1.0 / pull), 1.0 / push, 0.5 * pull / cubic, push / push_fall


def horizon(batch: Batch, method: str) -> Horizon:
    """Return what the curves become far out, where all studies weigh the same.

    There ``y'PPy = SSE / (tau² + a)²`` with a the mean variance weighted by squared residuals of the plain fit, and
    ``tr P = (k - p) / (tau² + mean variance)``. The bound follows from ``y'PPy <= SSE / (vmin + tau²)²`` and
    ``tr P >= (k - p) / (vmax + tau²)`` (``tr W`` is larger still).
    """
    counted = present(batch)
    fit = fit_with(batch, counted)
    variances = batch.variances if batch.whole else np.where(counted > 0.0, batch.variances, 0.0)
    sse = fit.q
    spread, largest = sse / batch.df, variances.max(axis=1)
    bound = 0.5 * (spread + np.sqrt(spread * spread + 4.0 * spread * (largest - 1.0))) - 1.0
    pull = study_sum(fit.pulls, fit.pulls, variances) / sse
    slope = (batch.df if method == "REML" else batch.k) / sse
    return Horizon(
        bound=np.where(spread > 0.0, bound * (1.0 + 1e-9), -1.0),
        rise=1.0 / np.sqrt(sse),
        pull=0.5 * pull,
        slope=slope,
        height=slope * (2.0 * pull - variances.sum(axis=1) / batch.k),
    )


def score_bound(batch: Batch) -> Floats:
    """Return a tau² beyond which the likelihood falls for certain, shape (n,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return horizon(batch, "REML").bound


def standard_error(
    batch: Batch, method: str, tau2: Floats, q_weights: Floats | None, *, fit: Fit, fit_at_zero: Fit
) -> Floats:
    """Return the standard error of tau² in units of the batch, as metafor gives it, shape (n,).

    It comes from the information for likelihoods and from the variance of the quadratic form for moment estimators; it
    is ``nan`` where tau² is assumed. ``fit`` is the fit at ``tau2``, ``fit_at_zero`` that at 0.
    """
    if method == "ML":
        return np.sqrt(2.0 / study_sum(fit.weights, fit.weights))
    if method == "REML":
        return np.sqrt(2.0 / fit.trace_squared())
    if method in ("PM", "EB", "PMM"):
        return np.sqrt(2.0 / batch.df) * batch.k / study_sum(fit.weights)
    if method in COMMON_EFFECT:
        return np.full(batch.size, np.nan)
    start, moment = _moment_fit(batch, method, q_weights, fit_at_zero)
    return _moment_standard_error(batch, method, tau2, start, moment)


def _moment_standard_error(batch: Batch, method: str, tau2: Floats, start: Floats, moment: Fit) -> Floats:
    total = np.where(np.isfinite(batch.variances), batch.variances + tau2[:, None], 0.0)
    spread = np.sqrt(2.0 * moment.trace_twice(total))
    if method == "SJ":
        return spread * start / batch.df
    if method in ("HS", "HSk"):
        return spread / study_sum(moment.weights) * (1.0 if method == "HS" else batch.k / batch.df)
    return spread / moment.trace()


def relative_residual(batch: Batch, method: str, fit: Fit, tau2: Floats) -> Floats:
    """Return how far the estimating equation is from holding, relative to its own terms, shape (n,).

    At tau² = 0 only a likelihood (or Q) that still pulls upwards counts. Closed forms have no equation to miss: 0.
    """
    if method in ("ML", "REML"):
        push = fit.trace() if method == "REML" else study_sum(fit.weights)
        residual = fit.score / push - 1.0
    elif method in ("PM", "EB", "PMM"):
        residual = fit.q / q_target(batch, method) - 1.0
    else:
        return np.zeros(batch.size)
    return np.where(tau2 > 0.0, residual, np.maximum(residual, 0.0))


def q_target(batch: Batch, method: str) -> Floats:
    """Return the value that Q(tau²) is set to: its mean k - p (PM, EB), or its median (PMM)."""
    if method != "PMM":
        return batch.df
    return np.asarray(2.0 * special.gammaincinv(batch.df / 2.0, 0.5), dtype=np.float64)


def log_likelihood(batch: Batch, tau2: Floats, method: str) -> Floats:
    """Return the log-likelihood (ML) or restricted log-likelihood (REML) at tau², in units of the batch.

    The restricted one contains ``log|X'X| / 2``: it does not depend on how the moderators are coded.
    """
    fit = fit_at(batch, tau2)
    restricted = method == "REML"
    count = batch.df if restricted else batch.k
    log_weights = study_sum(np.log(np.where(fit.weights > 0.0, fit.weights, 1.0)))
    total: Floats = log_weights - fit.q - count * np.log(2.0 * np.pi)
    if restricted:
        total -= _log_information(batch, fit)
    return 0.5 * total


def _log_information(batch: Batch, fit: Fit) -> Floats:
    """Return log|X'WX| - log|X'X|."""
    return fit.log_determinant() - (np.log(batch.k) if batch.design is None else 0.0)


def _likelihood(batch: Batch, method: str, fit_at_zero: Fit) -> Tau2:
    """Find the global maximum of the (restricted) likelihood."""
    curves = reml_curves if method == "REML" else ml_curves

    def at(part: Batch, tau2: Floats) -> tuple[Floats, ...]:
        return curves(fit_at(part, tau2))

    maxima = interior_maxima(at, batch, curves(fit_at_zero), horizon(batch, method))
    optima = np.bincount(maxima.row, minlength=batch.size) + maxima.boundary
    value = np.zeros(batch.size)
    value[maxima.row] = maxima.tau2
    rivals = optima > 1
    if rivals.any():
        row = np.concatenate([np.flatnonzero(rivals & maxima.boundary), maxima.row[rivals[maxima.row]]])
        candidate = np.concatenate([np.zeros((rivals & maxima.boundary).sum()), maxima.tau2[rivals[maxima.row]]])
        height = log_likelihood(batch.take(row), candidate, method)
        upwards = np.lexsort((height, row))
        value[row[upwards]] = candidate[upwards]  # of several values for one row the last, highest, stays
    return Tau2(value, maxima.steps, optima.astype(np.int64), maxima.proven)
