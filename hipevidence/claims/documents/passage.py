"""A passage of a text: a paragraph, heading, list item or cell, with the place of each character."""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.documents.allow import Allowance

Kind = Literal["paragraph", "heading", "item", "cell"]
Mark = tuple[str, int, int]

#: Typographic signs and what they are read as, one for one, so that places stay right.
READ_AS: Final = {
    **dict.fromkeys("‘’‚‛′ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u2002\u2003\u2004\u2005\u2006\u3000\t\r\n\x0b\x0c", " "),
    "％": "%",
    "·": ".",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that is read as one.

    Attributes
    ----------
    text
        Its words on one line: white space collapsed, typographic quotes and dashes as plain ones, invisible marks
        left out, compatibility forms (full-width digits, ligatures) as plain letters.
    places
        Line and column (both from 1) of each character of ``text`` in the file.
    kind
        ``paragraph``, ``heading``, ``item`` of a list, or ``cell`` of a table.
    from_slot
        For each character whether a figure slot wrote it, so that nobody typed it.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    kind: Kind = "paragraph"
    from_slot: tuple[bool, ...] = ()

    def place(self, position: int) -> tuple[int, int]:
        """Return line and column of a character; behind the last one those of the last."""
        return self.places[min(position, len(self.places) - 1)] if self.places else (1, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read.

    Attributes
    ----------
    name
        File name as given; shown, never opened again.
    lines
        Lines as they stand in the file, for showing where a finding is; for Word one a paragraph.
    passages
        What is read, in order.
    allowances
        Comments that allow findings on the passage that follows or holds them.
    """

    name: str
    lines: tuple[str, ...]
    passages: tuple[Passage, ...]
    allowances: tuple[Allowance, ...] = ()


def passage(marks: Iterable[Mark], kind: Kind = "paragraph", slots: Iterable[tuple[int, int]] = ()) -> Passage:
    """Return the passage of some characters with their places.

    Parameters
    ----------
    marks
        Character, line and column of each, from 1.
    kind
        What kind of passage it is.
    slots
        Places written by figure slots.

    Examples
    --------
    >>> passage([("a", 1, 1), ("\u2009", 1, 2), (" ", 1, 3), ("b", 2, 1)]).text
    'a b'
    """
    text: list[str] = []
    places: list[tuple[int, int]] = []
    for mark, line, column in marks:
        for letter in _plain(mark):
            if letter == " " and (not text or text[-1] == " "):
                continue
            text.append(letter)
            places.append((line, column))
    while text and text[-1] == " ":
        text.pop()
        places.pop()
    written = frozenset(slots)
    return Passage("".join(text), tuple(places), kind, tuple(place in written for place in places))


def _plain(mark: str) -> str:
    """Return what a character is read as; ``""`` for what nobody sees."""
    if mark in READ_AS:
        return READ_AS[mark]
    if unicodedata.category(mark) in {"Cf", "Cc", "Cs", "Cn", "Mn"}:
        return ""
    return unicodedata.normalize("NFKC", mark) if ord(mark) > 0x2000 else mark


def marks_of(line: str, number: int, first_column: int = 1) -> list[Mark]:
    """Return the characters of one line with their places."""
    return [(mark, number, first_column + offset) for offset, mark in enumerate(line)]
