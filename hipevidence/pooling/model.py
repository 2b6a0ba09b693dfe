"""One random-effects meta-analysis: `pool` and its result."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, ClassVar, overload

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling import inference
from hipevidence.pooling.certificate import Certificate, make_certificate
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.kernel import (
    EMPTY_INTERVAL,
    Solved,
    check_q_weights,
    fit_one,
    heterogeneity_limits,
    unusable_reason,
)
from hipevidence.pooling.late import Late
from hipevidence.pooling.options import Options
from hipevidence.pooling.profiles import apply_profile
from hipevidence.pooling.regression import RegressionResult, regress
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats
    from hipevidence.pooling.design import Moderators
    from hipevidence.pooling.fits import Fits


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PoolResult(Result, Late):
    """A pooled effect with everything that belongs to it, at full precision.

    P values and the limits of tau², I² and H² are computed when they are first read.

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
    k
        Number of studies.
    tau2, tau2_se, tau2_ci, tau
        Between-study variance (squared units of the effects), its standard error and interval, and its square root.
    i2, i2_ci
        I² in percent, 0 to 100, and the limits of tau² on its scale.
    h2, h2_ci
        H² and the limits of tau² on its scale.
    q, q_df, q_p_value
        Cochran's Q, its degrees of freedom and P value.
    prediction
        Where the true effect of a new study is expected.
    weights
        Weight of each study in percent, in the order given, shape (k,).
    method, ci_method, prediction_method, tau2_ci_method, i2_definition, profile
        The conventions behind the numbers, by name.
    level
        Coverage of all intervals.
    reason
        Why a number is ``nan``; empty if none is.
    certificate
        What vouches for tau².
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    df: float
    p_value: float
    k: int
    tau2: float
    tau2_se: float
    tau2_ci: Interval
    tau: float
    i2: float
    i2_ci: Interval
    h2: float
    h2_ci: Interval
    q: float
    q_df: int
    q_p_value: float
    prediction: Interval
    weights: Floats
    method: str
    ci_method: str
    prediction_method: str
    tau2_ci_method: str
    i2_definition: str
    profile: str
    level: float
    reason: str
    certificate: Certificate

    _COMPUTED: ClassVar[Mapping[str, str]] = {
        "p_value": "_test",
        "q_p_value": "_test_of_q",
        "tau2_ci": "_limits",
        "i2_ci": "_limits",
        "h2_ci": "_limits",
        "reason": "_limits",
    }

    def _test(self) -> dict[str, float]:
        return {"p_value": float(inference.two_sided_p(np.array([self.statistic]), np.array([self.df]))[0])}

    def _test_of_q(self) -> dict[str, float]:
        return {"q_p_value": float(inference.chi_square_p(np.array([self.q]), np.array([float(self.q_df)]))[0])}

    def _limits(self) -> dict[str, Interval | str]:
        source: _Source = self._source
        with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
            limits = heterogeneity_limits(source.solved, source.options)
        ends = {name: float(limit[0]) for name, limit in limits.items()}
        found: dict[str, Interval | str] = {
            f"{name}_ci": Interval(ends.get(f"{name}_low", math.nan), ends.get(f"{name}_high", math.nan), self.level)
            for name in ("tau2", "i2", "h2")
        }
        empty = EMPTY_INTERVAL if self.q_df > 0 and math.isnan(ends.get("tau2_low", 0.0)) else ""
        return found | {"reason": "; ".join(filter(None, (source.reason, empty)))}


@dataclasses.dataclass(frozen=True, slots=True)
class _Source:
    """What the limits of heterogeneity are computed from when they are asked for."""

    solved: Solved
    options: Options
    reason: str


@overload
def pool(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    method: str = ...,
    ci: str = ...,
    moderators: None = None,
    level: float = ...,
    prediction: str | None = ...,
    tau2_ci: str | None = ...,
    i2: str = ...,
    q_weights: npt.ArrayLike | None = ...,
    profile: str | None = ...,
) -> PoolResult: ...


@overload
def pool(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    method: str = ...,
    ci: str = ...,
    moderators: npt.ArrayLike | Moderators,
    level: float = ...,
) -> RegressionResult: ...


def pool(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    method: str = "REML",
    ci: str = "HKSJ",
    moderators: npt.ArrayLike | Moderators | None = None,
    level: float = 0.95,
    prediction: str | None = "metafor",
    tau2_ci: str | None = "QP",
    i2: str = "tau2",
    q_weights: npt.ArrayLike | None = None,
    profile: str | None = None,
) -> PoolResult | RegressionResult:
    """Pool effects in a random-effects meta-analysis.

    Parameters
    ----------
    yi
        Effects, shape (k,), on a scale where a normal distribution is reasonable (log odds ratios, not odds ratios).
    vi
        Their sampling variances, shape (k,), squared units of the effects.
    method
        Estimator of tau²: REML, ML, DL, DL2, CA2, HE, HS, HSk, SJ, PM, PMM, EB, GENQ, or EE / FE for a common effect.
    ci
        ``"HKSJ"`` Hartung-Knapp; ``"HKSJ-modified"`` the same with a variance never below the classical one; ``"wald"``
        normal; ``"t"`` classical variance with t quantiles.
    moderators
        If given, a meta-regression on them is fitted instead, see :func:`hipevidence.pooling.regress`.
    level
        Coverage of all intervals.
    prediction
        Prediction interval by name, see :mod:`hipevidence.pooling.prediction`; None for none.
    tau2_ci
        Interval of tau² by name, see :mod:`hipevidence.pooling.tau2_intervals`; None for none.
    i2
        ``"tau2"``: I² = 100 tau² / (tau² + s²) with the typical sampling variance s² (as metafor); ``"Q"``: from Q.
    q_weights
        Weights of the generalised Q estimator, shape (k,), for ``method="GENQ"``. They serve tau² only; the mean is
        always weighted by inverse variance.
    profile
        Name of a program whose defaults to follow (``"metafor"``, ``"meta"``, ``"revman"``, ``"revman5"``,
        ``"hipevidence"``): sets method, ci, prediction and i2 together.

    Returns
    -------
    PoolResult
        With one study the estimate is that study; what needs two is ``nan`` and ``reason`` says so. With moderators
        a :class:`hipevidence.pooling.RegressionResult` instead.

    Raises
    ------
    InputError
        If there is nothing to pool, or an effect or variance cannot be used; the message names the positions.

    Notes
    -----
    With weights w = 1 / (v + tau²): estimate = Σwy / Σw and classical variance 1 / Σw. Hartung-Knapp multiplies the
    variance by Σw(y - estimate)² / (k - 1) and uses t with k - 1 degrees of freedom. If all effects are equal that
    factor is 0, which is no evidence of certainty: the Hartung-Knapp interval is then ``nan``.

    References
    ----------
    Viechtbauer (2005), doi:10.3102/10769986030003261; Hartung & Knapp (2001), doi:10.1002/sim.1009; Higgins & Thompson
    (2002), doi:10.1002/sim.1186; Viechtbauer (2007), doi:10.1002/sim.2514.

    Examples
    --------
    >>> result = pool([-0.6, 0.8], [1.76, 8.16], ci="wald")
    >>> round(result.estimate, 4), round(result.ci.low, 4), round(result.ci.high, 4)
    (-0.3516, -2.7099, 2.0067)
    """
    if moderators is not None:
        if profile is not None or q_weights is not None:
            raise InputError(
                "profile, q_weights: found one together with moderators; allowed: without moderators only."
            )
        return regress(yi, vi, moderators, method=method, ci=ci, level=level)
    y, v = check_studies(yi, vi)
    names = apply_profile(profile, method=method, ci=ci, prediction=prediction, i2=i2)
    options = Options(names.method, names.ci, level, names.prediction, tau2_ci, names.i2)
    fits, solved = fit_one(y, v, options, _usable_weights(names.method, q_weights, y, v))
    tau2 = float(fits.tau2[0])
    weights = 1.0 / (v + (0.0 if math.isnan(tau2) else tau2))
    result = PoolResult(
        **_scalars(fits, level),
        tau=math.sqrt(tau2),
        weights=100.0 * weights / weights.sum(),
        method=names.method,
        ci_method=names.ci,
        prediction_method=names.prediction or "none",
        tau2_ci_method=tau2_ci or "none",
        i2_definition=names.i2,
        profile=profile or "none",
        level=level,
        certificate=make_certificate(
            names.method, tau2, float(fits.residual[0]), fits.steps[0], fits.optima[0], proven=bool(fits.proven[0])
        ),
    )
    object.__setattr__(result, "_source", _Source(solved, options, str(fits.reason[0])))
    return result


def _usable_weights(method: str, q_weights: npt.ArrayLike | None, y: Floats, v: Floats) -> Floats | None:
    """Return the weights of GENQ, shape (k,), or say which of them cannot be used."""
    table = check_q_weights(method, q_weights, (1, len(y)))
    if table is None:
        return None
    wrong = ~(np.isfinite(table[0]) & (table[0] > 0.0))
    if wrong.any():
        raise InputError(f"q_weights: {unusable_reason(y, v, wrong)}.")
    return np.asarray(table[0])


def _scalars(fits: Fits, level: float) -> dict[str, Any]:
    """Return the fields of the first meta-analysis of a batch as plain numbers and intervals."""
    numbers: dict[str, Any] = {
        name: getattr(fits, name).item()
        for name in ("estimate", "se", "statistic", "df", "tau2", "tau2_se", "i2", "h2", "q", "k")
    }
    for name in ("ci", "prediction"):
        low, high = getattr(fits, f"{name}_low"), getattr(fits, f"{name}_high")
        numbers[name] = Interval(low.item(), high.item(), level)
    return numbers | PoolResult.all_later() | {"q_df": int(fits.q_df[0])}
