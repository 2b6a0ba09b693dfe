"""The results of this room."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from scipy import special

from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from hipevidence.pooling.certificate import Certificate


@dataclasses.dataclass(frozen=True, slots=True)
class ChiSquareTest(Result):
    """A test by a chi-square distribution.

    Attributes
    ----------
    statistic
        The statistic.
    df
        Its degrees of freedom.
    p_value
        Upper tail.
    """

    statistic: float
    df: int
    p_value: float


def chi_square_test(statistic: float, df: int) -> ChiSquareTest:
    """Return the test; ``nan`` without degrees of freedom."""
    return ChiSquareTest(statistic, df, float(special.chdtrc(df, statistic)) if df > 0 else math.nan)


@dataclasses.dataclass(frozen=True, slots=True)
class CommonEffectResult(Result):
    """A pooled effect of counts without a between-study variance, at full precision.

    Attributes
    ----------
    estimate
        Pooled effect on the scale of the measure, ratios as natural logarithms.
    se
        Its standard error.
    ci
        Normal confidence interval.
    statistic, p_value
        Wald test against no effect.
    k
        Number of studies that contribute.
    q, q_df, q_p_value
        Cochran's Q, its degrees of freedom and P value.
    association
        Cochran-Mantel-Haenszel test of no effect; None where it does not exist.
    homogeneity
        Tarone's corrected Breslow-Day test of equal odds ratios; None for other measures.
    measure, method, convention
        The conventions behind the numbers.
    level
        Coverage of the interval.
    reason
        Why a number is ``nan``, or which studies were left out; empty if none.
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    k: int
    q: float
    q_df: int
    q_p_value: float
    association: ChiSquareTest | None
    homogeneity: ChiSquareTest | None
    measure: str
    method: str
    convention: str
    level: float
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class GlmmResult(Result):
    """A pooled effect from a likelihood of counts, at full precision.

    Attributes
    ----------
    estimate
        Pooled effect on the scale of the measure, ratios as natural logarithms.
    se
        Its standard error, from the observed information of all parameters.
    ci
        Normal confidence interval.
    statistic, p_value
        Wald test against no effect.
    k
        Number of studies that contribute.
    tau2, tau
        Between-study variance and its square root; for the beta-binomial model ``nan``, see ``correlation``.
    correlation
        Intra-class correlation of the beta-binomial model; ``nan`` for others.
    sigma
        Standard deviation of the studies' own intercepts in the model with random study effects; ``nan`` for others.
    log_likelihood
        Maximum of the log-likelihood, with all constants.
    second_maximum
        How much lower than the maximum the next one of the log-likelihood lies; ``nan`` if there is only one.
    heterogeneity
        Likelihood-ratio test of tau² = 0 (P halved for the boundary); None for a common-effect model.
    measure, method, model
        The conventions behind the numbers.
    level
        Coverage of the interval.
    quadrature_error
        Change of the log-likelihood with twice as many points; 0 where there is no integral.
    reason
        Why a number is ``nan`` or uncertain, or which studies were left out; empty if none.
    certificate
        What vouches for the maximum.
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    k: int
    tau2: float
    tau: float
    correlation: float
    sigma: float
    log_likelihood: float
    second_maximum: float
    heterogeneity: ChiSquareTest | None
    measure: str
    method: str
    model: str
    level: float
    quadrature_error: float
    reason: str
    certificate: Certificate


def wald(estimate: float, se: float, level: float) -> tuple[Interval, float, float]:
    """Return normal interval, statistic and two-sided P value, exact in the tail."""
    half = float(special.ndtri(0.5 + 0.5 * level)) * se
    statistic = estimate / se if se > 0.0 else math.nan
    return Interval(estimate - half, estimate + half, level), statistic, 2.0 * float(special.ndtr(-abs(statistic)))
