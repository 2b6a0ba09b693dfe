"""One meta-regression: `regress` and its result."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling import inference
from hipevidence.pooling.certificate import Certificate, make_certificate
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.design import Design, Moderators, build_design
from hipevidence.pooling.options import Options
from hipevidence.pooling.regressions import Regressions, fit_regressions, omnibus, omnibus_p, share_design
from hipevidence.pooling.tau2_intervals import q_profile
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Coefficient(Result):
    """One coefficient of a meta-regression.

    Attributes
    ----------
    name
        Column of the design.
    estimate, se
        Effect units per unit of the moderator.
    ci
        Confidence interval.
    statistic, p_value
        Test against zero.
    """

    name: str
    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float


@dataclasses.dataclass(frozen=True, slots=True)
class TermTest(Result):
    """Joint test of the coefficients of a moderator, or of all of them.

    Attributes
    ----------
    term
        Name of the moderator, or ``all``.
    statistic
        Chi-square (Wald) or F.
    df
        Number of coefficients tested.
    df_residual
        Denominator degrees of freedom of F; infinite for chi-square.
    p_value
        Upper tail.
    """

    term: str
    statistic: float
    df: int
    df_residual: float
    p_value: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RegressionResult(Result):
    """A mixed-effects meta-regression, at full precision.

    Attributes
    ----------
    coefficients
        Each coefficient with interval and test.
    omnibus
        Joint test of all moderators.
    terms
        Joint test of each moderator (several columns for a categorical one).
    k, p
        Number of studies and of coefficients.
    df
        Degrees of freedom of the tests, infinite for Wald.
    tau2, tau2_se, tau2_ci
        Residual between-study variance (squared units of the effects), its standard error and Q-profile interval.
    i2, h2
        Residual I² in percent and H².
    q, q_df, q_p_value
        Test of residual heterogeneity.
    r2
        Heterogeneity accounted for, percent, not below 0.
    covariance
        Covariance of the coefficients, shape (p, p).
    design
        Design matrix with names.
    fitted, leverages, weights
        Fitted effects, diagonal of the hat matrix, weights in percent; shape (k,).
    method, ci_method, level
        The conventions behind the numbers.
    reason
        Why a number is ``nan``; empty if none is.
    certificate
        What vouches for tau².
    """

    coefficients: tuple[Coefficient, ...]
    omnibus: TermTest
    terms: tuple[TermTest, ...]
    k: int
    p: int
    df: float
    tau2: float
    tau2_se: float
    tau2_ci: Interval
    i2: float
    h2: float
    q: float
    q_df: int
    q_p_value: float
    r2: float
    covariance: Floats
    design: Design
    fitted: Floats
    leverages: Floats
    weights: Floats
    method: str
    ci_method: str
    level: float
    reason: str
    certificate: Certificate

    def predict(self, values: npt.ArrayLike) -> tuple[Forecast, ...]:
        """Return the expected effect, with intervals, at these values of the moderators.

        Parameters
        ----------
        values
            Rows of the design, shape (m, p); the intercept may be left out.
        """
        rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
        if self.design.has_intercept and rows.shape[1] == self.p - 1:
            rows = np.column_stack([np.ones(len(rows)), rows])
        if rows.shape[1] != self.p:
            raise InputError(f"values: found {rows.shape[1]} columns; allowed: {self.p}, one a coefficient.")
        return tuple(_forecast(self, row) for row in rows)


@dataclasses.dataclass(frozen=True, slots=True)
class Forecast(Result):
    """What a meta-regression expects at given moderators.

    Attributes
    ----------
    estimate, se
        Mean effect there.
    ci
        Confidence interval of the mean effect.
    prediction
        Where the true effect of a new study there is expected.
    """

    estimate: float
    se: float
    ci: Interval
    prediction: Interval


def _forecast(result: RegressionResult, row: Floats) -> Forecast:
    beta = np.array([coefficient.estimate for coefficient in result.coefficients])
    estimate, variance = float(row @ beta), float(row @ result.covariance @ row)
    critical = float(inference.critical_value(result.level, np.array([result.df]))[0])
    half, wide = critical * math.sqrt(variance), critical * math.sqrt(variance + result.tau2)
    return Forecast(
        estimate,
        math.sqrt(variance),
        Interval(estimate - half, estimate + half, result.level),
        Interval(estimate - wide, estimate + wide, result.level),
    )


def regress(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    moderators: npt.ArrayLike | Moderators,
    *,
    formula: str | None = None,
    intercept: bool = True,
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
) -> RegressionResult:
    """Relate effects to moderators in a mixed-effects meta-regression.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    moderators
        Matrix of shape (k,) or (k, m), or a mapping from name to values; words make a categorical moderator.
    formula
        Right-hand side evaluated on the mapping, such as ``"~ year + C(country)"``.
    intercept
        Whether to add an intercept.
    method, ci, level
        As in :func:`hipevidence.pooling.pool`.

    Returns
    -------
    RegressionResult
        Coefficients, joint tests, residual heterogeneity.

    Raises
    ------
    InputError
        If studies or moderators cannot be used, if there are not more studies than coefficients, or if moderators
        carry the same information.

    Notes
    -----
    Generalised least squares with weights 1 / (v + tau²). R² = 100 (tau²₀ - tau²) / tau²₀, with tau²₀ from the model
    without moderators; in a common-effect model it is the adjusted R² of the weighted regression.

    References
    ----------
    Berkey et al. (1995), doi:10.1002/sim.4780140406; Knapp & Hartung (2003), doi:10.1002/sim.1482.

    Examples
    --------
    >>> result = regress([0.1, 0.3, 0.5, 0.8], [0.02, 0.03, 0.02, 0.04], {"year": [1, 2, 3, 4]}, ci="wald")
    >>> [round(coefficient.estimate, 4) for coefficient in result.coefficients]
    [-0.1371, 0.2229]
    """
    y, v = check_studies(yi, vi)
    options = Options(method=method, ci=ci, level=level)
    design = build_design(moderators, len(y), formula=formula, intercept=intercept)
    _check_design(design, len(y))
    columns, back = share_design(design.matrix, 1)
    if np.isnan(back).any():
        raise InputError(
            f"moderators: found columns that determine each other among {', '.join(design.names)}; allowed: columns "
            "that each add information. Leave one out."
        )
    mask = np.ones((1, len(y)), dtype=np.bool_)
    fits = fit_regressions(y[None], v[None], mask, columns, back, options)
    null = _null_model(y, v, options) if design.has_intercept and len(design.names) > 1 else None
    return _result(fits, null, design, v, options)


def _check_design(design: Design, k: int) -> None:
    p = len(design.names)
    if k <= p:
        raise InputError(
            f"moderators: found {p} coefficients for {k} studies; allowed: fewer coefficients than studies. "
            "Leave moderators out or wait for more studies."
        )


def _null_model(y: Floats, v: Floats, options: Options) -> Regressions:
    mask = np.ones((1, len(y)), dtype=np.bool_)
    return fit_regressions(y[None], v[None], mask, *share_design(np.ones((len(y), 1)), 1), options)


def _r2(fits: Regressions, null: Regressions | None, options: Options) -> float:
    """Return R² in percent, ``nan`` where the model without moderators leaves nothing to explain."""
    if null is None:
        return math.nan
    if options.common_effect:
        left, total = fits.q[0] / fits.q_df[0], null.q[0] / null.q_df[0]
    else:
        left, total = fits.tau2[0], null.tau2[0]
    return float(max(0.0, 100.0 * (1.0 - left / total))) if total > 0.0 else math.nan


def _test(fits: Regressions, term: str, which: tuple[int, ...]) -> TermTest:
    statistic = omnibus(fits, which)
    p_value = omnibus_p(statistic, len(which), fits.df)
    return TermTest(term, float(statistic[0]), len(which), float(fits.df[0]), float(p_value[0]))


def _coefficients(fits: Regressions, design: Design, level: float) -> tuple[Coefficient, ...]:
    half = float(inference.critical_value(level, fits.df)[0]) * fits.se[0]
    return tuple(
        Coefficient(
            name,
            float(fits.beta[0, i]),
            float(fits.se[0, i]),
            Interval(float(fits.beta[0, i] - half[i]), float(fits.beta[0, i] + half[i]), level),
            float(fits.statistic[0, i]),
            float(fits.p_value[0, i]),
        )
        for i, name in enumerate(design.names)
    )


def _result(
    fits: Regressions, null: Regressions | None, design: Design, v: Floats, options: Options
) -> RegressionResult:
    tested = tuple(range(1 if design.has_intercept and len(design.names) > 1 else 0, len(design.names)))
    tau2, r2 = float(fits.tau2[0]), _r2(fits, null, options)
    low, high = q_profile(fits.solved.batch, options.level, fits.solved.fit_at_zero)
    unit = float(fits.solved.batch.scale[0]) ** 2
    weights = 1.0 / (v + tau2)
    return RegressionResult(
        coefficients=_coefficients(fits, design, options.level),
        omnibus=_test(fits, "all", tested),
        terms=tuple(_test(fits, term, which) for term, which in design.terms),
        k=len(v),
        p=len(design.names),
        df=float(fits.df[0]),
        tau2=tau2,
        tau2_se=float(fits.tau2_se[0]),
        tau2_ci=Interval(float(low[0]) * unit, float(high[0]) * unit, options.level),
        i2=float(fits.i2[0]),
        h2=float(fits.h2[0]),
        q=float(fits.q[0]),
        q_df=int(fits.q_df[0]),
        q_p_value=float(inference.chi_square_p(fits.q, fits.q_df)[0]),
        r2=r2,
        covariance=fits.covariance[0],
        design=design,
        fitted=design.matrix @ fits.beta[0],
        leverages=fits.solved.fit.leverages()[0],
        weights=100.0 * weights / weights.sum(),
        method=options.method,
        ci_method=options.ci,
        level=options.level,
        reason=_reason(r2, null, float(low[0]), float(fits.se[0, 0])),
        certificate=make_certificate(
            options.method, tau2, float(fits.residual[0]), fits.steps[0], fits.optima[0], proven=bool(fits.proven[0])
        ),
    )


def _reason(r2: float, null: Regressions | None, low: float, se: float) -> str:
    texts = []
    if math.isnan(r2):
        texts.append(
            "R² needs a model with an intercept and a moderator"
            if null is None
            else "without moderators there is no heterogeneity for R² to account for"
        )
    if math.isnan(low):
        texts.append("Q is too small for any tau²: its interval is empty")
    if math.isnan(se):
        texts.append("the effects lie on the model, but for rounding: Hartung-Knapp has no width")
    return "; ".join(texts)
