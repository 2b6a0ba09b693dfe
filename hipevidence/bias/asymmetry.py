"""Regression of effects on their precision: the one computation behind Egger's test and those named after others."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.bias.caution import caution
from hipevidence.bias.result import RegressionTest
from hipevidence.errors import InputError
from hipevidence.multilevel import three_level_regression
from hipevidence.pooling import regress
from hipevidence.pooling.checks import check_studies
from hipevidence.results import Interval

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling import Coefficient, RegressionResult
    from hipevidence.pooling.batch import Floats

_FEWEST = 3

MODELS = ("mixed", "linear")
"""A between-study variance, or sampling variances multiplied by a factor."""

PREDICTORS = ("se", "variance", "n", "1/n", "sqrt(n)", "1/sqrt(n)")
"""What effects may be regressed on."""

_NO_LIMIT = frozenset({"n", "sqrt(n)"})
"""These grow with precision, so their zero is no infinitely precise study."""


def egger(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    model: str = "mixed",
    predictor: str = "se",
    n: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    method: str = "REML",
    ci: str | None = None,
    level: float = 0.95,
) -> RegressionTest:
    """Test whether effects depend on their precision (Egger's regression test).

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    model
        ``"mixed"``: meta-regression with a between-study variance; ``"linear"``: weighted least squares with
        variances known up to a factor, Egger's own.
    predictor
        ``"se"``, ``"variance"``, or by sample size ``"n"``, ``"1/n"``, ``"sqrt(n)"``, ``"1/sqrt(n)"``.
    n
        Total sample sizes, shape (k,), for predictors that need them.
    cluster
        Label of each effect's study, shape (k,), where several effects come from one: a three-level model with
        cluster-robust (CR2) standard errors. Mixed model only.
    method
        Estimator of the residual between-study variance of the mixed model.
    ci
        Test of the mixed model, as in :func:`hipevidence.pooling.pool`; ``"wald"`` if None (``"CR2"`` with clusters).
    level
        Coverage of the interval of the limit.

    Returns
    -------
    RegressionTest
        With fewer than three studies, or all equally precise, ``nan`` with a reason.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    y = limit + slope x + error. With the standard error as predictor the linear model is that of Egger (1997), whose
    intercept is the slope here.

    References
    ----------
    Egger et al. (1997), doi:10.1136/bmj.315.7109.629; Sterne & Egger (2005), doi:10.1002/0470870168.ch6; Rodgers &
    Pustejovsky (2021), doi:10.1037/met0000300, for dependent effects.

    Examples
    --------
    >>> result = egger([0.1, 0.3, 0.35, 0.62, 0.8], [0.01, 0.02, 0.04, 0.09, 0.16], model="linear")
    >>> round(result.slope, 3), round(result.p_value, 4)
    (2.434, 0.0065)
    """
    y, v = check_studies(yi, vi)
    if model not in MODELS:
        raise InputError(f"model: found {model!r}; allowed: {' or '.join(map(repr, MODELS))}.")
    x = precision(predictor, v, n)
    if cluster is None:
        line = Line("Egger", y, v, x, predictor, level)
        return least_squares(line) if model == "linear" else _mixed(line, method, ci or "wald")
    labels = np.asarray(cluster)
    if model != "mixed" or labels.shape != y.shape:
        raise InputError(
            f"cluster: found shape {labels.shape} with the {model} model; allowed: {y.shape}, one label an effect, "
            "with the mixed model."
        )
    return _three_level(Line("Egger", y, v, x, predictor, level, len(np.unique(labels))), labels, method, ci or "CR2")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """What is regressed on what.

    Attributes
    ----------
    name
        Whose test it is.
    y, v, x
        Effects, their variances up to a factor, and the predictor, shape (k,).
    predictor
        Its name.
    level
        Coverage of the interval of the limit.
    clusters
        Number of clusters; that of effects if 0.
    """

    name: str
    y: Floats
    v: Floats
    x: Floats
    predictor: str
    level: float
    clusters: int = 0

    @property
    def groups(self) -> int:
        """Number of independent units."""
        return self.clusters or len(self.y)

    @property
    def unit(self) -> float:
        """Largest value of the predictor: what it is measured in while regressing."""
        return float(np.max(np.abs(self.x)))

    def hopeless(self) -> str:
        """Return why no regression is possible, or ``""``."""
        if self.groups < _FEWEST:
            return f"a regression on precision needs at least {_FEWEST} studies"
        if np.ptp(self.x) <= 1e-9 * np.max(np.abs(self.x)):
            return "all studies are equally precise: there is nothing to regress on"
        return ""


def precision(predictor: str, v: Floats, n: npt.ArrayLike | None) -> Floats:
    """Return the predictor, shape (k,), from sampling variances or sample sizes."""
    if predictor not in PREDICTORS:
        raise InputError(f"predictor: found {predictor!r}; allowed: {', '.join(map(repr, PREDICTORS))}.")
    if predictor == "variance":
        return v
    if predictor == "se":
        return np.sqrt(v)
    if n is None:
        raise InputError(f"n: found none with predictor {predictor!r}; allowed: sample sizes, one a study.")
    size = np.asarray(n, dtype=np.float64)
    if size.shape != v.shape or not (np.isfinite(size) & (size > 0.0)).all():
        raise InputError(f"n: found {size}; allowed: {len(v)} finite sample sizes above 0, one a study.")
    power = {"n": 1.0, "1/n": -1.0, "sqrt(n)": 0.5, "1/sqrt(n)": -0.5}[predictor]
    return np.asarray(size**power)


def least_squares(line: Line) -> RegressionTest:
    """Regress with weights 1 / v and a factor on all variances, tested by t with k - 2 degrees of freedom."""
    if reason := line.hopeless():
        return _nothing(line, "linear", reason)
    fit = fit_line(line, "EE", "HKSJ")
    return _test(line, fit.coefficients, fit.df, {"tau2": math.nan, "dispersion": fit.q / fit.q_df}, "linear")


def fit_line(line: Line, method: str, ci: str) -> RegressionResult:
    """Return the regression on the predictor in units of its largest value."""
    with np.errstate(divide="ignore", invalid="ignore"):  # effects on a line have no Q for an interval of tau²
        return regress(line.y, line.v, {line.predictor: line.x / line.unit}, method=method, ci=ci, level=line.level)


def _mixed(line: Line, method: str, ci: str) -> RegressionTest:
    if reason := line.hopeless():
        return _nothing(line, "mixed", reason)
    fit = fit_line(line, method, ci)
    return _test(line, fit.coefficients, fit.df, {"tau2": fit.tau2, "dispersion": 1.0}, "mixed")


def _three_level(line: Line, cluster: npt.NDArray[np.generic], method: str, ci: str) -> RegressionTest:
    if reason := line.hopeless():
        return _nothing(line, "three-level", reason)
    moderators = {line.predictor: line.x / line.unit}
    fit = three_level_regression(
        line.y, line.v, cluster, moderators, method=method, ci=ci, level=line.level, tau2_ci=None
    )
    variances = {"tau2": fit.tau2, "dispersion": 1.0}
    return _test(line, fit.coefficients, float(fit.df[1]), variances, "three-level", fit.reason)


def _test(
    line: Line,
    coefficients: tuple[Coefficient, ...],
    df: float,
    variances: dict[str, float],
    model: str,
    reason: str = "",
) -> RegressionTest:
    at_zero, slope = coefficients
    if not reason and math.isnan(slope.se):
        reason = "the effects lie on a line, but for rounding: no standard error"
    if line.predictor in _NO_LIMIT:
        limit = _no_limit(line.level)
    else:
        limit = {"limit": at_zero.estimate, "limit_se": at_zero.se, "limit_ci": at_zero.ci}
        limit |= {"limit_p_value": at_zero.p_value}
    numbers = {"slope": slope.estimate / line.unit, "slope_se": slope.se / line.unit}
    numbers |= {"statistic": slope.statistic, "p_value": slope.p_value}
    return _result(line, numbers | limit | variances | {"df": df}, model, reason)


def _nothing(line: Line, model: str, reason: str) -> RegressionTest:
    names = ("slope", "slope_se", "statistic", "p_value", "tau2", "dispersion", "df")
    return _result(line, dict.fromkeys(names, math.nan) | _no_limit(line.level), model, reason)


def _no_limit(level: float) -> dict[str, Any]:
    numbers = dict.fromkeys(("limit", "limit_se", "limit_p_value"), math.nan)
    return numbers | {"limit_ci": Interval(math.nan, math.nan, level)}


def _result(line: Line, numbers: dict[str, Any], model: str, reason: str) -> RegressionTest:
    return RegressionTest(
        name=line.name,
        k=len(line.y),
        clusters=line.groups,
        predictor=line.predictor,
        model=model,
        level=line.level,
        reason=reason,
        caution=caution("asymmetry", line.groups),
        **numbers,
    )
