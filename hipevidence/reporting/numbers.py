"""Numbers in a running sentence that lead to what they rest on; the words around them stay words."""

from __future__ import annotations

import re
from typing import Final

from hipevidence.reporting.model import Cell

# No number of a result: a year (four digits, no comma), a part of a name or code (0-10, C19) or of a formula (k − 1).
_NUMBER: Final = r"(?<![\w./^-])(?<!− )[−+]?(?:∞|\d{1,3}(?:,\d{3})*(?:\.\d+)?)%?(?![\w-]|\.\d)"
_SPAN: Final = rf"{_NUMBER}(?: (?:to|of) {_NUMBER})*"
_LEVEL: Final = r"(?:\d+(?:\.\d+)?% (?:CI|credible interval) )?"
#: A number, a range or an estimate with its limits in brackets: one link each.
FIGURE: Final = re.compile(rf"{_SPAN}(?: \({_LEVEL}{_SPAN}\))?")


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
    return Cell(text, pieces=tuple(piece for piece in (*pieces, Cell(text[end:])) if piece.text))
