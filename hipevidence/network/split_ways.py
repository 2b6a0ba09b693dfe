"""Ways to split a network's evidence on each comparison into direct and indirect: one function a way."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.network.fitting import refit
from hipevidence.network.laplacian import solve_network
from hipevidence.network.pairs import direct_evidence, pairs_of
from hipevidence.network.trials import assemble, spread
from hipevidence.pooling.batch import arrange_design, orthonormal
from hipevidence.pooling.kernel import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.network.model import NetworkResult
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Start:
    """What every way to split starts from: c comparisons with the network's and the direct evidence, shape (c,)."""

    result: NetworkResult
    rows: Rows
    method: str
    tau2: float
    first: Integers
    second: Integers
    trials: Integers
    effect: Floats
    variance: Floats
    direct: Floats
    direct_variance: Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Direct and indirect evidence with variances, the variance of their difference, and tau²; shape (c,)."""

    direct: Floats
    direct_variance: Floats
    indirect: Floats
    indirect_variance: Floats
    difference_variance: Floats
    tau2: Floats


def start_split(result: NetworkResult, model: str) -> Start:
    """Return the comparisons that trials make, in alphabetical order, with what a model says about each."""
    rows, tau2, fit = refit(result, model)
    evidence = direct_evidence(pairs_of(result.data), len(result.treatments), tau2)
    first, second = np.nonzero(np.triu(evidence.trials))
    return Start(
        result=result,
        rows=rows,
        method="FE" if model == "common" else result.method,
        tau2=tau2,
        first=first,
        second=second,
        trials=evidence.trials[first, second],
        effect=fit.theta[first] - fit.theta[second],
        variance=spread(fit.covariance)[first, second],
        direct=evidence.effect[first, second],
        direct_variance=evidence.variance[first, second],
    )


def _independent(start: Start, indirect: Floats, variance: Floats) -> Parts:
    """Return the parts where direct and indirect evidence share nothing but tau²."""
    used = np.full(len(indirect), start.tau2)
    return Parts(start.direct, start.direct_variance, indirect, variance, start.direct_variance + variance, used)


def _by_back_calculation(start: Start) -> Parts:
    share = start.variance / start.direct_variance
    share = np.where(share < 1.0 - _ALL_DIRECT, share, np.nan)
    indirect = (start.effect - share * start.direct) / (1.0 - share)
    return _independent(start, indirect, start.variance / (1.0 - share))


_ALL_DIRECT = 1e-9
"""A share of direct evidence this close to 1 is 1, but for rounding."""


def _by_exclusion(start: Start) -> Parts:
    """Take the indirect evidence from the trials that do not compare the two treatments."""
    result = start.result
    effects, variances = np.full(len(start.first), np.nan), np.full(len(start.first), np.nan)
    for number, (i, j) in enumerate(zip(start.first, start.second, strict=True)):
        one, other = result.treatments[i], result.treatments[j]
        rest = [trial for trial in result.data.trials if not {one, other} <= set(trial.arms)]
        if not rest:
            continue
        data = assemble(rest, result.data.measure)
        if any({one, other} <= set(piece) for piece in data.pieces):
            fit = solve_network(data.rows, start.tau2)
            a, b = data.treatments.index(one), data.treatments.index(other)
            effects[number] = fit.theta[a] - fit.theta[b]
            variances[number] = spread(fit.covariance)[a, b]
    return _independent(start, effects, variances)


def _by_node(start: Start) -> Parts:
    """Fit one model per comparison with a parameter for direct minus indirect, all in one batch."""
    rows, given = start.rows, start.method == "given"
    designs = _node_designs(start)
    parts = _independent(start, *np.full((2, len(start.first)), np.nan))
    if designs.shape[1] < designs.shape[2]:
        return parts
    columns, back = orthonormal(designs)
    known = np.flatnonzero(np.isfinite(back).all(axis=(1, 2)))
    if not len(known):
        return parts
    shape = (len(known), len(rows.effects))
    batch = arrange_design(
        np.broadcast_to(rows.effects, shape),
        np.broadcast_to(rows.variances + (start.tau2 if given else 0.0), shape),
        np.ones(shape, dtype=np.bool_),
        columns[:, known],
        back[known],
    )
    solved = solve(batch, "FE" if given else start.method)
    unit = batch.scale**2
    beta = (back[known] @ solved.fit.coefficients()[:, :, None])[:, :, 0] * batch.scale[:, None]
    covariance = back[known] @ solved.fit.covariance() @ np.swapaxes(back[known], 1, 2) * unit[:, None, None]
    indirect = _picks(rows, start.first[known], start.second[known])
    extra = np.zeros_like(indirect)
    extra[:, -1] = 1.0
    found = {
        name: np.full(len(start.first), np.nan) for name in ("indirect", "indirect_variance", "difference_variance")
    }
    direct, direct_variance, tau2 = start.direct.copy(), start.direct_variance.copy(), parts.tau2
    direct[known], direct_variance[known] = _read(indirect + extra, beta, covariance)
    found["indirect"][known], found["indirect_variance"][known] = _read(indirect, beta, covariance)
    found["difference_variance"][known] = covariance[:, -1, -1]
    tau2[known] = start.tau2 if given else solved.tau2.value * unit  # 0 where no degree of freedom is left for it
    return Parts(direct, direct_variance, **found, tau2=tau2)


def _node_designs(start: Start) -> Floats:
    """Return one design per comparison, the difference between direct and indirect in the last column."""
    rows, basis = start.rows, start.rows.basis()
    designs = np.empty((len(start.first), len(rows.effects), basis.shape[1] + 1))
    designs[:, :, :-1] = basis
    has = np.array([np.abs(rows.design[rows.trial == number]).sum(axis=0) > 0.0 for number in rows.trial])
    for number, (i, j) in enumerate(zip(start.first, start.second, strict=True)):
        designs[number, :, -1] = np.where(has[:, i] & has[:, j], 0.5 * (rows.design[:, i] - rows.design[:, j]), 0.0)
    return designs


def _picks(rows: Rows, first: Integers, second: Integers) -> Floats:
    """Return what of the coefficients makes up the indirect effect of each comparison, shape (c, p)."""
    _, base = np.unique(rows.piece, return_index=True)
    kept = np.delete(np.eye(len(rows.piece)), base, axis=1)
    return np.column_stack([kept[first] - kept[second], np.zeros(len(first))])


def _read(picks: Floats, beta: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Return these combinations of coefficients and their variances."""
    return np.vecdot(picks, beta), np.einsum("ci,cij,cj->c", picks, covariance, picks)


SPLIT_METHODS: dict[str, Callable[[Start], Parts]] = {
    "back-calculation": _by_back_calculation,
    "design-exclusion": _by_exclusion,
    "node": _by_node,
}
"""Ways to split, by name."""
