"""The same network by another road: generalised least squares on baseline contrasts, as a check of the graph's answer.

Each trial's arms are compared with its first arm. These a - 1 contrasts have the sampling covariance of the trial plus
tau² on the diagonal and tau²/2 beside it. Nothing here is shared with the Laplacian: no rotation to principal axes, no
pseudo-inverse, but Cholesky factors of the trials and an orthogonal factorisation of the whole.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.network.laplacian import Potentials
    from hipevidence.network.trials import NetworkData
    from hipevidence.pooling.batch import Floats, Integers


def gls_difference(data: NetworkData, fits: list[tuple[float, Potentials]]) -> float:
    """Return how far fits of the graph are from generalised least squares.

    Parameters
    ----------
    data
        The network.
    fits
        Values of tau², each with the graph's fit there.

    Returns
    -------
    float
        Largest difference of an effect (in its standard errors), of a standard error (relative) or of Q (relative to
        Q or 1, whichever is larger).
    """
    contrasts = _contrasts(data)
    base = np.array([data.treatments.index(piece[0]) for piece in data.pieces])
    home = np.empty(len(data.treatments), dtype=np.int64)
    for start, piece in zip(base, data.pieces, strict=True):
        home[np.isin(data.treatments, piece)] = start
    others = np.setdiff1d(np.arange(len(home)), base)
    worst = 0.0
    for tau2, fit in fits:
        effects, errors, q = _gls(contrasts, others, tau2)
        graph = fit.theta[others] - fit.theta[home[others]]
        own = np.diagonal(fit.covariance)
        theirs = np.sqrt(own[others] + own[home[others]] - 2.0 * fit.covariance[others, home[others]])
        gaps = (np.abs(graph - effects) / errors, np.abs(theirs / errors - 1.0), abs(fit.q - q) / max(q, 1.0))
        worst = max(worst, *(float(np.max(gap)) for gap in gaps))
    return worst


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Contrasts:
    """Baseline contrasts of all trials, shape (N,) and (N, n), and the covariance blocks of trials of several."""

    effects: Floats
    design: Floats
    variances: Floats
    blocks: tuple[tuple[slice, Floats], ...]


def _contrasts(data: NetworkData) -> _Contrasts:
    place = {treatment: position for position, treatment in enumerate(data.treatments)}
    ends = np.cumsum([len(trial.arms) - 1 for trial in data.trials]).tolist()
    effects, variances, design = np.empty(ends[-1]), np.empty(ends[-1]), np.zeros((ends[-1], len(place)))
    blocks = []
    for trial, end in zip(data.trials, ends, strict=True):
        first, *others = [place[arm] for arm in trial.arms]
        rows = slice(end - len(others), end)
        effects[rows] = trial.values[1:] - trial.values[0]
        design[rows, first] = -1.0
        design[range(rows.start, end), others] = 1.0
        own = trial.covariance
        block = own[1:, 1:] - own[1:, :1] - own[:1, 1:] + own[0, 0]
        variances[rows] = np.diagonal(block)
        if len(others) > 1:
            blocks.append((rows, block))
    return _Contrasts(effects, design, variances, tuple(blocks))


def _gls(contrasts: _Contrasts, columns: Integers, tau2: float) -> tuple[Floats, Floats, float]:
    """Return effects against the first treatment of each piece, their standard errors, and Q."""
    whole = np.column_stack([contrasts.design[:, columns], contrasts.effects])
    white = whole / np.sqrt(contrasts.variances + tau2)[:, None]
    for rows, block in contrasts.blocks:
        factor = np.linalg.cholesky(block + 0.5 * tau2 * (np.eye(len(block)) + 1.0))
        white[rows] = np.linalg.solve(factor, whole[rows])
    orthonormal, triangle = np.linalg.qr(white[:, :-1])
    loads = orthonormal.T @ white[:, -1]
    errors = np.sqrt((np.linalg.inv(triangle) ** 2).sum(axis=1))
    residuals = white[:, -1] - orthonormal @ loads
    return np.linalg.solve(triangle, loads), errors, float(residuals @ residuals)
