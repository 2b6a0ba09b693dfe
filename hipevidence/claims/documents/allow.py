"""The comment ``<!-- hipevidence: allow CODE reason -->``: a finding that somebody stands by, and why."""

from __future__ import annotations

import dataclasses
import re
from typing import Final

COMMENT: Final = re.compile(r"<!--\s*hipevidence\s*:\s*(?P<body>.*?)\s*-->", re.DOTALL | re.IGNORECASE)
ANY_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class Allowance:
    """One such comment.

    Attributes
    ----------
    code
        Reason code it allows; ``""`` where the comment names none.
    reason
        Why it stands; ``""`` where nobody says.
    line, column
        Where the comment begins.
    last_line
        Where it ends: it holds for the passage that begins on this line, holds it, or follows next.
    """

    code: str
    reason: str
    line: int
    column: int
    last_line: int


def allowance(comment: str, line: int, column: int) -> Allowance | None:
    """Return what a comment allows; ``None`` for any other comment.

    Parameters
    ----------
    comment
        The comment with its ``<!--`` and ``-->``.
    line, column
        Where it begins.

    Examples
    --------
    >>> found = allowance("<!-- hipevidence: allow below_mcid agreed with the lead -->", 3, 1)
    >>> found.code, found.reason
    ('below_mcid', 'agreed with the lead')
    >>> allowance("<!-- to do -->", 1, 1) is None
    True
    """
    match = COMMENT.fullmatch(comment.strip())
    if match is None:
        return None
    words = match["body"].split()
    code = words[1].strip(":,").lower() if len(words) > 1 else ""
    reason = " ".join(words[2:])
    last = line + comment.count("\n")
    if not words or words[0].lower() != "allow":
        return Allowance("", "", line, column, last)
    return Allowance(code, reason if any(letter.isalnum() for letter in reason) else "", line, column, last)
