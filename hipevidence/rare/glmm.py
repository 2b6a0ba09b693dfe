"""Pooling counts by their own likelihood, without continuity corrections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.pooling.certificate import Certificate
from hipevidence.rare.climb import Top, maximise, standard_error
from hipevidence.rare.integral import expand
from hipevidence.rare.models import UNCONDITIONAL, Built, build
from hipevidence.rare.random_studies import fit_random_studies
from hipevidence.rare.result import ChiSquareTest, GlmmResult, wald
from hipevidence.rare.tables import check_choice, check_level

if TYPE_CHECKING:
    import numpy.typing as npt


MODELS = ("CM.EL", "CM.AL", *UNCONDITIONAL)
"""Conditional with exact and with approximate likelihood; unconditional with fixed and with random study effects."""
MEASURES = ("OR", "IRR", "PLO", "IRLN")
METHODS = ("ML", "EE")
"""With and without a between-study variance."""
_POINTS = 81
_FEWEST_POINTS = 21


def glmm(
    measure: str,
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike | None = None,
    events2: npt.ArrayLike | None = None,
    n2: npt.ArrayLike | None = None,
    time1: npt.ArrayLike | None = None,
    time2: npt.ArrayLike | None = None,
    model: str = "CM.EL",
    method: str = "ML",
    coding: float = 0.5,
    points: int = _POINTS,
    level: float = 0.95,
) -> GlmmResult:
    """Pool counts in a generalised linear mixed model: binomial or Poisson counts, normal random effects.

    Parameters
    ----------
    measure
        ``OR`` (two arms of persons), ``IRR`` (two arms of person-time), ``PLO`` (one group of persons: log odds) or
        ``IRLN`` (one group of person-time: log rate).
    events1, events2
        Events in arm 1 (or the one group) and arm 2, shape (k,).
    n1, n2
        Persons, shape (k,).
    time1, time2
        Person-time, shape (k,).
    model
        For two arms: ``"CM.EL"`` conditional on the events of both arms (non-central hypergeometric; binomial for IRR);
        ``"CM.AL"`` the same with a binomial approximation, for OR; ``"UM.FS"`` unconditional with an intercept a study;
        ``"UM.RS"`` with intercepts that are normal too, independent of the effects.
    method
        ``"ML"``, or ``"EE"`` for a common effect.
    coding
        Only for UM.FS and UM.RS: share of a study's deviation that falls on arm 1, the rest on arm 2 with the other
        sign; 0.5 is metafor's default, 1 the other usual choice. The results differ.
    points
        Points of the trapezoidal rule for each study's integral.
    level
        Coverage of the interval.

    Returns
    -------
    GlmmResult
        Studies that say nothing about a ratio are left out; ``reason`` counts them, and says if there is a second
        maximum or no finite one.

    Raises
    ------
    InputError
        If counts are impossible or missing, or no study says anything.

    Notes
    -----
    The integrals are exact to about 1e-12 (peers use Gauss-Hermite quadrature with 7 points for all but CM.EL, which
    moves tau² by 1e-5 to 1e-3, and with one for UM.RS); ``quadrature_error`` says what twice as many points would
    change.

    References
    ----------
    Stijnen, Hamza & Ozdemir (2010), doi:10.1002/sim.4040; Jackson et al. (2018), doi:10.1002/sim.7588.

    Examples
    --------
    >>> counts = {"events1": [1, 0, 3], "n1": [80, 60, 110], "events2": [5, 2, 6], "n2": [82, 58, 108]}
    >>> result = glmm("OR", **counts)
    >>> round(result.estimate, 4), result.tau2
    (-1.2183, 0.0)
    """
    check_choice("measure", measure, MEASURES)
    check_choice("model", model, MODELS)
    check_choice("method", method, METHODS)
    check_level(level)
    if points < _FEWEST_POINTS:
        raise InputError(f"points: found {points!r}; allowed: {_FEWEST_POINTS} or more, fewer are not exact enough.")
    built = build(measure, model, coding, events1, n1, events2, n2, time1, time2)
    if built.separated:
        return _no_estimate(built, measure, method, level)
    if built.name == "UM.RS":
        return fit_random_studies(built, points, measure, method, level)
    top = maximise(built.model, points, common_effect=method == "EE")
    return _result(built, top, points, measure, method, level)


def _no_estimate(built: Built, measure: str, method: str, level: float) -> GlmmResult:
    ci, statistic, p_value = wald(math.nan, math.nan, level)
    reason = "every study has its events in one arm only, or all events or none, so there is no finite estimate"
    return GlmmResult(
        estimate=math.nan,
        se=math.nan,
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=built.model.k,
        tau2=math.nan,
        tau=math.nan,
        correlation=math.nan,
        sigma=math.nan,
        log_likelihood=math.nan,
        second_maximum=math.nan,
        heterogeneity=None,
        measure=measure,
        method=method,
        model=built.name,
        level=level,
        quadrature_error=0.0,
        reason="; ".join([*built.reasons, reason]),
        certificate=Certificate("none", math.nan, 0, 0, proven=False),
    )


def _result(built: Built, top: Top, points: int, measure: str, method: str, level: float) -> GlmmResult:
    best, model = top.best, built.model
    reasons = built.reasons + _doubts(top)
    finite = top.bounded
    estimate = best.theta if finite else math.nan
    se = standard_error(model, best) if finite else math.nan
    ci, statistic, p_value = wald(estimate, se, level)
    finer = expand(model, best.theta, best.tau, best.alpha, best.expansion.peak, 2 * points)
    return GlmmResult(
        estimate=estimate,
        se=se,
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=model.k,
        tau2=best.tau**2 if finite else math.nan,
        tau=best.tau if finite else math.nan,
        correlation=math.nan,
        sigma=math.nan,
        log_likelihood=best.value,
        second_maximum=best.value - top.second.value if top.second is not None else math.nan,
        heterogeneity=None if method == "EE" else _heterogeneity(top),
        measure=measure,
        method=method,
        model=built.name,
        level=level,
        quadrature_error=abs(float(finer.value.sum()) - best.value),
        reason="; ".join(reasons),
        certificate=_certificate(top, method),
    )


def _doubts(top: Top) -> list[str]:
    if not top.bounded:
        return ["the likelihood still rises at the largest tau searched: no finite estimate was found"]
    if top.second is None:
        return []
    return [f"the likelihood has {top.optima} maxima; second_maximum says how close they are"]


def _heterogeneity(top: Top) -> ChiSquareTest:
    """Return the likelihood-ratio test of tau = 0, whose distribution is half a point mass at 0."""
    statistic = max(2.0 * (top.best.value - top.none.value), 0.0) if top.best.tau > 0.0 else 0.0
    p_value = 0.5 * float(special.chdtrc(1.0, statistic)) if statistic > 0.0 else 1.0
    return ChiSquareTest(statistic, 1, p_value)


def _certificate(top: Top, method: str) -> Certificate:
    expansion = top.best.expansion
    free = [0, 1] if top.best.tau > 0.0 else [0]
    information = np.maximum(-expansion.hessian.sum(axis=0).diagonal(), 1e-300)
    residual = float(np.max(np.abs(expansion.gradient.sum(axis=0) / np.sqrt(information))[free]))
    kind = "assumed" if method == "EE" else "interior root" if top.best.tau > 0.0 else "boundary"
    return Certificate(kind, residual, top.steps, top.optima, proven=False)
