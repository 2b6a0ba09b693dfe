"""The errors a user can meet, each saying where, what was found, what is allowed and what to do.

::

    HipEvidenceError              everything this package raises on purpose
    ├── InputError                an argument of a function cannot be used (also a ValueError)
    └── EvidenceError             the tables in the data folder cannot be used; carries every problem found
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "query"]


class HipEvidenceError(Exception):
    """Base of all errors that this package raises on purpose."""


class InputError(HipEvidenceError, ValueError):
    """An argument cannot be used; the message says what was found and what is allowed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a table, in the four parts a person needs to put it right.

    Attributes
    ----------
    file
        Name of the file, relative to the data folder.
    line
        Line in that file, counted from 1 with the header; 0 where it concerns the whole file.
    entry
        Study, question or claim it concerns, or ``""``.
    column
        Column or key it concerns, or ``""``.
    found
        What stands there.
    allowed
        What may stand there.
    action
        What to do.
    rule
        Short name of the rule that found it.
    level
        ``error`` stops the work, ``warning`` and ``query`` do not.
    acknowledged
        The reason with which a person has let it stand, or ``""``.
    """

    file: str
    line: int
    entry: str
    column: str
    found: str
    allowed: str
    action: str
    rule: str
    level: Level = "error"
    acknowledged: str = ""

    def __str__(self) -> str:
        """Return the problem on one line, place first."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        who = ", ".join(part for part in (self.entry, self.column) if part)
        return f"{place}: {who + ': ' if who else ''}found {self.found}; allowed: {self.allowed}. {self.action}"


class EvidenceError(HipEvidenceError):
    """The tables cannot be used. ``problems`` holds everything that was found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep every problem and show one a line."""
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
