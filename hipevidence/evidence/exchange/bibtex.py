"""BibTeX: entries with fields in braces or quotes; accents of LaTeX become letters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.ris import person
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES: Final = {
    "article": "article-journal",
    "book": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "unpublished": "manuscript",
    "online": "webpage",
}
FIELDS: Final = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "volume": ("volume",),
    "issue": ("number",),
    "page": ("pages",),
    "publisher": ("publisher", "school", "institution"),
    "ISSN": ("issn",),
    "DOI": ("doi",),
    "URL": ("url",),
}
#: Commands that hold no bibliography entry.
OTHER: Final = frozenset({"comment", "string", "preamble"})
ACCENTS: Final = {
    "`": "GRAVE ACCENT",
    "'": "ACUTE ACCENT",
    "^": "CIRCUMFLEX ACCENT",
    "~": "TILDE",
    "=": "MACRON",
    ".": "DOT ABOVE",
    '"': "DIAERESIS",
    "c": "CEDILLA",
    "v": "CARON",
    "u": "BREVE",
    "H": "DOUBLE ACUTE ACCENT",
    "k": "OGONEK",
    "r": "RING ABOVE",
}
LETTERS: Final = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
}
_ENTRY: Final = re.compile(r"@(\w+)\s*([{(])\s*([^,\s{}]*)\s*,")
_NAME: Final = re.compile(r"\s*,?\s*([A-Za-z][\w\-]*)\s*=\s*")
_ACCENT: Final = re.compile(
    r"""\\(?:([`'^~=."])\s*\{?\\?([A-Za-z])\}?|([cvuHkr])\s*\{\\?([A-Za-z])\}|([cvuHkr])\s+([A-Za-z]))"""
)
_LETTER: Final = re.compile(r"\\(?:([A-Za-z]+)(?:\s+|\{\}|(?![A-Za-z]))|([&%$_#]))")
_YEAR: Final = re.compile(r"\d{4}")


def from_bibtex(text: str) -> list[dict[str, Any]]:
    r"""Return the entries of a BibTeX text as CSL-JSON.

    Parameters
    ----------
    text
        Text of the file.

    Returns
    -------
    list of dict
        An entry for each, its key as ``id``.

    Raises
    ------
    InputError
        If an entry does not end.

    Examples
    --------
    >>> (entry,) = from_bibtex(r"@article{doe2001, author={D{\"o}e, Ann}, title={On {T}ea}, year=2001}")
    >>> entry["title"], entry["author"]
    ('On Tea', [{'family': 'Döe', 'given': 'Ann'}])
    """
    entries = []
    place = 0
    while match := _ENTRY.search(text, place):
        fields, place = _fields(text, match.end(), match[3])
        if match[1].lower() not in OTHER:
            entries.append(_entry(match[1].lower(), match[3], fields))
    return entries


def _fields(text: str, place: int, key: str) -> tuple[dict[str, str], int]:
    """Return the fields of an entry and the place after it."""
    fields: dict[str, str] = {}
    while match := _NAME.match(text, place):
        value, place = _value(text, match.end(), key)
        fields[match[1].lower()] = value
    return fields, place


def _value(text: str, place: int, key: str) -> tuple[str, int]:
    opening = text[place : place + 1]
    if opening in {"{", '"'}:
        end = _end(text, place, "}" if opening == "{" else '"', key)
        return text[place + 1 : end], end + 1
    bare = re.compile(r"[^,\s})]*").match(text, place)
    return (bare[0], bare.end()) if bare else ("", place)


def _end(text: str, place: int, closing: str, key: str) -> int:
    depth = 0
    for position in range(place + 1, len(text)):
        sign = text[position]
        if text[position - 1] == "\\" and sign in "{}":
            continue  # an escaped brace opens and closes nothing
        if sign == closing and depth == 0:
            return position
        if sign in "{}":
            depth += 1 if sign == "{" else -1
    raise InputError(f"the BibTeX entry {plain(key)} does not end; allowed: braces in pairs. Copy it again, whole.")


def _entry(kind: str, key: str, fields: dict[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": key} if key else {}
    entry["type"] = TYPES.get(kind, "article")
    for name, options in FIELDS.items():
        if value := next((_text(fields[field]) for field in options if fields.get(field)), ""):
            entry[name] = value.replace("--", "-") if name == "page" else value
    if authors := list(_people(fields.get("author", ""))):
        entry["author"] = authors
    if year := _YEAR.search(fields.get("year", "") or fields.get("date", "")):
        entry["issued"] = {"date-parts": [[int(year[0])]]}
    return entry


def _people(names: str) -> Iterator[dict[str, str]]:
    for name in re.split(r"\s+and\s+", names.strip()) if names.strip() else ():
        if name.startswith("{") and name.endswith("}"):
            yield {"literal": _text(name)}
        elif "," in name:
            yield person(_text(name))
        else:
            *given, family = _text(name).split(" ")
            yield {"family": family, "given": " ".join(given)} if given else {"literal": family}


def _text(raw: str) -> str:
    accented = _ACCENT.sub(_accented, raw)
    letters = _LETTER.sub(lambda match: match[2] or LETTERS.get(match[1], match[1]), accented)
    return " ".join(letters.replace("{", "").replace("}", "").replace("~", " ").split())


def _accented(match: re.Match[str]) -> str:
    mark, letter = next((match[i], match[i + 1]) for i in (1, 3, 5) if match[i])
    return unicodedata.normalize("NFC", letter + unicodedata.lookup(f"COMBINING {ACCENTS[mark]}"))
