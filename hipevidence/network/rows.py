"""Trials as independent rows: the step that turns a network meta-analysis into a meta-regression.

The covariance of a trial's arms is rotated to its principal axes (the constant one, which carries no information, is
dropped). On them the random effects of a network, variance tau² for every difference and covariance tau²/2 between
differences that share an arm, are independent with equal variance; a factor of √2 makes that variance tau² itself. So
a trial of a arms gives a - 1 independent rows with sampling variances v and total variances v + tau², a two-arm trial
gives its own difference, and every estimator of the pooling kernel holds for networks as it stands.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.network.stacks import Stack
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Independent rows of a network of n treatments.

    Attributes
    ----------
    effects, variances
        Observed value and sampling variance of each row, shape (N,).
    design
        What each row measures, in terms of the treatments' effects, shape (N, n); every row adds up to 0.
    trial
        Number of the trial of each row, shape (N,).
    piece
        Number of the piece of each treatment, shape (n,).
    """

    effects: Floats
    variances: Floats
    design: Floats
    trial: Integers
    piece: Integers

    @property
    def rank(self) -> int:
        """Number of differences between treatments that the rows determine: n less the number of pieces."""
        return len(self.piece) - int(self.piece.max()) - 1

    @property
    def df(self) -> int:
        """Residual degrees of freedom."""
        return len(self.effects) - self.rank

    def basis(self) -> Floats:
        """Return the design with one column less per piece, shape (N, rank): full rank, the same fits."""
        _, first = np.unique(self.piece, return_index=True)
        return np.delete(self.design, first, axis=1)


def rows_of(stacks: Sequence[Stack], treatments: Sequence[str], pieces: Sequence[Sequence[str]]) -> Rows:
    """Return the rows of all trials, those of trials with the same number of arms together."""
    place = {treatment: position for position, treatment in enumerate(treatments)}
    piece = np.empty(len(place), dtype=np.int64)
    for number, members in enumerate(pieces):
        piece[[place[member] for member in members]] = number
    rotated = [_rotate(part) for part in stacks]
    designs = [_spread_out(part.places, axes, len(place)) for part, (_, _, axes) in zip(stacks, rotated, strict=True)]
    return Rows(
        np.concatenate([effects.ravel() for effects, _, _ in rotated]),
        np.concatenate([variances.ravel() for _, variances, _ in rotated]),
        np.concatenate(designs),
        np.concatenate([np.repeat(part.trial, part.places.shape[1] - 1) for part in stacks]),
        piece,
    )


def _spread_out(places: Integers, axes: Floats, count: int) -> Floats:
    """Return axes over the arms of t trials, shape (t, a - 1, a), as rows over all ``count`` treatments."""
    design = np.zeros((*axes.shape[:2], count))
    np.put_along_axis(design, np.broadcast_to(places[:, None, :], axes.shape), axes, axis=2)
    return design.reshape(-1, count)


def _rotate(part: Stack) -> tuple[Floats, Floats, Floats]:
    """Return effects (t, a - 1), variances (t, a - 1) and axes (t, a - 1, a) of trials with a arms."""
    trials, arms = part.places.shape
    if arms == 2:
        difference = part.values[:, :1] - part.values[:, 1:]
        return difference, 4.0 * part.covariance[:, 0, :1], np.broadcast_to(_PAIR, (trials, 1, 2))
    contrasts = _contrasts(arms)
    spectrum, vectors = np.linalg.eigh(contrasts @ part.covariance @ contrasts.T)
    axes = np.sqrt(2.0) * (vectors.mT @ contrasts)
    return np.vecdot(axes, part.values[:, None, :]), 2.0 * spectrum, axes


_PAIR = np.array([[1.0, -1.0]])


@functools.cache
def _contrasts(count: int) -> Floats:
    """Return orthonormal contrasts of ``count`` arms (Helmert), shape (count - 1, count)."""
    matrix = np.zeros((count - 1, count))
    for row in range(count - 1):
        matrix[row, : row + 1] = 1.0
        matrix[row, row + 1] = -(row + 1.0)
    matrix /= np.sqrt((matrix**2).sum(axis=1))[:, None]
    matrix.setflags(write=False)
    return matrix
