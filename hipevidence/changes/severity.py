"""How much a change matters to a reader."""

from __future__ import annotations

import enum
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hipevidence.results import Interval


class Severity(enum.IntEnum):
    """The gravest thing that changed, in ascending order.

    ``NONE``: no number and no verdict. ``NUMERIC``: numbers on the same side of every mark, or how certain they
    are. ``CROSSES``: an estimate or a limit of its interval passes no effect or the smallest difference that matters,
    or an answer appears or vanishes. ``CLAIM_FLIPS``: a statement has another verdict.
    """

    NONE = 0
    NUMERIC = 1
    CROSSES = 2
    CLAIM_FLIPS = 3

    @property
    def label(self) -> str:
        """Its name in reports and JSON."""
        return self.name.lower()


def crossed(old: tuple[float, Interval], new: tuple[float, Interval], marks: tuple[float, ...]) -> tuple[float, ...]:
    """Return the marks that an estimate or a limit of its interval has passed.

    Parameters
    ----------
    old, new
        Estimate and interval before and after, on the analysis scale.
    marks
        Values that mean something, such as no effect, on the same scale; nan is none.

    Returns
    -------
    tuple of float
        The marks that lie on another side of the estimate, or inside the interval where they lay outside.

    Examples
    --------
    >>> from hipevidence.results import Interval
    >>> crossed((-0.5, Interval(-0.9, -0.1)), (-0.4, Interval(-0.9, 0.1)), (0.0, -0.3))
    (0.0,)
    """
    return tuple(mark for mark in marks if not math.isnan(mark) and _sides(*old, mark) != _sides(*new, mark))


def _sides(estimate: float, interval: Interval, mark: float) -> tuple[bool, bool, bool]:
    return estimate < mark, interval.low <= mark, interval.high < mark
