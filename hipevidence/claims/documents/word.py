"""Word: one line a paragraph, in the order of the page, tables included."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from hipevidence.claims.documents.passage import Document, Kind, Passage, marks_of, passage
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(content: bytes, name: str) -> Document:
    """Return a Word document as passages.

    Parameters
    ----------
    content
        The file.
    name
        Name of the file.

    Returns
    -------
    Document
        Line is the number of the paragraph in the document, cells of tables included, column the character in it.
        Headers, footers, footnotes and text boxes are not read.

    Raises
    ------
    InputError
        If the reader for Word files is not installed, or the file is no Word file.
    """
    paragraphs = list(_paragraphs(_opened(content, name)))
    lines = tuple(text for text, _ in paragraphs)
    return Document(name, lines, tuple(_passages(paragraphs)))


def _opened(content: bytes, name: str) -> Any:
    try:
        import docx  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise InputError(
            f"{name} is a Word document and the reader for those is not installed; allowed: txt, Markdown and HTML "
            "without it. Install hipevidence[word], or save the text as one of those."
        ) from error
    try:
        return docx.Document(io.BytesIO(content))
    except Exception as error:  # python-docx lets zip, XML and its own errors through
        raise InputError(
            f"{name} cannot be opened as a Word document; allowed: .docx files. Save it again as .docx, or as text."
        ) from error


def _paragraphs(document: Any) -> Iterator[tuple[str, Kind]]:
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            seen = set()
            for row in part.rows:
                for cell in row.cells:
                    if cell._tc not in seen:  # noqa: SLF001 - merged cells come once a column otherwise
                        seen.add(cell._tc)  # noqa: SLF001 - the same
                        yield from ((paragraph.text, "cell") for paragraph in cell.paragraphs)
        else:
            yield part.text, _kind(str(part.style.name if part.style is not None else ""))


def _kind(style: str) -> Kind:
    if style.startswith(("Heading", "Title", "Subtitle")):
        return "heading"
    return "item" if style.startswith("List") else "paragraph"


def _passages(paragraphs: list[tuple[str, Kind]]) -> Iterator[Passage]:
    for number, (text, kind) in enumerate(paragraphs, start=1):
        found = passage(marks_of(text, number), kind)
        if found.text:
            yield found
