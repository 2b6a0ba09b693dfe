"""The results of tests and adjustments for small-study effects."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from hipevidence.pooling import PoolResult
    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True)
class RegressionTest(Result):
    """A regression of effects on a measure of precision, at full precision.

    Attributes
    ----------
    name
        Whose test it is.
    slope, slope_se
        Effect units per unit of the predictor; the test is on it.
    statistic, df, p_value
        slope / slope_se, its degrees of freedom (infinite: normal), two-sided P value.
    limit, limit_se, limit_ci, limit_p_value
        Effect expected of an infinitely precise study and its test against no effect; ``nan`` where the predictor has
        no such end.
    tau2
        Between-study variance (squared units of the effects); ``nan`` where the model multiplies variances instead.
    dispersion
        Factor on the sampling variances; 1 in a model with a between-study variance.
    k, clusters
        Number of effects, and of the clusters they belong to.
    predictor, model
        The conventions behind the numbers.
    level
        Coverage of the interval.
    reason
        Why a number is ``nan`` or uncertain; empty if none is.
    caution
        What the test can and cannot show.
    """

    name: str
    slope: float
    slope_se: float
    statistic: float
    df: float
    p_value: float
    limit: float
    limit_se: float
    limit_ci: Interval
    limit_p_value: float
    tau2: float
    dispersion: float
    k: int
    clusters: int
    predictor: str
    model: str
    level: float
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True)
class RankTest(Result):
    """A rank correlation of effects and variances.

    Attributes
    ----------
    name
        Whose test it is.
    tau
        Kendall's tau-b, -1 to 1.
    score
        Concordant minus discordant pairs.
    statistic
        Score over its standard error, which allows for ties.
    p_value
        Two-sided.
    k
        Number of studies.
    test
        ``exact`` or ``normal``: how the P value was found.
    reason
        Why a number is ``nan`` or found otherwise than asked; empty if none is.
    caution
        What the test can and cannot show.
    """

    name: str
    tau: float
    score: float
    statistic: float
    p_value: float
    k: int
    test: str
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True)
class PetPeese(Result):
    """The conditional estimate of PET and PEESE.

    Attributes
    ----------
    estimate, se, ci, p_value
        Effect expected of an infinitely precise study, from the regression chosen.
    chosen
        ``PET`` or ``PEESE``.
    pet, peese
        Both regressions: on the standard error, and on the variance.
    threshold
        PEESE is chosen where the two-sided P value of the effect in PET lies below this.
    reason
        Why a number is ``nan``; empty if none is.
    caution
        What it can and cannot show.
    """

    estimate: float
    se: float
    ci: Interval
    p_value: float
    chosen: str
    pet: RegressionTest
    peese: RegressionTest
    threshold: float
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TrimAndFill(Result):
    """A pooled effect after the funnel was made symmetric.

    Attributes
    ----------
    missing
        Estimated number of missing studies; ``nan`` where the search went round in circles.
    missing_se
        Its standard error.
    p_value
        Test that none is missing (R0 only; ``nan`` for others).
    side
        ``left`` or ``right``: where they are missing.
    adjusted
        Pooled result with the studies filled in.
    unadjusted
        Pooled result of the data alone.
    centre
        Effect of the studies left after trimming, around which the funnel was mirrored.
    filled_yi, filled_vi
        Effects and variances of the studies filled in, shape (missing,). They are not data.
    estimator, inner_method
        ``L0``, ``R0`` or ``Q0``; estimator of tau² while trimming.
    reason
        Why a number is ``nan``; empty if none is.
    caution
        What it can and cannot show.
    """

    missing: float
    missing_se: float
    p_value: float
    side: str
    adjusted: PoolResult
    unadjusted: PoolResult
    centre: float
    filled_yi: Floats
    filled_vi: Floats
    estimator: str
    inner_method: str
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True)
class HenmiCopas(Result):
    """A common-effect estimate with an interval that allows for heterogeneity.

    Attributes
    ----------
    estimate
        Weighted by inverse sampling variances, so that small studies move it little.
    se
        Its standard error under heterogeneity.
    ci
        Interval of Henmi and Copas.
    tau2
        DerSimonian-Laird between-study variance.
    critical_value
        Half-width in standard errors.
    k
        Number of studies.
    reason
        Why a number is ``nan``; empty if none is.
    caution
        What it can and cannot show.
    """

    estimate: float
    se: float
    ci: Interval
    tau2: float
    critical_value: float
    k: int
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class LimitMetaAnalysis(Result):
    """A pooled effect carried on to infinite precision.

    Attributes
    ----------
    estimate, se, ci, p_value
        Effect expected of an infinitely precise study, between-study variance kept.
    bias, bias_se
        Regression coefficient of the total standard error sqrt(v + tau²).
    intercept
        Effect where even tau² would vanish.
    tau2
        Between-study variance.
    q, q_small, q_residual
        Cochran's Q, its part that precision explains (1 df), and the rest (k - 2 df).
    q_small_p_value, q_residual_p_value
        Upper tails.
    g2
        Share of the variation between the limits of the studies that precision leaves unexplained, 0 to 1.
    limits
        Effect of each study at infinite precision, shape (k,).
    k
        Number of studies.
    method, level
        Estimator of tau² and coverage.
    reason
        Why a number is ``nan``; empty if none is.
    caution
        What it can and cannot show.
    """

    estimate: float
    se: float
    ci: Interval
    p_value: float
    bias: float
    bias_se: float
    intercept: float
    tau2: float
    q: float
    q_small: float
    q_small_p_value: float
    q_residual: float
    q_residual_p_value: float
    g2: float
    limits: Floats
    k: int
    method: str
    level: float
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True)
class FailSafe(Result):
    """How many further null results would undo a finding.

    Attributes
    ----------
    missing
        Whole number of studies; 0 where the finding is not there to be undone, infinite where none suffice.
    exact
        The same before rounding up; negative where the finding is not there.
    approach
        ``Rosenthal``, ``Orwin`` or ``Rosenberg``.
    estimate
        Effect that is undone (Orwin: mean effect; Rosenberg: weighted mean; Rosenthal: Stouffer's z).
    target
        Orwin: effect to come down to; others: P value to go up to.
    k
        Number of studies.
    reason
        Why a number is ``nan``; empty if none is.
    caution
        What it can and cannot show.
    """

    missing: float
    exact: float
    approach: str
    estimate: float
    target: float
    k: int
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ExcessSignificance(Result):
    """Significant studies, observed and expected.

    Attributes
    ----------
    observed
        Number of significant studies.
    expected
        Sum of the studies' power.
    ratio
        observed / expected.
    statistic
        Chi-square of observed against expected; ``nan`` for the exact tests.
    p_value
        One-sided: at least so many significant studies.
    power
        Power of each study if ``effect`` is true, shape (k,).
    effect
        Effect assumed true.
    alpha, alternative, test
        The conventions behind the numbers.
    k
        Number of studies.
    reason
        Why a number is ``nan``; empty if none is.
    caution
        What it can and cannot show.
    """

    observed: int
    expected: float
    ratio: float
    statistic: float
    p_value: float
    power: Floats
    effect: float
    alpha: float
    alternative: str
    test: str
    k: int
    reason: str
    caution: str
