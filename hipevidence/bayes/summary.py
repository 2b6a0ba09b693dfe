"""Summaries of one-dimensional posteriors: quantiles, mode, central and shortest intervals."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import optimize, special

from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.bayes.quadrature import Grid
    from hipevidence.pooling.batch import Floats

_NEGLIGIBLE = 1e-17
_ROOT_2PI = float(np.sqrt(2.0 * np.pi))
_MAX_NEWTON = 30
_FLAT_BELOW = float(np.log(1e-6))


@dataclasses.dataclass(frozen=True, slots=True)
class Posterior(Result):
    """Summary of one quantity's posterior distribution, in its own units.

    Attributes
    ----------
    mode, median, mean, sd
        Place of highest density, median, expectation and standard deviation; mean and sd are ``nan`` where the
        posterior has none.
    shortest
        Shortest interval of the given probability (the highest-density interval of a density with one peak).
    central
        Interval that leaves the same probability on either side.
    """

    mode: float
    median: float
    mean: float
    sd: float
    shortest: Interval
    central: Interval


class Distribution(Protocol):
    """What the intervals need of a distribution."""

    def cdf(self, value: float) -> float:
        """Return the probability below a value."""

    def quantile(self, probability: float) -> float:
        """Return the value below which the probability lies."""

    def slopes(self, value: float) -> tuple[float, float]:
        """Return the density and its derivative."""


@dataclasses.dataclass(frozen=True, slots=True)
class TauDistribution:
    """The posterior of tau on its grid over log tau."""

    grid: Grid

    def cdf(self, value: float) -> float:
        """Return the probability below a tau."""
        return self.grid.cdf(float(np.log(value))) if value > 0.0 else 0.0

    def quantile(self, probability: float) -> float:
        """Return the tau below which the probability lies."""
        return float(np.exp(self.grid.quantile(probability)))

    def slopes(self, value: float) -> tuple[float, float]:
        """Return the density of tau and its derivative."""
        value = max(value, 1e-300)
        density, slope = self.grid.slopes(float(np.log(value)))
        return density / value, (slope - density) / value**2

    def mode(self) -> float:
        """Return the tau of highest density; 0 if the density falls from 0 on."""
        # below a millionth of the median the density is flat or, for log-scale priors, of no interest
        at = self.grid.nodes[self.grid.nodes > self.grid.quantile(0.5) + _FLAT_BELOW]
        density = self.grid.density
        best = int(np.argmax(density(at) - at))
        if best == 0:
            return 0.0
        slope = _slope(lambda u: density(u) - u)
        low, high = float(at[best - 1]), float(at[min(best + 1, len(at) - 1)])
        if slope(high) >= 0.0:  # it rises to the end of the support
            return float(np.exp(self.grid.edges[-1]))
        if slope(low) <= 0.0:  # flat
            return float(np.exp(at[best]))
        return float(np.exp(optimize.brentq(slope, low, high, xtol=1e-13, rtol=1e-13)))


def _slope(function: Callable[[Floats], Floats]) -> Callable[[float], float]:
    """Return the derivative by a five-point rule, exact to about 1e-11."""
    step = 1e-3
    weights = np.array([1.0, -8.0, 8.0, -1.0]) / (12.0 * step)
    offsets = np.array([-2.0, -1.0, 1.0, 2.0]) * step
    return lambda at: float(weights @ function(at + offsets))


class NormalMixture:
    """A mixture of normal distributions: the posterior of an effect over all tau.

    Parameters
    ----------
    weights, means, sds
        Probability, mean and standard deviation of each component, shape (n,).
    """

    __slots__ = ("mean", "means", "sd", "sds", "weights")

    def __init__(self, weights: Floats, means: Floats, sds: Floats) -> None:
        """Keep the components that carry probability; the moments are those of all of them."""
        self.mean = float(weights @ means)
        self.sd = float(np.sqrt(weights @ (sds**2 + (means - self.mean) ** 2)))
        keep = (weights > _NEGLIGIBLE) & (sds > 0.0)
        self.weights, self.means, self.sds = weights[keep], means[keep], sds[keep]

    def cdf(self, value: float) -> float:
        """Return the probability below ``value``."""
        below = float(self.weights @ special.ndtr((value - self.means) / self.sds))
        return min(below, 1.0)  # the weights sum to 1 only to the last digit, and how depends on the machine

    def slopes(self, value: float) -> tuple[float, float]:
        """Return the density and its derivative."""
        standard = (value - self.means) / self.sds
        parts = self.weights * np.exp(-0.5 * standard * standard) / self.sds
        return float(parts.sum()) / _ROOT_2PI, -float(parts @ (standard / self.sds)) / _ROOT_2PI

    def quantile(self, probability: float) -> float:
        """Return the value below which the probability lies, by Newton steps kept inside a bracket."""
        center, spread = float(self.weights @ self.means), float(self.weights @ self.sds)
        low, high = center - spread, center + spread
        while self.cdf(low) > probability:
            low -= 2.0 * (high - low)
        while self.cdf(high) < probability:
            high += 2.0 * (high - low)
        at = min(max(center + spread * float(special.ndtri(probability)), low), high)
        for _ in range(200):
            value = self.cdf(at) - probability
            low, high = (at, high) if value < 0.0 else (low, at)
            new = at - value / max(self.slopes(at)[0], 1e-300)
            new = new if low < new < high else 0.5 * (low + high)
            if abs(new - at) <= 1e-14 * (spread + abs(at)):
                return new
            at = new
        return at

    def mode(self) -> float:
        """Return the value of highest density, which lies between the means of the components."""
        low, high = float(self.means.min()), float(self.means.max())
        if high - low <= 1e-14 * (1.0 + abs(high)):
            return 0.5 * (low + high)
        places = np.linspace(low, high, 17)
        best = int(np.argmax([self.slopes(float(at))[0] for at in places]))
        low, high = float(places[max(best - 1, 0)]), float(places[min(best + 1, 16)])
        if self.slopes(low)[1] <= 0.0 or self.slopes(high)[1] >= 0.0:
            return float(places[best])
        return float(optimize.brentq(lambda at: self.slopes(at)[1], low, high, xtol=1e-14, rtol=1e-13))


def shortest_interval(distribution: Distribution, central: Interval, lowest: float) -> Interval:
    """Return the shortest interval with the probability of the central one: both ends have the same density.

    Parameters
    ----------
    distribution
        A distribution with one peak.
    central
        Its central interval.
    lowest
        Lower end of the support; the interval starts there if the density falls from it on.
    """
    level = central.level
    outside = 1.0 - level
    edge = 1e-9 * outside
    if np.isfinite(lowest) and _imbalance(distribution, edge, level) >= 0.0:
        return Interval(lowest, distribution.quantile(level), level)
    found = _equal_ends(distribution, central, lowest)
    if found is not None:
        return found
    if _imbalance(distribution, outside - edge, level) <= 0.0:  # it rises to the end of the support
        return Interval(distribution.quantile(outside), distribution.quantile(1.0), level)
    below = float(
        optimize.brentq(lambda at: _imbalance(distribution, at, level), edge, outside - edge, xtol=1e-15, rtol=1e-13)
    )
    return Interval(distribution.quantile(below), distribution.quantile(below + level), level)


def _equal_ends(distribution: Distribution, central: Interval, lowest: float) -> Interval | None:
    """Solve for both ends by Newton steps from the central interval; None if they leave the support or never settle."""
    low, high, level = central.low, central.high, central.level
    for _ in range(_MAX_NEWTON):
        (f0, s0), (f1, s1) = distribution.slopes(low), distribution.slopes(high)
        if min(f0, f1) <= 0.0:
            return None
        # two equations: the probability inside, and the log ratio of the densities at the ends
        missing, ratio = distribution.cdf(high) - distribution.cdf(low) - level, float(np.log(f1 / f0))
        determinant = f1 * s0 / f0 - f0 * s1 / f1
        if determinant == 0.0:
            return None
        move_low = (ratio * f1 - missing * s1 / f1) / determinant
        move_high = (ratio * f0 - missing * s0 / f0) / determinant
        size, width = max(abs(move_low), abs(move_high)), high - low
        shrink = min(1.0, 0.3 * width / size) if size > 0.0 else 1.0
        low, high = low + shrink * move_low, high + shrink * move_high
        if not lowest < low < high:
            return None
        if size <= 1e-12 * width:
            return Interval(low, high, level)
    return None


def _imbalance(distribution: Distribution, below: float, level: float) -> float:
    """Return the difference of the densities at the ends of the interval that leaves ``below`` under it."""
    low, high = distribution.quantile(below), distribution.quantile(below + level)
    return distribution.slopes(low)[0] - distribution.slopes(high)[0]


def central_interval(distribution: Distribution, level: float) -> Interval:
    """Return the interval that leaves (1 - level) / 2 on either side."""
    tail = 0.5 * (1.0 - level)
    return Interval(distribution.quantile(tail), distribution.quantile(1.0 - tail), level)
