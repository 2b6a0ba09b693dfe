"""The interval that every result gives, at the bottom of the house because words for numbers know it too."""

from __future__ import annotations

import dataclasses
import math


@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval on the scale of the quantity it belongs to.

    Attributes
    ----------
    low, high
        Limits; ``nan`` where the interval does not exist.
    level
        Coverage that was asked for, between 0 and 1.

    Examples
    --------
    >>> Interval(-0.9, -0.1, 0.95).contains(0.0)
    False
    """

    low: float
    high: float
    level: float = 0.95

    def contains(self, value: float) -> bool:
        """Return whether ``value`` lies inside the closed interval (``False`` if it does not exist)."""
        return self.low <= value <= self.high

    @property
    def exists(self) -> bool:
        """Whether both limits are numbers."""
        return not (math.isnan(self.low) or math.isnan(self.high))
