"""What changed since an earlier state of the tables: answers, statements, rows, and how much it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.changes.certainty import certainty_lines
from hipevidence.changes.wording import answer_lines, moved_rows, remark, summary, where_they_part
from hipevidence.reporting.anchors import question_anchor, row_anchor
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.statements import claim_anchor, pool_anchor
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hipevidence.changes import Changes, QuestionChange, RowChange, VerdictChange

#: Tables whose rows have a place in the report.
PLACES: Final = {
    "studies": row_anchor,
    "published_pools": pool_anchor,
    "questions": question_anchor,
    "claims": claim_anchor,
}
#: What stands in an empty cell.
NOTHING: Final = "–"
HOW_TO_READ: Final = (
    "What a row moved an estimate by compares it with and without that row, before and after. Where one row differs, "
    "that is the whole change; the shares of several rows need not add up."
)


def changes_section(name: str, changes: Changes, anchors: Collection[str]) -> Part:
    """Return what differs between an earlier state of the evidence and the one that is reported.

    Parameters
    ----------
    name
        The earlier state: a folder or a git revision.
    changes
        What differs, from that state to this one.
    anchors
        Places that exist in the report; what has none is named but leads nowhere.
    """
    tables = (_statements(changes, anchors), _rows(changes, anchors))
    return Part(
        "changes",
        tidy(f"What changed since {name}"),
        (summary(changes), *((HOW_TO_READ,) if changes.questions else ())),
        tables=tuple(table for table in tables if table.rows),
        parts=tuple(_question(change, anchors) for change in changes.questions),
    )


def _question(change: QuestionChange, anchors: Collection[str]) -> Part:
    key = f"changes-{change.question.id}"
    moved = tuple(_moves(change, anchors))
    tables = (_answer(change, f"{key}-answer", anchors), *((_moved(moved, f"{key}-moved"),) if moved else ()))
    return Part(
        key, tidy(change.question.title), tuple(tidy(said) for said in (remark(change),) if said), tables=tables
    )


def _answer(change: QuestionChange, key: str, anchors: Collection[str]) -> Table:
    place = question_anchor(change.question.id)
    return Table(
        id=key,
        caption="The answer before and after",
        columns=(Column("Figure", "label", 1.0), Column("Before", "text", 1.5), Column("After", "text", 1.5)),
        rows=tuple(
            Row((Cell(what), Cell(tidy(old)), _cell(new, place, anchors)), strong=what == "estimate")
            for what, old, new in answer_lines(change)
        ),
    )


def _moved(rows: tuple[Row, ...], key: str) -> Table:
    return Table(
        id=key,
        caption="What moved it",
        columns=(Column("Row", "label", 1.0), Column("What it did", "text", 3.0)),
        rows=rows,
    )


def _moves(change: QuestionChange, anchors: Collection[str]) -> Iterator[Row]:
    for row_id, what in moved_rows(change):
        yield Row((_cell(row_id, row_anchor(row_id), anchors), Cell(tidy(what))))
    for what in certainty_lines(change.rating_old, change.rating_new):
        yield Row((Cell("certainty"), Cell(tidy(what))))


def _statements(changes: Changes, anchors: Collection[str]) -> Table:
    return Table(
        id="changes-statements",
        caption="Statements of which something else is said",
        columns=(
            Column("Statement", "label", 1.2),
            Column("Verdict", "text", 0.8),
            Column("Said now, not before", "text", 2.0),
            Column("Said before, not now", "text", 2.0),
        ),
        rows=tuple(_statement(change, anchors) for change in changes.claims),
    )


def _statement(change: VerdictChange, anchors: Collection[str]) -> Row:
    flips = change.old != change.new
    verdict = f"{change.new or 'not registered'}, before {change.old or 'not registered'}" if flips else change.new
    carried = ("", "")
    if change.carried_old != change.carried_new:
        carried = (f"Carried: {change.carried_new or 'nothing'}", f"Carried: {change.carried_old or 'nothing'}")
    said = (" ".join([*reasons, last]) for reasons, last in zip((change.gained, change.lost), carried, strict=True))
    who = _cell(f"{change.claim_id} {change.statement}", claim_anchor(change.claim_id), anchors)
    return Row((who, Cell(verdict), *(Cell(tidy(text) or NOTHING) for text in said)), strong=flips)


def _rows(changes: Changes, anchors: Collection[str]) -> Table:
    return Table(
        id="changes-rows",
        caption="Rows and entries that differ",
        columns=(
            Column("Row or entry", "label", 1.4),
            Column("Table", "text", 0.8),
            Column("Column", "text", 0.9),
            Column("Before", "text", 1.6),
            Column("After", "text", 1.6),
        ),
        rows=tuple(row for change in changes.rows for row in _row(change, anchors)),
    )


def _row(change: RowChange, anchors: Collection[str]) -> Iterator[Row]:
    place = PLACES[change.table](change.key) if change.table in PLACES else ""
    head = (_cell(change.key, place, anchors), Cell(change.table))
    if change.kind != "changed":
        whole = "; ".join(f"{cell.column}: {cell.new or cell.old}" for cell in change.cells)
        texts = ("", f"added: {whole}") if change.kind == "added" else (f"removed: {whole}", "")
        yield Row((*head, Cell(NOTHING), *(Cell(tidy(text) or NOTHING) for text in texts)))
        return
    for cell in change.cells:
        old, new = where_they_part(cell.old, cell.new)
        yield Row((*head, Cell(tidy(cell.column)), Cell(tidy(old)), Cell(tidy(new))))


def _cell(text: str, anchor: str, anchors: Collection[str]) -> Cell:
    return Cell(tidy(text), f"#{anchor}" if anchor in anchors else "")
