"""A pooled row as the writers of other programs' tables need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that answers a question.

    Attributes
    ----------
    question, title
        Id and title of the question.
    measure
        Effect size code of the question.
    label
        Name of the study, unique within the question.
    way
        Which figures the effect was read from: ``post``, ``change``, ``baseline``, ``events``, ``proportion``,
        ``effect``, ``statistic``, ``p`` or ``rescaled_effect``.
    yi, vi
        Effect and sampling variance on the analysis scale.
    printed
        The row of studies.csv as text.
    """

    question: str
    title: str
    measure: str
    label: str
    way: str
    yi: float
    vi: float
    printed: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Return a cell as printed, ``""`` when it is empty."""
        return self.printed.get(column, "")
