"""Markdown: the words that a reader of the printed page sees, at the place where they were typed."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.documents.allow import ANY_COMMENT, Allowance, allowance
from hipevidence.claims.documents.passage import Document, Kind, Mark, Passage, marks_of, passage

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What ``hipevidence render`` writes in place of a slot.
FILLED: Final = re.compile(r"<data class=\"hipevidence\"[^>]*>(.*?)</data>", re.DOTALL)
HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+")
ITEM: Final = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
QUOTE: Final = re.compile(r"\s{0,3}>\s?")
FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
RULE: Final = re.compile(r"\s{0,3}(?:[-*_=]\s*){3,}$")
TABLE_RULE: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
#: What is not read: each match is taken out of the line, but for its first group.
HIDDEN: Final = re.compile(
    r"!?\[([^\]]*)\]\([^)]*\)"  # a link or picture: its words stay
    r"|\{\{.*?\}\}"  # a figure slot
    r"|\[\^[^\]]+\]:?"  # a footnote mark
    r"|</?[a-zA-Z][^>]*>"  # a tag
    r"|\*\*|__|~~|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)"
)


def read(text: str, name: str) -> Document:
    """Return a Markdown text as passages.

    Parameters
    ----------
    text
        The text.
    name
        Name of the file.

    Returns
    -------
    Document
        Front matter, code blocks, comments and figure slots are not read.
    """
    lines = text.splitlines()
    visible, allowances = without_comments(text)
    found = tuple(_passages(visible.splitlines()))
    written = _written(visible)
    return Document(name, tuple(lines), tuple(_with_slots(one, written) for one in found), allowances)


def _written(text: str) -> frozenset[tuple[int, int]]:
    """Return the places that figure slots wrote."""
    places = set()
    for match in FILLED.finditer(text):
        before = text[: match.start(1)]
        line, column = before.count("\n") + 1, match.start(1) - (before.rfind("\n") + 1) + 1
        for mark in match[1]:
            places.add((line, column))
            line, column = (line + 1, 1) if mark == "\n" else (line, column + 1)
    return frozenset(places)


def _with_slots(one: Passage, written: frozenset[tuple[int, int]]) -> Passage:
    return dataclasses.replace(one, from_slot=tuple(place in written for place in one.places))


def without_comments(text: str) -> tuple[str, tuple[Allowance, ...]]:
    """Return a text with every comment blanked, lines and columns kept, and what the comments allow."""
    found = []
    for match in ANY_COMMENT.finditer(text):
        before = text[: match.start()]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        if (allowed := allowance(match[0], line, column)) is not None:
            found.append(allowed)
    blank = ANY_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return blank, tuple(found)


def _passages(lines: list[str]) -> Iterator[Passage]:
    marks: list[Mark] = []
    kind: Kind = "paragraph"
    fenced = False
    for number, line in enumerate(lines, start=1):
        if number <= (skip := _front_matter(lines)):
            continue
        if FENCE.match(line):
            fenced = not fenced
        ends = fenced or not line.strip() or FENCE.match(line) or RULE.match(line) or TABLE_RULE.match(line)
        starts = HEADING.match(line) or ITEM.match(line)
        if ends or starts or line.lstrip().startswith("|") or number == skip + 1:
            yield from _closed(marks, _underlined(kind, line))
            marks, kind = [], "paragraph"
        if ends:
            continue
        if line.lstrip().startswith("|"):
            yield from _cells(line, number)
            continue
        if starts:
            kind = "heading" if HEADING.match(line) else "item"
        if marks:
            marks.append((" ", number, 1))
        marks += _visible(line, number)
        if kind == "heading":
            yield from _closed(marks, kind)
            marks, kind = [], "paragraph"
    yield from _closed(marks, kind)


def _front_matter(lines: list[str]) -> int:
    """Return how many lines of settings stand before the text."""
    if not lines or lines[0].strip() != "---":
        return 0
    return next((number for number, line in enumerate(lines[1:], start=2) if line.strip() == "---"), 0)


def _underlined(kind: Kind, line: str) -> Kind:
    """Return ``heading`` for a paragraph that is underlined with equal signs or dashes."""
    return "heading" if kind == "paragraph" and re.fullmatch(r"\s{0,3}(=+|-{2,})\s*", line) else kind


def _visible(line: str, number: int) -> list[Mark]:
    marks = marks_of(line, number)
    start = 0
    for pattern in (QUOTE, HEADING, ITEM):
        if match := pattern.match(line, start):
            start = match.end()
    keep = [offset >= start for offset in range(len(line))]
    for match in HIDDEN.finditer(line):
        inner = range(*match.span(1)) if match[1] is not None else range(0)
        for offset in range(*match.span()):
            keep[offset] = offset in inner and keep[offset]
    return [mark for mark, kept in zip(marks, keep, strict=True) if kept]


def _cells(line: str, number: int) -> Iterator[Passage]:
    marks = _visible(line, number)
    cell: list[Mark] = []
    for mark in [*marks, ("|", number, len(line) + 1)]:
        if mark[0] == "|":
            yield from _closed(cell, "cell")
            cell = []
        else:
            cell.append(mark)


def _closed(marks: list[Mark], kind: Kind) -> Iterator[Passage]:
    found = passage(marks, kind)
    if found.text:
        yield found
