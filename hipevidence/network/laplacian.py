"""A network as an electrical one: treatments are joints, precisions are conductances (Rücker 2012).

With weights ``w`` on independent rows ``z = D theta + error`` the matrix ``L = D'WD`` is the network's Laplacian, minus
its off-diagonal entries are the (reduced) weights of the direct comparisons, its pseudo-inverse ``G`` gives effects
``theta = G D'Wz`` and their variances ``G_ii + G_jj - 2 G_ij``: the effective resistances.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Booleans, Floats, Integers


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
    return Potentials(*_solve(rows, 1.0 / (rows.variances + tau2), rows.piece[:, None] == rows.piece))


def q_of_parts(rows: Rows, which: Booleans) -> tuple[Floats, Integers]:
    """Return Q at tau² = 0 of parts of the rows, each fitted by itself, and its degrees of freedom.

    Parameters
    ----------
    rows
        N rows of a network.
    which
        Rows of each part, shape (m, N); a part may leave treatments unconnected, but none is empty.
    """
    used = (rows.design != 0.0).astype(np.float64)
    n = used.shape[1]
    together = used.T @ (which[:, :, None] * used) + np.eye(n) > 0.0
    for _ in range(n.bit_length()):  # who reaches whom, over twice as many steps each time
        together = together.astype(np.float64) @ together > 0.0
    q = _solve(rows, which / rows.variances, together)[3]
    pieces = np.rint((1.0 / together.sum(axis=2)).sum(axis=1)).astype(np.int64)
    return q, which.sum(axis=1) - (n - pieces)


def _solve(rows: Rows, weights: Floats, together: Booleans) -> tuple[Floats, Floats, Floats, Any]:
    """Return theta, covariance, laplacian and Q of fits with weights of shape (..., N)."""
    weighted = weights[..., None] * rows.design
    laplacian = rows.design.T @ weighted
    covariance = pseudo_inverse(laplacian, together)
    theta, residuals = np.zeros(laplacian.shape[:-1]), rows.effects
    for _ in range(2):  # the second pass takes out what rounding left
        theta = theta + (covariance @ (weighted.mT @ residuals[..., None]))[..., 0]
        residuals = rows.effects - theta @ rows.design.T
    return theta, covariance, laplacian, np.vecdot(weights * residuals, residuals)


def pseudo_inverse(matrix: Floats, together: Booleans) -> Floats:
    """Return the pseudo-inverse of symmetric matrices whose null space is the constants on each piece.

    Parameters
    ----------
    matrix
        Shape (..., n, n), zero between pieces.
    together
        Which rows are of one piece, shape (..., n, n).
    """
    constants = together / together.sum(axis=-1)[..., None]
    scale = np.trace(matrix, axis1=-2, axis2=-1)[..., None, None] / matrix.shape[-1]
    inverse = np.linalg.inv(matrix / scale + constants) - constants
    return np.asarray((inverse + inverse.mT) / (2.0 * scale), dtype=np.float64)
