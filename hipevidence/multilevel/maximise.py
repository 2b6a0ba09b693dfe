"""The maximum of the likelihood over two variances that cannot be negative, and whether it is the only one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.multilevel.likelihood import Curvature, Fit, curvature_at, fit_at

if TYPE_CHECKING:
    from hipevidence.multilevel.blocks import Blocks
    from hipevidence.pooling.batch import Booleans, Floats

_MAX_STEPS = 200
_SETTLED = 1e-9
"""Newton steps converge quadratically: one below this part of the scale leaves an error below rounding."""
_GRID = np.array([0.0, 0.002, 0.02, 0.1, 0.4, 1.0, 4.0])


@dataclasses.dataclass(frozen=True, slots=True)
class Maximum:
    """A local maximum.

    Attributes
    ----------
    fit
        The model there.
    curvature
        Derivatives there.
    steps
        Newton steps.
    converged
        Whether the last step was negligible.
    """

    fit: Fit
    curvature: Curvature
    steps: int
    converged: bool

    def residual(self, free: Booleans) -> float:
        """Return the largest component of the gradient that is not at the boundary, relative to its own terms."""
        inside = free & ((self.fit.sigma2 > 0.0) | (self.curvature.gradient > 0.0))
        relative = np.abs(self.curvature.gradient) / np.maximum(self.curvature.scale, 1e-300)
        return float(np.max(relative[inside], initial=0.0))


def climb(blocks: Blocks, start: Floats, free: Booleans, unit: float, *, restricted: bool) -> Maximum:
    """Climb from ``start`` by Newton steps on the free variances, which stay at 0 or above.

    Parameters
    ----------
    blocks
        The data.
    start
        Variances between studies and between rows, shape (2,).
    free
        Which of them may move, shape (2,).
    unit
        Size of a variance that matters; steps are judged against it.
    restricted
        REML or ML.
    """
    fit = fit_at(blocks, start, restricted=restricted)
    curvature = curvature_at(blocks, fit, restricted=restricted)
    for step in range(1, _MAX_STEPS + 1):
        active = free & ((fit.sigma2 > 0.0) | (curvature.gradient > 0.0))
        if not active.any():
            return Maximum(fit, curvature, step, converged=True)
        move = _direction(curvature, active)
        new = _search(blocks, fit, move, restricted=restricted)
        change = float(np.max(np.abs(new.sigma2 - fit.sigma2)))
        fit = new
        curvature = curvature_at(blocks, fit, restricted=restricted)
        if change <= _SETTLED * (unit + float(fit.sigma2.max())):
            return Maximum(fit, curvature, step, converged=True)
    return Maximum(fit, curvature, _MAX_STEPS, converged=False)


def _direction(curvature: Curvature, active: Booleans) -> Floats:
    """Return a Newton step where the likelihood is concave, else a scoring step."""
    at = np.ix_(active, active)
    information = curvature.observed[at]
    if np.linalg.eigvalsh(information)[0] <= 1e-8 * np.linalg.eigvalsh(curvature.expected[at])[-1]:
        information = curvature.expected[at]
    move = np.zeros(2)
    move[active] = np.linalg.lstsq(information, curvature.gradient[active], rcond=None)[0]
    return move


def _search(blocks: Blocks, fit: Fit, move: Floats, *, restricted: bool) -> Fit:
    """Take the step, cut at 0 and halved until the likelihood does not fall."""
    slack = 1e-13 * (1.0 + abs(fit.log_likelihood))
    for _ in range(60):
        new = fit_at(blocks, np.maximum(fit.sigma2 + move, 0.0), restricted=restricted)
        if new.log_likelihood >= fit.log_likelihood - slack:
            return new
        move = 0.5 * move
    return fit


def find_maxima(blocks: Blocks, free: Booleans, unit: float, *, restricted: bool) -> list[Maximum]:
    """Return every local maximum that a grid of starting points leads to, the highest first."""
    study = _GRID * unit if free[0] else np.zeros(1)
    row = _GRID * unit if free[1] else np.zeros(1)
    heights = np.array(
        [[fit_at(blocks, np.array([s, r]), restricted=restricted).log_likelihood for r in row] for s in study]
    )
    padded = np.pad(heights, 1, constant_values=-np.inf)
    neighbours = np.stack(
        [padded[1 + i : 1 + i + len(study), 1 + j : 1 + j + len(row)] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    )
    found: list[Maximum] = []
    for i, j in zip(*np.nonzero(heights >= neighbours.max(axis=0)), strict=True):
        top = climb(blocks, np.array([study[i], row[j]]), free, unit, restricted=restricted)
        distances = [np.max(np.abs(top.fit.sigma2 - other.fit.sigma2)) for other in found]
        if min(distances, default=np.inf) > 1e-6 * unit:
            found.append(top)
    return sorted(found, key=lambda top: -top.fit.log_likelihood)
