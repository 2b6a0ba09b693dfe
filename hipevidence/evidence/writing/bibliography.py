"""A new entry in ``references.json``, every other byte of the file as it was."""

from __future__ import annotations

import bisect
import json
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError
from hipevidence.evidence.wording import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_INDENT: Final = re.compile(r"\[\s*?(?:\r\n|\n|\r)([ \t]+)")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_DECODER: Final = json.JSONDecoder()
_BETWEEN: Final = re.compile(r"[\s,]*")


def insert_reference(data: bytes, entry: Mapping[str, Any]) -> bytes:
    r"""Return a bibliography with an entry added.

    Parameters
    ----------
    data
        ``references.json``: a list of CSL-JSON entries.
    entry
        The new entry, with its ``id``.

    Returns
    -------
    bytes
        The file with the entry in its place where ids are in alphabetical order, otherwise at the end; indented as the
        others are.

    Raises
    ------
    InputError
        If the file is no list of entries, or has this id already.

    Examples
    --------
    >>> print(insert_reference(b'[\n  {"id": "ann2001"}\n]\n', {"id": "bea2002"}).decode())
    [
      {"id": "ann2001"},
      {
        "id": "bea2002"
      }
    ]
    <BLANKLINE>
    """
    text = data.decode()
    ids, spans = _entries(text)
    key = str(entry["id"])
    if key in ids:
        raise InputError(f"found {shown(key)} in references.json; allowed: each id once. It needs no second entry.")
    new = _written(entry, text)
    if not spans:
        opening = text.index("[") + 1
        closing = text.rindex("]")
        end = _line_end(text)
        return (text[:opening] + end + _indent(text) + new + end + text[closing:]).encode()
    place = bisect.bisect_right(ids, key) if ids == sorted(ids) else len(ids)
    if place < len(spans):
        start = spans[place][0]
        between = text[spans[place - 1][1] : start] if place else "," + _line_end(text) + _indent(text)
        return (text[:start] + new + between + text[start:]).encode()
    end_of_last = spans[-1][1]
    return (text[:end_of_last] + "," + _line_end(text) + _indent(text) + new + text[end_of_last:]).encode()


def _entries(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the id of each entry and where its text begins and ends."""
    ids, spans = [], []
    try:
        place = _BETWEEN.match(text, text.index("[") + 1).end()  # type: ignore[union-attr]  # matches nothing as well
        while text[place] != "]":
            entry, end = _DECODER.raw_decode(text, place)
            ids.append(str(entry["id"]))
            spans.append((place, end))
            place = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]  # matches nothing as well
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError("references.json is no list of entries with ids. Run validate and correct it.") from error
    return ids, spans


def _written(entry: Mapping[str, Any], text: str) -> str:
    indent = _indent(text)
    lines = json.dumps(entry, indent=indent, ensure_ascii=text.isascii() and "\\u" in text).split("\n")
    return (_line_end(text) + indent).join(lines)


def _indent(text: str) -> str:
    found = _INDENT.match(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE} \t\r\n"))
    return found[1] if found else "  "


def _line_end(text: str) -> str:
    found = _LINE_END.search(text)
    return found[0] if found else "\n"
