"""Mantel-Haenszel odds ratios of all trials with the same arms, as one trial that stands for them (Efthimiou 2019)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.trial_counts import without
from hipevidence.network.trials import Trial, centred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.network.trial_counts import Counts, LeftOut
    from hipevidence.pooling.batch import Floats


def mantel_haenszel_trials(trials: Sequence[Counts]) -> tuple[list[Trial], LeftOut]:
    """Return one trial a design, and what was left out.

    Parameters
    ----------
    trials
        Trials with events and non-events.

    Returns
    -------
    tuple
        A trial for each set of arms, with the Mantel-Haenszel log odds of its arms up to a constant and their
        covariance; and the arms in which a design had no events or nothing but events, each with the reason.
    """
    groups, left_out = _designs(list(trials))
    merged = []
    for arms, group in groups.items():
        events, people = (np.array([getattr(trial, name) for trial in group]) for name in ("events", "n"))
        values, covariance = _pooled(events, people)
        if not (np.isfinite(values).all() and np.linalg.eigvalsh(_contrasts_of(covariance)).min() > 0.0):
            left_out.append((" : ".join(arms), "its trials together have no finite Mantel-Haenszel odds ratios"))
            continue
        merged.append(centred(" : ".join(arms), arms, values, covariance, people.sum(axis=0)))
    if not merged:
        raise InputError("events: no set of arms has events and non-events in each; nothing can be estimated by MH.")
    return merged, left_out


def _designs(trials: list[Counts]) -> tuple[dict[tuple[str, ...], list[Counts]], LeftOut]:
    """Group the trials by their arms, once those without an odds ratio are gone; without them groups may be one."""
    left_out: LeftOut = []
    while True:
        groups: dict[tuple[str, ...], list[Counts]] = {}
        for trial in trials:
            groups.setdefault(trial.arms, []).append(trial)
        useless = {arms: _useless(group) for arms, group in groups.items()}
        if not any(useless.values()):
            return groups, left_out
        for arms, gone in useless.items():
            said = "no events, or nothing else, in any trial of these arms"
            left_out += [(f"{arm} in {' : '.join(arms)}", said) for arm in sorted(gone)]
        trials, more = without(trials, {trial.name: useless[trial.arms] for trial in trials})
        left_out += more


def _useless(group: list[Counts]) -> set[str]:
    events, people = (sum(getattr(trial, name) for trial in group) for name in ("events", "n"))
    return {arm for arm, x, n in zip(group[0].arms, events, people, strict=True) if x in (0.0, n)}


def _pooled(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return log odds of the arms of one design up to a constant, shape (a,), and their covariance.

    Parameters
    ----------
    x, n
        Events and people of each arm of each trial, shape (k, a).
    """
    y, size = n - x, x.shape[1]
    total = n.sum(axis=1)
    c = x[:, :, None] * y[:, None, :] / total[:, None, None]
    d = (x[:, :, None] + y[:, None, :]) / total[:, None, None]
    C, back = c.sum(axis=0), np.swapaxes(c, 1, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(C / C.T)
        variance = (c * d).sum(axis=0) / (2.0 * C**2) + (back * d).sum(axis=0) / (2.0 * C * C.T)
        variance = variance + variance.T
        # two pairs that share arm i: [i, j, h]
        many = np.einsum("ki,kj,kh,k->ijh", x, y, y, total**-2.0) / (C[:, :, None] * C[:, None, :])
        few = np.einsum("ki,kj,kh,k->ijh", y, x, x, total**-2.0) / (C.T[:, :, None] * C.T[:, None, :])
    np.fill_diagonal(logs, 0.0)
    shared, pairs = many + few, list(itertools.permutations(range(size), 2))
    covariance = np.zeros((size, size))
    for (i, j), (g, h) in itertools.product(pairs, pairs):
        if {i, j} == {g, h}:
            covariance[i, g] += variance[i, j] * (1.0 if i == g else -1.0)
        elif common := {i, j} & {g, h}:
            (arm,) = common
            sign = (1.0 if arm == i else -1.0) * (1.0 if arm == g else -1.0)
            covariance[i, g] += sign * shared[arm, j if arm == i else i, h if arm == g else g]
    return logs.mean(axis=1), covariance / size**2


def _contrasts_of(covariance: Floats) -> Floats:
    """Return the covariance of the differences from the first arm."""
    contrasts = np.hstack([-np.ones((len(covariance) - 1, 1)), np.eye(len(covariance) - 1)])
    return np.asarray(contrasts @ covariance @ contrasts.T, dtype=np.float64)
