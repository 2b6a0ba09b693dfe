"""What the readers of other programs' tables share: text of a CSV, names of papers, figures from a standard error."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.cells import NUMBER
from hipevidence.evidence.wording import plain, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = dict[str, str]
#: What other programs write where there is nothing.
MISSING: Final = frozenset({"", "NA", "N/A", "NaN", "nan", "NULL", "."})
#: A ratio is printed as such; other programs hand it over as a logarithm.
RATIOS: Final = frozenset({"OR", "RR", "HR", "IRR"})
#: Normal quantile of a two-sided 95 % interval.
Z95: Final = 1.959963984540054
#: A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA: Final = ("=", "+", "-", "@")
_BEFORE: Final = re.compile(r"[\s']*")
_YEAR: Final = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


def read_records(text: str) -> list[Row]:
    r"""Return the rows of another program's CSV, keyed by column in one spelling.

    Parameters
    ----------
    text
        The text, separated by commas, semicolons or tabs, with a header.

    Returns
    -------
    list of dict
        Column (lower case, spaces for dots and underscores) to text; ``""`` for what is missing. An apostrophe that
        keeps a spreadsheet from running a cell is taken off.

    Raises
    ------
    InputError
        If it is no such text.

    Examples
    --------
    >>> read_records("Experimental.N,Footnotes\n12,NA")
    [{'experimental n': '12', 'footnotes': ''}]
    """
    body = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    first = body.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        records = [cells for cells in csv.reader(io.StringIO(body, newline=""), delimiter=separator) if any(cells)]
    except csv.Error as error:
        raise InputError(
            f"found no CSV ({plain(str(error))}); allowed: a table with a header. Export it again."
        ) from error
    if len(records) < 2:
        raise InputError("found no rows; allowed: a header and at least one row. Export it again.")
    header, *rows = records
    names = [one_spelling(name) for name in header]
    return [dict(zip(names, (value(cell) for cell in cells), strict=False)) for cells in rows]


def one_spelling(name: str) -> str:
    """Return a column name without the differences that programs make between the same names."""
    return " ".join(re.split(r"[^a-z0-9]+", name.strip().lower())).strip()


def value(cell: str) -> str:
    """Return the text of a cell, ``""`` where another program writes that there is nothing."""
    text = restored(cell.strip())
    return "" if text in MISSING else " ".join(text.split())


def neutralised(text: str, cell: Callable[[str], str]) -> str:
    """Return a text that a spreadsheet takes for text, so that ``restored`` gives the same text again.

    Parameters
    ----------
    text
        Text of a cell.
    cell
        The rule: writes a cell so that a spreadsheet runs nothing in it, with an apostrophe before a formula.
    """
    return f"'{text}" if cell(_BEFORE.sub("", text, count=1)).startswith("'") else text


def restored(text: str) -> str:
    """Return a text without the apostrophe that keeps a spreadsheet from running it.

    Examples
    --------
    >>> restored("'=1+1"), restored("'quoted'"), restored("'-5")
    ('=1+1', "'quoted'", "'-5")
    """
    core = _BEFORE.sub("", text, count=1)
    return text[1:] if text.startswith("'") and core.startswith(FORMULA) and not _is_number(core) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def require(records: Iterable[Mapping[str, str]], groups: Iterable[tuple[str, ...]], what: str) -> None:
    """Raise unless the table has all columns of one of the groups.

    Raises
    ------
    InputError
        If it has not; the message names the columns that are there.
    """
    names = set(next(iter(records)))
    wanted = list(groups)
    if not any(set(group) <= names for group in wanted):
        choices = "; or ".join(", ".join(group) for group in wanted)
        found = plain(", ".join(sorted(names)), 300)
        raise InputError(
            f"found the columns {found}; allowed: those of {what}, {choices}. Choose another format with --format."
        )


def key(text: str) -> str:
    """Return a text as a key of our tables.

    Examples
    --------
    >>> key("Müller & van Dijk, 2001")
    'muller_van_dijk_2001'
    """
    letters = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_") or "unnamed"


def paper(name: str, year: str = "") -> Row:
    """Return the cells that name a paper, from its label in another program.

    Examples
    --------
    >>> paper("Smith, 2011")["study_id"], paper("Smith 2011a", "2011")["study"]
    ('smith2011', 'Smith 2011a')
    """
    label = name if not year or year in name else f"{name} {year}"
    found = _YEAR.search(label)
    identity = key(label).replace("_", "") if len(label) < 40 else key(label)
    return {
        "study_id": identity,
        "study": " ".join(label.replace(",", " ").split()),
        "sample_id": identity,
        "year": year or (found[0] if found else ""),
    }


def effect_cells(estimate: str, error: str, measure: str, *, ratio_as_log: bool = True) -> Row:
    """Return an effect with the 95 % interval that its standard error gives; ratios leave the logarithm.

    Parameters
    ----------
    estimate, error
        Estimate and standard error as text, a ratio as its logarithm.
    measure
        Effect size code, or ``""`` when it is not known yet.
    ratio_as_log
        Whether a ratio is handed over as its logarithm.

    Raises
    ------
    InputError
        If one of the two is no number, or the error is not above 0.
    """
    number, spread = as_number(estimate), as_number(error)
    if not spread > 0:
        raise InputError(f"found a standard error of {shown(error)}; allowed: a number above 0. Correct it there.")
    limits = (number, number - Z95 * spread, number + Z95 * spread)
    shown_as = [math.exp(limit) if measure in RATIOS and ratio_as_log else limit for limit in limits]
    cells = dict(zip(("effect", "ci_low", "ci_high"), map(repr, shown_as), strict=True))
    return cells | {"effect_measure": measure}


def as_number(text: str) -> float:
    """Return a text as a number.

    Raises
    ------
    InputError
        If it is none.
    """
    if not NUMBER.fullmatch(text):
        raise InputError(f"found {shown(text)}; allowed: a number with a decimal point. Correct it there.")
    return float(text)


def finished(rows: Iterable[Row], common: Mapping[str, str], where: str) -> list[Row]:
    """Return imported rows with what holds for all of them, and a key each.

    Parameters
    ----------
    rows
        The rows.
    common
        Column to text for every row; it counts more than what was read.
    where
        Where the figures were read, for rows that do not say it.
    """
    found: list[Row] = []
    taken: set[str] = set()
    for row in rows:
        usual = {"verification": "secondary", "seen": "true", "status": "extracted", "read_in": where}
        complete = {**usual, **row, **common}
        complete = {name: text for name, text in complete.items() if text}
        parts = (complete.get("study_id", ""), complete.get("outcome", ""), _weeks(complete))
        base = complete.get("row_id") or ".".join(part for part in parts if part)
        name, count = base, 2
        while name in taken:
            name, count = f"{base}.{count}", count + 1
        taken.add(name)
        found.append({"row_id": name} | {column: text for column, text in complete.items() if column != "row_id"})
    return found


def _weeks(row: Mapping[str, str]) -> str:
    return f"{row['time_weeks']}w" if row.get("time_weeks") else ""
