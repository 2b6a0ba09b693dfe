"""The walk from tau² = 0 up to a maximum of the likelihood, for a whole batch at once.

It solves ``R = F² / G = 1`` (the curves of :mod:`hipevidence.pooling.maxima`). R is nearly straight and far out
becomes the line ``slope tau² + height``. The first two steps put a hyperbola through value and slope at hand that has
this line as its asymptote; later ones use the curvature between the last two points (their values and slopes, so that
the error of a step is about the product of the squares of the two before it). No step leaves the bracket.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from hipevidence.pooling.batch import Batch, Booleans, Floats, Integers
from hipevidence.pooling.roots import SETTLED

Curves = Callable[[Batch, Floats], tuple[Floats, ...]]
"""Gives F, G, u and w of every row at its tau², each shape (n,)."""
_MOST = 10
"""Walks that need more steps are left to the search."""


@dataclasses.dataclass(frozen=True, slots=True)
class Horizon:
    """The curves of each row far out, shape (n,) each.

    Attributes
    ----------
    bound
        A tau² beyond which the likelihood falls for certain; 0 or less where it falls everywhere.
    rise
        Slope of F far out, below which it never falls.
    pull
        What ``u - tau² / 2`` grows to.
    slope, height
        The line that ``F² / G`` becomes.
    """

    bound: Floats
    rise: Floats
    pull: Floats
    slope: Floats
    height: Floats

    def take(self, rows: Integers) -> Horizon:
        """Return these rows."""
        return Horizon(self.bound[rows], self.rise[rows], self.pull[rows], self.slope[rows], self.height[rows])

    def falls_beyond(self, f: Floats, g: Floats, w: Floats) -> Booleans:
        """Return whether the likelihood falls from this point on, by a lower bound of F and an upper bound of G."""
        slope = g / w
        place = np.maximum((0.5 * slope / self.rise - f) / self.rise, 0.0)
        falls: Booleans = (f * f >= g) & ((f + self.rise * place) ** 2 > g + slope * place)
        return falls


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """Where the walks ended, shape (n,) each.

    Attributes
    ----------
    tau2
        The maximum; 0 where the likelihood does not rise at 0.
    arrived
        Whether that is so, or the walk was given up on its way.
    single
        Whether, besides, there can be no other maximum.
    steps
        Evaluations of the curves.
    """

    tau2: Floats
    arrived: Booleans
    single: Booleans
    steps: Integers


@dataclasses.dataclass(slots=True)
class _Walkers:
    """The rows still under way: where they are, where they come from, and between which bounds."""

    row: Integers
    now: Floats
    low: Floats
    high: Floats
    was: Floats
    was_ratio: Floats
    was_slope: Floats
    width: Floats
    single: Booleans
    busy: Booleans

    def keep(self, which: Integers) -> None:
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name)[which])


def climb(curves: Curves, batch: Batch, at_zero: tuple[Floats, ...], horizon: Horizon) -> Walk:
    """Walk up from 0 wherever the likelihood rises there; arguments as in the search for all maxima."""
    f, g, u, w = at_zero
    tau2, arrived = np.zeros(batch.size), np.zeros(batch.size, dtype=np.bool_)
    single = arrived.copy()
    steps = np.ones(batch.size, dtype=np.int64)
    row = np.flatnonzero((f * f < g) & (horizon.bound > 0.0))
    if not len(row):
        return Walk(tau2, arrived, single, steps)
    if len(row) < batch.size:
        batch, horizon = batch.take(row), horizon.take(row)
        f, g, u, w = f[row], g[row], u[row], w[row]
    ratio = f * f / g
    zero, slope = np.zeros(len(row)), ratio * (1.0 / u - 1.0 / w)
    no, yes = np.zeros(len(row), dtype=np.bool_), np.ones(len(row), dtype=np.bool_)
    now = _inside(_towards_line(zero, ratio, slope, horizon), zero, horizon.bound)[0]
    walkers = _Walkers(row, now, zero, horizon.bound, zero, ratio, slope, w, no, yes)
    for turn in range(_MOST):
        _step(walkers, curves(batch, walkers.now), horizon, turn)
        steps[walkers.row] += 1
        tau2[walkers.row] = walkers.now
        arrived[walkers.row] = ~walkers.busy
        single[walkers.row] = walkers.single & ~walkers.busy
        left = np.flatnonzero(walkers.busy)
        if not len(left):
            break
        if len(left) < (1.0 - _SPARE) * len(walkers.row):
            batch, horizon = batch.take(left), horizon.take(left)
            walkers.keep(left)
    return Walk(tau2, arrived, single, steps)


_SPARE = 0.2
"""Copying what is left is worth while once this part of the rows has arrived."""


def _step(at: _Walkers, here: tuple[Floats, ...], horizon: Horizon, turn: int) -> None:
    """Move every walker that has not arrived; the first step follows the line far out, later ones the curvature."""
    f, g, u, w = here
    ratio = f * f / g
    slope = ratio * (1.0 / u - 1.0 / w)
    # R rises from 0 to here, and from here on: it meets 1 once
    at.single |= (u - 0.5 * at.now < at.width) & (horizon.pull + 0.5 * at.now < w)
    rises = ratio < 1.0
    at.low, at.high = np.where(rises, at.now, at.low), np.where(rises, at.high, at.now)
    target = _along_curve(at, ratio, slope) if turn else _towards_line(at.now, ratio, slope, horizon)
    new, held = _inside(target, at.low, at.high)
    move, scale = np.abs(new - at.now), new + w
    arrived = move <= SETTLED * scale
    if turn:
        arrived |= ~held & (move * np.abs(at.now - at.was) <= SETTLED * scale * scale)
    at.was, at.was_ratio, at.was_slope = at.now, ratio, slope
    at.now = np.where(at.busy, new, at.now)
    at.busy = at.busy & ~arrived


def _inside(target: Floats, low: Floats, high: Floats) -> tuple[Floats, Booleans]:
    """Return the target, or the middle where it lies outside the bounds, and where that is so."""
    outside = ~((target >= low) & (target <= high))
    return np.where(outside, 0.5 * (low + high), target), outside


def _towards_line(now: Floats, ratio: Floats, slope: Floats, horizon: Horizon) -> Floats:
    """Return where the hyperbola through this point, with its slope and its asymptote, is 1."""
    gap = horizon.height + horizon.slope * now - ratio
    bend = (slope - horizon.slope) / gap
    bend = np.where((bend > 0.0) & (gap > 0.0), bend, 0.0)
    missing = ratio - 1.0
    linear = slope + bend * missing
    root = np.sqrt(np.maximum(linear * linear - 4.0 * horizon.slope * bend * missing, 0.0))
    target: Floats = now - 2.0 * missing / (linear + root)
    return target


def _along_curve(at: _Walkers, ratio: Floats, slope: Floats) -> Floats:
    """Return where the parabola through this point is 1 whose curvature is that of the cubic through the last two."""
    back = at.was - at.now
    curvature = (6.0 * (at.was_ratio - ratio) / back - 4.0 * slope - 2.0 * at.was_slope) / back
    missing = ratio - 1.0
    root = np.sqrt(np.maximum(slope * slope - 2.0 * curvature * missing, 0.0))
    target: Floats = at.now - 2.0 * missing / (slope + root)
    return target
