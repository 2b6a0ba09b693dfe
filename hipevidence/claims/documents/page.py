"""HTML: what a visitor reads, also in the description, the title and the words behind a picture."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from hipevidence.claims.documents.allow import Allowance, allowance
from hipevidence.claims.documents.passage import Document, Kind, Mark, Passage, marks_of, passage

if TYPE_CHECKING:
    from collections.abc import Sequence

from html import unescape

UNREAD: Final = frozenset({"script", "style", "template", "noscript", "code", "pre", "svg", "math", "iframe", "object"})
INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "title", "caption", "summary"), "heading"),
    **dict.fromkeys(("li", "dd", "dt", "figcaption", "option"), "item"),
    **dict.fromkeys(("td", "th"), "cell"),
}
#: Attributes that people read: in a search result, or in place of a picture.
SPOKEN: Final = ("alt", "title", "aria-label", "placeholder")
DESCRIPTIONS: Final = frozenset({"description", "og:description", "og:title", "twitter:description", "twitter:title"})


def read(text: str, name: str) -> Document:
    """Return an HTML page as passages.

    Parameters
    ----------
    text
        The page.
    name
        Name of the file.

    Returns
    -------
    Document
        Scripts, styles and code are not read.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.close_passage()
    return Document(name, tuple(text.splitlines()), tuple(reader.passages), tuple(reader.allowances))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.passages: list[Passage] = []
        self.allowances: list[Allowance] = []
        self._marks: list[Mark] = []
        self._open: list[str] = []
        self._slots: list[bool] = []
        self._written: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "data":
            self._slots.append(dict(attrs).get("class") == "hipevidence")
        if tag not in INLINE:
            self.close_passage()
        self._read_attributes(tag, attrs)
        if tag in UNREAD or tag in KINDS:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.close_passage()
        self._read_attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "data" and self._slots:
            self._slots.pop()
        if tag not in INLINE:
            self.close_passage()
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._is_unread:
            return
        line, column = self.getpos()
        for number, part in enumerate(data.split("\n")):
            if number:
                self._add([(" ", line + number, 1)])
            self._add(marks_of(part, line + number, 1 if number else column + 1))

    def handle_entityref(self, name: str) -> None:
        self._add_reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add_reference(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        line, column = self.getpos()
        found = allowance(f"<!--{data}-->", line, column + 1)
        if found is not None:
            self.allowances.append(found)

    def close_passage(self) -> None:
        """End the passage that is being read."""
        kind: Kind = next((KINDS[tag] for tag in reversed(self._open) if tag in KINDS), "paragraph")
        found = passage(self._marks, kind, self._written)
        self._marks = []
        if found.text:
            self.passages.append(found)

    @property
    def _is_unread(self) -> bool:
        return any(tag in UNREAD for tag in self._open)

    def _add_reference(self, reference: str) -> None:
        if not self._is_unread:
            line, column = self.getpos()
            self._add([(mark, line, column + 1) for mark in unescape(reference)])

    def _add(self, marks: Sequence[Mark]) -> None:
        self._marks += marks
        if any(self._slots):
            self._written |= {(line, column) for _, line, column in marks}

    def _read_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        spoken = [values.get(name) for name in SPOKEN]
        if tag == "meta" and (values.get("name") or values.get("property")) in DESCRIPTIONS:
            spoken = [values.get("content")]
        line, column = self.getpos()
        for text in spoken:
            if text and not self._is_unread:
                self.passages.append(passage([(mark, line, column + 1) for mark in text]))
