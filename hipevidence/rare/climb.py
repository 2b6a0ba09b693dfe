"""The maximum of a mixed model's likelihood: concave in everything but tau, so tau is searched on a line."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from hipevidence.rare.integral import Expansion, Model, expand

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats

_GRID = (0.05, 0.15, 0.3, 0.5, 0.8, 1.2, 1.8, 2.7, 4.0, 6.0, 9.0)
_NEWTON = 100
_HALVINGS = 12
_HOPELESS = 30.0
"""A log-likelihood so far below the best seen is not searched any further."""


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """The maximum over theta and the intercepts for one tau.

    Attributes
    ----------
    theta, tau
        Pooled effect, between-study standard deviation.
    alpha
        Intercepts, shape (k,).
    expansion
        The log-likelihood there.
    steps
        Newton steps.
    """

    theta: float
    tau: float
    alpha: Floats
    expansion: Expansion
    steps: int

    @property
    def value(self) -> float:
        """Log-likelihood."""
        return float(self.expansion.value.sum())

    @property
    def score_tau(self) -> float:
        """Derivative of the profile log-likelihood by tau; at tau = 0, where it is 0, by tau² (times 2)."""
        if self.tau == 0.0:
            return float(self.expansion.hessian[:, 1, 1].sum())
        return float(self.expansion.gradient[:, 1].sum())


@dataclasses.dataclass(frozen=True, slots=True)
class Top:
    """What the search for the maximum found.

    Attributes
    ----------
    best
        The highest maximum.
    none
        The maximum without a between-study variance.
    optima
        Number of local maxima.
    second
        The next highest, None if there is only one.
    steps
        Newton steps in all.
    bounded
        Whether the likelihood falls again for large tau.
    """

    best: State
    none: State
    optima: int
    second: State | None
    steps: int
    bounded: bool


def profile(model: Model, tau: float, start: State | None, points: int) -> State:
    """Maximise over theta and the intercepts for one tau; the likelihood is concave in them."""
    theta = 0.0 if start is None else start.theta
    alpha = np.zeros(model.k) if start is None else start.alpha
    peak = np.zeros(model.k) if start is None else start.expansion.peak
    now = expand(model, theta, tau, alpha, peak, points)
    steps = 0
    while steps < _NEWTON:
        steps += 1
        move_theta, move_alpha = _newton_step(model, now)
        shrink = min(1.0, 3.0 / max(abs(move_theta), float(np.max(np.abs(move_alpha))), 1e-300))
        slack = 1e-13 * (1.0 + abs(float(now.value.sum())))
        for _ in range(_HALVINGS):
            new_theta, new_alpha = theta + shrink * move_theta, alpha + shrink * move_alpha
            new = expand(model, new_theta, tau, new_alpha, now.peak, points)
            if new.value.sum() >= now.value.sum() - slack:
                break
            shrink *= 0.5
        else:  # the quadrature resolves no better point
            break
        gain = float(new.value.sum() - now.value.sum())
        theta, alpha, now = new_theta, new_alpha, new
        # a Newton step that gains so little leaves an error of its square
        if gain <= 10.0 * slack:
            break
    return State(theta, tau, alpha, now, steps)


def _newton_step(model: Model, at: Expansion) -> tuple[float, Floats]:
    """Return the step in theta and in the intercepts, which touch one study each."""
    gradient, hessian = at.gradient, at.hessian
    if not model.local:
        return float(-gradient[:, 0].sum() / hessian[:, 0, 0].sum()), np.zeros(model.k)
    ratio = hessian[:, 0, 2] / hessian[:, 2, 2]
    slope = float((gradient[:, 0] - ratio * gradient[:, 2]).sum())
    bend = float((hessian[:, 0, 0] - ratio * hessian[:, 0, 2]).sum())
    theta = -slope / bend
    return theta, -(gradient[:, 2] + hessian[:, 0, 2] * theta) / hessian[:, 2, 2]


def maximise(model: Model, points: int, *, common_effect: bool) -> Top:
    """Find the maximum: every change of sign of the profile score on a grid of tau, settled by bracketing."""
    zero = profile(model, 0.0, None, points)
    if common_effect:
        return Top(zero, zero, 1, None, zero.steps, bounded=True)
    states = [zero]
    for tau in _GRID:
        states.append(profile(model, tau, states[-1], points))
        if states[-1].value < max(state.value for state in states) - _HOPELESS:
            break
    tops = [zero] if zero.score_tau <= 0.0 else []
    for low, high in itertools.pairwise(states):
        if low.score_tau > 0.0 >= high.score_tau:
            tops.append(_settle(model, low, high, points))
    bounded = states[-1].score_tau <= 0.0
    tops = sorted(tops or [states[-1]], key=lambda state: -state.value)
    steps = sum(state.steps for state in states) + sum(state.steps for state in tops)
    return Top(tops[0], zero, len(tops), tops[1] if len(tops) > 1 else None, steps, bounded)


def _settle(model: Model, low: State, high: State, points: int) -> State:
    """Find the root of the profile score between two states."""
    latest = high

    def score(tau: float) -> float:
        nonlocal latest
        latest = profile(model, tau, latest, points)
        return latest.score_tau

    start = max(low.tau, 1e-4 * high.tau)
    if score(start) <= 0.0:
        return profile(model, start, latest, points)
    if score(high.tau) > 0.0:  # rounding decides the sign: flat
        return latest
    tau = float(optimize.brentq(score, start, high.tau, xtol=1e-12, rtol=1e-12))
    return profile(model, tau, latest, points)


def standard_error(model: Model, state: State) -> float:
    """Return the standard error of theta from the observed information of all free parameters."""
    hessian = state.expansion.hessian
    information = -hessian[:, :2, :2].sum(axis=0)
    if model.local:
        cross = hessian[:, :2, 2]
        information = information + np.einsum("ka,kb,k->ab", cross, cross, 1.0 / hessian[:, 2, 2])
    if state.tau == 0.0:
        return float(1.0 / np.sqrt(information[0, 0]))
    variance = float(np.linalg.inv(information)[0, 0])
    return float(np.sqrt(variance)) if variance > 0.0 else np.nan
