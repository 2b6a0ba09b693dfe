"""Meta-analysis of rows that depend on each other: several effects of one study, or one control arm for two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.multilevel.estimate import (
    COMPONENTS,
    Estimated,
    Options,
    estimate,
    prepare,
    row_weights,
)
from hipevidence.multilevel.result import MultilevelRegression, MultilevelResult
from hipevidence.pooling import fit_many, inference
from hipevidence.pooling.certificate import make_certificate
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.design import build_design
from hipevidence.pooling.regression import Coefficient
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipevidence.pooling.design import Moderators

_FEW_CLUSTERS = 4.0
"""Below so many degrees of freedom CR2's t approximation is not to be trusted (Tipton 2015)."""


def three_level(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    study: npt.ArrayLike,
    *,
    method: str = "REML",
    ci: str = "t",
    level: float = 0.95,
    components: Sequence[str] = COMPONENTS,
    sampling_correlation: float = 0.0,
    covariance: npt.ArrayLike | Sequence[npt.ArrayLike] | None = None,
    cluster: npt.ArrayLike | None = None,
    tau2_ci: str | None = "PL",
) -> MultilevelResult:
    """Pool effects of which several belong to one study, in a three-level random-effects model.

    Parameters
    ----------
    yi
        Effects, shape (k,), on a scale where a normal distribution is reasonable.
    vi
        Their sampling variances, shape (k,), squared units of the effects.
    study
        Label of each row's study, shape (k,).
    method
        ``"REML"`` or ``"ML"``.
    ci
        ``"wald"`` normal; ``"t"`` t with studies - 1 degrees of freedom; ``"t-rows"`` with rows - 1 (metafor's
        ``test="t"``); ``"CR0"``, ``"CR1"``, ``"CR1p"``, ``"CR2"`` cluster-robust, CR2 with Satterthwaite degrees of
        freedom.
    level
        Coverage of all intervals.
    components
        Variances of the model: ``"study"`` between studies, ``"row"`` between rows of a study; none for a common
        effect.
    sampling_correlation
        Correlation of the sampling errors of two rows of one study.
    covariance
        Covariance of the sampling errors instead: shape (k, k), or one block a study in order of appearance.
    cluster
        Clusters of the robust standard error, shape (k,), if they are larger than studies.
    tau2_ci
        ``"PL"`` for profile-likelihood intervals of the variances; None for none.

    Returns
    -------
    MultilevelResult
        What the data cannot tell is ``nan`` and ``reason`` says so.

    Raises
    ------
    InputError
        If the rows cannot be used, or a covariance is none.

    Notes
    -----
    y = mu + u(study) + w(row) + e with Var(e) known: ``M = V + sigma²(study) 11' + sigma²(row) I`` in each study, and
    mu by generalised least squares. The log-likelihood has metafor's constants.

    References
    ----------
    Konstantopoulos (2011), doi:10.1002/jrsm.35; Pustejovsky & Tipton (2018), doi:10.1080/07350015.2016.1247004.

    Examples
    --------
    >>> result = three_level([0.1, 0.3, 0.5, 0.6], [0.02, 0.03, 0.02, 0.04], ["a", "a", "b", "b"], components=["study"])
    >>> round(result.estimate, 4), round(result.study.sigma2, 4)
    (0.3548, 0.0498)
    """
    y, v = check_studies(yi, vi)
    options = Options(method, ci, level, tuple(components), tau2_ci)
    blocks = prepare(y, v, np.ones((len(y), 1)), study, sampling_correlation, covariance)
    fitted = estimate(blocks, options, cluster)
    return _pooled(fitted, options, math.nan if covariance is not None else sampling_correlation)


def correlated_hierarchical(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    study: npt.ArrayLike,
    correlation: float,
    *,
    method: str = "REML",
    ci: str = "CR2",
    level: float = 0.95,
    tau2_ci: str | None = "PL",
) -> MultilevelResult:
    """Pool dependent effects in the correlated and hierarchical effects model, with robust standard errors.

    Parameters
    ----------
    yi, vi, study, method, ci, level, tau2_ci
        As in :func:`three_level`.
    correlation
        Correlation of the sampling errors of two rows of one study, which is assumed: 0.6 to 0.8 are usual.

    Returns
    -------
    MultilevelResult
        The three-level model with that correlation and, unless asked otherwise, CR2 standard errors, which stay valid
        if the correlation is wrong.

    References
    ----------
    Pustejovsky & Tipton (2022), doi:10.1007/s11121-021-01246-3.

    Examples
    --------
    >>> study = ["a", "a", "b", "c", "c", "d", "e"]
    >>> result = correlated_hierarchical([0.1, 0.3, 0.5, 0.6, 0.2, 0.4, 0.1], [0.02] * 7, study, 0.6)
    >>> result.ci_method, result.clusters
    ('CR2', 5)
    """
    return three_level(
        yi, vi, study, method=method, ci=ci, level=level, sampling_correlation=correlation, tau2_ci=tau2_ci
    )


def cluster_robust(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    cluster: npt.ArrayLike,
    *,
    method: str = "REML",
    ci: str = "CR2",
    level: float = 0.95,
) -> MultilevelResult:
    """Pool effects in a random-effects model of independent rows, with a standard error that allows for clusters.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    cluster
        Label of each row's cluster, shape (k,).
    method
        Any estimator of tau² of :func:`hipevidence.pooling.pool`.
    ci
        ``"CR0"``, ``"CR1"``, ``"CR1p"`` or ``"CR2"``.
    level
        Coverage of the intervals.

    Returns
    -------
    MultilevelResult
        With the between-study variance as ``row`` and none as ``study``.

    References
    ----------
    Hedges, Tipton & Johnson (2010), doi:10.1002/jrsm.5; Tipton (2015), doi:10.1037/met0000011.

    Examples
    --------
    >>> result = cluster_robust([0.1, 0.3, 0.5, 0.6], [0.02, 0.03, 0.02, 0.04], ["a", "a", "b", "c"])
    >>> result.clusters, round(result.df, 3)
    (3, 1.726)
    """
    y, v = check_studies(yi, vi)
    fits = fit_many(y, v, method=method, ci="wald", level=level, prediction=None, tau2_ci=None)
    tau2 = float(fits.tau2[0])
    if math.isnan(tau2):
        raise InputError(f"yi: {fits.reason[0] or 'tau² cannot be estimated'}; allowed: two rows or more.")
    options = Options("REML", ci, level, ("row",), None)
    blocks = prepare(y, v, np.ones((len(y), 1)), cluster, 0.0, None)
    fitted = estimate(blocks, options, fixed=np.array([0.0, tau2]))
    certificate = make_certificate(
        method, tau2, float(fits.residual[0]), int(fits.steps[0]), int(fits.optima[0]), proven=bool(fits.proven[0])
    )
    return _pooled(fitted, options, 0.0, method=method, certificate=certificate)


def three_level_regression(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    study: npt.ArrayLike,
    moderators: npt.ArrayLike | Moderators,
    *,
    formula: str | None = None,
    intercept: bool = True,
    method: str = "REML",
    ci: str = "t",
    level: float = 0.95,
    components: Sequence[str] = COMPONENTS,
    sampling_correlation: float = 0.0,
    covariance: npt.ArrayLike | Sequence[npt.ArrayLike] | None = None,
    cluster: npt.ArrayLike | None = None,
    tau2_ci: str | None = "PL",
) -> MultilevelRegression:
    """Relate dependent effects to moderators in a three-level model.

    Parameters
    ----------
    yi, vi, study, method, ci, level, components, sampling_correlation, covariance, cluster, tau2_ci
        As in :func:`three_level`; the degrees of freedom of ``"t"`` are studies - p.
    moderators, formula, intercept
        As in :func:`hipevidence.pooling.regress`.

    Returns
    -------
    MultilevelRegression
        Coefficients and residual variances.

    Raises
    ------
    InputError
        If rows or moderators cannot be used, or moderators carry the same information.

    Examples
    --------
    >>> effects, study = [0.1, 0.3, 0.5, 0.6, 0.9, 0.4], ["a", "a", "b", "b", "c", "c"]
    >>> result = three_level_regression(effects, [0.02] * 6, study, {"year": [1, 1, 2, 2, 3, 3]}, ci="wald")
    >>> [round(coefficient.estimate, 3) for coefficient in result.coefficients]
    [0.017, 0.225]
    """
    y, v = check_studies(yi, vi)
    design = build_design(moderators, len(y), formula=formula, intercept=intercept)
    p = design.matrix.shape[1]
    if np.linalg.matrix_rank(design.matrix) < p or len(y) <= p:
        raise InputError(
            f"moderators: found {p} coefficients ({', '.join(design.names)}) for {len(y)} rows that do not determine "
            "them; allowed: columns that each add information, fewer than rows. Leave one out."
        )
    options = Options(method, ci, level, tuple(components), tau2_ci)
    blocks = prepare(y, v, design.matrix, study, sampling_correlation, covariance)
    fitted = estimate(blocks, options, cluster)
    return MultilevelRegression(
        coefficients=_coefficients(fitted, design.names, level),
        df=fitted.df,
        covariance=fitted.covariance,
        p=p,
        **_shared(fitted, options, math.nan if covariance is not None else sampling_correlation),
    )


def _coefficients(fitted: Estimated, names: tuple[str, ...], level: float) -> tuple[Coefficient, ...]:
    beta, se = fitted.fit.beta, np.sqrt(np.diag(fitted.covariance))
    statistic, half = beta / se, inference.critical_value(level, fitted.df) * se
    p_value = inference.two_sided_p(statistic, fitted.df)
    return tuple(
        Coefficient(
            name,
            float(beta[j]),
            float(se[j]),
            Interval(float(beta[j] - half[j]), float(beta[j] + half[j]), level),
            float(statistic[j]),
            float(p_value[j]),
        )
        for j, name in enumerate(names)
    )


def _pooled(fitted: Estimated, options: Options, correlation: float, **replaced: Any) -> MultilevelResult:
    coefficient = _coefficients(fitted, ("intercept",), options.level)[0]
    common = _shared(fitted, options, correlation) | replaced
    critical = float(inference.critical_value(options.level, fitted.df)[0])
    wide = critical * math.sqrt(coefficient.se**2 + common["tau2"])
    return MultilevelResult(
        estimate=coefficient.estimate,
        se=coefficient.se,
        ci=coefficient.ci,
        statistic=coefficient.statistic,
        df=float(fitted.df[0]),
        p_value=coefficient.p_value,
        tau=math.sqrt(common["tau2"]),
        i2=fitted.i2,
        prediction=Interval(coefficient.estimate - wide, coefficient.estimate + wide, options.level),
        weights=row_weights(fitted),
        **common,
    )


def _shared(fitted: Estimated, options: Options, correlation: float) -> dict[str, Any]:
    """Return the fields that both results have."""
    reasons = list(fitted.reasons)
    reasons += _doubts(fitted, options.ci)
    tau2 = float(fitted.fit.sigma2.sum()) if not _unknown(fitted) else math.nan
    return {
        "k": fitted.blocks.k,
        "studies": len(fitted.blocks.size),
        "clusters": fitted.clusters,
        "study": fitted.study,
        "row": fitted.row,
        "tau2": tau2,
        "q": fitted.q,
        "q_df": fitted.q_df,
        "q_p_value": float(special.chdtrc(fitted.q_df, fitted.q)) if fitted.q_df > 0 else math.nan,
        "log_likelihood": fitted.fit.log_likelihood,
        "second_maximum": fitted.second_maximum,
        "method": options.method,
        "ci_method": options.ci,
        "level": options.level,
        "sampling_correlation": correlation,
        "reason": "; ".join(reasons),
        "certificate": fitted.certificate,
    }


def _doubts(fitted: Estimated, ci: str) -> list[str]:
    """Say why there is no interval, or why it is not to be trusted."""
    df = fitted.df
    if np.isnan(df).any():
        return ["robust standard errors need two clusters or more"]
    if np.isnan(fitted.covariance).any():
        return ["all residuals are 0, which is no evidence of certainty: no robust standard error"]
    if not np.all(df > 0.0):
        return ["intervals need more clusters than coefficients"]
    if not np.all(df >= 1.0):
        return ["less than 1 degree of freedom: no interval"]
    if ci == "CR2" and df.min() < _FEW_CLUSTERS:
        return ["fewer than 4 degrees of freedom: the robust interval is not to be trusted"]
    return []


def _unknown(fitted: Estimated) -> bool:
    """Whether a variance is missing that no other one holds."""
    every_row_alone = bool((fitted.blocks.size == 1).all()) and fitted.blocks.k > fitted.blocks.x.shape[1]
    return math.isnan(fitted.row.sigma2) or (math.isnan(fitted.study.sigma2) and not every_row_alone)
