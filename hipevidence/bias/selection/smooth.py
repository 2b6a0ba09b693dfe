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

from hipevidence.bias.selection.expansion import Expansion, impossible, log_normal

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
class _Pieces:
    """Parts of the integral: log of each part (k, n), its first (p, k, n) and second derivatives that are not zero."""

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
        pieces = self._pieces(mean, variance, delta)
        if pieces is None:
            return impossible(len(theta))
        data = self._terms(self.y / np.sqrt(self.v), self.y, mean, variance, delta)
        peak = pieces.value.max(axis=1)
        share = np.exp(pieces.value - peak[:, None])
        mass = share.sum(axis=1)
        share /= mass[:, None]
        expected = np.einsum("kn,dkn->dk", share, pieces.first)
        spread = (np.sqrt(share) * pieces.first).reshape(len(theta), -1)
        hessian = expected @ expected.T - spread @ spread.T
        bend = data.second.sum(axis=1) - np.einsum("kn,dkn->d", share, pieces.second)
        hessian[:2, :2] += np.array([[bend[0], bend[1]], [bend[1], bend[2]]])
        hessian[np.arange(2, len(theta)), np.arange(2, len(theta))] += bend[3:]
        value = float(np.sum(data.value - peak - np.log(mass)))
        return Expansion(value, data.first.sum(axis=1) - expected.sum(axis=1), hessian)

    def _terms(self, z: Floats, y: Floats, mean: float, variance: Floats, delta: Floats) -> _Pieces:
        """Return log of weight times density at these places."""
        log_p, log_q = special.log_ndtr(-z), special.log_ndtr(z)
        if self.smallest_p > 0.0:
            least, most = math.log(self.smallest_p), math.log1p(-self.smallest_p)
            log_p, log_q = np.clip(log_p, least, most), np.clip(log_q, least, most)
        weight, first, second = self.family.terms(log_p, log_q, delta)
        density, density_first, density_second = log_normal(y, mean, variance)
        shape = density.shape
        return _Pieces(
            weight + density,
            np.concatenate([density_first, np.broadcast_to(first, (len(first), *shape))]),
            np.concatenate([density_second, np.broadcast_to(second, (len(second), *shape))]),
        )

    def _pieces(self, mean: float, variance: Floats, delta: Floats) -> _Pieces | None:
        """Return the parts of the normalising integral of each study; None if one is infinite."""
        grid = self._middle() if self.smallest_p > 0.0 else self._grid(mean, variance, delta)
        if grid is None:
            return None
        z, widths = grid
        se = np.sqrt(self.v)[:, None]
        inner = self._terms(z, z * se, mean, variance[:, None], delta)
        inner = dataclasses.replace(inner, value=inner.value + np.log(widths * se))
        if self.smallest_p == 0.0:
            return inner
        parts = (inner, self._tail(1.0, mean, variance, delta), self._tail(-1.0, mean, variance, delta))
        return _Pieces(
            np.concatenate([part.value for part in parts], axis=1),
            np.concatenate([part.first for part in parts], axis=2),
            np.concatenate([part.second for part in parts], axis=2),
        )

    def _middle(self) -> tuple[Floats, Floats]:
        """Return Gauss's points between the two ends of the weight, and their widths, as z values."""
        end = -float(special.ndtri(self.smallest_p))
        nodes, widths = _gauss(math.ceil(4.0 * end / self.step))
        return end * nodes[None], end * widths

    def _tail(self, sign: float, mean: float, variance: Floats, delta: Floats) -> _Pieces:
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
        ones = np.ones((1, len(a)))
        derivatives = [hazard * by_mean, hazard * by_variance, *(first[:, None] * ones)]
        curvatures = [
            bend * by_mean**2,
            bend * by_mean * by_variance - 0.5 * hazard * by_mean / variance,
            bend * by_variance**2 + 0.75 * hazard * a / variance**2,
            *(second[:, None] * ones),
        ]
        return _Pieces((weight + tail)[:, None], np.stack(derivatives)[:, :, None], np.stack(curvatures)[:, :, None])

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
