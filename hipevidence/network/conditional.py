"""The likelihood of a network of counts: those of each trial given their total (Stijnen et al. 2010).

With log odds theta of the treatments up to a constant, the counts z of a trial with total m have the probability of
independent binomial counts given that their sum is m (Fisher's multivariate non-central hypergeometric distribution).
A constant added to all log odds of a trial changes nothing; it is chosen so that m is the expected total, where the
sums lose no digits. Where events are rare this is nearly a multinomial distribution.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from hipevidence.errors import InputError
from hipevidence.network.trial_counts import without
from hipevidence.network.trials import Trial, centred, find_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hipevidence.network.trial_counts import Counts, LeftOut
    from hipevidence.pooling.batch import Floats, Integers

    Given = Callable[[Floats, Floats, Floats], tuple[float, Floats, Floats]]
    Rows = list[tuple[Counts, Integers]]

_STEPS = 100
_HALVINGS = 40
_SETTLED = 1e-13
"""A Newton step that promises so little gain leaves an error of its square."""
_FARTHEST = 30.0
"""Log odds ratios beyond this are on their way to infinity."""


def likelihood_trials(trials: Sequence[Counts], given: Given) -> tuple[list[Trial], LeftOut, float, float]:
    """Maximise the likelihood, and return each piece of the network as one trial that stands for it.

    Parameters
    ----------
    trials
        Trials with events and non-events.
    given
        :func:`hypergeometric` or :func:`multinomial`.

    Returns
    -------
    tuple
        Trials with estimates and covariance; treatments left out, with the reason; the log-likelihood; the decrement.
    """
    kept, left_out = _with_events(list(trials))
    treatments = sorted({arm for trial in kept for arm in trial.arms})
    place = {treatment: number for number, treatment in enumerate(treatments)}
    pieces = find_pieces(treatments, [trial.arms for trial in kept])
    free = np.setdiff1d(np.arange(len(treatments)), [place[piece[0]] for piece in pieces])
    rows = [(trial, np.array([place[arm] for arm in trial.arms])) for trial in kept]
    theta, value, information, decrement = _climb(given, rows, np.zeros(len(treatments)), free)
    covariance = np.zeros_like(information)
    covariance[np.ix_(free, free)] = np.linalg.inv(information[np.ix_(free, free)])
    people = np.zeros(len(treatments))
    for trial, places in rows:
        people[places] += trial.n
    merged = []
    for piece in pieces:
        own = [place[treatment] for treatment in piece]
        merged.append(centred(" : ".join(piece), piece, theta[own], covariance[np.ix_(own, own)], people[own]))
    return merged, left_out, value, decrement


def _with_events(trials: list[Counts]) -> tuple[list[Counts], LeftOut]:
    """Leave out treatments that never, or always, had the event: in the limit the others' likelihood is that."""
    left_out: LeftOut = []
    while True:
        events: dict[str, float] = {}
        others: dict[str, float] = {}
        for trial in trials:
            for arm, x, n in zip(trial.arms, trial.events, trial.n, strict=True):
                events[arm] = events.get(arm, 0.0) + float(x)
                others[arm] = others.get(arm, 0.0) + float(n - x)
        gone = {arm for arm in events if events[arm] == 0.0 or others[arm] == 0.0}
        if not gone:
            break
        said = "no events, or nothing else, in any trial: its effect has no finite estimate"
        left_out += [(arm, said) for arm in sorted(gone)]
        trials, more = without(trials, {trial.name: gone for trial in trials})
        left_out += more
    if not trials:
        raise InputError("events: no treatment has both events and non-events; nothing can be estimated.")
    return trials, left_out


def _climb(given: Given, rows: Rows, theta: Floats, free: Integers) -> tuple[Floats, float, Floats, float]:
    """Go up by Newton steps; the likelihood is concave."""
    value, score, information = _network(given, rows, theta)
    for _ in range(_STEPS):
        move = np.zeros_like(theta)
        move[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        decrement = 0.5 * float(score @ move)
        share = 1.0
        for _ in range(_HALVINGS):
            reached = theta + share * move
            new = _network(given, rows, reached)
            if new[0] >= value - 1e-13 * (1.0 + abs(value)):
                break
            share *= 0.5
        theta, (value, score, information) = reached, new
        if decrement < _SETTLED:
            return theta, value, information, decrement
        if np.abs(theta).max() > _FARTHEST:
            break
    raise InputError(
        "events: the likelihood still rises for log odds ratios beyond 30, so there is no finite estimate; allowed: "
        "trials in which no group of treatments has all events. Leave that group out."
    )


def _network(given: Given, rows: Rows, theta: Floats) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood with its gradient and minus its Hessian."""
    value, score, information = 0.0, np.zeros_like(theta), np.zeros((len(theta), len(theta)))
    for trial, places in rows:
        log_chance, mean, covariance = given(trial.events, trial.n, theta[places])
        value += log_chance
        score[places] += trial.events - mean
        information[np.ix_(places, places)] += covariance
    return value, score, information


def hypergeometric(events: Floats, n: Floats, theta: Floats) -> tuple[float, Floats, Floats]:
    """Return the log-probability of the counts of one trial given their total, and mean and covariance of such counts.

    Parameters
    ----------
    events, n
        Shape (a,), whole numbers.
    theta
        Log odds up to a constant, shape (a,).
    """
    total = int(events.sum())

    def excess(shift: float) -> float:
        return float(n @ special.expit(theta + shift)) - total

    reach = float(np.abs(theta).max()) + 50.0
    log_odds = theta + float(optimize.brentq(excess, -reach, reach, xtol=1e-10))
    counts = [np.arange(min(total, int(size)) + 1.0) for size in n]
    logs = [_log_binomial(z, size, eta) for z, size, eta in zip(counts, n, log_odds, strict=True)]
    chances = [np.exp(values) for values in logs]

    def of_total(parts: list[Floats]) -> float:
        whole = functools.reduce(lambda one, other: np.convolve(one, other)[: total + 1], parts)
        return float(whole[total]) if len(whole) > total else 0.0

    whole = of_total(chances)
    size = len(n)
    first = [z * p for z, p in zip(counts, chances, strict=True)]
    mean = np.array([of_total([*chances[:i], first[i], *chances[i + 1 :]]) for i in range(size)]) / whole
    products = np.empty((size, size))
    for i in range(size):
        products[i, i] = of_total([*chances[:i], counts[i] * first[i], *chances[i + 1 :]])
        for j in range(i):
            parts = [first[k] if k in (i, j) else chances[k] for k in range(size)]
            products[i, j] = products[j, i] = of_total(parts)
    observed = sum(float(values[int(x)]) for values, x in zip(logs, events, strict=True))
    return observed - float(np.log(whole)), mean, products / whole - np.outer(mean, mean)


def multinomial(events: Floats, n: Floats, theta: Floats) -> tuple[float, Floats, Floats]:
    """Return the same by the multinomial distribution, with the people of each arm as offset: for rare events."""
    total, log_odds = float(events.sum()), theta + np.log(n)
    log_chance = log_odds - special.logsumexp(log_odds)
    chance = np.exp(log_chance)
    coefficient = float(special.gammaln(total + 1.0) - special.gammaln(events + 1.0).sum())
    value = coefficient + float(events @ log_chance)
    return value, total * chance, total * (np.diag(chance) - np.outer(chance, chance))


def _log_binomial(z: Floats, n: float, log_odds: float) -> Floats:
    coefficient = special.gammaln(n + 1.0) - special.gammaln(z + 1.0) - special.gammaln(n - z + 1.0)
    logs: Floats = coefficient + z * log_odds + n * special.log_expit(-log_odds)
    return logs
