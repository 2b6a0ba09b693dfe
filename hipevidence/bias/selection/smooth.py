"""The likelihood of a smooth weight function: the normalising integral by quadrature that is exact to rounding.

Where the weight stays constant beyond the smallest P value told apart, the integral has two tails in closed form and a
smooth middle for Gauss's rule. Otherwise the trapezoidal rule serves: for an analytic integrand that falls off like a
normal density on both sides it converges faster than any power of its step.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.bias.selection.expansion import Expansion, impossible

if TYPE_CHECKING:
    from hipevidence.bias.selection.weights import Family
    from hipevidence.pooling.batch import Floats

STEP = 0.25
"""Step of the trapezoidal rule in standard errors of a study, and half the mean spacing of Gauss's."""

_REACH = 9.0
_MOST_POINTS = 4096
_STEEPEST = 1e4


@functools.cache
def _gauss(points: int) -> tuple[Floats, Floats]:
    """Return the nodes and weights of Gauss's rule on -1 to 1."""
    nodes, widths = np.polynomial.legendre.leggauss(points)
    return nodes, widths


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One part of the normalising integral of each study.

    Attributes
    ----------
    value
        Its logarithm, shape (k,).
    first, second
        Its first and second derivatives, divided by it, shape (k, p) and (k, p, p).
    """

    value: Floats
    first: Floats
    second: Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SmoothLikelihood:
    """The likelihood under one family of weights, for effects where greater is more significant.

    Attributes
    ----------
    y, v
        Effects and sampling variances, shape (k,).
    family
        The weight function.
    smallest_p
        The weight stays the same below this P value and above 1 minus it; 0 for never.
    step
        Fineness of the quadrature, see ``STEP``.
    """

    y: Floats
    v: Floats
    family: Family
    smallest_p: float
    step: float = STEP

    @property
    def lower(self) -> Floats:
        """Lower bounds of mean, tau² and working parameters."""
        bound = -np.inf if self.family.logarithmic else 0.0
        return np.asarray(np.r_[-np.inf, 0.0, np.full(self.family.count, bound)], dtype=np.float64)

    @property
    def upper(self) -> Floats:
        """Sizes beyond which the search has run away."""
        most = math.log(_STEEPEST) if self.family.logarithmic else _STEEPEST
        return np.asarray(np.r_[np.inf, np.inf, np.full(self.family.count, most)], dtype=np.float64)

    def delta(self, working: Floats) -> Floats:
        """Return the parameters of the weight function."""
        return np.exp(working) if self.family.logarithmic else working

    def start(self, fall: float) -> Floats:
        """Return working parameters for weights that fall off, more so for a smaller ``fall``."""
        strength = -math.log(fall)
        if self.family.logarithmic:
            return np.array([-0.3, 0.6]) * strength
        return np.full(self.family.count, 2.0 * strength)

    def expand(self, theta: Floats) -> Expansion:
        """Return the log-likelihood at mean, tau² and working parameters."""
        mean, variance, delta = float(theta[0]), self.v + theta[1], self.delta(theta[2:])
        parts = self._parts(mean, variance, delta)
        if parts is None:
            return impossible(len(theta))
        value, first, second = self._log_terms(self.y / np.sqrt(self.v), self.y, mean, variance, delta)
        logs = np.stack([part.value for part in parts], axis=1)
        peak = logs.max(axis=1)
        share = np.exp(logs - peak[:, None])
        mass = share.sum(axis=1)
        share /= mass[:, None]
        expected = sum(share[:, place, None] * part.first for place, part in enumerate(parts))
        curved = sum(share[:, place, None, None] * part.second for place, part in enumerate(parts))
        hessian = _curvature(first, variance, second).sum(axis=0) - curved.sum(axis=0) + expected.T @ expected
        total = float(np.sum(value - peak - np.log(mass)))
        return Expansion(total, first.sum(axis=0) - expected.sum(axis=0), hessian)

    def _log_terms(
        self, z: Floats, y: Floats, mean: float, variance: Floats, delta: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return log of weight times density at y, with derivatives.

        Returns
        -------
        tuple
            Values (k, ...); first derivatives (k, p, ...); second ones of the weight alone (q, k, ...).
        """
        log_p, log_q = special.log_ndtr(-z), special.log_ndtr(z)
        if self.smallest_p > 0.0:
            least, most = math.log(self.smallest_p), math.log1p(-self.smallest_p)
            log_p, log_q = np.clip(log_p, least, most), np.clip(log_q, least, most)
        weight, by_weight, bend = self.family.terms(log_p, log_q, delta)
        error = y - mean
        square = error * error / variance
        first = np.empty((len(y), 2 + self.family.count, *y.shape[1:]))
        first[:, 0], first[:, 1] = error / variance, 0.5 * (square - 1.0) / variance
        first[:, 2:] = np.swapaxes(by_weight, 0, 1)
        return weight - 0.5 * (square + np.log(2.0 * math.pi * variance)), first, bend

    def _parts(self, mean: float, variance: Floats, delta: Floats) -> list[_Part] | None:
        """Return the parts of the normalising integral of each study; None if one is infinite."""
        grid = self._middle() if self.smallest_p > 0.0 else self._grid(mean, variance, delta)
        if grid is None:
            return None
        z, widths = grid
        se = np.sqrt(self.v)[:, None]
        value, first, bend = self._log_terms(z, z * se, mean, variance[:, None], delta)
        inner = _integrated(value + np.log(widths * se), first, variance, bend)
        if self.smallest_p == 0.0:
            return [inner]
        return [inner, self._tail(1.0, mean, variance, delta), self._tail(-1.0, mean, variance, delta)]

    def _middle(self) -> tuple[Floats, Floats]:
        """Return Gauss's points between the two ends of the weight, and their widths, as z values."""
        end = -float(special.ndtri(self.smallest_p))
        nodes, widths = _gauss(math.ceil(4.0 * end / self.step))
        return end * nodes[None], end * widths

    def _tail(self, sign: float, mean: float, variance: Floats, delta: Floats) -> _Part:
        """Return the part beyond one end, where the weight is constant and the normal tail in closed form."""
        least, most = math.log(self.smallest_p), math.log1p(-self.smallest_p)
        ends = (least, most) if sign > 0.0 else (most, least)
        weight, first, second = self.family.terms(np.array(ends[0]), np.array(ends[1]), delta)
        sd = np.sqrt(variance)
        edge = -float(special.ndtri(self.smallest_p)) * np.sqrt(self.v)
        a = (sign * mean - edge) / sd
        tail = special.log_ndtr(a)
        hazard = np.exp(-0.5 * (a * a + math.log(2.0 * math.pi)) - tail)
        by_mean, by_variance = sign / sd, -0.5 * a / variance
        bend = -hazard * (a + hazard)
        gradient = np.empty((len(a), 2 + self.family.count))
        gradient[:, 0], gradient[:, 1], gradient[:, 2:] = hazard * by_mean, hazard * by_variance, first
        second_derivatives = gradient[:, :, None] * gradient[:, None, :]
        second_derivatives[:, 0, 0] += bend * by_mean**2
        mixed = bend * by_mean * by_variance - 0.5 * hazard * by_mean / variance
        second_derivatives[:, 0, 1] += mixed
        second_derivatives[:, 1, 0] += mixed
        second_derivatives[:, 1, 1] += bend * by_variance**2 + 0.75 * hazard * a / variance**2
        diagonal = np.arange(2, gradient.shape[1])
        second_derivatives[:, diagonal, diagonal] += second
        return _Part(weight + tail, gradient, second_derivatives)

    def _grid(self, mean: float, variance: Floats, delta: Floats) -> tuple[Floats, Floats] | None:
        """Return z values (k, n) and their spacing (k, 1); None if an integral is infinite.

        Where the weight grows like a power of p or 1 - p, it flattens the normal density on that side.
        """
        centre, precision = mean / np.sqrt(self.v), self.v / variance
        ends = []
        for sign, power in zip((1.0, -1.0), self.family.tails(delta), strict=True):
            left = precision + min(power, 0.0)
            if not (left > 1e-3 * precision).all():
                return None
            middle = np.maximum(sign * centre, 0.0) * precision / left
            ends.append(sign * (middle + _REACH / np.sqrt(left)))
        high, low = ends
        points = int(np.ceil(np.max(high - low) / self.step)) + 1
        if points > _MOST_POINTS:
            return None
        shares = np.linspace(0.0, 1.0, points)
        return low[:, None] + (high - low)[:, None] * shares, ((high - low) / (points - 1))[:, None]


def _integrated(logs: Floats, first: Floats, variance: Floats, bend: Floats) -> _Part:
    """Return the sum over the points of exp(logs), shape (k, n), with derivatives as moments of theirs (k, p, n)."""
    peak = logs.max(axis=1)
    share = np.exp(logs - peak[:, None])
    mass = share.sum(axis=1)
    share /= mass[:, None]
    mean = (first @ share[:, :, None])[:, :, 0]
    products = (first * share[:, None]) @ np.swapaxes(first, 1, 2)
    bends = (share * bend).sum(axis=2) if bend.any() else np.zeros((len(bend), len(logs)))
    return _Part(peak + np.log(mass), mean, products + _curvature(mean, variance, bends))


def _curvature(first: Floats, variance: Floats, bend: Floats) -> Floats:
    """Return second derivatives of log weight plus log density, shape (k, p, p).

    Those of the density are linear in its first derivatives (k, p), so this serves for their mean too; those of the
    weight by each of its own parameters are ``bend``, shape (q, k).
    """
    curvature = np.zeros((*first.shape, first.shape[1]))
    curvature[:, 0, 0] = -1.0 / variance
    curvature[:, 0, 1] = curvature[:, 1, 0] = -first[:, 0] / variance
    curvature[:, 1, 1] = -(0.5 / variance + 2.0 * first[:, 1]) / variance
    diagonal = np.arange(2, first.shape[1])
    curvature[:, diagonal, diagonal] = bend.T
    return curvature
