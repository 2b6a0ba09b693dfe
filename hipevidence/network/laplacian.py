"""A network as an electrical one: treatments are joints, precisions are conductances (Rücker 2012).

With weights ``w`` on independent rows ``z = D theta + error`` the matrix ``L = D'WD`` is the network's Laplacian, minus
its off-diagonal entries are the (reduced) weights of the direct comparisons, its pseudo-inverse ``G`` gives effects
``theta = G D'Wz`` and their variances ``G_ii + G_jj - 2 G_ij``: the effective resistances.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Potentials:
    """The weighted least-squares fit of a network at one value of tau².

    Attributes
    ----------
    theta
        Effect of each treatment, counted from the mean of its piece, shape (n,).
    covariance
        Their covariance, the pseudo-inverse of ``laplacian``, shape (n, n).
    laplacian
        Shape (n, n); minus an off-diagonal entry is the weight of that direct comparison.
    q
        Weighted sum of squared residuals.
    """

    theta: Floats
    covariance: Floats
    laplacian: Floats
    q: float


def solve_network(rows: Rows, tau2: float) -> Potentials:
    """Fit the rows of a network at ``tau2``."""
    weights = 1.0 / (rows.variances + tau2)
    weighted = weights[:, None] * rows.design
    laplacian = rows.design.T @ weighted
    covariance = pseudo_inverse(laplacian, rows.piece)
    theta = covariance @ (weighted.T @ rows.effects)
    residuals = rows.effects - rows.design @ theta
    theta += covariance @ (weighted.T @ residuals)  # one step of refinement takes out what rounding left
    residuals = rows.effects - rows.design @ theta
    return Potentials(theta, covariance, laplacian, float(weights @ residuals**2))


def pseudo_inverse(matrix: Floats, piece: Integers) -> Floats:
    """Return the pseudo-inverse of a symmetric matrix whose null space is the constants on each piece.

    Parameters
    ----------
    matrix
        Shape (n, n), zero between pieces.
    piece
        Number of the piece of each row, shape (n,).
    """
    constants = (piece[:, None] == piece[None, :]) / np.bincount(piece)[piece]
    scale = np.trace(matrix) / len(matrix)
    inverse = np.linalg.inv(matrix / scale + constants) - constants
    return np.asarray((inverse + inverse.T) / (2.0 * scale), dtype=np.float64)
