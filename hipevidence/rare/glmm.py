"""Pooling counts by their own likelihood, without continuity corrections."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.pooling.certificate import Certificate
from hipevidence.rare.climb import Top, maximise, standard_error
from hipevidence.rare.integral import Arm, Model, expand
from hipevidence.rare.kernels import Binomial, Hypergeometric, Poisson
from hipevidence.rare.result import ChiSquareTest, GlmmResult, wald
from hipevidence.rare.tables import as_counts, as_rates, as_tables, check_choice, check_level, need

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats
    from hipevidence.rare.tables import Rates, Tables

MODELS = ("CM.EL", "CM.AL", "UM.FS")
"""Conditional with exact and with approximate likelihood; unconditional with fixed study effects."""
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
        ``"CM.AL"`` the same with a binomial approximation, for OR; ``"UM.FS"`` unconditional with an intercept a study.
    method
        ``"ML"``, or ``"EE"`` for a common effect.
    coding
        Only for UM.FS: share of a study's deviation that falls on arm 1, the rest on arm 2 with the other sign; 0.5 is
        metafor's default, 1 the other usual choice. The results differ.
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
    moves tau² by 1e-5 to 1e-3); ``quadrature_error`` says what twice as many points would change.

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
    built = _build(measure, model, coding, events1, n1, events2, n2, time1, time2)
    if built.separated:
        return _no_estimate(built, measure, method, level)
    top = maximise(built.model, points, common_effect=method == "EE")
    return _result(built, top, points, measure, method, level)


@dataclasses.dataclass(frozen=True, slots=True)
class _Built:
    """A model of the counts.

    Attributes
    ----------
    model
        The model.
    name
        What it is called.
    dropped
        How many studies say nothing and were left out.
    separated
        Whether every study pulls the effect to the same infinite end.
    """

    model: Model
    name: str
    dropped: int
    separated: bool

    @property
    def reasons(self) -> list[str]:
        """What was left out."""
        words = f"{self.dropped} studies without events (or without non-events) in either arm left out"
        return [words] if self.dropped else []


def _build(
    measure: str,
    model: str,
    coding: float,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike | None,
    events2: npt.ArrayLike | None,
    n2: npt.ArrayLike | None,
    time1: npt.ArrayLike | None,
    time2: npt.ArrayLike | None,
) -> _Built:
    if measure == "PLO":
        return _log_odds(*as_counts(events1=events1, n1=need(n1=n1)[0]))
    if measure == "IRLN":
        events, time = as_counts(events1=events1, time1=need(time1=time1)[0])
        one = Model((Arm(Poisson(events, time), 1.0, 1.0),), len(events), local=False)
        return _Built(one, "GLMM", 0, separated=not events.any())
    if measure == "OR":
        first, second, third = need(n1=n1, events2=events2, n2=n2)
        tables = as_tables(events1, first, second, third)
        keep = tables.informative
        _check_any(keep)
        return _odds_ratio(tables.take(keep), model, coding, int((~keep).sum()))
    first, second, third = need(time1=time1, events2=events2, time2=time2)
    rates = as_rates(events1, first, second, third)
    keep = rates.x1 + rates.x2 > 0.0
    _check_any(keep)
    return _rate_ratio(rates.take(keep), model, coding, int((~keep).sum()))


def _log_odds(events: Floats, persons: Floats) -> _Built:
    if (events > persons).any() or (persons <= 0.0).any():
        raise InputError("events1: found more events than persons, or nobody; allowed: up to all of one or more.")
    one = Model((Arm(Binomial.of(events, persons, np.zeros_like(events)), 1.0, 1.0),), len(events), local=False)
    return _Built(one, "GLMM", 0, separated=not events.any() or bool((events == persons).all()))


def _check_any(keep: npt.NDArray[np.bool_]) -> None:
    if not keep.any():
        raise InputError("events1, events2: found no study with both events and non-events; nothing can be estimated.")


def _odds_ratio(t: Tables, model: str, coding: float, dropped: int) -> _Built:
    k, none = len(t.a), np.zeros(len(t.a))
    down, up = (t.a == 0.0) | (t.d == 0.0), (t.b == 0.0) | (t.c == 0.0)
    if model == "CM.EL":
        if any((cell != np.floor(cell)).any() for cell in (t.a, t.b, t.c, t.d)):
            raise InputError(
                "events1, n1, events2, n2: found fractions; allowed: whole numbers in the exact likelihood."
            )
        built = Model((Arm(Hypergeometric.of(t.a, t.n1, t.c, t.n2), 1.0, 1.0),), k, local=False)
    elif model == "CM.AL":
        down, up = t.a == 0.0, t.c == 0.0
        built = Model((Arm(Binomial.of(t.a, t.a + t.c, np.log(t.n1 / t.n2)), 1.0, 1.0),), k, local=False)
    else:
        first, second = Binomial.of(t.a, t.n1, none), Binomial.of(t.c, t.n2, none)
        built = Model((Arm(first, 1.0, coding), Arm(second, 0.0, coding - 1.0)), k, local=True)
    return _Built(built, model, dropped, separated=bool(down.all() or up.all()))


def _rate_ratio(r: Rates, model: str, coding: float, dropped: int) -> _Built:
    k = len(r.x1)
    if model == "CM.AL":
        raise InputError("model: found 'CM.AL' with IRR; allowed: CM.EL, which is exact for rates, or UM.FS.")
    if model == "UM.FS":
        arms = (Arm(Poisson(r.x1, r.t1), 1.0, coding), Arm(Poisson(r.x2, r.t2), 0.0, coding - 1.0))
        built = Model(arms, k, local=True)
    else:
        built = Model((Arm(Binomial.of(r.x1, r.x1 + r.x2, np.log(r.t1 / r.t2)), 1.0, 1.0),), k, local=False)
    return _Built(built, model, dropped, separated=not r.x1.any() or not r.x2.any())


def _no_estimate(built: _Built, measure: str, method: str, level: float) -> GlmmResult:
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


def _result(built: _Built, top: Top, points: int, measure: str, method: str, level: float) -> GlmmResult:
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
