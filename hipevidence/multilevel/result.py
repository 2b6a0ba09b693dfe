"""The results of this room."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats
    from hipevidence.pooling.certificate import Certificate
    from hipevidence.pooling.regression import Coefficient


@dataclasses.dataclass(frozen=True, slots=True)
class VarianceComponent(Result):
    """One variance of a multilevel model.

    Attributes
    ----------
    sigma2
        The variance, squared units of the effects; ``nan`` where the data cannot tell it.
    ci
        Profile-likelihood interval; ``nan`` where none was asked for.
    i2
        Its share of the total variance of an effect in percent, 0 to 100, with the typical sampling variance.
    """

    sigma2: float
    ci: Interval
    i2: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class MultilevelResult(Result):
    """A pooled effect of rows that depend on each other, at full precision.

    Attributes
    ----------
    estimate
        Pooled effect, in the units of the effects.
    se
        Its standard error, by the interval method ``ci_method``.
    ci
        Confidence interval of the pooled effect.
    statistic, df, p_value
        Test against no effect: estimate / se, its degrees of freedom (infinite: normal), two-sided P value.
    k, studies
        Number of rows and of studies.
    clusters
        Number of clusters of the robust standard error; that of studies without one.
    study, row
        Variance between studies, and between rows of a study.
    tau2, tau
        Variance of true effects in all, the sum of both, and its square root.
    i2
        Share of ``tau2`` in the total variance of an effect, percent.
    q, q_df, q_p_value
        Cochran's Q for the sampling covariance given, its degrees of freedom and P value.
    prediction
        Where the true effect of a row in a new study is expected.
    weights
        Weight of each row in percent, in the order given, shape (k,); with correlated errors it may be negative.
    log_likelihood
        Restricted (REML) or full (ML) log-likelihood.
    second_maximum
        How much lower than the maximum the next one of the log-likelihood lies; ``nan`` if there is only one.
    method, ci_method, level
        The conventions behind the numbers.
    sampling_correlation
        Correlation of sampling errors within a study that was assumed; ``nan`` if their covariance was given.
    reason
        Why a number is ``nan`` or uncertain; empty if none is.
    certificate
        What vouches for the variances.
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    df: float
    p_value: float
    k: int
    studies: int
    clusters: int
    study: VarianceComponent
    row: VarianceComponent
    tau2: float
    tau: float
    i2: float
    q: float
    q_df: int
    q_p_value: float
    prediction: Interval
    weights: Floats
    log_likelihood: float
    second_maximum: float
    method: str
    ci_method: str
    level: float
    sampling_correlation: float
    reason: str
    certificate: Certificate


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class MultilevelRegression(Result):
    """A meta-regression of rows that depend on each other, at full precision.

    Attributes
    ----------
    coefficients
        Each coefficient with interval and test.
    df
        Degrees of freedom of each coefficient's test, infinite for Wald, shape (p,).
    covariance
        Covariance of the coefficients, by the interval method, shape (p, p).
    k, p, studies, clusters
        Number of rows, coefficients, studies and clusters.
    study, row
        Residual variance between studies, and between rows of a study.
    tau2
        Their sum.
    q, q_df, q_p_value
        Test of residual heterogeneity.
    log_likelihood
        Restricted (REML) or full (ML) log-likelihood.
    second_maximum
        How much lower than the maximum the next one of the log-likelihood lies; ``nan`` if there is only one.
    method, ci_method, level, sampling_correlation
        The conventions behind the numbers, as in :class:`MultilevelResult`.
    reason
        Why a number is ``nan`` or uncertain; empty if none is.
    certificate
        What vouches for the variances.
    """

    coefficients: tuple[Coefficient, ...]
    df: Floats
    covariance: Floats
    k: int
    p: int
    studies: int
    clusters: int
    study: VarianceComponent
    row: VarianceComponent
    tau2: float
    q: float
    q_df: int
    q_p_value: float
    log_likelihood: float
    second_maximum: float
    method: str
    ci_method: str
    level: float
    sampling_correlation: float
    reason: str
    certificate: Certificate
