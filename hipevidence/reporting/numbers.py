"""Numbers in running text that lead to what they rest on; the words around them stay words."""

from __future__ import annotations

import dataclasses
import re
from typing import Final

from hipevidence.reporting.model import Cell, Part, Row, Table

# No number of a result: a year (four digits, no comma), a part of a name (RoB 2, 0-10, C19) or of a formula (k − 1).
_NUMBER: Final = r"(?<![\w./^-])(?<!− )(?<!RoB )[−+]?(?:∞|\d{1,3}(?:,\d{3})*(?:\.\d+)?)%?(?![\w-]|\.\d)"
_SPAN: Final = rf"{_NUMBER}(?: (?:to|of) {_NUMBER})*"
_LEVEL: Final = r"(?:\d+(?:\.\d+)?% (?:CI|credible interval) )?"
#: A number, a range or an estimate with its limits in brackets: one link each.
FIGURE: Final = re.compile(rf"{_LEVEL}{_SPAN}(?: \({_LEVEL}{_SPAN}\))?")


def joined(*cells: Cell) -> Cell:
    """Return cells one behind the other as one cell."""
    pieces = tuple(piece for cell in cells for piece in (cell.pieces or (cell,)) if piece.text)
    return Cell("".join(piece.text for piece in pieces), pieces=pieces)


def leading(text: str, anchor: str) -> Cell:
    """Return a sentence whose numbers lead to a place of the report.

    Parameters
    ----------
    text
        The sentence.
    anchor
        The place; ``""`` leads nowhere.

    Examples
    --------
    >>> said = leading("On average over 2 results (Qiu 2023): −0.71 (95% CI −3.19 to 1.77).", "studies-q")
    >>> [(piece.text, piece.href) for piece in said.pieces if piece.href]
    [('2', '#studies-q'), ('−0.71 (95% CI −3.19 to 1.77)', '#studies-q')]
    """
    if not anchor or not FIGURE.search(text):
        return Cell(text)
    pieces, end = [], 0
    for found in FIGURE.finditer(text):
        pieces += [Cell(text[end : found.start()]), Cell(found.group(), f"#{anchor}")]
        end = found.end()
    return joined(*pieces, Cell(text[end:]))


def leading_part(part: Part, anchor: str) -> Part:
    """Return a part of the report with the numbers in its texts leading to a place, where they lead nowhere yet."""
    return dataclasses.replace(
        part,
        paragraphs=tuple(_leading(text, anchor) for text in part.paragraphs),
        tables=tuple(_leading_table(table, anchor) for table in part.tables),
        parts=tuple(leading_part(inner, anchor) for inner in part.parts),
    )


def _leading(text: str | Cell, anchor: str) -> Cell:
    if isinstance(text, str):
        return leading(text, anchor)
    return text if text.href or text.pieces else leading(text.text, anchor)


def _leading_table(table: Table, anchor: str) -> Table:
    """Return the table with the numbers of its texts leading there, and all numbers of a line that leads nowhere."""
    texts = [column.kind == "text" for column in table.columns]
    rows = (
        dataclasses.replace(
            row,
            cells=tuple(
                _leading(cell, anchor) if is_text or _leads_nowhere(row) else cell
                for cell, is_text in zip(row.cells, texts, strict=True)
            ),
        )
        for row in table.rows
    )
    return dataclasses.replace(table, rows=tuple(rows), note=table.note and _leading(table.note, anchor))


def _leads_nowhere(row: Row) -> bool:
    return not any(cell.href or cell.pieces for cell in row.cells)
