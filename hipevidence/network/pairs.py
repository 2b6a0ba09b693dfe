"""Every pairwise difference of every trial, and what trials that compare two treatments say directly."""

from __future__ import annotations

import dataclasses
import functools
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
    """Return every pairwise difference of every trial."""
    place = {treatment: position for position, treatment in enumerate(data.treatments)}
    trial, first, second, effect, variance = [], [], [], [], []
    for number, own in enumerate(data.trials):
        places = np.array([place[arm] for arm in own.arms])
        order = np.argsort(places)
        left, right = _upper(len(places))
        i, j = order[left], order[right]
        trial.append(np.full(len(i), number))
        first.append(places[i])
        second.append(places[j])
        effect.append(own.values[i] - own.values[j])
        variance.append(own.variances[i, j])
    columns = (np.concatenate(column) for column in (trial, first, second, effect, variance))
    return Pairs(*columns)


@functools.cache
def _upper(count: int) -> tuple[Integers, Integers]:
    """Return the rows and columns of the pairs of ``count`` arms."""
    left, right = np.triu_indices(count, 1)
    return left.astype(np.int64), right.astype(np.int64)


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
