"""Which cells of a row belong together: the mean, SD and size of an arm at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from hipevidence.evidence.checks.intervals import Group
from hipevidence.evidence.checks.printed import figure

if TYPE_CHECKING:
    from hipevidence.evidence.rulebook import View

Moment = Literal["pre", "post", "change"]
WORDS: dict[Moment, str] = {"pre": "the means before", "post": "the means at the end", "change": "the mean changes"}


class Cell(NamedTuple):
    """Names of the columns of one arm at one moment."""

    mean: str
    sd: str
    n: str


CELLS: dict[Moment, tuple[Cell, Cell]] = {
    "pre": (Cell("mean1_pre", "sd1_pre", "n1"), Cell("mean2_pre", "sd2_pre", "n2")),
    "post": (Cell("mean1_post", "sd1_post", "n1"), Cell("mean2_post", "sd2_post", "n2")),
    "change": (Cell("change1_mean", "change1_sd", "n1"), Cell("change2_mean", "change2_sd", "n2")),
}
COLUMNS = tuple(dict.fromkeys(name for cells in CELLS.values() for cell in cells for name in cell))


def size(row: View, column: str) -> int | None:
    """Return a number of people, ``None`` when it is not known."""
    value = row.row.cells.get(row.name(column))
    return value if isinstance(value, int) else None


def group(row: View, cell: Cell) -> Group | None:
    """Return one arm at one moment, ``None`` unless mean, SD and at least two people are known."""
    mean, sd, n = figure(row, cell.mean), figure(row, cell.sd), size(row, cell.n)
    return None if mean is None or sd is None or n is None or n < 2 else Group(mean, sd, n)


def groups(row: View, moment: Moment) -> tuple[Group, Group] | None:
    """Return both arms at one moment, ``None`` unless both are complete."""
    first, second = (group(row, cell) for cell in CELLS[moment])
    return None if first is None or second is None else (first, second)
