"""Many meta-analyses side by side, put into the one arrangement that every estimator works on.

Arranging does three things, once, so that the numbers stay exact later:

* each meta-analysis is measured in units of its most precise study (that variance becomes 1), so results do not depend
  on units and no power of a weight overflows;
* the most precise study comes first, and absent studies have infinite variance and therefore weight zero, so that
  ragged batches need no special case;
* without moderators effects are counted from the most precise study, which keeps every residual exact to rounding even
  when one study is 10^12 times as precise as the others.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """A batch of ``n`` meta-analyses with at most ``k`` studies each, arranged for estimation.

    Attributes
    ----------
    effects
        Effects in units of ``scale``, shape (n, k); without moderators counted from ``origin``.
    variances
        Sampling variances in units of ``scale`` squared, shape (n, k); the first is 1, absent studies are infinite.
    design
        Orthonormal columns of the design matrix, shape (p, n, k), or None for a common mean only.
    back
        Matrix that turns coefficients of ``design`` into those of the original columns, shape (n, p, p), or None.
    k
        Number of studies, shape (n,).
    scale
        Standard error of the most precise study in the user's units, shape (n,).
    origin
        Effect of the most precise study in the user's units, shape (n,).
    whole
        Whether no study is absent from any meta-analysis.
    """

    effects: Floats
    variances: Floats
    design: Floats | None
    back: Floats | None
    k: Integers
    scale: Floats
    origin: Floats
    whole: bool

    @property
    def size(self) -> int:
        """Number of meta-analyses."""
        return len(self.k)

    @property
    def p(self) -> int:
        """Number of coefficients (1 without moderators)."""
        return 1 if self.design is None else len(self.design)

    @property
    def df(self) -> Floats:
        """Residual degrees of freedom k - p, shape (n,)."""
        return (self.k - self.p).astype(np.float64)

    def take(self, rows: npt.NDArray[np.intp] | Booleans) -> Batch:
        """Return the batch of these meta-analyses only (given by number or by a mask)."""
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        return Batch(
            effects=_take(self.effects, rows),
            variances=_take(self.variances, rows),
            design=None if self.design is None else _take_design(self.design, rows),
            back=None if self.back is None else self.back[rows],
            k=self.k[rows],
            scale=self.scale[rows],
            origin=self.origin[rows],
            whole=self.whole,
        )


def _take(table: Floats, rows: npt.NDArray[np.intp] | Booleans) -> Floats:
    """Select rows and keep the memory order, on which speed depends (plain indexing would not)."""
    return np.take(table.T, rows, axis=1).T if table.flags.f_contiguous else np.take(table, rows, axis=0)


def _take_design(design: Floats, rows: npt.NDArray[np.intp] | Booleans) -> Floats:
    """Select rows of a design, which need not be copied where all rows share it."""
    if _is_shared(design):
        return np.broadcast_to(design[:, :1], (design.shape[0], len(rows), design.shape[2]))
    return _stack([_take(column, rows) for column in design])


def _stack(columns: Sequence[Floats]) -> Floats:
    """Stack tables along a new first axis and keep their memory order."""
    if not columns[0].flags.f_contiguous:
        return np.stack(columns)
    return np.swapaxes(np.stack([column.T for column in columns]), 1, 2)


def unusable(yi: Floats, vi: Floats, mask: Booleans) -> Booleans:
    """Return where a study that should count cannot: effect not finite, or variance not finite and above zero."""
    return mask & ~(np.isfinite(yi) & np.isfinite(vi) & (vi > 0.0))


def arrange(yi: Floats, vi: Floats, mask: Booleans) -> tuple[Batch, npt.NDArray[np.intp]]:
    """Arrange a batch for a common mean; every masked-in study must be usable and every row must have at least one.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (n, k).
    mask
        Which studies count, shape (n, k).

    Returns
    -------
    tuple
        The batch, and the place of the most precise study in the user's order, shape (n,).
    """
    whole = bool(mask.all())
    variances = _fast_copy(vi if whole else np.where(mask, vi, np.inf))
    effects = _fast_copy(yi if whole else np.where(mask, yi, 0.0))
    first = variances.argmin(axis=1)
    swap_first(variances, first)
    swap_first(effects, first)
    scale = np.sqrt(variances[:, 0])
    origin = effects[:, 0].copy()
    effects -= origin[:, None]
    effects /= scale[:, None]
    if not whole:
        effects[np.isinf(variances)] = 0.0
    variances /= (scale * scale)[:, None]
    return Batch(effects, variances, None, None, count_studies(mask, whole=whole), scale, origin, whole), first


def swap_first(table: Floats, first: npt.NDArray[np.intp]) -> Floats:
    """Exchange, in place, the first entry of each row with the one at this place."""
    rows = np.arange(len(table))
    chosen = table[rows, first]
    table[rows, first] = table[:, 0]
    table[:, 0] = chosen
    return table


def count_studies(mask: Booleans, *, whole: bool) -> Integers:
    """Return the number of studies of each row, shape (n,)."""
    return np.full(len(mask), mask.shape[1], dtype=np.int64) if whole else mask.sum(axis=1)


def arrange_design(yi: Floats, vi: Floats, mask: Booleans, columns: Floats, back: Floats) -> Batch:
    """Arrange a batch for meta-regression, with the studies left in the user's order.

    Parameters
    ----------
    yi, vi, mask
        As for :func:`arrange`.
    columns
        Orthonormal columns of the design, shape (p, n, k), zero for absent studies.
    back
        Matrix that leads back to the original columns, shape (n, p, p).
    """
    whole = bool(mask.all())
    variances = vi if whole else np.where(mask, vi, np.inf)
    scale = variances.min(axis=1) ** 0.5
    effects = (yi if whole else np.where(mask, yi, 0.0)) / scale[:, None]
    variances = variances / (scale * scale)[:, None]
    shared = _is_shared(columns)
    design = columns if shared else _stack([_fast(column) for column in columns])
    counts = count_studies(mask, whole=whole)
    return Batch(_fast(effects), _fast(variances), design, back, counts, scale, np.zeros(len(scale)), whole)


def _is_shared(columns: Floats) -> bool:
    """Return whether all meta-analyses look at the same design (broadcast, so that it takes no memory)."""
    return columns.strides[1] == 0


def _fast(table: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Lay out a table so that sums over studies run fast: by study in wide batches, by meta-analysis in narrow ones."""
    return np.asfortranarray(table) if len(table) >= WIDE else np.ascontiguousarray(table)


def _fast_copy(table: Floats) -> Floats:
    """Copy a table into that layout."""
    return np.array(table, order="F" if len(table) >= WIDE else "C")


WIDE = 32
"""From this many meta-analyses on, a table is stored study by study."""


def orthonormal(design: Floats) -> tuple[Floats, Floats]:
    """Return orthonormal columns (p, n, k) of a design (n, k, p), and the matrix (n, p, p) that leads back.

    A rank-deficient design comes back with ``nan`` in its second part.
    """
    q, r = np.linalg.qr(design)
    diagonal = np.abs(np.diagonal(r, axis1=1, axis2=2))
    full = diagonal.min(axis=1) > _RANK_TOLERANCE * diagonal.max(axis=1)
    safe = np.where(full[:, None, None], r, np.eye(r.shape[1]))
    back = np.where(full[:, None, None], np.linalg.inv(safe), np.nan)
    return np.moveaxis(q, 2, 0), back


_RANK_TOLERANCE = 1e-10


def study_sum(*factors: Floats) -> Floats:
    """Return the sum over the studies of the product of up to three factors, each of shape (n, k)."""
    total: Floats
    if len(factors) == 1:
        total = np.add.reduce(factors[0], axis=1)
    elif len(factors[0]) >= WIDE:
        total = np.einsum("nk,nk->n" if len(factors) == 2 else "nk,nk,nk->n", *factors)
    else:
        total = np.vecdot(factors[0] if len(factors) == 2 else factors[0] * factors[1], factors[-1])
    return total


def as_table(name: str, values: npt.ArrayLike) -> Floats:
    """Return values as a float array of one or two dimensions, or say what is wrong with them."""
    try:
        table = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: found values that are not numbers ({error}); allowed: numbers.") from error
    if table.ndim not in (1, 2):
        raise InputError(f"{name}: found {table.ndim} dimensions; allowed: (studies,) or (meta-analyses, studies).")
    return table


@functools.cache
def keep_memory() -> None:
    """Let the allocator keep freed arrays of a chunk for the next ones.

    By default glibc gives them back to the system, which then clears every page anew: a third of the time of a batch.
    Having freed one large block, never written to, makes it keep blocks up to that size; other allocators do not mind.
    Once a process is enough.
    """
    np.empty(_LARGE)


_LARGE = 4_000_000


def chunks(size: int, width: int, target: int = 1 << 16) -> Sequence[slice]:
    """Cut ``size`` rows of ``width`` numbers into slices of about ``target`` numbers, so that work stays in cache."""
    step = max(1, target // max(1, width))
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]
