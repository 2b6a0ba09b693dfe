"""New rows as people hand them over: a TOML or CSV file, ``column=value`` on the command line."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.columns import restored
from hipevidence.evidence.wording import advice, did_you_mean, listed, plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence.schema import Resource

Row = dict[str, str]
#: Table of a TOML row that holds the bibliography entry instead of a cell.
REFERENCE: Final = "reference"


def rows_from_file(path: str | Path, resource: Resource) -> tuple[list[Row], dict[str, Any] | None]:
    """Read new rows from a file.

    Parameters
    ----------
    path
        A TOML file with one row (``column = value``) and, if wanted, a table ``[reference]`` in CSL-JSON terms; or a
        CSV file with a header and any number of rows.
    resource
        The table they are meant for.

    Returns
    -------
    tuple
        The rows, figures exactly as typed ("5.20" stays so), and the reference or ``None``.

    Raises
    ------
    InputError
        If the file cannot be read or names a column that the table does not have.
    """
    text = read_text(path)
    if Path(path).suffix.lower() == ".toml":
        row, reference = _from_toml(text, plain(Path(path).name))
        return [_checked(row, resource)], reference
    return [_checked(row, resource) for row in _from_csv(text, plain(Path(path).name))], None


def row_from_pairs(pairs: Iterable[str], resource: Resource) -> Row:
    """Read cells given as ``column=value``.

    Raises
    ------
    InputError
        If one of them has another form or names a column that the table does not have.
    """
    row: Row = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise InputError(f"found {shown(pair)}; allowed: column=value. Put an equals sign between the two.")
        row[name.strip()] = text.strip()
    return _checked(row, resource)


def read_text(path: str | Path) -> str:
    """Return the text of a file that somebody named.

    Raises
    ------
    InputError
        If there is no such file, or it is no text in UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"found {plain(str(path), 400)}, which is not UTF-8; allowed: text in UTF-8. Save it again as UTF-8."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no usable file name"
        raise InputError(
            f"found {plain(str(path), 400)}, which cannot be read ({plain(reason)}); allowed: a file. Check the name."
        ) from error


def _from_toml(text: str, name: str) -> tuple[Row, dict[str, Any] | None]:
    try:
        data = tomllib.loads(text, parse_float=str)  # as text: 5.20 must not become 5.2
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise InputError(
            f'{name} is no TOML ({plain(str(error), 200)}); allowed: lines like sex = "mixed". Correct it.'
        ) from error
    reference = data.pop(REFERENCE, None)
    if reference is not None and not isinstance(reference, dict):
        raise InputError(f"{name} has a bare value for reference; allowed: a table [reference]. Write it as a table.")
    row = {}
    for column, value in data.items():
        if isinstance(value, (dict, list)):
            raise InputError(f"{name} has several values for {plain(column)}; allowed: one. Write one value.")
        row[column] = str(value).lower() if isinstance(value, bool) else str(value).strip()
    return row, reference


def _from_csv(text: str, name: str) -> list[Row]:
    try:
        records = [cells for cells in csv.reader(io.StringIO(text, newline=""), strict=True) if cells]
    except csv.Error as error:
        raise InputError(
            f"{name} is no CSV ({plain(str(error))}); allowed: comma-separated text. Correct it."
        ) from error
    if len(records) < 2:
        raise InputError(f"{name} holds no row; allowed: a header and at least one row. Add the row.")
    header, *body = [[restored(cell.strip()) for cell in cells] for cells in records]
    for cells in body:
        if len(cells) != len(header):
            raise InputError(
                f"{name} has a row of {len(cells)} cells; allowed: {len(header)}, as in its header. "
                'Text with a comma stands between two ".'
            )
    return [dict(zip(header, cells, strict=True)) for cells in body]


def _checked(row: Row, resource: Resource) -> Row:
    for name in row:
        if name not in resource.columns:
            action = advice(did_you_mean(name, resource.columns), f"There are: {listed(resource.columns)}.")
            raise InputError(f"found column {shown(name)}; allowed: a column of {resource.path}. {action}")
    return row
