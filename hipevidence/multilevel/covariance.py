"""Covariances of sampling errors within a study: as blocks, one a study, never as one large matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats, Integers

SHARED_ARM_MEASURES = ("MD", "SMD", "OR", "RR", "RD")
"""Measures whose covariance through a shared control arm is known in closed form."""


def study_rows(study: npt.ArrayLike, k: int) -> list[Integers]:
    """Return the positions of each study's rows, studies in order of appearance.

    Parameters
    ----------
    study
        Label of each row's study, shape (k,).
    k
        Number of rows.
    """
    labels = np.asarray(study)
    if labels.shape != (k,):
        raise InputError(f"study: found shape {labels.shape}; allowed: ({k},), one label a row.")
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise InputError("study: found nan; allowed: a label for every row. Give each row its study.")
    _, first, code = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))[code]
    order = np.argsort(rank, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(rank[order])) + 1)


def constant_correlation(vi: npt.ArrayLike, study: npt.ArrayLike, correlation: float) -> list[Floats]:
    """Return the covariance blocks of sampling errors that are equally correlated within a study.

    Parameters
    ----------
    vi
        Sampling variances, shape (k,).
    study
        Label of each row's study, shape (k,).
    correlation
        Correlation of the sampling errors of two rows of one study, from 0 up to but not including 1.

    Returns
    -------
    list of arrays
        One block a study, in order of appearance, its rows in the order given.

    Examples
    --------
    >>> constant_correlation([1.0, 4.0], ["a", "a"], 0.5)[0].tolist()
    [[1.0, 1.0], [1.0, 4.0]]
    """
    if not 0.0 <= correlation < 1.0:
        raise InputError(f"correlation: found {correlation!r}; allowed: from 0 up to but not including 1.")
    v = np.asarray(vi, dtype=np.float64)
    blocks = []
    for rows in study_rows(study, len(v)):
        deviation = np.sqrt(v[rows])
        block = correlation * np.outer(deviation, deviation)
        np.fill_diagonal(block, v[rows])
        blocks.append(block)
    return blocks


def shared_arm_covariance(
    measure: str,
    *,
    n2: float,
    events2: float | None = None,
    sd2: float | None = None,
    smd: tuple[float, float] | None = None,
    n_total: float | None = None,
) -> float:
    """Return the covariance of the effects of two arms that were compared with the same control arm.

    Parameters
    ----------
    measure
        ``MD``, ``SMD``, ``OR``, ``RR`` or ``RD`` (ratios as logarithms).
    n2
        Persons in the shared arm.
    events2
        Events in the shared arm (OR, RR, RD).
    sd2
        Standard deviation in the shared arm (MD).
    smd
        Both standardised mean differences (SMD).
    n_total
        Persons in all three arms (SMD).

    Returns
    -------
    float
        Covariance, squared units of the effects.

    Notes
    -----
    MD: ``sd² / n``; SMD: ``1 / n + d1 d2 / (2 N)``; OR: ``1 / x + 1 / (n - x)``; RR: ``1 / x - 1 / n``; RD:
    ``x (n - x) / n³``, all of the shared arm.

    References
    ----------
    Gleser & Olkin (2009), in Cooper, Hedges & Valentine (eds), The Handbook of Research Synthesis, 2nd ed., ch. 19.

    Examples
    --------
    >>> shared_arm_covariance("OR", n2=50, events2=10)
    0.125
    """
    if measure not in SHARED_ARM_MEASURES:
        raise InputError(f"measure: found {measure!r}; allowed: {', '.join(SHARED_ARM_MEASURES)}.")
    if not n2 > 0.0:
        raise InputError(f"n2: found {n2!r}; allowed: greater than 0.")
    if measure == "MD":
        return _given("sd2", sd2) ** 2 / n2
    if measure == "SMD":
        if smd is None:
            raise InputError("smd: found none; allowed: both standardised mean differences.")
        return 1.0 / n2 + smd[0] * smd[1] / (2.0 * _given("n_total", n_total))
    x = _given("events2", events2)
    if not (0.0 < x < n2 or (measure == "RD" and 0.0 <= x <= n2)):
        raise InputError(f"events2: found {x!r} of {n2!r}; allowed: more than none and fewer than all.")
    if measure == "OR":
        return 1.0 / x + 1.0 / (n2 - x)
    return 1.0 / x - 1.0 / n2 if measure == "RR" else x * (n2 - x) / n2**3


def _given(name: str, value: float | None) -> float:
    if value is None:
        raise InputError(f"{name}: found none; allowed: a number, which this measure needs.")
    return value


def as_blocks(covariance: npt.ArrayLike | Sequence[npt.ArrayLike], rows: list[Integers], v: Floats) -> list[Floats]:
    """Return the covariance of the sampling errors as one block a study, and check it.

    Parameters
    ----------
    covariance
        Matrix of shape (k, k), or one block a study in order of appearance.
    rows
        Positions of each study's rows.
    v
        Sampling variances, which have to be its diagonal, shape (k,).
    """
    given: Any = covariance
    if isinstance(given, np.ndarray) or len(given) != len(rows) or len(rows) == len(v):
        blocks = _from_matrix(np.asarray(given, dtype=np.float64), rows, len(v))
    else:
        blocks = [np.asarray(block, dtype=np.float64) for block in given]
    for number, (block, at) in enumerate(zip(blocks, rows, strict=True), start=1):
        if block.shape != (len(at), len(at)):
            raise InputError(
                f"covariance: found a block of shape {block.shape} for study {number}; allowed: {(len(at), len(at))}."
            )
        if not np.allclose(np.diag(block), v[at], rtol=1e-8, atol=0.0):
            raise InputError(
                f"covariance: the diagonal of the block of study {number} differs from vi; allowed: the same variances."
            )
        if not np.allclose(block, block.T, rtol=1e-10, atol=0.0) or np.linalg.eigvalsh(block)[0] <= 0.0:
            raise InputError(
                f"covariance: the block of study {number} is not symmetric and positive definite, so it is no "
                "covariance; allowed: correlations that can occur together."
            )
    return blocks


def _from_matrix(matrix: Floats, rows: list[Integers], k: int) -> list[Floats]:
    if matrix.shape != (k, k):
        raise InputError(f"covariance: found shape {matrix.shape}; allowed: {(k, k)}, or one block a study.")
    blocks = [matrix[np.ix_(at, at)] for at in rows]
    if np.count_nonzero(matrix) > sum(np.count_nonzero(block) for block in blocks):
        raise InputError(
            "covariance: found sampling errors that are correlated between studies; allowed: within a study. Give rows "
            "that share patients the same study label."
        )
    return blocks
