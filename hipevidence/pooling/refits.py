"""One meta-analysis fitted again and again: without each study, study by study, and on every subset."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling.batch import chunks
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.kernel import fit_many
from hipevidence.results import Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats, Integers
    from hipevidence.pooling.fits import Fits

MOST_SUBSETS = 1 << 20
"""Above this many subsets GOSH draws a sample."""


def leave_one_out(yi: npt.ArrayLike, vi: npt.ArrayLike, **options: Any) -> Fits:
    """Pool the studies without the first, without the second, and so on.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,), two or more.
    **options
        As in :func:`hipevidence.pooling.fit_many`.

    Returns
    -------
    Fits
        Row i leaves study i out; k rows.

    Examples
    --------
    >>> leave_one_out([0.1, 0.3, 0.8], [0.02, 0.03, 0.02], method="EE").estimate.round(4).tolist()
    [0.6, 0.45, 0.18]
    """
    y, v = check_studies(yi, vi, at_least=2)
    k = len(y)
    return fit_many(np.broadcast_to(y, (k, k)), np.broadcast_to(v, (k, k)), ~np.eye(k, dtype=np.bool_), **options)


def cumulative(yi: npt.ArrayLike, vi: npt.ArrayLike, order: npt.ArrayLike | None = None, **options: Any) -> Fits:
    """Pool the first study, the first two, and so on.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    order
        Values to sort by first, such as the year, shape (k,); studies with equal values keep their order.
    **options
        As in :func:`hipevidence.pooling.fit_many`.

    Returns
    -------
    Fits
        Row i pools the first i + 1 studies; k rows.

    Examples
    --------
    >>> cumulative([0.1, 0.3, 0.8], [0.02, 0.03, 0.02], method="EE", ci="wald").estimate.round(4).tolist()
    [0.1, 0.18, 0.4125]
    """
    y, v = check_studies(yi, vi)
    k = len(y)
    if order is not None:
        keys = np.asarray(order)
        if keys.shape != y.shape:
            raise InputError(f"order: found shape {keys.shape}; allowed: {y.shape}, one value a study.")
        places = np.argsort(keys, kind="stable")
        y, v = y[places], v[places]
    return fit_many(np.broadcast_to(y, (k, k)), np.broadcast_to(v, (k, k)), np.tri(k, dtype=np.bool_), **options)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Gosh(Table):
    """Graphical display of study heterogeneity: what every subset of the studies says.

    Attributes
    ----------
    estimate, tau2, i2, q
        Pooled effect, tau², I² (percent) and Q of each subset, shape (m,).
    k
        Number of studies in each subset, shape (m,).
    code
        Which studies: bit i is set if study i is in, shape (m,).
    complete
        Whether all subsets are there, or a sample.
    seed
        Seed of the sample.
    """

    estimate: Floats
    tau2: Floats
    i2: Floats
    q: Floats
    k: Integers
    code: npt.NDArray[np.uint64]
    complete: bool
    seed: int

    def contains(self, study: int) -> Booleans:
        """Return which subsets hold this study (counted from 0), shape (m,)."""
        return np.asarray((self.code >> np.uint64(study)) & np.uint64(1) == 1)


def gosh(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    method: str = "REML",
    smallest: int = 2,
    subsets: int = MOST_SUBSETS,
    seed: int = 1,
) -> Gosh:
    """Pool every subset of the studies, or a sample of ``subsets`` where there are more.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,), k at most 63.
    method
        Estimator of tau².
    smallest
        Size of the smallest subset.
    subsets
        Most subsets to fit.
    seed
        Seed of the sample.

    Returns
    -------
    Gosh
        Arrays with one entry a subset. Memory grows by 50 bytes a subset; the work is done in pieces.

    References
    ----------
    Olkin, Dahabreh & Trikalinos (2012), doi:10.1002/jrsm.1053.

    Examples
    --------
    >>> result = gosh([0.1, 0.3, 0.8], [0.02, 0.03, 0.02], method="EE")
    >>> result.k.tolist(), result.contains(0).tolist()
    ([2, 2, 2, 3], [True, True, False, True])
    """
    y, v = check_studies(yi, vi, at_least=2)
    if len(y) > 63:
        raise InputError(f"yi: found {len(y)} studies; allowed: at most 63 for subsets.")
    code, complete = _codes(len(y), smallest, subsets, seed)
    size = np.zeros(len(code), dtype=np.int64)
    estimate, tau2, i2, q = (np.empty(len(code)) for _ in range(4))
    bits = np.uint64(1) << np.arange(len(y), dtype=np.uint64)
    for rows in chunks(len(code), len(y)):
        mask = (code[rows, None] & bits) != 0
        y_rows, v_rows = np.broadcast_to(y, mask.shape), np.broadcast_to(v, mask.shape)
        fits = fit_many(y_rows, v_rows, mask, method=method, ci="wald", prediction=None)
        estimate[rows], tau2[rows], i2[rows], q[rows], size[rows] = fits.estimate, fits.tau2, fits.i2, fits.q, fits.k
    return Gosh(estimate, tau2, i2, q, size, code, complete, seed)


def _codes(k: int, smallest: int, subsets: int, seed: int) -> tuple[npt.NDArray[np.uint64], bool]:
    """Return the subsets as bit patterns, and whether they are all there are."""
    if (1 << k) - 1 <= subsets:
        code, complete = np.arange(1, 1 << k, dtype=np.uint64), True
    else:
        draws = np.random.default_rng(seed).integers(1, 1 << k, size=subsets, dtype=np.uint64)
        code, complete = np.unique(draws), False
    return code[np.bitwise_count(code) >= smallest], complete
