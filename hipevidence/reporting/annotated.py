"""A checked text as a web page: the words underlined, what is wrong with them, what could stand there."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.reporting.statements import badge
from hipevidence.reporting.templates import template
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hipevidence.claims.checking import Finding
    from hipevidence.claims.documents import Document, Passage
    from hipevidence.reporting.model import Badge


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether a finding is about them."""

    text: str
    marked: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Remark:
    """One finding as it is shown."""

    badge: Badge
    message: str
    code: str


@dataclasses.dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage with its findings."""

    id: str
    line: int
    kind: str
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]
    suggestions: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ShownText:
    """A document with its passages."""

    name: str
    passages: tuple[ShownPassage, ...]


def annotated_html(documents: Sequence[Document], findings: Sequence[Finding]) -> bytes:
    """Return texts with their findings as one self-contained page.

    Parameters
    ----------
    documents
        The texts as read.
    findings
        What was found in them.

    Returns
    -------
    bytes
        UTF-8; every word of the texts is escaped, and a content policy forbids scripts and loading.
    """
    texts = [_text(document, [one for one in findings if one.file == document.name]) for document in documents]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(template("annotated.html.j2"))
    style = template("report.css") + template("copy.css")
    return (page.render(texts=texts, summary=_summary(findings), style=style).strip() + "\n").encode()


def write_annotated(path: Path, documents: Sequence[Document], findings: Sequence[Finding]) -> None:
    """Write the page of ``annotated_html``.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        path.write_bytes(annotated_html(documents, findings))
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}; allowed: a file in a folder you may write to. "
            "Choose another with --html."
        ) from error


def _summary(findings: Sequence[Finding]) -> str:
    errors = [one for one in findings if one.level == "error"]
    if not errors:
        return "Nothing was found that the evidence does not carry."
    statements = {(one.file, one.text, one.line) for one in errors}
    return (
        f"{fmt.plural(len(errors), 'finding')} on {fmt.plural(len(statements), 'statement')}. "
        f"The words in question are "
        "underlined; below each stands what is wrong, and a sentence that may be used."
    )


def _text(document: Document, findings: Sequence[Finding]) -> ShownText:
    shown = tuple(_passage(passage, number, findings) for number, passage in enumerate(document.passages, start=1))
    return ShownText(tidy(document.name), shown)


def _passage(passage: Passage, number: int, findings: Sequence[Finding]) -> ShownPassage:
    first, last = passage.places[0], passage.places[-1]
    own = [one for one in findings if first <= (one.line, one.column) <= last]
    marked = [
        any((one.line, one.column) <= place < (one.end_line, one.end_column) for one in own) for place in passage.places
    ]
    return ShownPassage(
        id=f"passage-{number}",
        line=first[0],
        kind=passage.kind,
        pieces=tuple(_pieces(passage.text, marked)),
        remarks=tuple(Remark(badge(one.verdict or "not verifiable"), tidy(one.message), one.code) for one in own),
        suggestions=tuple(dict.fromkeys(tidy(one.suggestion) for one in own if one.suggestion)),
    )


def _pieces(text: str, marked: Sequence[bool]) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or marked[position] != marked[start]:
            pieces.append(Piece(text[start:position], marked[start]))
            start = position
    return pieces
