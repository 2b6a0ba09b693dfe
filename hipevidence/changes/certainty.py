"""Answers whose certainty, or whose signature, is not what it was."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipevidence.certainty import rate
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis


@dataclasses.dataclass(frozen=True, slots=True)
class CertaintyChange(Result):
    """One answer before and after.

    Attributes
    ----------
    question_id
        The question.
    old, new
        Level and who stands for it, in words; ``""`` where there was no such question.
    """

    question_id: str
    old: str
    new: str


def certainty_changes(
    old: Evidence, before: Mapping[str, Synthesis], new: Evidence, after: Mapping[str, Synthesis]
) -> tuple[CertaintyChange, ...]:
    """Return every answer with another certainty, in the order of the protocol."""
    first = {key: _said(old, answer) for key, answer in before.items()}
    second = {key: _said(new, answer) for key, answer in after.items()}
    return tuple(
        CertaintyChange(key, first.get(key, ""), second.get(key, ""))
        for key in dict.fromkeys((*second, *first))
        if first.get(key) != second.get(key)
    )


def _said(evidence: Evidence, answer: Synthesis) -> str:
    rating = rate(evidence, answer)
    return f"{rating.level.word} ({rating.state})"
