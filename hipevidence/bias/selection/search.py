"""The maximum of a likelihood with bounds: Newton steps from several starts, and what the other maxima were."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.bias.selection.expansion import Expansion, Likelihood
    from hipevidence.pooling.batch import Booleans, Floats

_STEPS = 100
_HALVINGS = 25
_SETTLED = 1e-13
"""A Newton step that promises so little gain leaves an error of its square."""

_SAME = 1e-6
"""Maxima whose likelihoods differ by less are one."""

_FLAT = 1e-3
"""Smallest eigenvalue of the information with unit diagonal below which parameters cannot be told apart."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """Where a climb ended.

    Attributes
    ----------
    theta
        Parameters, shape (p,).
    at
        The log-likelihood there.
    free
        Parameters that are not held by a bound, shape (p,).
    decrement
        Gain in log-likelihood that a further Newton step promises.
    steps
        Steps taken.
    settled
        Whether it is a maximum.
    """

    theta: Floats
    at: Expansion
    free: Booleans
    decrement: float
    steps: int
    settled: bool

    def covariance(self) -> Floats:
        """Return the inverse of the observed information, ``nan`` for parameters at a bound or if it has none."""
        size = len(self.theta)
        result = np.full((size, size), np.nan)
        places = np.flatnonzero(self.free)
        information = -self.at.hessian[np.ix_(places, places)]
        if len(places) and self.curvature() > 0.0:
            result[np.ix_(places, places)] = np.linalg.inv(information)
        return result

    def curvature(self) -> float:
        """Return the smallest eigenvalue of the information with unit diagonal: about 0 where it is flat."""
        places = np.flatnonzero(self.free)
        information = -self.at.hessian[np.ix_(places, places)]
        diagonal = np.diag(information)
        if not (diagonal > 0.0).all():
            return 0.0
        scale = 1.0 / np.sqrt(diagonal)
        return float(np.linalg.eigvalsh(information * np.outer(scale, scale)).min())

    @property
    def is_flat(self) -> bool:
        """Whether the likelihood hardly changes in some direction."""
        return self.curvature() < _FLAT


def climb(likelihood: Likelihood, start: Floats) -> Peak:
    """Go up by Newton steps, bent where the likelihood is not concave, and stopped at bounds."""
    lower, upper = likelihood.lower, likelihood.upper
    theta = np.maximum(start, lower)
    at = likelihood.expand(theta)
    free, decrement, steps = np.ones(len(theta), dtype=np.bool_), np.inf, 0
    while steps < _STEPS and np.isfinite(at.value) and np.isfinite(at.hessian).all():
        steps += 1
        free = (theta > lower) | (at.gradient > 0.0)
        move = np.zeros(len(theta))
        move[free], concave = _newton(at.gradient[free], at.hessian[np.ix_(free, free)])
        decrement = 0.5 * float(at.gradient @ move)
        reached, new = _along(likelihood, theta, at, move, lower)
        if new is None:  # rounding leaves no better point
            return Peak(theta, at, theta > lower, decrement, steps, decrement < _SAME)
        theta, at = reached, new
        if (np.abs(theta) > upper).any():
            break
        if concave and decrement < _SETTLED:
            return Peak(theta, at, theta > lower, decrement, steps, settled=True)
    return Peak(theta, at, free, decrement, steps, settled=False)


def _newton(gradient: Floats, hessian: Floats) -> tuple[Floats, bool]:
    """Return a step upwards, and whether the likelihood is concave here."""
    scale = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-12))
    values, vectors = np.linalg.eigh(hessian * np.outer(scale, scale))
    bent = np.maximum(np.abs(values), 1e-8)
    return scale * (vectors @ ((vectors.T @ (scale * gradient)) / bent)), bool((values < 0.0).all())


def _along(
    likelihood: Likelihood, theta: Floats, at: Expansion, move: Floats, lower: Floats
) -> tuple[Floats, Expansion | None]:
    """Return a point along the step that is not lower, but for rounding; None if there is none."""
    slack = 1e-14 * (1.0 + abs(at.value))
    share = 1.0
    for _ in range(_HALVINGS):
        reached = np.maximum(theta + share * move, lower)
        new = likelihood.expand(reached)
        # not true of nan either
        if new.value >= at.value + 1e-4 * float(at.gradient @ (reached - theta)) - slack:
            return reached, new
        share *= 0.5
    return theta, None


def maximise(likelihood: Likelihood, starts: Iterable[Floats]) -> tuple[Peak, list[Peak]]:
    """Climb from every start and return the highest point with all maxima that differ, the highest first."""
    peaks = sorted((climb(likelihood, start) for start in starts), key=lambda peak: -peak.at.value)
    maxima: list[Peak] = []
    for peak in peaks:
        if peak.settled and not any(_same(peak, other) for other in maxima):
            maxima.append(peak)
    return peaks[0], maxima


def _same(one: Peak, other: Peak) -> bool:
    near = np.allclose(one.theta, other.theta, rtol=1e-3, atol=1e-4)
    return near or (abs(one.at.value - other.at.value) < _SAME and (one.is_flat or other.is_flat))
