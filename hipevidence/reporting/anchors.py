"""Where links of the report lead: the names of its places."""

from __future__ import annotations

from typing import Final

#: Where the smallest differences that matter stand with their sources.
MCID_ANCHOR: Final = "smallest-differences"
ROWS_ANCHOR: Final = "all-rows"


def question_anchor(question_id: str) -> str:
    """Return the anchor of a question's section."""
    return f"question-{question_id}"


def studies_anchor(question_id: str) -> str:
    """Return the anchor of the table of rows that entered the main analysis of a question."""
    return f"studies-{question_id}"


def certainty_anchor(question_id: str) -> str:
    """Return the anchor of the part on how certain the answer to a question is."""
    return f"certainty-{question_id}"


def missing_anchor(question_id: str) -> str:
    """Return the anchor of the table of rows that fit a question but did not enter."""
    return f"missing-{question_id}"


def row_anchor(row_id: str) -> str:
    """Return the anchor of a row in the table of all rows."""
    return f"row-{row_id}"
