"""Orthonormal columns of weighted designs, shape (p, n, k): column by column, or a block of columns at once.

The first suits many meta-analyses with few columns. The second suits few with many (a network is one meta-analysis with
a column a treatment), where calls would cost more than numbers. In both everything is made orthogonal twice, which
leaves rounding only (Giraud, Langou & Rozloznik 2005, doi:10.1007/s00211-005-0615-4), and row by row: a row of little
weight keeps its digits, which reflections would mix with those of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.pooling.batch import WIDE, study_sum

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats


def _in_blocks(columns: Floats) -> bool:
    return len(columns) > 1 and len(columns[0]) < WIDE


def weighted_columns(design: Floats, roots: Floats) -> tuple[Floats, Floats]:
    """Orthonormalise the columns of ``sqrt(w) x``.

    Parameters
    ----------
    design
        Shape (p, n, k).
    roots
        Square roots of the weights, shape (n, k).

    Returns
    -------
    tuple
        Columns (p, n, k), and the upper triangles (n, p, p) that lead from them back to ``sqrt(w) x``.
    """
    p, n = design.shape[:2]
    if p > _FEW and n < WIDE:
        return _weighted_block(design, roots)
    columns = np.empty_like(design)
    triangle = np.zeros((n, p, p))
    for j in range(p):
        column = roots * design[j]
        if j:
            shares, column = project(columns[:j], column)
            triangle[:, :j, j] = shares
        length = np.sqrt(study_sum(column, column))
        triangle[:, j, j] = length
        columns[j] = column / length[:, None]
    return columns, triangle


_FEW = 5
"""Up to this many columns it is no slower to take them one by one."""


def _weighted_block(design: Floats, roots: Floats) -> tuple[Floats, Floats]:
    rows = np.moveaxis(roots * design, 0, 2)
    first = np.linalg.qr(rows, mode="r")
    rows = rows @ np.linalg.inv(first)
    second = np.linalg.cholesky(rows.mT @ rows).mT
    return np.moveaxis(rows @ np.linalg.inv(second), 2, 0), second @ first


def project(columns: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Take orthonormal columns out of values, twice: the second pass removes what rounding left.

    Parameters
    ----------
    columns
        Shape (p, n, k).
    values
        Shape (n, k).

    Returns
    -------
    tuple
        The shares taken out (n, p), and what remains (n, k).
    """
    if _in_blocks(columns):
        return _project_block(columns, values)
    shares = np.zeros((len(values), len(columns)))
    for _ in range(2):
        for i, column in enumerate(columns):
            share = study_sum(column, values)
            shares[:, i] += share
            values = values - share[:, None] * column
    return shares, values


def _project_block(columns: Floats, values: Floats) -> tuple[Floats, Floats]:
    rows = np.swapaxes(columns, 0, 1)
    shares = np.zeros((len(values), len(columns)))
    for _ in range(2):
        share = (rows @ values[:, :, None])[:, :, 0]
        shares += share
        values = values - (share[:, None, :] @ rows)[:, 0]
    return shares, values


def cross(columns: Floats, diagonal: Floats) -> Floats:
    """Return ``tr U'DUU'DU`` for a diagonal matrix D of shape (n, k)."""
    if _in_blocks(columns):
        rows = np.swapaxes(columns, 0, 1)
        products = (rows * diagonal[:, None, :]) @ np.swapaxes(rows, 1, 2)
        squares: Floats = np.einsum("nij,nij->n", products, products)
        return squares
    trace = np.zeros(len(diagonal))
    for i, left in enumerate(columns):
        weighted = diagonal * left
        for j, right in enumerate(columns[: i + 1]):
            trace += (1.0 if i == j else 2.0) * study_sum(weighted, right) ** 2
    return trace
