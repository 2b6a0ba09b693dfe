"""Two states of the evidence, compared: rows, answers, verdicts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from hipevidence.certainty import rate
from hipevidence.changes.estimates import QuestionChange, question_change
from hipevidence.changes.judgements import VerdictChange, verdict_changes
from hipevidence.changes.rows import RowChange, row_changes
from hipevidence.changes.severity import Severity
from hipevidence.claims import verdicts
from hipevidence.evidence import select
from hipevidence.synthesis import synthesise

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Question
    from hipevidence.synthesis import Synthesis

__all__ = ["Changes", "Severity", "compare"]

#: Files that change an answer without changing a row of it.
SHARED: Final = ("instruments.csv", "vocabulary.toml", "datapackage.json")


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two states of the evidence.

    Attributes
    ----------
    rows
        Rows and entries that were added, removed or changed.
    questions
        Questions with another answer, another certainty, or another list of rows beside it.
    claims
        Statements with another verdict, other reasons or another carried sentence.
    """

    rows: tuple[RowChange, ...]
    questions: tuple[QuestionChange, ...]
    claims: tuple[VerdictChange, ...]

    @property
    def severity(self) -> Severity:
        """The gravest change."""
        found = [*(change.severity for change in self.questions), *(change.severity for change in self.claims)]
        return max(found, default=Severity.NONE)

    @property
    def any(self) -> bool:
        """Whether anything differs at all."""
        return bool(self.rows or self.questions or self.claims)


def compare(old: Evidence, new: Evidence) -> Changes:
    """Return everything that differs between two states of the evidence.

    Parameters
    ----------
    old, new
        The two states, as ``load_evidence`` gives them.

    Returns
    -------
    Changes
        Rows cell by cell, answers with the rows that moved them, verdicts.

    Raises
    ------
    EvidenceError
        If a carried sentence of a statement cannot be filled from one of the states.
    """
    before = {question.id: synthesise(old, question) for question in old.questions}
    after = {question.id: _answer(question, old, new, before) for question in new.questions}
    rated_before, rated_after = (
        {key: rate(evidence, answer) for key, answer in answers.items()}
        for evidence, answers in ((old, before), (new, after))
    )
    questions = (
        question_change(before.get(key), after.get(key), (rated_before.get(key), rated_after.get(key)))
        for key in dict.fromkeys((*after, *before))
    )
    return Changes(
        rows=row_changes(old, new),
        questions=tuple(change for change in questions if change is not None),
        claims=verdict_changes(verdicts(old, before.values()), verdicts(new, after.values())),
    )


def _answer(question: Question, old: Evidence, new: Evidence, before: dict[str, Synthesis]) -> Synthesis:
    """Return the answer after: the one before where nothing that it rests on differs, to spare the time."""
    known = before.get(question.id)
    if known is not None and known.question == question and _bears_on(question, old) == _bears_on(question, new):
        return known
    return synthesise(new, question)


def _bears_on(question: Question, evidence: Evidence) -> tuple[object, ...]:
    """Return all that an answer is made of: the rows of the question, in order, and the files behind every answer."""
    selection = select(evidence, question)
    named = {row_id for one in question.sensitivity for row_id in (*one.add_rows, *one.drop_rows, *one.null_rows)}
    named |= {row.row_id for row in selection.left_out}
    printed = evidence.printed["studies"]
    rows = printed.iloc[[*selection.used]], printed[printed["row_id"].isin(named)]
    texts = tuple(tuple(map(tuple, frame.to_numpy().tolist())) for frame in rows)
    return (*texts, *(evidence.hashes.get(name) for name in SHARED))
