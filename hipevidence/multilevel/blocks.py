"""The data of a three-level model, turned so that the sampling covariance of every study is diagonal.

A study's marginal covariance is ``V + s_row I + s_study 11'``. With ``V = U diag(l) U'`` the data multiplied by ``U'``
have covariance ``diag(l + s_row) + s_study zz'``, ``z = U'1``: a diagonal plus one vector, whatever V is. So every
evaluation of the likelihood costs O(rows), and only the turning, done once, sees the blocks.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True)
class Blocks:
    """Rows in the order of their studies, turned.

    Attributes
    ----------
    variance
        Eigenvalues of the sampling covariances, shape (k,); the sampling variances where there is no covariance.
    z
        The vector of ones, turned, shape (k,).
    x
        Design, turned, shape (k, p).
    y
        Effects, turned, shape (k,).
    start
        First row of each study, shape (m,).
    size
        Rows of each study, shape (m,).
    order
        Position of each row in the data as given, shape (k,).
    turns
        For the studies of one size each: their rows, shape (b, n), and their eigenvectors, shape (b, n, n).
    """

    variance: Floats
    z: Floats
    x: Floats
    y: Floats
    start: Integers
    size: Integers
    order: Integers
    turns: tuple[tuple[Integers, Floats], ...]

    @property
    def k(self) -> int:
        """Number of rows."""
        return len(self.y)

    def sums(self, values: Floats) -> Floats:
        """Return the sum over each study's rows, shape (m, ...)."""
        total: Floats = np.add.reduceat(values, self.start, axis=0)
        return total

    def turned_back(self, values: Floats) -> Floats:
        """Return a vector in the turned coordinates, shape (k,), in the original ones and the order as given."""
        back = values.copy()
        for at, vectors in self.turns:
            back[at] = (vectors @ values[at][..., None])[..., 0]
        result = np.empty_like(back)
        result[self.order] = back
        return result

    def spread(self, values: Floats) -> Floats:
        """Return each study's value at its rows, shape (k, ...)."""
        return np.repeat(values, self.size, axis=0)


def arrange_blocks(
    y: Floats, v: Floats, design: Floats, rows: list[Integers], covariance: list[Floats] | None
) -> Blocks:
    """Sort the rows by study and turn them.

    Parameters
    ----------
    y, v
        Effects and sampling variances, shape (k,).
    design
        Design matrix, shape (k, p).
    rows
        Positions of each study's rows.
    covariance
        Covariance of the sampling errors, one block a study; None where they are independent.
    """
    order = np.concatenate(rows)
    size = np.array([len(at) for at in rows])
    start = np.append(0, np.cumsum(size)[:-1])
    table = np.column_stack([np.ones(len(y)), design, y])[order]
    variance = v[order].copy()
    turns = () if covariance is None else _turn(table, variance, start, covariance)
    return Blocks(
        variance=variance,
        z=np.ascontiguousarray(table[:, 0]),
        x=np.ascontiguousarray(table[:, 1:-1]),
        y=np.ascontiguousarray(table[:, -1]),
        start=start,
        size=size,
        order=order,
        turns=turns,
    )


def _turn(
    table: Floats, variance: Floats, start: Integers, covariance: list[Floats]
) -> tuple[tuple[Integers, Floats], ...]:
    """Turn every study in place, studies of one size together, and return how."""
    turns = []
    sizes = np.array([len(block) for block in covariance])
    for n in np.unique(sizes[sizes > 1]):
        which = np.flatnonzero(sizes == n)
        values, vectors = np.linalg.eigh(np.stack([covariance[i] for i in which]))
        at = start[which][:, None] + np.arange(n)
        variance[at] = values
        table[at] = np.swapaxes(vectors, 1, 2) @ table[at]
        turns.append((at, vectors))
    return tuple(turns)
