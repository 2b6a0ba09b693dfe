"""The root of Q(tau²) = c, which exists once and cannot be missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.pooling.batch import Batch, Floats, Integers

SETTLED = 1e-8
"""A Newton step below this part of the scale leaves an error of its square, below rounding."""
MAX_STEPS = 200
"""No equation needs more; a bound against endless loops."""


def solve_falling(
    quadratic: Callable[[Batch, Floats], tuple[Floats, Floats]],
    batch: Batch,
    target: Floats,
    at_zero: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Integers]:
    """Solve ``Q(tau²) = target`` for every row; 0 where Q(0) is at or below the target.

    Q falls and ``1 / Q`` is concave, so Newton steps on it from 0 climb to the root and never pass it.

    Parameters
    ----------
    quadratic
        Gives Q and minus its slope at tau², each shape (n,).
    batch
        Arranged meta-analyses.
    target
        Right-hand side, positive, shape (n,).
    at_zero
        Q and minus its slope at tau² = 0, if they are at hand already.

    Returns
    -------
    tuple
        The roots and the number of evaluations, each shape (n,).
    """
    tau2, now = np.zeros(batch.size), np.zeros(batch.size)
    steps, rows = np.zeros(batch.size, dtype=np.int64), np.arange(batch.size)
    q, slope = at_zero or quadratic(batch, now)
    for _ in range(MAX_STEPS):
        steps[rows] += 1
        step = q * (q - target) / (target * slope)
        step = np.where((q > target) | (now > 0.0), step, 0.0)
        now = np.maximum(now + step, 0.0)
        tau2[rows] = now
        busy = np.flatnonzero(np.abs(step) > SETTLED * (now + q / slope))
        if not len(busy):
            break
        if len(busy) < len(rows):
            rows, target, batch, now = rows[busy], target[busy], batch.take(busy), now[busy]
        q, slope = quadratic(batch, now)
    return tau2, steps
