"""Every local maximum of a likelihood in tau², found with proof.

The score is ``f - g`` with ``f = y'PPy = Σ c² / (d + tau²)²`` and ``g = tr P = Σ 1 / (d + tau²)`` (REML; the d are
the eigenvalues of the variances seen by the residuals) or ``g = tr W`` (ML). By Cauchy-Schwarz ``F = f^(-1/2)`` and
``G = 1 / g`` are increasing and concave in tau², so chords lie below and tangents above them; and ``u = -f / f'`` and
``w = -g / g'`` grow at least as fast as tau² / 2 and tau². The likelihood rises where ``F² < G``. So F, G, u and w at
the two ends of an interval bound the score inside it; far out they become straight lines, which are known. That is a
proof, not a grid.

Most meta-analyses have one maximum, and one walk up from 0 finds it (:mod:`hipevidence.pooling.ascent`); where it
ended, ``u < w`` on either side proves that there is no other. The rest are searched: intervals are cut until each is
known to hold no maximum, or exactly one; Newton steps on ``F² / G``, a straight line for equal variances, settle it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.pooling.ascent import climb
from hipevidence.pooling.roots import MAX_STEPS, SETTLED

if TYPE_CHECKING:
    from hipevidence.pooling.ascent import Curves, Horizon, Walk
    from hipevidence.pooling.batch import Batch, Booleans, Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True)
class Maxima:
    """Every local maximum in the interior, one entry each, and what is known of each row of the batch.

    Attributes
    ----------
    row
        Row of the batch, shape (m,).
    tau2
        Location, shape (m,).
    boundary
        Whether the likelihood falls from tau² = 0 on, so that 0 is a maximum too, shape (n,).
    steps
        Evaluations of the score spent on each row, shape (n,).
    proven
        Whether the search of each row ended in a proof that no other maximum exists, shape (n,).
    """

    row: Integers
    tau2: Floats
    boundary: Booleans
    steps: Integers
    proven: Booleans


@dataclasses.dataclass(frozen=True, slots=True)
class _Intervals:
    """Intervals of tau² with the curves at both ends (shape (4, m) each)."""

    row: Integers
    low: Floats
    high: Floats
    at_low: Floats
    at_high: Floats

    def take(self, which: Integers) -> _Intervals:
        return _Intervals(
            self.row[which],
            self.low[which],
            self.high[which],
            np.take(self.at_low, which, axis=1),
            np.take(self.at_high, which, axis=1),
        )


def _join(parts: list[_Intervals]) -> _Intervals:
    if len(parts) == 1:
        return parts[0]
    return _Intervals(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.at_low for part in parts], axis=1),
        np.concatenate([part.at_high for part in parts], axis=1),
    )


def interior_maxima(curves: Curves, batch: Batch, at_zero: tuple[Floats, ...], horizon: Horizon) -> Maxima:
    """Find every tau² above 0 where the likelihood stops rising.

    Parameters
    ----------
    curves
        Gives F, G, u and w.
    batch
        Arranged meta-analyses.
    at_zero
        The curves at tau² = 0.
    horizon
        What the curves are far out, and a tau² beyond which the likelihood falls for certain.
    """
    walk = climb(curves, batch, at_zero, horizon)
    f, g, _, w = at_zero
    rising = f * f < g
    sure = np.where(rising, walk.single, (horizon.pull < w) | horizon.falls_beyond(f, g, w)) | (horizon.bound <= 0.0)
    steps, proven = walk.steps, np.ones(batch.size, dtype=np.bool_)
    row = np.flatnonzero(sure & rising & (horizon.bound > 0.0))
    tau2 = walk.tau2[row]
    if not sure.all():
        whole, points = _first_cuts(curves, batch, np.flatnonzero(~sure), at_zero, horizon, walk)
        brackets = _isolate(curves, batch, _cut(curves, batch, whole, points, steps), steps, proven)
        found = walk.tau2[brackets.row]
        open_ = np.flatnonzero(~(walk.arrived[brackets.row] & (brackets.low <= found) & (found <= brackets.high)))
        found[open_] = _polish(curves, batch, brackets.take(open_), steps)
        row, tau2 = np.concatenate([row, brackets.row]), np.concatenate([tau2, found])
    return Maxima(row, tau2, ~rising | (horizon.bound <= 0.0), steps, proven)


def _first_cuts(
    curves: Curves, batch: Batch, row: Integers, at_zero: tuple[Floats, ...], horizon: Horizon, walk: Walk
) -> tuple[_Intervals, Floats]:
    """Return the whole range of these rows, and where to cut it first: around the maximum that is known."""
    high = horizon.bound[row]
    whole = _Intervals(
        row,
        np.zeros(len(row)),
        high,
        np.stack([curve[row] for curve in at_zero]),
        np.stack(curves(batch.take(row), high)),
    )
    walk.steps[row] += 1
    known = walk.tau2[row]
    around = np.stack([0.5 * known, known, known + np.minimum(known, 0.5 * (high - known))])
    return whole, np.where((known > 0.0) & (known < high), around, _inner_points(whole, 3))


def _inner_points(intervals: _Intervals, count: int) -> Floats:
    """Return points inside each interval, in geometric steps counted from the scale of G, shape (count, m)."""
    width = intervals.at_low[3]
    share = np.arange(1, count + 1)[:, None] / (count + 1.0)
    grown = np.log1p((intervals.high - intervals.low) / width)
    points: Floats = intervals.low + width * np.expm1(share * grown)
    return points


def _cut(curves: Curves, batch: Batch, intervals: _Intervals, points: Floats, steps: Integers) -> _Intervals:
    """Cut each interval at its points, shape (count, m)."""
    count, size = points.shape
    row = np.tile(intervals.row, count)
    at = np.stack(curves(batch.take(row), points.ravel())).reshape(4, count, size)
    np.add.at(steps, row, 1)
    low, high = np.vstack([intervals.low, points]), np.vstack([points, intervals.high])
    at_low = np.concatenate([intervals.at_low[:, None], at], axis=1).reshape(4, -1)
    at_high = np.concatenate([at, intervals.at_high[:, None]], axis=1).reshape(4, -1)
    return _Intervals(np.tile(intervals.row, count + 1), low.ravel(), high.ravel(), at_low, at_high)


def _rises(at: Floats) -> Booleans:
    rising: Booleans = at[0] * at[0] < at[1]
    return rising


def _isolate(curves: Curves, batch: Batch, intervals: _Intervals, steps: Integers, proven: Booleans) -> _Intervals:
    """Cut the intervals until each holds one maximum, and return those; count steps and failed proofs on the way."""
    found: list[_Intervals] = []
    while True:
        single, undecided = _classify(intervals)
        narrow = intervals.high - intervals.low <= 1e-11 * (intervals.low + intervals.at_low[3])
        proven[intervals.row[undecided & narrow]] = False
        keep = (single | (undecided & narrow)) & _rises(intervals.at_low) & ~_rises(intervals.at_high)
        found.append(intervals.take(np.flatnonzero(keep)))
        intervals = intervals.take(np.flatnonzero(undecided & ~narrow))
        if not len(intervals.row):
            return _join(found)
        # few intervals are cut into many pieces at once: a pass over a small batch costs the same
        pieces = int(np.clip(_PIECES // len(intervals.row), 1, 7))
        intervals = _cut(curves, batch, intervals, _inner_points(intervals, pieces), steps)


_PIECES = 128


def _classify(intervals: _Intervals) -> tuple[Booleans, Booleans]:
    """Return which intervals hold at most one maximum for certain, and of which nothing is certain yet."""
    length = intervals.high - intervals.low
    f0, g0, u0, w0 = intervals.at_low
    f1, g1, u1, w1 = intervals.at_high
    half = 0.5 * length
    falls_once = u1 - half < w0  # u < w throughout: F² / G rises, so the score changes sign downwards only
    never_falls = u0 + half > w1
    rising0, rising1 = f0 * f0 < g0, f1 * f1 < g1
    # a tangent of F, squared, lies below the chord of G: their difference is convex, so both ends decide
    reach, back = f0 * (1.0 + half / u0), f1 * (1.0 - half / u1)
    rising = rising0 & rising1 & ((reach * reach < g1) | (back * back < g0))
    # the chord of F, squared, lies above a tangent of G: their difference is convex, its lowest point decides
    rise, slope = (f1 - f0) / length, g0 / w0
    place = np.clip((0.5 * slope / rise - f0) / rise, 0.0, length)
    falling = ~rising0 & ~rising1 & ((f0 + rise * place) ** 2 > g0 + slope * place)
    none = rising | falling | (length <= 0.0)
    single = falls_once & ~none
    return single, ~(none | single | never_falls)


def _inverse_hermite(brackets: _Intervals) -> Floats:
    """Guess where F² / G is 1: tau² as a cubic in that ratio, through both ends with their slopes."""
    f0, g0, u0, w0 = brackets.at_low
    f1, g1, u1, w1 = brackets.at_high
    ratio0, ratio1 = f0 * f0 / g0, f1 * f1 / g1
    span, length = ratio1 - ratio0, brackets.high - brackets.low
    place = np.clip((1.0 - ratio0) / span, 0.0, 1.0)
    start = span / (ratio0 * (1.0 / u0 - 1.0 / w0)) - length
    end = length - span / (ratio1 * (1.0 / u1 - 1.0 / w1))
    bend = place * (1.0 - place) * (start * (1.0 - place) + end * place)
    guess: Floats = brackets.low + np.clip(length * place + bend, 0.0, length)
    return guess


def _polish(curves: Curves, batch: Batch, brackets: _Intervals, steps: Integers) -> Floats:
    """Run Newton steps on F² / G that never leave their bracket."""
    tau2 = _inverse_hermite(brackets)
    active = np.arange(len(tau2))
    row, low, high, now = brackets.row, brackets.low, brackets.high, tau2.copy()
    part = batch.take(row)
    for _ in range(MAX_STEPS):
        if not len(active):
            break
        f, g, u, w = curves(part, now)
        np.add.at(steps, row, 1)
        ratio = f * f / g
        low, high = np.where(ratio < 1.0, now, low), np.where(ratio < 1.0, high, now)
        new = now - (1.0 - 1.0 / ratio) / (1.0 / u - 1.0 / w)
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        tau2[active] = new
        busy = np.flatnonzero(np.abs(new - now) > SETTLED * (new + w))
        active, row, low, high, now, part = active[busy], row[busy], low[busy], high[busy], new[busy], part.take(busy)
    return tau2
