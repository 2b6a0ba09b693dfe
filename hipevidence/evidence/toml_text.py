"""TOML files: parsing with the place of an error, and the line at which an entry or a key stands."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from hipevidence.evidence.sources import Source, file_problem
from hipevidence.evidence.wording import Words, plain

if TYPE_CHECKING:
    from hipevidence.errors import Problem

PLACE = re.compile(r"^(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.DOTALL)
SYNTAX_ACTION = "Look at this line and the one before for a missing quote, bracket, comma or equals sign."


def parse_toml(source: Source, problems: list[Problem]) -> dict[str, Any] | None:
    """Return what a TOML file holds, or ``None`` after adding what is wrong with it to ``problems``."""
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax_problem(source, str(error)))
    except (ValueError, RecursionError) as error:
        found = f"TOML that cannot be read ({type(error).__name__})"
        action = "Look for a number of thousands of digits or brackets nested hundreds deep."
        problems.append(file_problem(source.name, 0, Words(found, "valid TOML", action), "toml_syntax"))
    return None


class Lines:
    """Where the entries of a TOML file stand.

    Parameters
    ----------
    source
        The file.
    kind
        Name of its array of tables: ``question`` for ``[[question]]``.
    count
        Entries that the parser found; lines are only told when as many headers are found.
    """

    __slots__ = ("_kind", "_lines", "_starts")

    def __init__(self, source: Source, kind: str, count: int) -> None:
        self._kind = kind
        self._lines = source.text.splitlines()
        header = re.compile(rf"\s*\[\[\s*{re.escape(kind)}\s*\]\]")
        starts = [number for number, line in enumerate(self._lines, 1) if header.match(line)]
        self._starts = starts if len(starts) == count else []

    def of(self, entry: int, place: tuple[int | str, ...] = ()) -> int:
        """Return the line of a place in an entry, of the entry itself when that is not found, or 0.

        Parameters
        ----------
        entry
            Position of the entry, counted from 0.
        place
            Keys and positions that lead to the value, as pydantic gives them.
        """
        if not self._starts:
            return 0
        start = self._starts[entry]
        end = self._starts[entry + 1] - 1 if entry + 1 < len(self._starts) else len(self._lines)
        prefix = self._kind
        while place:
            key = str(place[0])
            nested = [
                number for number in range(start, end + 1) if _opens_table(self._lines[number - 1], f"{prefix}.{key}")
            ]
            if not nested:
                return self._assignment(start, end, key)
            position = place[1] if len(place) > 1 and isinstance(place[1], int) else 0
            start = nested[min(position, len(nested) - 1)]
            place = place[2:] if len(place) > 1 and isinstance(place[1], int) else place[1:]
            prefix = f"{prefix}.{key}"
        return start

    def _assignment(self, start: int, end: int, key: str) -> int:
        pattern = re.compile(rf'\s*["\']?{re.escape(key)}["\']?\s*=')
        for number in range(start + 1, end + 1):
            line = self._lines[number - 1]
            if line.lstrip().startswith("["):
                break
            if pattern.match(line):
                return number
        return start


def line_of_table(source: Source, name: str, key: str) -> int:
    """Return the line of ``[name.key]``, or 0."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if _opens_table(line, f"{name}.{key}") or _opens_table(line, f'{name}."{key}"'):
            return number
    return 0


def _opens_table(line: str, name: str) -> bool:
    inside = line.split("#", maxsplit=1)[0].strip()
    return inside.startswith("[") and inside.strip("[] ").replace(" ", "") == name


def _syntax_problem(source: Source, message: str) -> Problem:
    place = PLACE.match(message)
    if place is None:
        line, found = source.text.count("\n") + 1, f"broken TOML: {plain(message)}"
    else:
        line, found = int(place["line"]), f"broken TOML at column {place['column']}: {plain(place['what'])}"
    return file_problem(source.name, line, Words(found, "valid TOML", SYNTAX_ACTION), "toml_syntax")
