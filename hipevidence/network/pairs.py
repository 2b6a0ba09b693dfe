"""Every pairwise difference of every trial, and what trials that compare two treatments say directly."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.network.trials import NetworkData
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The m pairwise differences within trials; those of one trial are not independent.

    Attributes
    ----------
    trial
        Number of the trial, shape (m,).
    first, second
        Numbers of the two treatments, ``first`` < ``second``, shape (m,).
    effect, variance
        First minus second, and its sampling variance, shape (m,).
    """

    trial: Integers
    first: Integers
    second: Integers
    effect: Floats
    variance: Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Direct:
    """Direct evidence: for every two treatments the inverse-variance mean over the trials that compare them.

    Attributes
    ----------
    effect
        Row treatment minus column treatment, shape (n, n); ``nan`` where no trial compares them.
    variance
        Shape (n, n); ``nan`` where no trial compares them.
    trials
        Number of trials, shape (n, n).
    """

    effect: Floats
    variance: Floats
    trials: Integers


def pairs_of(data: NetworkData) -> Pairs:
    """Return every pairwise difference of every trial, trials in the order given."""
    columns: list[tuple[Integers, Integers, Integers, Floats, Floats]] = []
    for part in data.stacks:
        i, j = np.triu_indices(part.places.shape[1], 1)
        own = np.diagonal(part.covariance, axis1=1, axis2=2)
        columns.append(
            (
                np.repeat(part.trial, len(i)),
                part.places[:, i].ravel(),
                part.places[:, j].ravel(),
                (part.values[:, i] - part.values[:, j]).ravel(),
                (own[:, i] + own[:, j] - 2.0 * part.covariance[:, i, j]).ravel(),
            )
        )
    trial, *others = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.argsort(trial, kind="stable")
    return Pairs(trial[order], *(column[order] for column in others))


def direct_evidence(pairs: Pairs, count: int, tau2: float) -> Direct:
    """Pool each comparison from its own trials only, at the network's ``tau2``."""
    weight, total = np.zeros((count, count)), np.zeros((count, count))
    trials = np.zeros((count, count), dtype=np.int64)
    weights = 1.0 / (pairs.variance + tau2)
    np.add.at(weight, (pairs.first, pairs.second), weights)
    np.add.at(total, (pairs.first, pairs.second), weights * pairs.effect)
    np.add.at(trials, (pairs.first, pairs.second), 1)
    weight, total, trials = weight + weight.T, total - total.T, trials + trials.T
    seen = trials > 0
    safe = np.where(seen, weight, 1.0)
    return Direct(np.where(seen, total / safe, np.nan), np.where(seen, 1.0 / safe, np.nan), trials)
