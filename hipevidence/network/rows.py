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
    from hipevidence.network.trials import NetworkData, Trial
    from hipevidence.pooling.batch import Booleans, Floats, Integers


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

    def only(self, which: Booleans) -> Rows:
        """Return these rows of the same treatments, with the pieces that they leave."""
        design = self.design[which]
        return Rows(self.effects[which], self.variances[which], design, self.trial[which], _pieces(design))


def _pieces(design: Floats) -> Integers:
    """Return the number of the piece of each treatment: who reaches whom, over twice as many steps each time."""
    used = design != 0.0
    reached = (used.T.astype(np.float64) @ used + np.eye(design.shape[1])) > 0.0
    for _ in range(len(reached).bit_length()):
        reached = reached.astype(np.float64) @ reached > 0.0
    return np.unique(reached.argmax(axis=1), return_inverse=True)[1]


def rows_of(data: NetworkData) -> Rows:
    """Return the rows of all trials, trials in the order given."""
    place = {treatment: position for position, treatment in enumerate(data.treatments)}
    piece = np.empty(len(place), dtype=np.int64)
    for number, members in enumerate(data.pieces):
        piece[[place[member] for member in members]] = number
    parts = [_rotate(trial) for trial in data.trials]
    sizes = [len(effects) for effects, _, _ in parts]
    design = np.zeros((sum(sizes), len(place)))
    start = 0
    for trial, (effects, _, axes) in zip(data.trials, parts, strict=True):
        design[start : start + len(effects), [place[arm] for arm in trial.arms]] = axes
        start += len(effects)
    return Rows(
        np.concatenate([effects for effects, _, _ in parts]),
        np.concatenate([variances for _, variances, _ in parts]),
        design,
        np.repeat(np.arange(len(parts)), sizes),
        piece,
    )


def _rotate(trial: Trial) -> tuple[Floats, Floats, Floats]:
    """Return effects (a - 1,), variances (a - 1,) and axes (a - 1, a) of one trial."""
    if len(trial.arms) == 2:
        difference = trial.values[:1] - trial.values[1:]
        return difference, 4.0 * trial.covariance[0, :1], _PAIR
    contrasts = _contrasts(len(trial.arms))
    spectrum, vectors = np.linalg.eigh(contrasts @ trial.covariance @ contrasts.T)
    axes = np.sqrt(2.0) * (vectors.T @ contrasts)
    return axes @ trial.values, 2.0 * spectrum, axes


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
