"""How much each study moves the result: deletion diagnostics of Viechtbauer & Cheung (2010), doi:10.1002/jrsm.11."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.pooling.batch import chunks
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.design import Moderators, build_design
from hipevidence.pooling.kernel import fit_many
from hipevidence.pooling.options import Options
from hipevidence.pooling.regressions import fit_regressions, share_design
from hipevidence.results import Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Influence(Table):
    """Deletion diagnostics, one entry a study (shape (k,) unless stated).

    Attributes
    ----------
    rstudent
        Externally standardised residual: effect minus its expectation from the other studies, over its standard error.
    dffits
        Change of the expected effect of the study when it is left out, in standard errors.
    cooks_distance
        Squared distance between all coefficients with and without it.
    covariance_ratio
        Determinant of the covariance of the coefficients without it over that with it; below 1: it costs precision.
    dfbetas
        Change of each coefficient in standard errors, shape (k, p).
    tau2_deleted, q_deleted
        tau² and residual Q without it.
    hat
        Leverage.
    weight
        Weight in percent.
    baujat_x, baujat_y
        Its squared Pearson residual, and the squared change of its expected effect over its variance without it.
    """

    rstudent: Floats
    dffits: Floats
    cooks_distance: Floats
    covariance_ratio: Floats
    dfbetas: Floats
    tau2_deleted: Floats
    q_deleted: Floats
    hat: Floats
    weight: Floats
    baujat_x: Floats
    baujat_y: Floats


def residual_limit(k: int, level: float = 0.95) -> float:
    """Return beyond which externally studentised residual one of k results stands apart.

    Parameters
    ----------
    k
        Number of results.
    level
        Probability that none of k results of one normal distribution stands apart, at least.

    Returns
    -------
    float
        The 1 - (1 - level)/(2k) quantile of the standard normal distribution (Bonferroni).

    References
    ----------
    Viechtbauer W, Cheung MWL. Outlier and influence diagnostics for meta-analysis. Res Synth Methods 2010;1:112-25.
    doi:10.1002/jrsm.11

    Examples
    --------
    >>> round(residual_limit(13), 4)
    2.8905
    """
    return float(-special.ndtri((1.0 - level) / (2 * k)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Models:
    """Coefficients (n, p), their covariance (n, p, p), tau² and Q (n,) of several fits."""

    beta: Floats
    covariance: Floats
    tau2: Floats
    q: Floats


def influence(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    moderators: npt.ArrayLike | Moderators | None = None,
    *,
    method: str = "REML",
    ci: str = "wald",
) -> Influence:
    """Measure how much each study moves the result, by fitting the model without it.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    moderators
        Moderators of a meta-regression, or None.
    method, ci
        As in :func:`hipevidence.pooling.pool`; the interval method sets the standard errors.

    Returns
    -------
    Influence
        ``nan`` where the model cannot be fitted without the study.

    Examples
    --------
    >>> influence([0.1, 0.3, 0.2, 1.2], [0.02, 0.03, 0.02, 0.04]).rstudent.round(2).tolist()
    [-0.74, -0.27, -0.49, 4.65]
    """
    y, v = check_studies(yi, vi, at_least=3)
    options = Options(method=method, ci=ci, prediction=None)
    x = np.ones((len(y), 1)) if moderators is None else build_design(moderators, len(y)).matrix
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = _fit(y, v, np.ones((1, len(y)), dtype=np.bool_), x, options)
        spared = _spared(x)
        rest = _among_all(_fit(y, v, ~np.eye(len(y), dtype=np.bool_)[spared], x, options), spared)
        return _diagnostics(y, v, x, whole, rest)


def _spared(x: Floats) -> Booleans:
    """Return without which studies every coefficient still has others to rest on: leverage below 1 in a plain fit."""
    columns = np.linalg.qr(x)[0]
    return np.asarray(np.vecdot(columns, columns) < 1.0 - _LEVERAGE_ROUNDING)


_LEVERAGE_ROUNDING = 1e-9


def _among_all(models: _Models, which: Booleans) -> _Models:
    """Return the models in their places among all, the others ``nan``."""

    def spread(values: Floats) -> Floats:
        everywhere = np.full((len(which), *values.shape[1:]), np.nan)
        everywhere[which] = values
        return everywhere

    return _Models(spread(models.beta), spread(models.covariance), spread(models.tau2), spread(models.q))


def _fit(y: Floats, v: Floats, mask: Booleans, x: Floats, options: Options) -> _Models:
    """Fit the model to each row of the mask."""
    y_rows, v_rows = np.broadcast_to(y, mask.shape), np.broadcast_to(v, mask.shape)
    if x.shape[1] == 1 and (x == 1.0).all():
        mean = fit_many(y_rows, v_rows, mask, method=options.method, ci=options.ci, prediction=None)
        return _Models(mean.estimate[:, None], (mean.se**2)[:, None, None], mean.tau2, mean.q)
    parts = [
        fit_regressions(y_rows[rows], v_rows[rows], mask[rows], *share_design(x, len(mask[rows])), options)
        for rows in chunks(*mask.shape)
    ]
    return _Models(
        np.concatenate([part.beta for part in parts]),
        np.concatenate([part.covariance for part in parts]),
        np.concatenate([part.tau2 for part in parts]),
        np.concatenate([part.q for part in parts]),
    )


def _diagnostics(y: Floats, v: Floats, x: Floats, whole: _Models, rest: _Models) -> Influence:
    tau2 = float(whole.tau2[0])
    weights = 1.0 / (v + tau2)
    hat = np.einsum("kp,kp->k", x @ np.linalg.inv((x.T * weights) @ x), x) * weights
    shift = whole.beta - rest.beta
    fit_shift = np.einsum("kp,kp->k", x, shift)
    variance_rest = np.einsum("kp,kpq,kq->k", x, rest.covariance, x)
    precision = np.linalg.inv(whole.covariance[0])
    inflated = _inverse_informations(v, x, rest.tau2)
    return Influence(
        rstudent=(y - np.einsum("kp,kp->k", x, rest.beta)) / np.sqrt(v + rest.tau2 + variance_rest),
        dffits=fit_shift / np.sqrt(hat * (rest.tau2 + v)),
        cooks_distance=np.einsum("kp,pq,kq->k", shift, precision, shift),
        covariance_ratio=np.linalg.det(rest.covariance) / np.linalg.det(whole.covariance)[0],
        dfbetas=shift / np.sqrt(np.diagonal(inflated, axis1=1, axis2=2)),
        tau2_deleted=rest.tau2,
        q_deleted=rest.q,
        hat=hat,
        weight=100.0 * weights / weights.sum(),
        baujat_x=(y - x @ whole.beta[0]) ** 2 / (v + tau2),
        baujat_y=fit_shift**2 / variance_rest,
    )


def _inverse_informations(v: Floats, x: Floats, tau2: Floats) -> Floats:
    """Return inv(X'WX) of all studies with the tau² of each deletion, shape (k, p, p)."""
    known = np.isfinite(tau2)
    weights = 1.0 / (v + np.where(known, tau2, 0.0)[:, None])
    inverse = np.linalg.inv(np.einsum("nk,kp,kq->npq", weights, x, x))
    return np.where(known[:, None, None], inverse, np.nan)
