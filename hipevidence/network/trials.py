"""What a network is made of: trials with their arms, and the treatments that they join into pieces."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.rows import Rows, rows_of
from hipevidence.network.stacks import Stack, stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hipevidence.pooling.batch import Floats

Piece = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One randomised trial. Only differences between its arms carry information.

    Attributes
    ----------
    name
        What the trial is called.
    arms
        Treatment of each of its a arms, all different.
    values
        Effect of each arm on the analysis scale, counted from the mean over the arms, shape (a,).
    covariance
        Covariance of ``values``, shape (a, a); its rows add up to 0.
    persons
        People in each arm, shape (a,); ``nan`` where not given.
    closing_error
        Largest amount by which reported pairwise differences fail to add up round a loop of three arms; 0 from arm
        data.
    """

    name: str
    arms: tuple[str, ...]
    values: Floats
    covariance: Floats
    persons: Floats
    closing_error: float = 0.0

    @property
    def variances(self) -> Floats:
        """Sampling variance of the difference between every two arms, shape (a, a)."""
        return spread(self.covariance)

    @property
    def arm_variances(self) -> Floats:
        """Variance of each arm, shape (a,), as far as independent arms can account for the differences' variances.

        For three arms these are the three numbers whose pairwise sums are the variances of the differences. One may be
        negative where estimates were adjusted for a covariate.
        """
        count = len(self.arms)
        if count == 2:
            return np.full(2, self.variances[0, 1] / 2.0)
        sums = self.variances.sum(axis=1)
        return np.asarray((sums - sums.sum() / (2.0 * (count - 1))) / (count - 2), dtype=np.float64)


def spread(covariance: Floats) -> Floats:
    """Return the variance of every pairwise difference, from a covariance matrix."""
    own = np.diagonal(covariance)
    return np.asarray(own[:, None] + own[None, :] - 2.0 * covariance, dtype=np.float64)


def centred(name: str, arms: Sequence[str], values: Floats, covariance: Floats, persons: Floats) -> Trial:
    """Return a trial from arm-level values that hold up to a common constant."""
    keep = without_mean(len(arms))
    return Trial(name, tuple(arms), keep @ values, keep @ covariance @ keep, persons)


@functools.cache
def without_mean(count: int) -> Floats:
    """Return the matrix that counts ``count`` values from their mean."""
    matrix = np.eye(count) - 1.0 / count
    matrix.setflags(write=False)
    return matrix


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NetworkData:
    """Trials on one outcome, in one measure, ready for :func:`hipevidence.network.network`.

    Attributes
    ----------
    trials
        The trials, in the order given.
    treatments
        Every treatment, in alphabetical order.
    measure
        Code of the effect measure (``MD``, ``SMD``, ``OR``, ...); ratios are on the log scale.
    pieces
        Treatments that comparisons join, directly or through others; one piece if the network is connected.
    stacks, rows
        The same trials by their number of arms, and as independent rows: what the analyses compute with.
    left_out
        Trials that cannot contribute, each with the reason.
    """

    trials: tuple[Trial, ...]
    treatments: tuple[str, ...]
    measure: str
    pieces: tuple[Piece, ...]
    stacks: tuple[Stack, ...]
    rows: Rows
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def connected(self) -> bool:
        """Whether every treatment can be compared with every other."""
        return len(self.pieces) == 1

    def of_piece(self, piece: Iterable[str]) -> NetworkData:
        """Return the trials whose arms all lie in ``piece``, as a network of its own."""
        wanted = set(piece)
        return assemble([trial for trial in self.trials if set(trial.arms) <= wanted], self.measure)


def assemble(trials: Sequence[Trial], measure: str, left_out: Sequence[tuple[str, str]] = ()) -> NetworkData:
    """Collect trials into network data."""
    if not trials:
        listed = "".join(f"; {name}: {reason}" for name, reason in left_out)
        raise InputError(f"trials: found none that compares two treatments; allowed: one or more{listed}.")
    treatments = tuple(sorted({arm for trial in trials for arm in trial.arms}))
    pieces = find_pieces(treatments, [trial.arms for trial in trials])
    stacks = stack(trials, treatments)
    rows = rows_of(stacks, treatments, pieces)
    return NetworkData(tuple(trials), treatments, measure, pieces, stacks, rows, tuple(left_out))


def combine(*networks: NetworkData) -> NetworkData:
    """Return one network of the trials of several, such as those read from arms and those read from contrasts.

    Parameters
    ----------
    networks
        Network data in one measure.

    Returns
    -------
    NetworkData
        All trials, in the order given.

    Raises
    ------
    InputError
        If the measures differ or a trial stands in more than one of them.

    Examples
    --------
    >>> from hipevidence.network import from_contrasts
    >>> one = from_contrasts(study=["x"], treatment1=["a"], treatment2=["b"], effect=[1.0], se=[0.5])
    >>> other = from_contrasts(study=["y"], treatment1=["b"], treatment2=["c"], effect=[1.0], se=[0.5])
    >>> combine(one, other).treatments
    ('a', 'b', 'c')
    """
    measures = sorted({data.measure for data in networks})
    if len(measures) > 1:
        raise InputError(f"measure: found {', '.join(map(repr, measures))}; allowed: one measure for all.")
    trials = [trial for data in networks for trial in data.trials]
    names = [trial.name for trial in trials]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"trials: {', '.join(twice)} found more than once; allowed: each trial once.")
    return assemble(trials, measures[0] if measures else "", [left for data in networks for left in data.left_out])


def find_pieces(treatments: Sequence[str], arms: Iterable[Sequence[str]]) -> tuple[Piece, ...]:
    """Return the sets of treatments that these groups of arms join, the largest first, then by name.

    Examples
    --------
    >>> find_pieces(["a", "b", "c", "d"], [("a", "c"), ("b", "d")])
    (('a', 'c'), ('b', 'd'))
    """
    leader = {treatment: treatment for treatment in treatments}

    def lead(treatment: str) -> str:
        while leader[treatment] != treatment:
            leader[treatment] = leader[leader[treatment]]
            treatment = leader[treatment]
        return treatment

    for group in arms:
        for other in group[1:]:
            leader[lead(other)] = lead(group[0])
    members: dict[str, list[str]] = {}
    for treatment in treatments:
        members.setdefault(lead(treatment), []).append(treatment)
    return tuple(sorted((tuple(sorted(group)) for group in members.values()), key=lambda piece: (-len(piece), piece)))


def name_pieces(pieces: Sequence[Piece]) -> str:
    """Say in words into which pieces a network falls; empty if it is connected.

    Examples
    --------
    >>> name_pieces((("a", "c"), ("b", "d")))
    'the network falls into 2 pieces without any comparison between them: (1) a, c; (2) b, d'
    """
    if len(pieces) < 2:
        return ""
    listed = "; ".join(f"({number}) {', '.join(piece)}" for number, piece in enumerate(pieces, start=1))
    return f"the network falls into {len(pieces)} pieces without any comparison between them: {listed}"
