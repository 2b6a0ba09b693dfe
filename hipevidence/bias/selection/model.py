"""One selection model: `selection_model` and its result."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import special

from hipevidence.bias.caution import caution
from hipevidence.bias.selection.search import Peak, maximise
from hipevidence.bias.selection.smooth import STEP, SmoothLikelihood
from hipevidence.bias.selection.steps import StepLikelihood, step_likelihood
from hipevidence.bias.selection.weights import FAMILIES
from hipevidence.errors import InputError
from hipevidence.pooling import fit_many
from hipevidence.pooling.checks import check_studies
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats, Integers

WEIGHTS = ("step", *FAMILIES)
ALTERNATIVES = ("greater", "less")
_UNBOUNDED = {"beta": 1e-5, "power": 1e-5}
"""Weights that grow or vanish without end, and the P value where that stops."""

_FEW = 5
"""An interval of P values with fewer studies says little of its weight."""

_FALLS = (0.8, 0.2, 0.02, 5.0)
"""How far the weight falls from start to end of the P values where the search starts; 5 is a rise."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SelectionModel(Result):
    """A pooled effect under a model of selection by P values, at full precision.

    Attributes
    ----------
    estimate, se, ci
        Effect if selection went as modelled; normal interval from the observed information.
    statistic, p_value
        Wald test against no effect.
    tau2, tau2_se, tau
        Between-study variance (squared units of the effects), its standard error (``nan`` at 0), its square root.
    delta, delta_se
        Parameters of the weight function: for steps one relative weight an interval, the first 1; infinite where the
        first interval holds no study. Shape (m,).
    steps, held
        Steps: upper ends of the intervals of one-sided P values and how many studies each holds, shape (m,); empty
        for smooth weights.
    log_likelihood
        Its maximum, with all constants.
    unadjusted, unadjusted_tau2, unadjusted_log_likelihood
        Maximum-likelihood effect, variance and log-likelihood without selection.
    lrt, lrt_df, lrt_p_value
        Likelihood-ratio test against no selection.
    k
        Number of studies.
    weights, alternative, smallest_p
        Weight function, the direction in which effects are more significant, and the P value beyond which a smooth
        weight stays the same (0: none).
    optima
        Local maxima found.
    second_maximum
        How much lower than the maximum the next one of the log-likelihood lies; ``nan`` if there is only one.
    decrement
        Gain in log-likelihood that one more Newton step promises: about 0 at a maximum.
    quadrature_error
        Change of the log-likelihood with twice as many points; 0 for steps.
    level
        Coverage of the interval.
    reason
        Why a number is ``nan`` or uncertain: no finite maximum, flat likelihood, several maxima, empty intervals.
    caution
        What the model can and cannot show.
    """

    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    tau2: float
    tau2_se: float
    tau: float
    delta: Floats
    delta_se: Floats
    steps: Floats
    held: Integers
    log_likelihood: float
    unadjusted: float
    unadjusted_tau2: float
    unadjusted_log_likelihood: float
    lrt: float
    lrt_df: int
    lrt_p_value: float
    k: int
    weights: str
    alternative: str
    smallest_p: float
    optima: int
    second_maximum: float
    decrement: float
    quadrature_error: float
    level: float
    reason: str
    caution: str

    def weight(self, p: npt.ArrayLike) -> Floats:
        """Return the relative chance of publication at these one-sided P values.

        Parameters
        ----------
        p
            Above 0 and below 1, any shape.
        """
        values = np.clip(np.asarray(p, dtype=np.float64), self.smallest_p, 1.0 - self.smallest_p)
        if self.weights == "step":
            return np.asarray(self.delta[np.searchsorted(self.steps, values, side="left")])
        return np.array(np.exp(FAMILIES[self.weights].terms(np.log(values), np.log1p(-values), self.delta)[0]))


def selection_model(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    weights: str = "step",
    steps: Sequence[float] = (0.025,),
    alternative: str = "greater",
    smallest_p: float | None = None,
    level: float = 0.95,
) -> SelectionModel:
    """Estimate the effect under the assumption that publication depended on the one-sided P value.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    weights
        ``"step"`` (Vevea and Hedges; with one step the three-parameter model), ``"beta"`` (Citkowicz and Vevea),
        ``"halfnorm"``, ``"negexp"``, ``"logistic"`` or ``"power"`` (Preston).
    steps
        One-sided P values, increasing, where the weight of a step function changes.
    alternative
        ``"greater"`` if positive effects are the ones looked for, ``"less"`` if negative ones are.
    smallest_p
        Smooth weights stay the same below this one-sided P value and above 1 minus it; 0 for never. If None it is
        1e-5 for ``"beta"`` and ``"power"``, whose weights may grow or vanish without end, and 0 for others.
    level
        Coverage of the interval.

    Returns
    -------
    SelectionModel
        Where the likelihood has no finite maximum the estimates are ``nan`` and ``reason`` says so.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    The density of a published effect is w(p) f(y) / ∫ w(p) f(y) dy, with f normal of mean mu and variance v + tau².
    Maximum likelihood, by Newton steps with exact derivatives from several starts; the integrals are exact to rounding.

    References
    ----------
    Vevea & Hedges (1995), doi:10.1007/BF02294384; Citkowicz & Vevea (2017), doi:10.1037/met0000119; Preston et al.
    (2004), doi:10.1111/j.1365-2753.2003.00457.x.

    Examples
    --------
    >>> effects = [0.9, 0.5, 0.45, 0.3, 0.12, 0.05, 0.1, 0.35]
    >>> result = selection_model(effects, [0.16, 0.05, 0.04, 0.02, 0.02, 0.01, 0.03, 0.1])
    >>> round(result.unadjusted, 3), round(result.estimate, 3), result.held.tolist()
    (0.222, 0.045, [4, 4])
    """
    y, v = check_studies(yi, vi)
    ends = _check(weights, steps, alternative, level)
    least = _smallest_p(weights, smallest_p)
    sign = 1.0 if alternative == "greater" else -1.0
    unit = math.sqrt(float(np.exp(np.mean(np.log(v)))))
    likelihood: StepLikelihood | SmoothLikelihood
    if weights == "step":
        likelihood = step_likelihood(sign * y / unit, v / unit**2, ends)
    else:
        likelihood = SmoothLikelihood(sign * y / unit, v / unit**2, FAMILIES[weights], least)
    plain = fit_many(y, v, method="ML", ci="wald", prediction=None)
    mean, tau2 = float(plain.estimate[0]), 0.0 if len(y) == 1 else float(plain.tau2[0])
    without = _normal_log_likelihood(y, v + tau2, mean)
    # a step that goes too far overflows, and is not taken
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        best, maxima = maximise(likelihood, _starts(likelihood, sign * mean / unit, tau2 / unit**2))
        found = _numbers(likelihood, best, maxima, sign * unit, level)
        found["log_likelihood"] -= len(y) * math.log(unit)
        found |= _test_of_selection(found, without, steps=weights == "step")
        error, reasons = _quadrature_error(likelihood, best), tuple(_reasons(likelihood, best, maxima))
    return SelectionModel(
        **found,
        **_held(likelihood),
        unadjusted=mean,
        unadjusted_tau2=tau2,
        unadjusted_log_likelihood=without,
        k=len(y),
        weights=weights,
        alternative=alternative,
        smallest_p=least,
        quadrature_error=error,
        level=level,
        reason="; ".join(reasons),
        caution=caution("selection", len(y)),
    )


def _test_of_selection(found: dict[str, Any], without: float, *, steps: bool) -> dict[str, float]:
    """Return the likelihood-ratio test; one weight of a step function is the measure of the others."""
    df = len(found["delta"]) - steps
    known = 1.0 if math.isfinite(found["estimate"]) else math.nan
    lrt = known * max(0.0, 2.0 * (found["log_likelihood"] - without))
    return {"lrt": lrt, "lrt_df": df, "lrt_p_value": float(special.chdtrc(df, lrt))}


def _check(weights: str, steps: Sequence[float], alternative: str, level: float) -> Floats:
    if weights not in WEIGHTS:
        raise InputError(f"weights: found {weights!r}; allowed: {', '.join(map(repr, WEIGHTS))}.")
    if alternative not in ALTERNATIVES:
        raise InputError(f"alternative: found {alternative!r}; allowed: {' or '.join(map(repr, ALTERNATIVES))}.")
    if not 0.0 < level < 1.0:
        raise InputError(f"level: found {level}; allowed: between 0 and 1.")
    ends = np.asarray(steps, dtype=np.float64)
    if ends.ndim == 1 and len(ends) and ends[-1] == 1.0:
        ends = ends[:-1]
    if ends.ndim != 1 or not len(ends) or not ((ends > 0.0) & (ends < 1.0)).all() or not (np.diff(ends) > 0.0).all():
        raise InputError(f"steps: found {list(steps)}; allowed: increasing P values above 0 and below 1.")
    return np.asarray(np.r_[ends, 1.0], dtype=np.float64)


def _smallest_p(weights: str, smallest_p: float | None) -> float:
    least = _UNBOUNDED.get(weights, 0.0) if smallest_p is None else smallest_p
    if not (0.0 <= least < 0.1):  # nan too
        raise InputError(f"smallest_p: found {least}; allowed: 0 or more and below 0.1.")
    return least


def _starts(likelihood: StepLikelihood | SmoothLikelihood, mean: float, tau2: float) -> Iterator[Floats]:
    """Yield where the search starts: around the model without selection, and with more and less heterogeneity."""
    for fall in _FALLS:
        if fall < 1.0 or not isinstance(likelihood, SmoothLikelihood) or likelihood.family.logarithmic:
            yield np.r_[mean, tau2, likelihood.start(fall)]
    yield np.r_[0.0, 2.0 * tau2 + 0.5, likelihood.start(0.2)]
    yield np.r_[0.5 * mean, 0.1 * tau2, likelihood.start(0.5)]


def _normal_log_likelihood(y: Floats, variance: Floats, mean: float) -> float:
    return float(-0.5 * np.sum(np.log(2.0 * math.pi * variance) + (y - mean) ** 2 / variance))


def _numbers(
    likelihood: StepLikelihood | SmoothLikelihood, best: Peak, maxima: list[Peak], unit: float, level: float
) -> dict[str, Any]:
    """Return the estimates in the user's units (``unit`` carries the sign), ``nan`` without a maximum."""
    delta, slopes = _delta(likelihood, best.theta[2:])
    errors = np.sqrt(np.diag(best.covariance()))
    known = 1.0 if best.settled else math.nan
    estimate, se = unit * float(best.theta[0]) * known, abs(unit) * float(errors[0]) * known
    tau2 = unit**2 * float(best.theta[1]) * known
    half = -float(special.ndtri(0.5 * (1.0 - level))) * se
    delta_se = np.full(len(delta), np.nan)
    delta_se[_searched(likelihood)] = slopes * errors[2:]
    statistic = estimate / se
    return {
        "estimate": estimate,
        "se": se,
        "ci": Interval(estimate - half, estimate + half, level),
        "statistic": statistic,
        "p_value": 2.0 * float(special.ndtr(-abs(statistic))),
        "tau2": tau2,
        "tau2_se": unit**2 * float(errors[1]) * known,
        "tau": math.sqrt(tau2),
        "delta": delta * known,
        "delta_se": delta_se * known,
        "log_likelihood": best.at.value,
        "optima": len(maxima),
        "second_maximum": maxima[0].at.value - maxima[1].at.value if len(maxima) > 1 else math.nan,
        "decrement": best.decrement,
    }


def _delta(likelihood: StepLikelihood | SmoothLikelihood, working: Floats) -> tuple[Floats, Floats]:
    """Return the parameters as users know them, and the derivative of each searched one by its working parameter."""
    if isinstance(likelihood, SmoothLikelihood):
        delta = likelihood.delta(working)
        return delta, delta if likelihood.family.logarithmic else np.ones(len(delta))
    weights = likelihood.weights(working)
    if weights[0] > 0.0:
        return weights, weights[likelihood.free]
    # relative to an interval with weight 0 those with studies weigh infinitely more
    relative = np.where(weights > 0.0, np.inf, np.nan)
    relative[0] = 1.0
    return relative, np.full(len(likelihood.free), np.nan)


def _searched(likelihood: StepLikelihood | SmoothLikelihood) -> Integers:
    if isinstance(likelihood, SmoothLikelihood):
        return np.arange(likelihood.family.count)
    return likelihood.free


def _held(likelihood: StepLikelihood | SmoothLikelihood) -> dict[str, Any]:
    if isinstance(likelihood, SmoothLikelihood):
        return {"steps": np.zeros(0), "held": np.zeros(0, dtype=np.int64)}
    return {"steps": likelihood.steps, "held": likelihood.held}


def _quadrature_error(likelihood: StepLikelihood | SmoothLikelihood, best: Peak) -> float:
    if isinstance(likelihood, StepLikelihood):
        return 0.0
    finer = SmoothLikelihood(likelihood.y, likelihood.v, likelihood.family, likelihood.smallest_p, 0.5 * STEP)
    return abs(finer.expand(best.theta).value - best.at.value)


def _reasons(likelihood: StepLikelihood | SmoothLikelihood, best: Peak, maxima: list[Peak]) -> Iterator[str]:
    if not best.settled:
        yield "the likelihood has no finite maximum: it keeps rising as parameters grow"
    elif best.is_flat:
        yield "the likelihood is flat: the data hardly tell the parameters apart"
    if best.settled and np.isnan(best.covariance()[0, 0]):
        yield "the information has no inverse: no standard error"
    if len(maxima) > 1:
        yield f"the likelihood has {len(maxima)} maxima; the highest is taken"
    if best.settled and best.theta[1] == 0.0:
        yield "tau² is 0, the end of its range"
    if isinstance(likelihood, StepLikelihood):
        yield from _about_intervals(likelihood)


def _about_intervals(likelihood: StepLikelihood) -> Iterator[str]:
    low = 0.0
    for end, count in zip(likelihood.steps, likelihood.held, strict=True):
        where = f"{low:g} to {end:g}"
        if not count and low == 0.0:
            yield f"no study has P from {where}: all others weigh infinitely more (is the alternative right way round?)"
        elif not count:
            yield f"no study has P from {where}: its weight is taken as 0, the end of its range"
        elif count < _FEW:
            yield f"only {count} {'study has' if count == 1 else 'studies have'} P from {where}"
        low = float(end)
