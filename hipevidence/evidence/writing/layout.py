"""How a CSV file is laid out, so that a new row looks like the rows that are there and nothing else changes."""

from __future__ import annotations

import bisect
import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.wording import plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"  # what a byte order mark is after decoding
CELL: Final = re.compile(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)')
LINE_END: Final = re.compile(r"\r\n|\n|\r")
#: Fewer rows than these may stand in alphabetical order by chance.
ENOUGH_FOR_ORDER: Final = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """A CSV file, taken apart so that putting the parts together gives the same bytes.

    Attributes
    ----------
    mark
        The byte order mark, or ``""``.
    head
        Text of the header, its line end included.
    blocks
        Text of each row, blank lines before it and its line end included.
    tail
        Blank lines at the end.
    header
        Names of the columns.
    cells
        Cells of each row.
    line_end
        What ends a line.
    quotes
        For each column whether a cell without need is quoted: when it is filled, when it is empty.
    """

    mark: str
    head: str
    blocks: tuple[str, ...]
    tail: str
    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    line_end: str
    quotes: tuple[tuple[bool, bool], ...]

    def line(self, row: Mapping[str, str]) -> str:
        """Return the text of a row in this layout, without line end."""
        texts = [row.get(name, "") for name in self.header]
        return ",".join(_written(text, habit) for text, habit in zip(texts, self.quotes, strict=True))


def read_layout(data: bytes) -> Layout:
    """Take a CSV file apart.

    Parameters
    ----------
    data
        Its bytes: UTF-8, with or without a byte order mark.

    Returns
    -------
    Layout
        Its parts.

    Raises
    ------
    InputError
        If it is no CSV with a header.
    """
    try:
        text = data.decode()
        records, tail = _records(text.removeprefix(MARK))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"a table that cannot be read ({error}); allowed: CSV in UTF-8. Run validate first."
        ) from error
    if not records:
        raise InputError("an empty table; allowed: a header line. Write the names of the columns there.")
    (head, header), *body = records
    ends = LINE_END.findall(body[-1][0] if body else head) or LINE_END.findall(head)
    return Layout(
        mark=MARK if text.startswith(MARK) else "",
        head=head,
        blocks=tuple(block for block, _ in body),
        tail=tail,
        header=tuple(name.strip() for name in header),
        cells=tuple(tuple(cell.strip() for cell in cells) for _, cells in body),
        line_end=ends[-1] if ends else "\n",
        quotes=_habits([block for block, _ in body] or [head], len(header)),
    )


def insert_rows(data: bytes, rows: Iterable[Mapping[str, str]], order: Sequence[str] = ()) -> bytes:
    r"""Return a table with rows added, every other byte as it was.

    Parameters
    ----------
    data
        The table.
    rows
        Column to text of each new row.
    order
        Columns by which the table may be sorted. Where it is sorted by one of them, a row goes to its place in that
        order, otherwise to the end.

    Returns
    -------
    bytes
        The table with its own line ends, quoting, byte order mark and order. A file without a line end at its end gets
        the row before its last one, so that comparing the two shows one added line and nothing else.

    Raises
    ------
    InputError
        If a text holds a line break, or a column does not exist.

    Examples
    --------
    >>> insert_rows(b"name,cups\r\nann,2\r\n", [{"name": "bea", "cups": "1,5"}])
    b'name,cups\r\nann,2\r\nbea,"1,5"\r\n'
    """
    layout = read_layout(data)
    blocks = list(layout.blocks)
    keys = _keys(layout, order)
    for row in rows:
        _check(row, layout.header)
        place = len(blocks) if keys is None else bisect.bisect_right(keys[1], row.get(keys[0], ""))
        if keys is not None:
            keys[1].insert(place, row.get(keys[0], ""))
        if blocks and place == len(blocks) and not LINE_END.search(blocks[-1][-1:]):
            place -= 1
        blocks.insert(place, layout.line(row) + layout.line_end)
    text = _joined(layout, blocks)
    return (layout.mark + text + layout.tail).encode()


def _joined(layout: Layout, blocks: list[str]) -> str:
    if blocks and not LINE_END.search(layout.head[-1:]):  # a bare header: the line end moves from the last row to it
        return layout.head + layout.line_end + "".join(blocks).removesuffix(layout.line_end)
    return layout.head + "".join(blocks)


def _keys(layout: Layout, order: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the column by which the table is sorted and its cells, or ``None``."""
    if len(layout.cells) < ENOUGH_FOR_ORDER or any(len(cells) != len(layout.header) for cells in layout.cells):
        return None
    for name in order:
        if name in layout.header:
            keys = [cells[layout.header.index(name)] for cells in layout.cells]
            if len(set(keys)) > 1 and keys == sorted(keys):
                return name, keys
    return None


def _check(row: Mapping[str, str], header: tuple[str, ...]) -> None:
    for name, text in row.items():
        if name not in header:
            raise InputError(f"found column {plain(name)}; allowed: a column of the table. Correct the name.")
        if LINE_END.search(text):
            raise InputError(
                f"found a line break in {plain(name)}: {shown(text)}; allowed: one line. Write it on one line."
            )


def _records(text: str) -> tuple[list[tuple[str, list[str]]], str]:
    """Return the text and cells of each record, blank lines before it included, and the blank lines at the end."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), strict=True)
    records = []
    start = 0
    for cells in reader:
        if cells:
            records.append(("".join(lines[start : reader.line_num]), cells))
            start = reader.line_num
    return records, "".join(lines[start:])


def _habits(blocks: list[str], width: int) -> tuple[tuple[bool, bool], ...]:
    """Return for each column whether cells that need no quotes have them; an unclear column follows the file."""
    seen: list[tuple[list[bool], list[bool]]] = [([], []) for _ in range(width)]
    for block in blocks:
        for column, cell in zip(seen, CELL.findall(block.strip("\r\n")), strict=False):
            quoted = cell.startswith('"')
            text = cell[1:-1] if quoted else cell
            if not _needs_quotes(text):
                column[0 if text else 1].append(quoted)
    overall = [_mostly([flag for column in seen for flag in column[kind]], otherwise=False) for kind in (0, 1)]
    return tuple(
        (_mostly(filled, otherwise=overall[0]), _mostly(empty, otherwise=overall[1])) for filled, empty in seen
    )


def _mostly(flags: list[bool], *, otherwise: bool) -> bool:
    return 2 * sum(flags) > len(flags) if flags else otherwise


def _needs_quotes(text: str) -> bool:
    return any(sign in text for sign in ',"\r\n')


def _written(text: str, habit: tuple[bool, bool]) -> str:
    quoted = _needs_quotes(text) or habit[0 if text else 1]
    return '"' + text.replace('"', '""') + '"' if quoted else text
