"""From the bytes of a file in the data folder to text, saying what is wrong with bytes that are no text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipevidence.errors import Problem
from hipevidence.evidence.wording import Words, plain

if TYPE_CHECKING:
    from pathlib import Path

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAVE_TABLE = 'Open it in the spreadsheet and save it again as "CSV UTF-8 (comma delimited)".'
SAVE_TEXT = 'Open it in a text editor and save it again with the encoding "UTF-8".'


@dataclass(frozen=True, slots=True)
class Source:
    """One file as it was read.

    Attributes
    ----------
    name
        File name relative to the data folder.
    text
        Its text, without a byte order mark; line ends as they are.
    sha256
        SHA-256 of its bytes, in hexadecimal.
    """

    name: str
    text: str
    sha256: str


def read_source(folder: Path, name: str, problems: list[Problem], *, required: bool) -> Source | None:
    """Read one file, adding what is wrong with it to ``problems``.

    Parameters
    ----------
    folder
        The data folder.
    name
        File name relative to it.
    problems
        Collects what is wrong.
    required
        Whether the file has to exist.

    Returns
    -------
    Source or None
        ``None`` when there is no readable text.
    """
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        if required:
            problems.append(_missing(name))
        return None
    except (OSError, ValueError) as error:
        problems.append(_unreadable(name, error))
        return None
    text = _decode(name, data, problems)
    return None if text is None else Source(name, text, hashlib.sha256(data).hexdigest())


def file_problem(name: str, line: int, words: Words, rule: str) -> Problem:
    """Return a problem that concerns a place in a file, but no entry or column."""
    return Problem(name, line, "", "", *words, rule=rule)


def _missing(name: str) -> Problem:
    action = "Put the file there, or start from a new folder made by the program."
    words = Words("no such file", "a file of this name in the data folder", action)
    return file_problem(name, 0, words, "missing_file")


def _unreadable(name: str, error: OSError | ValueError) -> Problem:
    found = getattr(error, "strerror", None) or type(error).__name__
    action = "Check that it is a file, that it is not open elsewhere, and that you may read it."
    return file_problem(name, 0, Words(plain(found), "a file that can be read", action), "unreadable_file")


def _decode(name: str, data: bytes, problems: list[Problem]) -> str | None:
    save = SAVE_TABLE if name.endswith(".csv") else SAVE_TEXT
    if data.startswith(UTF16_MARKS):
        problems.append(file_problem(name, 1, Words("UTF-16 text", "UTF-8 text", save), "encoding"))
        return None
    if (nul := data.find(b"\0")) >= 0:
        words = Words("a NUL byte, which no text holds", "UTF-8 text", save)
        problems.append(file_problem(name, _line_at(data, nul), words, "nul_byte"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(_wrong_encoding(name, error.object, error.start, save))
    # The rest of the file can still be checked: everything but the letters concerned reads the same.
    return data.decode("cp1252", errors="replace")


def _wrong_encoding(name: str, data: bytes, position: int, save: str) -> Problem:
    byte = data[position : position + 1]
    letter = byte.decode("cp1252", errors="replace")
    found = f'byte 0x{byte.hex().upper()} ("{plain(letter)}" in Windows text)'
    return file_problem(name, _line_at(data, position), Words(found, "UTF-8 text", save), "encoding")


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
