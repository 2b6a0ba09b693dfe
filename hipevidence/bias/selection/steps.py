"""Selection by steps: the chance of publication is the same within an interval of P values. Everything is closed form.

Only ratios of the weights matter, so the first interval that holds a study has weight 1. In an interval without studies
the likelihood is highest at weight 0, which is taken; the search knows the others by their logarithm.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.bias.selection.expansion import Expansion, impossible, log_normal

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats, Integers

_WIDEST = 25.0
"""A log-weight beyond this has run away."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StepLikelihood:
    """The likelihood of a step function, for effects where greater is more significant.

    Attributes
    ----------
    y, v
        Effects and sampling variances, shape (k,).
    steps
        One-sided P values at which the weight may change, increasing, the last is 1, shape (m,).
    place
        Interval of each study, shape (k,).
    held
        Studies in each interval, shape (m,).
    """

    y: Floats
    v: Floats
    steps: Floats
    place: Integers
    held: Integers

    @property
    def free(self) -> Integers:
        """Intervals whose log-weight is searched for."""
        return np.flatnonzero(self.held)[1:]

    @property
    def lower(self) -> Floats:
        """Lower bounds of mean, tau² and log-weights."""
        return np.asarray(np.r_[-np.inf, 0.0, np.full(len(self.free), -np.inf)], dtype=np.float64)

    @property
    def upper(self) -> Floats:
        """Sizes beyond which the search has run away."""
        return np.asarray(np.r_[np.inf, np.inf, np.full(len(self.free), _WIDEST)], dtype=np.float64)

    def start(self, factor: float) -> Floats:
        """Return log-weights that fall to ``factor`` in the last interval."""
        return np.linspace(0.0, math.log(factor), len(self.free) + 1)[1:]

    def weights(self, working: Floats) -> Floats:
        """Return the weight of each interval, shape (m,); the first that holds a study has 1."""
        weights = np.zeros(len(self.steps))
        weights[np.flatnonzero(self.held)] = np.exp(np.r_[0.0, working])
        return weights

    def expand(self, theta: Floats) -> Expansion:
        """Return the log-likelihood at mean, tau² and log-weights."""
        variance = self.v + theta[1]
        weights = self.weights(theta[2:])
        value, first, second = log_normal(self.y, float(theta[0]), variance)
        chance, slope, bend = self._normaliser(float(theta[0]), variance, weights)
        if not (chance > 0.0).all():
            return impossible(len(theta))
        counts = self.held[self.free]
        total = float(value.sum() - np.log(chance).sum()) + float(counts @ theta[2:])
        relative = slope / chance
        gradient = np.r_[first.sum(axis=1), counts.astype(np.float64)] - relative.sum(axis=1)
        hessian = relative @ relative.T - (bend / chance).sum(axis=2)
        hessian[:2, :2] += np.array([[second[0].sum(), second[1].sum()], [second[1].sum(), second[2].sum()]])
        return Expansion(total, gradient, hessian)

    def _normaliser(self, mean: float, variance: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the mean weight of each study with derivatives: shapes (k,), (p, k), (p, p, k)."""
        inside, edges = self._inside(mean, variance)
        free = self.free
        p = 2 + len(free)
        slope, bend = np.zeros((p, len(variance))), np.zeros((p, p, len(variance)))
        change = np.diff(edges, axis=1, prepend=0.0, append=0.0)  # (5, m, k): derivatives of each interval's chance
        slope[:2] = np.einsum("j,djk->dk", weights, change[:2])
        bend[0, 0], bend[1, 1] = weights @ change[2], weights @ change[4]
        bend[0, 1] = bend[1, 0] = weights @ change[3]
        for row, interval in enumerate(free, start=2):
            slope[row] = bend[row, row] = weights[interval] * inside[interval]
            bend[row, :2] = bend[:2, row] = weights[interval] * change[:2, interval]
        return weights @ inside, slope, bend

    def _inside(self, mean: float, variance: Floats) -> tuple[Floats, Floats]:
        """Return the chance of each interval (m, k), and the derivatives of P(Y > edge), shape (5, m - 1, k).

        The derivatives are by mean, by tau², twice by mean, by both, twice by tau².
        """
        sd = np.sqrt(variance)
        t = (-special.ndtri(self.steps[:-1])[:, None] * np.sqrt(self.v) - mean) / sd
        rows = np.ones(len(variance))
        high, low = np.vstack([np.inf * rows, t]), np.vstack([t, -np.inf * rows])
        upper = high + low > 0.0
        inside = np.where(upper, special.ndtr(-low) - special.ndtr(-high), special.ndtr(high) - special.ndtr(low))
        density = np.exp(-0.5 * t * t) / math.sqrt(2.0 * math.pi)
        square = t * t
        edges = np.stack(
            [
                density / sd,
                0.5 * density * t / variance,
                density * t / variance,
                0.5 * density * (square - 1.0) / (variance * sd),
                0.25 * density * t * (square - 3.0) / variance**2,
            ]
        )
        return inside, edges


def step_likelihood(y: Floats, v: Floats, steps: Floats) -> StepLikelihood:
    """Return the likelihood for steps that end with 1."""
    p = special.ndtr(-y / np.sqrt(v))
    place = np.searchsorted(steps, p, side="left").astype(np.int64)
    place = np.minimum(place, len(steps) - 1)
    return StepLikelihood(y, v, steps, place, np.bincount(place, minlength=len(steps)))
