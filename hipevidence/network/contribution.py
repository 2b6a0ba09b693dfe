"""The contribution matrix: how much of each network estimate comes from each direct comparison, and from each trial."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.fitting import refit
from hipevidence.network.flows import currents, random_walk, shortest_paths
from hipevidence.network.trials import name_pieces
from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.network.model import NetworkResult
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Booleans, Floats

CONTRIBUTION_METHODS = {"random walk": random_walk, "shortest path": shortest_paths}
"""Ways to take a current apart, by name."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Contributions(Result):
    """Shares of evidence; every row of the three matrices that has numbers concerns one network estimate.

    Attributes
    ----------
    comparisons
        The r estimates: every pair of treatments, in alphabetical order.
    direct
        The c comparisons made by trials.
    hat
        Coefficient of each direct comparison in each estimate, signed, shape (r, c).
    shares
        Contribution of each direct comparison, 0 to 1, rows add up to 1, shape (r, c).
    trials
        Names of the k trials.
    trial_shares
        Contribution of each trial, 0 to 1, rows add up to 1, shape (r, k).
    method, model
        How it was computed.
    reason
        Why a row is ``nan``; empty if none is.
    """

    comparisons: tuple[tuple[str, str], ...]
    direct: tuple[tuple[str, str], ...]
    hat: Floats
    shares: Floats
    trials: tuple[str, ...]
    trial_shares: Floats
    method: str
    model: str
    reason: str


def contributions(result: NetworkResult, *, method: str = "random walk", model: str = "random") -> Contributions:
    """Return how much each direct comparison and each trial contributes to each network estimate.

    Parameters
    ----------
    result
        A network meta-analysis.
    method
        ``"random walk"``, which treats all paths alike, or ``"shortest path"``, which depends on the order of paths.
    model
        ``"random"`` or ``"common"``.

    Returns
    -------
    Contributions
        Estimates between pieces of a disconnected network are ``nan``.

    Raises
    ------
    InputError
        If the method or the model is unknown.

    Notes
    -----
    Row (a, b) of the hat matrix is a unit current from a to b. Contributions share each path of that current out evenly
    among its steps. A trial has the part of its comparison that its (reduced) weight is of that comparison's.

    References
    ----------
    Papakonstantinou T et al. (2018). F1000Research 7:610. https://doi.org/10.12688/f1000research.14770.3
    Davies AL et al. (2022). Stat Med 41:2091-2114. https://doi.org/10.1002/sim.9346

    Examples
    --------
    >>> from hipevidence.network import from_contrasts, network
    >>> loop = from_contrasts(study=["x", "y", "z"], treatment1=["a", "b", "a"], treatment2=["b", "c", "c"],
    ...                       effect=[1.0, 1.0, 2.0], se=[1.0, 1.0, 1.0])
    >>> contributions(network(loop)).shares[0].round(6).tolist()
    [0.666667, 0.166667, 0.166667]
    """
    if method not in CONTRIBUTION_METHODS:
        raise InputError(f"method: found {method!r}; allowed: {', '.join(CONTRIBUTION_METHODS)}.")
    rows, tau2, fit = refit(result, model)
    by_trial = _trial_weights(rows, tau2, len(result.data.trials))
    weights = by_trial.sum(axis=0)
    used = _compared(result) & (np.abs(weights) > 0.0)
    first, second = np.nonzero(np.triu(np.ones_like(weights), 1))
    left, right = np.nonzero(np.triu(used))
    hat, shares = np.full((len(first), len(left)), np.nan), np.full((len(first), len(left)), np.nan)
    negative = bool((weights[left, right] < 0.0).any())
    for row, (source, sink) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        if rows.piece[source] == rows.piece[sink]:
            flow = currents(weights, fit.covariance, source, sink)
            hat[row] = flow[left, right]
            if negative:
                continue
            taken = CONTRIBUTION_METHODS[method](flow, source, sink)
            shares[row] = (taken + taken.T)[left, right]
    names = result.treatments
    return Contributions(
        comparisons=tuple((names[i], names[j]) for i, j in zip(first, second, strict=True)),
        direct=tuple((names[i], names[j]) for i, j in zip(left, right, strict=True)),
        hat=hat,
        shares=shares,
        trials=tuple(trial.name for trial in result.data.trials),
        trial_shares=shares @ (by_trial[:, left, right] / weights[left, right]).T,
        method=method,
        model=model,
        reason="; ".join(text for text in (name_pieces(result.pieces), _NEGATIVE if negative else "") if text),
    )


_NEGATIVE = (
    "the standard errors of a multi-arm trial leave one of its comparisons a negative weight, so that its evidence "
    "cannot be shared out"
)


def _trial_weights(rows: Rows, tau2: float, count: int) -> Floats:
    """Return the reduced weight of each trial on each comparison, shape (k, n, n), zero diagonals."""
    n = len(rows.piece)
    found = np.zeros((count, n, n))
    np.add.at(found, rows.trial, -np.einsum("ri,r,rj->rij", rows.design, 1.0 / (rows.variances + tau2), rows.design))
    found[:, np.arange(n), np.arange(n)] = 0.0
    return found


def _compared(result: NetworkResult) -> Booleans:
    """Return which treatments stand side by side in a trial."""
    together = np.zeros((len(result.treatments),) * 2, dtype=np.bool_)
    for trial in result.data.trials:
        places = [result.index(arm) for arm in trial.arms]
        together[np.ix_(places, places)] = True
    return together
