"""Trials with the same number of arms side by side, so that what is done to one is done to all of them at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.network.trials import Trial
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """All t trials of a network that have a arms; arms in the order of the network's treatments.

    Attributes
    ----------
    trial
        Number of each trial, shape (t,).
    places
        Number of the treatment of each arm, rising, shape (t, a).
    values, covariance
        Effect of each arm counted from the trial's mean, shape (t, a), and their covariance, shape (t, a, a).
    """

    trial: Integers
    places: Integers
    values: Floats
    covariance: Floats


def stack(trials: Sequence[Trial], treatments: Sequence[str]) -> tuple[Stack, ...]:
    """Return the trials by their number of arms."""
    place = {treatment: position for position, treatment in enumerate(treatments)}
    by_size: dict[int, list[int]] = {}
    for number, trial in enumerate(trials):
        by_size.setdefault(len(trial.arms), []).append(number)
    return tuple(_stack(numbers, [trials[number] for number in numbers], place) for numbers in by_size.values())


def _stack(numbers: list[int], trials: Sequence[Trial], place: dict[str, int]) -> Stack:
    places = np.array([[place[arm] for arm in trial.arms] for trial in trials])
    order, which = places.argsort(axis=1), np.arange(len(trials))[:, None]
    values = np.array([trial.values for trial in trials])
    covariance = np.array([trial.covariance for trial in trials])
    turned = covariance[which[:, :, None], order[:, :, None], order[:, None, :]]
    return Stack(np.array(numbers), places[which, order], values[which, order], turned)
