"""From CSV text to rows of checked cells; what is wrong is collected, and the good cells go on to further checks."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import SchemaError

from hipevidence.errors import Problem
from hipevidence.evidence.cells import Cell, ColumnCheck, control_characters
from hipevidence.evidence.sources import Source, file_problem
from hipevidence.evidence.wording import Words, advice, did_you_mean, plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from hipevidence.evidence.schema import Resource

DTYPES = {"string": "str", "integer": "float64", "number": "float64", "boolean": "bool"}


#: A European Excel writes semicolons even into "CSV (comma delimited)", so saving again alone would not help.
USE_COMMAS = (
    "Save it with commas: in Excel, File > Options > Advanced, take the decimal point instead of the comma and set the "
    "list separator of the system to a comma, then save as CSV UTF-8; "
    "or save it from LibreOffice with a comma as separator."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    line
        Line of the file where it starts, the header being line 1.
    entry
        Its key, made harmless for a message.
    cells
        Column name to value; ``None`` where the cell is empty or not allowed.
    printed
        Column name to text as it stands in the file, without spaces around it.
    bad
        Columns whose cell is not allowed; nothing more is concluded from them.
    """

    line: int
    entry: str
    cells: Mapping[str, Cell]
    printed: Mapping[str, str]
    bad: frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one file, with the description of its columns.

    Attributes
    ----------
    resource
        Description of the table.
    rows
        Its rows, in the order of the file.
    read
        Columns whose cells were all read: none where the file broke off, and not those missing from the header.
    """

    resource: Resource
    rows: tuple[Row, ...]
    read: frozenset[str]

    def problem(self, row: Row, column: str, words: Words, rule: str) -> Problem:
        """Return a problem that concerns one cell."""
        return Problem(self.resource.path, row.line, row.entry, column, *words, rule=rule)

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as mappings of column to value, as the frame holds them."""
        columns = self.resource.known.items()
        return [{name: _plain_value(row.cells.get(name), column.type) for name, column in columns} for row in self.rows]

    def to_frame(self) -> pd.DataFrame:
        """Return the values: numbers and counts as float with nan, truth as bool, text as str with ``""``."""
        import pandas as pd  # noqa: PLC0415 - reading and checking must start without pandas

        data = {
            name: pd.Series([_plain_value(row.cells.get(name), column.type) for row in self.rows], dtype=dtype)
            for name, column in self.resource.known.items()
            for dtype in [DTYPES[column.type]]
        }
        return pd.DataFrame(data, index=pd.RangeIndex(len(self.rows)))

    def printed_frame(self) -> pd.DataFrame:
        """Return the text as printed, with the same index and columns."""
        import pandas as pd  # noqa: PLC0415 - reading and checking must start without pandas

        data = {
            name: pd.Series([row.printed.get(name, "") for row in self.rows], dtype="str")
            for name in self.resource.known
        }
        return pd.DataFrame(data, index=pd.RangeIndex(len(self.rows)))


def empty_table(resource: Resource) -> Table:
    """Return a table without rows, for an optional file that does not exist."""
    return Table(resource, (), frozenset(resource.columns))


def read_table(source: Source, resource: Resource, problems: list[Problem]) -> Table | None:
    """Read one table, adding everything that is wrong with it to ``problems``.

    Parameters
    ----------
    source
        The file.
    resource
        What it has to look like.
    problems
        Collects what is wrong.

    Returns
    -------
    Table or None
        ``None`` when the header or a pattern of the schema makes the rows unreadable.
    """
    records, whole = _records(source, problems)
    if not records:
        if not source.text.strip():
            action = "Write the header there; the data dictionary lists the columns."
            words = Words("an empty file", "a header line", action)
            problems.append(file_problem(source.name, 0, words, "empty_file"))
        return None
    (_, names), *body = records
    header = tuple(name.strip() for name in names)
    if separator := _wrong_separator(source, header, resource):
        words = Words(f"{separator} between the columns", "commas", USE_COMMAS)
        problems.append(file_problem(source.name, 1, words, "separator"))
        return None
    problems.extend(_header_problems(source.name, header, resource))
    checks = _column_checks(resource, header, problems)
    if checks is None:
        return None
    reader = _RowReader(resource, header, checks, problems)
    rows = (reader.row(line, tuple(cell.strip() for cell in cells)) for line, cells in body)
    read = frozenset(header) if whole else frozenset()
    return Table(resource, tuple(row for row in rows if row is not None), read)


def _records(source: Source, problems: list[Problem]) -> tuple[list[tuple[int, list[str]]], bool]:
    """Return (line, cells) for each line that is not blank, as far as the quotes allow, and whether that is all."""
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            if cells:
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        found = f"quotes that do not fit together ({plain(str(error))})"
        action = 'Text with a comma stands between two ", and a " inside it is doubled. Check the row that starts here.'
        words = Words(found, "comma-separated values", action)
        problems.append(file_problem(source.name, line, words, "csv_syntax"))
        return records, False
    return records, True


def _wrong_separator(source: Source, header: tuple[str, ...], resource: Resource) -> str:
    """Return what stands between the columns instead of commas, or ``""``."""
    first = source.text.splitlines()[0]
    known = sum(name in resource.columns for name in header)
    for sign, word in ((";", "semicolons"), ("\t", "tabs")):
        split = sum(name.strip(' "') in resource.columns for name in first.split(sign))
        if split > known or first.lower().startswith(f"sep={sign}"):
            return word
    return ""


def _header_problems(name: str, header: tuple[str, ...], resource: Resource) -> Iterator[Problem]:
    allowed = "each column of the data dictionary once"
    missing = [column for column in resource.columns if column not in header]
    for column in dict.fromkeys(header):
        if not column:
            words, rule = Words("a column without a name", allowed, "Delete the empty column."), "unnamed_column"
        elif column not in resource.columns:
            action = advice(did_you_mean(column, missing), "Correct the name or delete the column.")
            words, rule = Words(f"unknown column {shown(column)}", allowed, action), "unknown_column"
        elif (count := header.count(column)) > 1:
            words = Words(f"column {shown(column)} {count} times", allowed, "Keep one of them.")
            rule = "duplicate_column"
        else:
            continue
        yield Problem(name, 1, "", plain(column), *words, rule=rule)
    for column in missing:
        action = advice("Add it to the header.", resource.columns[column].description)
        yield Problem(name, 1, "", column, "no such column", allowed, action, "missing_column")


def _column_checks(
    resource: Resource, header: tuple[str, ...], problems: list[Problem]
) -> dict[str, ColumnCheck] | None:
    checks = {}
    for name, column in resource.columns.items():
        if name not in header:
            continue
        try:
            checks[name] = ColumnCheck(column)
        except SchemaError:
            found = f"the pattern {shown(column.constraints.pattern or '')}"
            words = Words(found, "a regular expression", "Correct the pattern of this column.")
            problems.append(Problem("datapackage.json", 0, resource.name, name, *words, rule="schema"))
            return None
    return checks


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Turns the cells of a line into a row, adding what is wrong to ``problems``."""

    resource: Resource
    header: tuple[str, ...]
    checks: Mapping[str, ColumnCheck]
    problems: list[Problem]

    def row(self, line: int, texts: tuple[str, ...]) -> Row | None:
        """Return the row; ``None`` for a line of commas."""
        if not any(texts):
            words = Words("a row without any text", "a filled row", "Delete this line.")
            self.problems.append(file_problem(self.resource.path, line, words, "empty_row"))
            return None
        printed = dict(zip(self.header, texts, strict=False))
        entry = " / ".join(plain(printed.get(key, "")) for key in self.resource.table.primary_key)
        if len(texts) != len(self.header):
            return self._shifted(line, entry, printed, len(texts))
        cells: dict[str, Cell] = {}
        bad = set()
        for column, check in self.checks.items():
            cells[column], wrong, rule = _checked(printed[column], check)
            if wrong is not None:
                self.problems.append(Problem(self.resource.path, line, entry, column, *wrong, rule=rule))
                bad.add(column)
        return Row(line, entry, cells, printed, frozenset(bad))

    def _shifted(self, line: int, entry: str, printed: dict[str, str], count: int) -> Row:
        """Return a row whose cells stand under the wrong columns: only its key is kept, for those who refer to it."""
        allowed = f"{len(self.header)} cells, as in the header"
        action = 'A comma is missing or too many, or text with a comma in it does not stand between two ".'
        words = Words(f"{count} cells", allowed, action)
        self.problems.append(Problem(self.resource.path, line, entry, "", *words, rule="ragged_row"))
        keys = {key: printed[key] for key in self.resource.table.primary_key if key in printed}
        return Row(line, entry, dict(keys), keys, frozenset(set(self.resource.columns) - set(keys)))


def _checked(text: str, check: ColumnCheck) -> tuple[Cell, Words | None, str]:
    """Return the value of one cell, or what is wrong with it and the name of the rule."""
    column = check.column
    if not text:
        if not column.constraints.required:
            return None, None, ""
        return None, Words("nothing", column.allowed, advice("Fill it in.", column.description)), "required"
    if control_characters(text):
        found = f"control characters in {shown(text)}"
        return None, Words(found, "printable text", "Delete the cell and type its text again."), "control_character"
    try:
        return check.value(text), None, ""
    except ValidationError as error:
        return None, Words(shown(text), column.allowed, check.action(text, error)), "cell"


def _plain_value(value: Cell, kind: str) -> Cell:
    if value is not None:
        return value
    if kind == "string":
        return ""
    return False if kind == "boolean" else math.nan
