"""The beta-binomial model: risks of an arm vary between studies by a beta distribution, so that double zeros count."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from hipevidence.pooling.certificate import Certificate
from hipevidence.rare.result import ChiSquareTest, GlmmResult, wald
from hipevidence.rare.tables import as_tables, check_choice, check_level

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats
    from hipevidence.rare.tables import Tables

MEASURES = ("OR", "RR", "RD")
_GRID = np.log(np.array([0.1, 0.5, 2.0, 5.0, 10.0, 20.0, 50.0, 1e2, 3e2, 1e3, 1e4, 1e6]))
"""Log of the precision M = 1 / correlation - 1 at which the score is looked at."""


@dataclasses.dataclass(frozen=True, slots=True)
class _State:
    """The maximum over both log odds for one precision.

    Attributes
    ----------
    eta
        Log odds of the mean risk in both arms, shape (2,).
    log_precision
        Infinite for the binomial model.
    value
        Log-likelihood.
    gradient, hessian
        By (eta1, eta2, log precision), shapes (3,) and (3, 3).
    steps
        Evaluations.
    """

    eta: Floats
    log_precision: float
    value: float
    gradient: Floats
    hessian: Floats
    steps: int


def beta_binomial(
    measure: str = "OR",
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> GlmmResult:
    """Pool counts in a beta-binomial model with one intra-class correlation for both arms.

    Parameters
    ----------
    measure
        ``OR``, ``RR`` (as logarithms) or ``RD``: what is made of the two mean risks.
    events1, events2
        Events in arm 1 and arm 2, shape (k,).
    n1, n2
        Persons in each arm, shape (k,).
    level
        Coverage of the interval.

    Returns
    -------
    GlmmResult
        Studies without events in both arms take part. The pairing of the arms within a study is not used.

    Raises
    ------
    InputError
        If counts are impossible.

    Notes
    -----
    Events of an arm are binomial with a risk from Beta(p M, (1 - p) M); the correlation is 1 / (M + 1). At
    correlation 0 the model is the pooled table. The standard error of RR and RD is by the delta method.

    References
    ----------
    Kuss (2015), doi:10.1002/sim.6383.

    Examples
    --------
    >>> counts = {"events1": [1, 0, 3, 0], "n1": [80, 60, 110, 90]}
    >>> counts |= {"events2": [5, 0, 9, 1], "n2": [82, 58, 108, 88]}
    >>> result = beta_binomial(**counts)
    >>> round(result.estimate, 4), round(result.se, 4), round(result.correlation, 4)
    (-1.1354, 0.8329, 0.0169)
    """
    check_choice("measure", measure, MEASURES)
    check_level(level)
    tables = as_tables(events1, n1, events2, n2)
    arms = ((tables.a, tables.n1), (tables.c, tables.n2))
    for events, persons in arms:
        if events.sum() in (0.0, persons.sum()):
            return _no_estimate(tables, measure, level)
    none = _binomial(arms)
    tops, steps = _search(arms, none)
    return _result(tables, tops, none, steps, measure, level)


Arms = tuple[tuple["Floats", "Floats"], ...]


def _terms(events: Floats, persons: Floats, eta: float, log_precision: float) -> tuple[float, Floats, Floats]:
    """Return log-likelihood, gradient (2,) and Hessian (2, 2) of one arm by (eta, log precision)."""
    p, m = float(special.expit(eta)), math.exp(log_precision)
    q = float(special.expit(-eta))
    a, b, rest = p * m, q * m, persons - events
    value = special.betaln(events + a, rest + b) - special.betaln(a, b) + _log_choose(events, persons)
    shared = special.digamma(persons + m) - special.digamma(m)
    by_a = float((special.digamma(events + a) - special.digamma(a) - shared).sum())
    by_b = float((special.digamma(rest + b) - special.digamma(b) - shared).sum())
    common = float((special.polygamma(1, persons + m) - special.polygamma(1, m)).sum())
    by_aa = float((special.polygamma(1, events + a) - special.polygamma(1, a)).sum()) - common
    by_bb = float((special.polygamma(1, rest + b) - special.polygamma(1, b)).sum()) - common
    jacobian = np.array([[m * p * q, a], [-m * p * q, b]])
    second = jacobian.T @ np.array([[by_aa, -common], [-common, by_bb]]) @ jacobian
    bend = m * p * q * (q - p) * (by_a - by_b)
    cross = m * p * q * (by_a - by_b)
    hessian = second + np.array([[bend, cross], [cross, a * by_a + b * by_b]])
    return float(value.sum()), jacobian.T @ np.array([by_a, by_b]), hessian


def _log_choose(events: Floats, persons: Floats) -> Floats:
    logs: Floats = (
        special.gammaln(persons + 1.0) - special.gammaln(events + 1.0) - special.gammaln(persons - events + 1.0)
    )
    return logs


def _binomial(arms: Arms) -> _State:
    """Return the model without correlation; its third gradient is by the correlation, at 0."""
    eta = np.array([special.logit(events.sum() / persons.sum()) for events, persons in arms])
    value, rise = 0.0, 0.0
    hessian = np.zeros((3, 3))
    for i, (events, persons) in enumerate(arms):
        p, q = float(special.expit(eta[i])), float(special.expit(-eta[i]))
        rest = persons - events
        value += float((_log_choose(events, persons) + special.xlogy(events, p) + special.xlogy(rest, q)).sum())
        pairs = events * (events - 1.0) / p + rest * (rest - 1.0) / q - persons * (persons - 1.0)
        rise += 0.5 * float(pairs.sum())
        hessian[i, i] = -float(persons.sum()) * p * q
    return _State(eta, math.inf, value, np.array([0.0, 0.0, rise]), hessian, 1)


def _profile(arms: Arms, eta: Floats, log_precision: float) -> _State:
    """Maximise over both log odds for one precision; each arm is a problem of its own."""
    eta, gradient, hessian, value, steps = eta.copy(), np.zeros(3), np.zeros((3, 3)), 0.0, 0
    for i, (events, persons) in enumerate(arms):
        height, slope, bend = _terms(events, persons, float(eta[i]), log_precision)
        for _ in range(100):
            move = float(np.clip(slope[0] / max(-bend[0, 0], 0.25 * abs(slope[0])), -2.0, 2.0)) if slope[0] else 0.0
            new = _terms(events, persons, float(eta[i]) + move, log_precision)
            while new[0] < height - 1e-12 * (1.0 + abs(height)) and abs(move) > 1e-12:
                move *= 0.5
                new = _terms(events, persons, float(eta[i]) + move, log_precision)
            eta[i] += move
            height, slope, bend = new
            steps += 1
            if abs(move) <= 1e-10:
                break
        value += height
        gradient[[i, 2]] += slope
        hessian[np.ix_([i, 2], [i, 2])] += bend
    return _State(eta, log_precision, value, gradient, hessian, steps)


def _search(arms: Arms, none: _State) -> tuple[list[_State], int]:
    """Return every local maximum over the precision that a grid brackets, the highest first."""
    states = [_profile(arms, none.eta, float(at)) for at in _GRID]
    tops = [none] if none.gradient[2] <= 0.0 else []
    for low, high in itertools.pairwise(states):
        if low.gradient[2] > 0.0 >= high.gradient[2]:
            at = float(
                optimize.brentq(
                    lambda x, eta=low.eta: _profile(arms, eta, x).gradient[2],
                    low.log_precision,
                    high.log_precision,
                    xtol=1e-12,
                    rtol=1e-12,
                )
            )
            tops.append(_profile(arms, low.eta, at))
    best = max(states, key=lambda state: state.value)
    tops = sorted(tops or [max(best, none, key=lambda state: state.value)], key=lambda state: -state.value)
    return tops, sum(state.steps for state in states) + sum(state.steps for state in tops)


def _contrast(measure: str, eta: Floats) -> tuple[float, Floats]:
    """Return the effect and its derivatives by both log odds."""
    p, q = special.expit(eta), special.expit(-eta)
    sign = np.array([1.0, -1.0])
    if measure == "OR":
        return float(eta[0] - eta[1]), sign
    if measure == "RR":
        return float(np.log(p[0]) - np.log(p[1])), sign * q
    return float(p[0] - p[1]), sign * p * q


def _result(tables: Tables, tops: list[_State], none: _State, steps: int, measure: str, level: float) -> GlmmResult:
    best = tops[0]
    interior = math.isfinite(best.log_precision)
    free = slice(0, 3) if interior else slice(0, 2)
    covariance = np.linalg.inv(-best.hessian[free, free])[:2, :2]
    estimate, slope = _contrast(measure, best.eta)
    ci, statistic, p_value = wald(estimate, math.sqrt(float(slope @ covariance @ slope)), level)
    gain = max(2.0 * (best.value - none.value), 0.0) if interior else 0.0
    scale = np.sqrt(np.diag(-best.hessian)[free])
    residual = float(np.max(np.abs(best.gradient[free]) / scale)) if interior else 0.0
    several = len(tops) > 1
    return GlmmResult(
        estimate=estimate,
        se=math.sqrt(float(slope @ covariance @ slope)),
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=len(tables.a),
        tau2=math.nan,
        tau=math.nan,
        correlation=1.0 / (1.0 + math.exp(best.log_precision)) if interior else 0.0,
        sigma=math.nan,
        log_likelihood=best.value,
        second_maximum=best.value - tops[1].value if several else math.nan,
        heterogeneity=ChiSquareTest(gain, 1, 0.5 * float(special.chdtrc(1.0, gain)) if gain > 0.0 else 1.0),
        measure=measure,
        method="ML",
        model="beta-binomial",
        level=level,
        quadrature_error=0.0,
        reason=f"the likelihood has {len(tops)} maxima; second_maximum says how close they are" if several else "",
        certificate=Certificate("interior root" if interior else "boundary", residual, steps, len(tops), proven=False),
    )


def _no_estimate(tables: Tables, measure: str, level: float) -> GlmmResult:
    ci, statistic, p_value = wald(math.nan, math.nan, level)
    return GlmmResult(
        estimate=math.nan,
        se=math.nan,
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=len(tables.a),
        tau2=math.nan,
        tau=math.nan,
        correlation=math.nan,
        sigma=math.nan,
        log_likelihood=math.nan,
        second_maximum=math.nan,
        heterogeneity=None,
        measure=measure,
        method="ML",
        model="beta-binomial",
        level=level,
        quadrature_error=0.0,
        reason="one arm has no events, or all, so there is no finite estimate",
        certificate=Certificate("none", math.nan, 0, 0, proven=False),
    )
