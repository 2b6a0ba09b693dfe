"""Permutation tests: how extreme the result is among all that chance could have dealt with the same studies."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling.batch import chunks
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.design import Design, Moderators, build_design
from hipevidence.pooling.kernel import fit_many
from hipevidence.pooling.options import Options
from hipevidence.pooling.regressions import fit_regressions, omnibus, share_design
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats

MOST_EXACT = 1 << 14
"""Up to this many rearrangements all of them are tried."""
_TIE = 1e-10
"""Statistics closer than this, relatively, count as equal: rounding must not decide."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Permutation(Result):
    """Result of a permutation test.

    Attributes
    ----------
    names
        What is tested: ``mean``, or each coefficient and finally ``all`` moderators together.
    statistic
        Observed test statistics, shape (m,).
    p_value
        Share of rearrangements at least as extreme, shape (m,).
    exact
        Whether all rearrangements were tried; otherwise they were drawn, and the observed one counted in.
    rearrangements
        Number tried.
    seed
        Seed of the draws.
    """

    names: tuple[str, ...]
    statistic: Floats
    p_value: Floats
    exact: bool
    rearrangements: int
    seed: int


def permutation_test(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    moderators: npt.ArrayLike | Moderators | None = None,
    *,
    method: str = "REML",
    ci: str = "HKSJ",
    draws: int = 1000,
    most_exact: int = MOST_EXACT,
    seed: int = 1,
) -> Permutation:
    """Test the mean by flipping signs, or moderators by dealing them out anew; tau² is estimated each time.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    moderators
        Moderators of a meta-regression; None tests the mean.
    method, ci
        As in :func:`hipevidence.pooling.pool`; they define the test statistic.
    draws
        Rearrangements to draw where there are too many to try all.
    most_exact
        Most rearrangements to try exhaustively: 2^k sign flips, or k! orders.
    seed
        Seed of the draws.

    Returns
    -------
    Permutation
        The exact P value cannot fall below 1 / 2^(k-1) for the mean.

    References
    ----------
    Follmann & Proschan (1999), doi:10.1111/j.0006-341X.1999.00732.x; Higgins & Thompson (2004), doi:10.1002/sim.1752.

    Examples
    --------
    >>> permutation_test([0.4, 0.6, 0.5, 0.9], [0.02, 0.03, 0.02, 0.04]).p_value.tolist()
    [0.125]
    """
    y, v = check_studies(yi, vi, at_least=2)
    if draws < 1:
        raise InputError(f"draws: found {draws}; allowed: 1 or more.")
    options = Options(method=method, ci=ci, prediction=None)
    if moderators is None:
        names: tuple[str, ...] = ("mean",)
        exact = 2 ** len(y) <= most_exact
        observed = _mean_statistics(y[None], v, options)
        blocks = (_mean_statistics(y * signs, v, options) for signs in _signs(len(y), draws, seed, exact=exact))
    else:
        design = build_design(moderators, len(y))
        names = (*design.names, "all")
        exact = math.factorial(len(y)) <= most_exact
        observed = _moderator_statistics(y, v, design, np.arange(len(y))[None], options)
        orders = _orders(len(y), draws, seed, exact=exact)
        blocks = (_moderator_statistics(y, v, design, order, options) for order in orders)
    return _count(names, observed[0], blocks, seed, exact=exact)


def _count(
    names: tuple[str, ...], observed: Floats, blocks: Iterator[Floats], seed: int, *, exact: bool
) -> Permutation:
    extreme, total = np.zeros(len(names)), 0
    for block in blocks:
        extreme += (np.abs(block) >= np.abs(observed) * (1.0 - _TIE)).sum(axis=0)
        total += len(block)
    p_value = extreme / total if exact else (extreme + 1.0) / (total + 1.0)
    return Permutation(names, observed, np.where(np.isnan(observed), np.nan, p_value), exact, total, seed)


def _signs(k: int, draws: int, seed: int, *, exact: bool) -> Iterator[Floats]:
    """Yield blocks of signs, shape (n, k)."""
    generator = np.random.default_rng(seed)
    for rows in chunks(2**k if exact else draws, k):
        if exact:
            flips: Booleans = (np.arange(rows.start, rows.stop)[:, None] >> np.arange(k)) % 2 == 1
        else:
            flips = generator.random((rows.stop - rows.start, k)) < 0.5
        yield np.where(flips, -1.0, 1.0)


def _orders(k: int, draws: int, seed: int, *, exact: bool) -> Iterator[npt.NDArray[np.intp]]:
    """Yield blocks of orders of the studies, shape (n, k)."""
    generator = np.random.default_rng(seed)
    everything = itertools.permutations(range(k))
    for rows in chunks(math.factorial(k) if exact else draws, k):
        size = rows.stop - rows.start
        if exact:
            yield np.array(list(itertools.islice(everything, size)), dtype=np.intp)
        else:
            yield generator.random((size, k)).argsort(axis=1)


def _mean_statistics(y: Floats, v: Floats, options: Options) -> Floats:
    """Return the test statistic of the mean for each row of effects, shape (n, 1)."""
    fits = fit_many(y, np.broadcast_to(v, y.shape), method=options.method, ci=options.ci, prediction=None)
    return fits.statistic[:, None]


def _moderator_statistics(
    y: Floats, v: Floats, design: Design, orders: npt.NDArray[np.intp], options: Options
) -> Floats:
    """Return the statistics of each coefficient and of all moderators, with the rows of the design dealt out anew."""
    columns, back = share_design(design.matrix, len(orders))
    dealt = columns[:, 0][:, orders]
    shape = orders.shape
    fits = fit_regressions(
        np.broadcast_to(y, shape), np.broadcast_to(v, shape), np.ones(shape, dtype=np.bool_), dealt, back, options
    )
    tested = tuple(range(1 if design.has_intercept and len(design.names) > 1 else 0, len(design.names)))
    return np.column_stack([fits.statistic, omnibus(fits, tested)])
