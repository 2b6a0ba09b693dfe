"""A comparison as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.changes.certainty import certainty_lines
from hipevidence.changes.wording import LONG, answer_lines, moved_rows, remark, summary, where_they_part
from hipevidence.evidence.wording import plain, shown

if TYPE_CHECKING:
    from hipevidence.changes.compare import Changes
    from hipevidence.changes.estimates import QuestionChange
    from hipevidence.changes.judgements import VerdictChange
    from hipevidence.changes.rows import RowChange

SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}


def as_text(changes: Changes, *, rows: bool = True) -> str:
    """Return a comparison as text: rows cell by cell, answers, verdicts, and how much it matters.

    Parameters
    ----------
    changes
        From ``compare``.
    rows
        Whether the rows are listed.

    Returns
    -------
    str
        Text without control characters, whatever stands in the tables.
    """
    blocks = ["\n".join(_row(change)) for change in changes.rows] if rows else []
    blocks += ["\n".join(question_lines(change)) for change in changes.questions]
    blocks += ["\n".join(_verdict(change)) for change in changes.claims]
    return "\n\n".join([*blocks, summary(changes)])


def question_lines(change: QuestionChange) -> list[str]:
    """Return one question's change as lines."""
    lines = [f"{change.question.id}: {plain(change.question.title, LONG)}"]
    width = max(len(what) for what, _, _ in answer_lines(change))
    for what, old, new in answer_lines(change):
        lines.append(f"    {what:<{width}}  {old}" + (f"  ->  {new}" if old != new else "  (as before)"))
    lines += [f"    {plain(row_id)} {plain(what, LONG)}" for row_id, what in moved_rows(change)]
    lines += [f"    {plain(line, LONG)}" for line in certainty_lines(change.rating_old, change.rating_new)]
    return [*lines, f"    {remark(change)}"] if remark(change) else lines


def _row(change: RowChange) -> list[str]:
    lines = [f"{SIGNS[change.kind]} {change.table}: {plain(change.key)} {change.kind}"]
    for cell in change.cells:
        if change.kind == "changed":
            old, new = where_they_part(cell.old, cell.new)
            lines.append(f"    {plain(cell.column)}: {old}  ->  {new}")
        else:
            lines.append(f"    {plain(cell.column)}: {shown(cell.new or cell.old)}")
    return lines


def _verdict(change: VerdictChange) -> list[str]:
    verdict = change.new or "no longer registered"
    if change.old != change.new:
        verdict = f"{change.old or 'not registered'}  ->  {verdict}"
    lines = [f"{change.claim_id}: {verdict}", f"    says: {plain(change.statement, LONG)}"]
    lines += [f"    + {plain(sentence, LONG)}" for sentence in change.gained]
    lines += [f"    - {plain(sentence, LONG)}" for sentence in change.lost]
    if change.carried_old != change.carried_new:
        lines.append(f"    carried: {plain(change.carried_new or 'nothing', LONG)}")
    return lines
