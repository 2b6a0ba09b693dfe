"""Which reader a file needs, and from bytes to text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hipevidence.claims.documents import markdown, page, plain, word
from hipevidence.claims.documents.passage import Document
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS: Final = ("txt", "md", "html", "docx")
ENDINGS: Final = {
    ".txt": "txt",
    ".text": "txt",
    "": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
}
READERS: Final[dict[str, Callable[[str, str], Document]]] = {"md": markdown.read, "html": page.read}
STANDARD_INPUT: Final = "-"


def read_document(file: str | Path, form: str | None = None) -> Document:
    """Read a file, or standard input for ``-``.

    Parameters
    ----------
    file
        Path, or ``-``.
    form
        One of ``FORMATS``; from the ending of the name where left out, plain text for standard input.

    Returns
    -------
    Document
        Its passages.

    Raises
    ------
    InputError
        If the file is not there, is of no known format, or is no text.
    """
    if str(file) == STANDARD_INPUT:
        return as_document(sys.stdin.buffer.read(), "<stdin>", form or "txt")
    path = Path(file)
    form = form or ENDINGS.get(path.suffix.lower())
    if form is None:
        raise InputError(
            f"{path.name} ends in {path.suffix}; allowed: .txt, .md, .html, .docx. Save "
            f"it as one of those, or name the "
            "format with --format."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}; allowed: a file you may read, or - for standard input. "
            "Check the name."
        ) from error
    return as_document(content, str(file), form)


def read_text(path: Path) -> str:
    """Return a text file.

    Raises
    ------
    InputError
        If it is not there or no text.
    """
    try:
        return _decoded(path.read_bytes(), path.name)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}; allowed: a text file you may read. Check the name."
        ) from error


def as_document(content: bytes | str, name: str, form: str = "txt") -> Document:
    """Return a text that is already in memory as a document.

    Parameters
    ----------
    content
        Text, or the bytes of a file.
    name
        What to call it in findings.
    form
        One of ``FORMATS``.

    Raises
    ------
    InputError
        If the format is unknown or the bytes are no text.
    """
    if form not in FORMATS:
        raise InputError(f"format {form!r}; allowed: {', '.join(FORMATS)}. Choose one of those.")
    if form == "docx":
        return word.read(content.encode() if isinstance(content, str) else content, name)
    text = content if isinstance(content, str) else _decoded(content, name)
    if form == "txt":
        visible, allowances = markdown.without_comments(text)
        found = plain.read(visible, name)
        return Document(name, tuple(text.splitlines()), found.passages, allowances)
    return READERS[form](text, name)


def _decoded(content: bytes, name: str) -> str:
    """Return bytes as text: UTF-8, UTF-16 with its mark, or else what Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        codings: tuple[str, ...] = ("utf-16",)
    else:
        codings = ("utf-8-sig", "cp1252")
    for coding in codings:
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(f"{name} is no text; allowed: text in UTF-8, UTF-16 or Windows coding. Save it again as UTF-8.")
