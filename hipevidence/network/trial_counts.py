"""Counts of trials, and which of them say something about odds ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.pooling.batch import Floats

LeftOut = list[tuple[str, str]]
"""What is left out, and why."""


class Counts(NamedTuple):
    """One trial.

    Attributes
    ----------
    name
        Its name.
    arms
        Its treatments, in alphabetical order.
    events, n
        Events and people of each arm, shape (a,).
    """

    name: str
    arms: tuple[str, ...]
    events: Floats
    n: Floats

    def without(self, arms: set[str]) -> Counts:
        """Return the trial without some of its arms."""
        keep = [place for place, arm in enumerate(self.arms) if arm not in arms]
        return Counts(self.name, tuple(self.arms[place] for place in keep), self.events[keep], self.n[keep])


def informative(trials: Sequence[Counts]) -> tuple[list[Counts], LeftOut]:
    """Return the trials with two arms, events and non-events, and why the others are left out."""
    kept: list[Counts] = []
    left_out: LeftOut = []
    for trial in trials:
        if len(trial.arms) < 2:
            left_out.append((trial.name, "it has one arm only"))
        elif not trial.events.any():
            left_out.append((trial.name, "nobody had the event in any arm"))
        elif bool((trial.events == trial.n).all()):
            left_out.append((trial.name, "everybody had the event in every arm"))
        else:
            kept.append(trial)
    return kept, left_out


def without(trials: Sequence[Counts], arms: dict[str, set[str]]) -> tuple[list[Counts], LeftOut]:
    """Return the trials without some of their arms (by name of the trial), and those that say nothing any more."""
    fewer = [trial.without(arms.get(trial.name, set())) for trial in trials]
    kept, left_out = informative(fewer)
    return kept, [(name, f"once arms that decide nothing are gone, {why}") for name, why in left_out]
