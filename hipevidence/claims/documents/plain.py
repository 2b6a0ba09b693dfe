"""Plain text: paragraphs, wrapped lines, list items and headings told apart by how they look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.documents.passage import Document, Kind, Mark, Passage, marks_of, passage

if TYPE_CHECKING:
    from collections.abc import Iterator

BULLET: Final = re.compile(r"\s*(?:[-*+•◦▪·–✓✔►]|\(?\d{1,2}[.)])\s+")
ENDS: Final = re.compile(r"[.!?:;…][\"')\]]*\s*$")
WRAPPED: Final = 55  # characters; a shorter line that does not end a sentence is a heading, not a wrapped line
HEADING: Final = 90


def read(text: str, name: str) -> Document:
    """Return a plain text as passages.

    Parameters
    ----------
    text
        The text.
    name
        Name of the file.

    Returns
    -------
    Document
        One passage a paragraph; a line that goes on in the next one is joined with it.
    """
    lines = text.splitlines()
    return Document(name, tuple(lines), tuple(_passages(lines)))


def _passages(lines: list[str]) -> Iterator[Passage]:
    marks: list[Mark] = []
    kind: Kind = "paragraph"
    for number, line in enumerate(lines, start=1):
        bullet = BULLET.match(line)
        goes_on = bool(marks) and bool(line.strip()) and bullet is None and _is_wrapped(lines[number - 2], line)
        if not goes_on:
            yield from _closed(marks, kind)
            marks, kind = [], "paragraph" if bullet is None else "item"
        else:
            marks.append((" ", number, 1))
        start = bullet.end() if bullet else 0
        marks += marks_of(line[start:], number, start + 1)
    yield from _closed(marks, kind)


def _is_wrapped(before: str, line: str) -> bool:
    """Return whether a line carries on the sentence of the one before."""
    if not before.strip() or ENDS.search(before):
        return bool(before.strip()) and line.lstrip()[0].islower()
    return line.lstrip()[0].islower() or (len(before.strip()) >= WRAPPED and not _is_title(before))


def _is_title(line: str) -> bool:
    """Return whether every longer word begins with a capital, as in a headline."""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _closed(marks: list[Mark], kind: Kind) -> Iterator[Passage]:
    found = passage(marks, kind)
    if found.text:
        is_heading = kind == "paragraph" and len(found.text) <= HEADING and not ENDS.search(found.text)
        yield passage(marks, "heading") if is_heading else found
