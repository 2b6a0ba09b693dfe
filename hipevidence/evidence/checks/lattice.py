"""The scores that one person can have on a scale that moves in steps, and the totals that n people can have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from hipevidence.errors import InputError
from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.evidence.checks.printed import Printed

MOST_TOTALS = 10_000  # a table from anywhere must not be able to keep the check busy


@dataclass(frozen=True, slots=True)
class Consistency(Result):
    """What a check of a printed mean, with or without its SD, came to.

    Attributes
    ----------
    verdict
        ``consistent``, ``inconsistent`` or ``not_testable``.
    reason
        Why it cannot be tested, or what makes the figures inconsistent; ``""`` when they are consistent.
    """

    verdict: Literal["consistent", "inconsistent", "not_testable"]
    reason: str = ""


CONSISTENT = Consistency("consistent")


@dataclass(frozen=True, slots=True)
class Steps:
    """Scores of one person: lowest, lowest + step, and so on up to highest.

    Attributes
    ----------
    step
        Distance between neighbouring scores of one person, in the unit of the scale: 1 for whole points, 1/4 for the
        mean of four whole items.
    lowest, highest
        Ends of the scale; ``None`` where it has none.

    Raises
    ------
    InputError
        If the step is not above 0.
    """

    step: Fraction = Fraction(1)
    lowest: Fraction | None = None
    highest: Fraction | None = None

    def __post_init__(self) -> None:
        if self.step <= 0:
            raise InputError(f"found a step of {self.step}; allowed: above 0. Give the smallest step of one person.")

    @property
    def origin(self) -> Fraction:
        """Score from which steps are counted."""
        return Fraction(0) if self.lowest is None else self.lowest

    @property
    def most(self) -> int | None:
        """Steps from the origin to the highest score, ``None`` on a scale without an upper end."""
        return None if self.highest is None else math.floor((self.highest - self.origin) / self.step)

    def changes(self) -> Steps:
        """Return the steps of a difference between two scores of one person."""
        if self.lowest is None or self.highest is None:
            return Steps(self.step)
        width = self.highest - self.lowest
        return Steps(self.step, -width, width)

    def totals(self, mean: Printed, n: int) -> range:
        """Return the sums over n people, in steps from the origin, whose mean may be printed so."""
        first = math.ceil(n * (mean.low - self.origin) / self.step)
        last = math.floor(n * (mean.high - self.origin) / self.step)
        if self.lowest is not None:
            first = max(first, 0)
        if self.most is not None:
            last = min(last, n * self.most)
        return range(first, last + 1)

    def mean_of(self, total: int, n: int) -> Fraction:
        """Return the mean, in the unit of the scale, of n people whose scores sum up to ``total`` steps."""
        return self.origin + self.step * Fraction(total, n)


def too_many_totals(mean: Printed, n: int, steps: Steps) -> bool:
    """Return whether more totals are possible than a check may try."""
    return 2 * mean.half * n / steps.step > MOST_TOTALS
