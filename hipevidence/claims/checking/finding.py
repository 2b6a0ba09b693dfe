"""What is reported of a text."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal

from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.claims.verdict import VerdictName


@dataclasses.dataclass(frozen=True, slots=True)
class Finding(Result):
    """One thing that is wrong with, or has to be added to, the words of a text.

    Attributes
    ----------
    file
        Name of the document.
    line, column, end_line, end_column
        The words it is about, from 1; the end is the place behind the last character.
    level
        ``error`` for what the evidence does not carry, ``note`` for what would have to stand beside it.
    code
        Reason code (``docs/claim-codes.md``), or one of ``allowance`` and ``typed_figure``.
    verdict
        Verdict on the whole statement, from the reasons that count as errors; ``""`` where none was judged.
    message
        What is wrong, for readers.
    suggestion
        A sentence the evidence carries, its figures filled from the tables; ``""`` where nothing comes near.
    claim
        Registered statement that it comes nearest to; ``""`` where none does.
    rows
        Ids of the rows, pools and questions that show it.
    text
        The words.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    level: Literal["error", "note"]
    code: str
    verdict: VerdictName | Literal[""]
    message: str
    suggestion: str
    claim: str
    rows: tuple[str, ...]
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data with stable keys, for ``--json``."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "level": self.level,
            "code": self.code,
            "verdict": self.verdict,
            "message": self.message,
            "suggestion": self.suggestion,
            "claim": self.claim,
            "rows": list(self.rows),
            "text": self.text,
        }
