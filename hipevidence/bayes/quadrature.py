"""Adaptive Gauss-Legendre quadrature of a density over log tau: panels are halved until both halves agree with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.polynomial.legendre import leggauss, legvander
from scipy import optimize

from hipevidence.pooling.batch import Floats

LogDensity = Callable[[Floats], Floats]
"""Log density over log tau, up to a constant."""

_NODES, _WEIGHTS = leggauss(16)
_ODD = 2.0 * np.arange(16) + 1.0
_TO_SERIES = 0.5 * _ODD[:, None] * legvander(_NODES, 15).T
"""From the probability carried by the 16 nodes of a panel to the Legendre series of its density."""
_TOLERANCE = 1e-14
_MAX_ROUNDS = 60
_FARTHEST = 256.0
"""A posterior falls at least as 1 / tau²; beyond this distance upwards nothing is left, and tau² would overflow."""
_STEPS = np.array([*range(1, 9), 10, 12, 16, 24, 32, 64, 128, 256, 512, 1024, 2048], dtype=np.float64)
"""Distances of the first panel edges from the centre, in units of log tau."""


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """A density over log tau on quadrature nodes.

    Attributes
    ----------
    edges
        Ends of the panels, increasing, shape (m + 1,).
    nodes
        Nodes in log tau, increasing, shape (16 m,).
    weights
        Probability carried by each node, summing to 1, shape (16 m,).
    cumulative
        Probability below each edge, shape (m + 1,).
    log_constant
        Log of the integral of the density that was given.
    error
        Sum over the panels of the difference between a panel and its two halves, relative to the integral.
    density
        The density that was given.
    """

    edges: Floats
    nodes: Floats
    weights: Floats
    cumulative: Floats
    log_constant: float
    error: float
    density: LogDensity

    def cdf(self, log_tau: float) -> float:
        """Return the probability below ``log_tau``."""
        panel = int(np.clip(np.searchsorted(self.edges, log_tau) - 1, 0, len(self.edges) - 2))
        return float(self.cumulative[panel]) + self._below(panel, self._place(panel, log_tau))

    def slopes(self, log_tau: float) -> tuple[float, float]:
        """Return the density over log tau and its derivative."""
        panel = int(np.clip(np.searchsorted(self.edges, log_tau) - 1, 0, len(self.edges) - 2))
        value, slope = _legendre(self._place(panel, log_tau))
        coefficients, half = self._coefficients(panel), 0.5 * float(self.edges[panel + 1] - self.edges[panel])
        return float(coefficients @ value[:-1]) / half, float(coefficients @ slope[:-1]) / half**2

    def quantile(self, probability: float) -> float:
        """Return the log tau below which ``probability`` lies (minus infinity for 0)."""
        if probability <= 0.0:
            return -np.inf
        panel = int(np.clip(np.searchsorted(self.cumulative, probability) - 1, 0, len(self.edges) - 2))
        rest = probability - float(self.cumulative[panel])
        low, high = float(self.edges[panel]), float(self.edges[panel + 1])
        if rest >= self._below(panel, 1.0):
            return high
        place = float(optimize.brentq(lambda at: self._below(panel, at) - rest, -1.0, 1.0, xtol=1e-15, rtol=1e-15))
        return low + 0.5 * (high - low) * (1.0 + place)

    def _place(self, panel: int, log_tau: float) -> float:
        """Return where ``log_tau`` lies in the panel, from -1 to 1."""
        low, high = float(self.edges[panel]), float(self.edges[panel + 1])
        return min(max((2.0 * log_tau - low - high) / (high - low), -1.0), 1.0)

    def _coefficients(self, panel: int) -> Floats:
        """Return the Legendre series through the nodes of the panel, whose integral is exact for the quadrature."""
        coefficients: Floats = _TO_SERIES @ self.weights[16 * panel : 16 * panel + 16]
        return coefficients

    def _below(self, panel: int, place: float) -> float:
        """Return the probability between the lower edge of the panel and a place in it."""
        value, _ = _legendre(place)
        integral = np.append(place + 1.0, (value[2:] - value[:-2]) / _ODD[1:])
        return float(self._coefficients(panel) @ integral)


def _legendre(at: float) -> tuple[Floats, Floats]:
    """Return the Legendre polynomials of degree 0 to 16 and their derivatives."""
    value, slope = [1.0, at], [0.0, 1.0]
    for n in range(1, 16):
        value.append(((2 * n + 1) * at * value[n] - n * value[n - 1]) / (n + 1))
        slope.append(slope[n - 1] + (2 * n + 1) * value[n])
    return np.array(value), np.array(slope)


def _panel_sums(density: LogDensity, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return nodes and log of (density x weight) of each panel, shape (m, 16)."""
    half = 0.5 * (high - low)
    nodes = (low + half)[:, None] + half[:, None] * _NODES
    values = density(nodes.ravel()).reshape(nodes.shape)
    return nodes, values + np.log(half)[:, None] + np.log(_WEIGHTS)


def _sums(logs: Floats, peak: float, powers: Floats) -> Floats:
    """Return the integral of the density and of density x tau² (capped) over each panel, shape (m, 2)."""
    mass = np.exp(logs - peak)
    return np.stack([mass.sum(axis=1), (mass * powers).sum(axis=1)], axis=1)


def integrate(density: LogDensity, center: float, upper: float, *, second_moment: bool) -> Grid:
    """Integrate a density over log tau from minus infinity to ``upper``.

    Parameters
    ----------
    density
        Log density over log tau.
    center
        A log tau where the density is not negligible.
    upper
        Upper end in log tau; may be infinite.
    second_moment
        Whether E(tau²) exists, so that the panels have to be fine enough for it too.
    """
    edges = np.unique(np.concatenate([center - _STEPS, [center], center + _STEPS[_STEPS <= _FARTHEST]]))
    edges = np.append(edges[edges < upper], upper) if np.isfinite(upper) else edges
    low, high = edges[:-1], edges[1:]
    nodes, logs = _panel_sums(density, low, high)
    peak, finished, error = float(logs.max()), [], 0.0

    def powers(at: Floats) -> Floats:
        return np.exp(2.0 * (at - center)) if second_moment else np.zeros_like(at)

    sums = _sums(logs, peak, powers(nodes))
    total = sums.sum(axis=0)
    for _ in range(_MAX_ROUNDS):
        middle = 0.5 * (low + high)
        left, left_logs = _panel_sums(density, low, middle)
        right, right_logs = _panel_sums(density, middle, high)
        left_sums, right_sums = _sums(left_logs, peak, powers(left)), _sums(right_logs, peak, powers(right))
        difference = np.abs(left_sums + right_sums - sums)
        total = total + (left_sums + right_sums - sums).sum(axis=0)
        settled = (difference <= _TOLERANCE * np.maximum(total, 1e-300)).all(axis=1)
        error += float(difference[settled, 0].sum())
        # the halves are kept: the series through their nodes is as exact inside a panel as the sum over it
        finished.append((low[settled], middle[settled], left[settled], left_logs[settled]))
        finished.append((middle[settled], high[settled], right[settled], right_logs[settled]))
        split = ~settled
        if not split.any():
            break
        low, high = np.concatenate([low[split], middle[split]]), np.concatenate([middle[split], high[split]])
        nodes, logs = np.concatenate([left[split], right[split]]), np.concatenate([left_logs[split], right_logs[split]])
        sums = np.concatenate([left_sums[split], right_sums[split]])
    else:
        finished.append((low, high, nodes, logs))
        error = np.inf
    return _grid(finished, density, peak, error)


def _grid(parts: list[tuple[Floats, Floats, Floats, Floats]], density: LogDensity, peak: float, error: float) -> Grid:
    low, high, nodes, logs = (np.concatenate([part[i] for part in parts]) for i in range(4))
    order = np.argsort(low)
    mass = np.exp(logs[order] - peak)
    total = float(mass.sum())
    cumulative = np.append(0.0, np.cumsum(mass.sum(axis=1))) / total
    return Grid(
        edges=np.append(low[order], high[order][-1]),
        nodes=nodes[order].ravel(),
        weights=(mass / total).ravel(),
        cumulative=cumulative,
        log_constant=peak + float(np.log(total)),
        error=error / total,
        density=density,
    )
