"""What differs between two states of the evidence: rows, estimates, verdicts, and how much it matters.

- ``rows``: every table and entry, cell by cell
- ``estimates``: each question before and after, and how much each row moved it
- ``judgements``: each statement's verdict before and after
- ``compare``: all of it for two states
- ``revisions``: a state as a folder or a git revision
- ``text``, ``markdown``, ``record``: the same for the terminal, a pull request and a program
"""

from __future__ import annotations

from hipevidence.changes.compare import Changes, Severity, compare
from hipevidence.changes.estimates import Attribution, QuestionChange
from hipevidence.changes.judgements import VerdictChange
from hipevidence.changes.markdown import as_markdown
from hipevidence.changes.record import as_record
from hipevidence.changes.revisions import state
from hipevidence.changes.rows import CellChange, RowChange
from hipevidence.changes.text import as_text

__all__ = [
    "Attribution",
    "CellChange",
    "Changes",
    "QuestionChange",
    "RowChange",
    "Severity",
    "VerdictChange",
    "as_markdown",
    "as_record",
    "as_text",
    "compare",
    "state",
]
