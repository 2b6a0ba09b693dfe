"""A whole evidence base as one file: a zip with fixed dates, so that the same tables give the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.columns import neutralised, restored
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: The earliest date that a zip can hold.
FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
KINDS: Final = (".csv", ".toml", ".json", ".md")
#: Bytes of all files together that are unpacked at most.
LARGEST: Final = 200_000_000


def data_package(folder: Path, cell: Callable[[str], str]) -> bytes:
    """Return a data folder as one zip.

    Parameters
    ----------
    folder
        The data folder.
    cell
        Writes a cell so that a spreadsheet runs nothing in it.

    Returns
    -------
    bytes
        The tables, the entries and the schema, in alphabetical order, stored without compression. A table without a
        cell that a spreadsheet would run is in it byte by byte.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if path.suffix in KINDS and not path.name.startswith(".") and path.is_file():
                content = path.read_bytes()
                if path.suffix == ".csv":
                    content = _cells(content, lambda text: neutralised(text, cell))
                entry = zipfile.ZipInfo(path.name, FIXED_DATE)
                entry.external_attr = 0o644 << 16
                entry.create_system = 3  # the same bytes on every system
                archive.writestr(entry, content)
    return buffer.getvalue()


def unpack_package(data: bytes) -> dict[str, bytes]:
    """Return the files of a data package, cells as they were before they were made harmless.

    Parameters
    ----------
    data
        Bytes of the zip.

    Returns
    -------
    dict of str to bytes
        File name to content.

    Raises
    ------
    InputError
        If it is no data package: no zip, no ``datapackage.json``, folders in it, or far too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise InputError("found hundreds of megabytes; allowed: the tables of a data folder. Check the file.")
            files = {_name(entry.filename): archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputError(f"found no zip ({plain(str(error))}); allowed: a data package. Download it again.") from error
    if "datapackage.json" not in files:
        raise InputError("found no datapackage.json in it; allowed: a data package. Is it another zip?")
    return {name: _cells(content, restored) if name.endswith(".csv") else content for name, content in files.items()}


def _name(name: str) -> str:
    if "/" in name or "\\" in name or name.startswith(".") or not name.endswith(KINDS):
        raise InputError(f"found {plain(name)} in it; allowed: tables and texts without folders. Do not unpack it.")
    return name


def _cells(content: bytes, change: Callable[[str], str]) -> bytes:
    """Return a table with its cells changed; the same bytes where no cell changes."""
    try:
        records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"a table that cannot be read ({plain(str(error))}). Run validate first.") from error
    changed = [[change(cell) for cell in cells] for cells in records]
    if changed == records:
        return content
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(changed)
    return buffer.getvalue().encode()
