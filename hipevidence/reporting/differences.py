"""The rows behind each analysis of a question: those of the main one, and what every other takes in or leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.reporting.anchors import row_anchor, studies_anchor
from hipevidence.reporting.model import Cell, Column, Row, Table
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.synthesis import Analysis, Synthesis


def behind(synthesis: Synthesis, analysis: Analysis) -> str:
    """Return the anchor of the rows that an analysis rests on: where they stand, or where they differ from the main."""
    if any(_changes(synthesis, analysis)):
        return f"others-{synthesis.question.id}-{analysis.id}"
    return studies_anchor(synthesis.question.id)


def differences(synthesis: Synthesis) -> Table | None:
    """Return the rows in which analyses differ from the main one, or ``None`` where all rest on the same rows."""
    rows: list[Row] = []
    for analysis in synthesis.sensitivity:
        if analysis.result is None:
            continue
        for row_id, study, change in _changes(synthesis, analysis):
            first = not rows or rows[-1].cells[1].text != tidy(analysis.title)
            cells = (Cell(tidy(study), f"#{row_anchor(row_id)}"), Cell(tidy(analysis.title)), Cell(change))
            rows.append(Row(cells, id=behind(synthesis, analysis) if first else ""))
    if not rows:
        return None
    return Table(
        id=f"others-{synthesis.question.id}",
        caption="Rows in which other analyses differ from the main one",
        columns=(Column("Study", "label", 1.4), Column("Analysis", "text", 2.4), Column("Row", "text", 1.4)),
        rows=tuple(rows),
        note="All other rows of these analyses are those of the main one.",
    )


def _changes(synthesis: Synthesis, analysis: Analysis) -> Iterator[tuple[str, str, str]]:
    """Return row, study and what is done with it, for each row that the main analysis treats otherwise."""
    main, own = set(synthesis.primary.row_ids), set(analysis.row_ids)
    names = {row.row_id: row.study for row in synthesis.left_out}
    yield from ((key, names.get(key, key), "counted as zero") for key in analysis.zero_rows)
    yield from ((row.row_id, row.label, "taken in") for row in analysis.rows if row.row_id not in main)
    yield from ((row.row_id, row.label, "left out") for row in synthesis.rows if row.row_id not in own)
