"""Pieces of a Word document: headings with anchors, linked text, tables with repeated heads, described pictures."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from hipevidence.reporting.model import Cell, Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.text.paragraph import Paragraph

    from hipevidence.reporting.model import Fact, Figure, Reference

INK: Final = RGBColor(0x1B, 0x24, 0x30)
MUTED: Final = RGBColor(0x56, 0x61, 0x71)
ACCENT: Final = RGBColor(0x0B, 0x5A, 0x6B)
FONT: Final = "Calibri"
LANGUAGE: Final = "en-GB"
#: Our own styles, so that whoever edits can change all of a kind at once.
NOTE, IN_TABLE, LINK = "Note", "Table Text", "Hyperlink"
TEXT_WIDTH: Final = Mm(210 - 2 * 19)
#: Every Word file has a day of writing; the report has none, so all of them have this one.
NO_DAY: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - Word's own fields know no time zone


class WordPage:
    """A Word document being filled from top to bottom."""

    def __init__(self, title: str, pictures: dict[str, bytes]) -> None:
        self._pictures = pictures
        self._anchors: dict[str, str] = {}
        self._placed = 0
        self._document = docx.Document()
        _describe(self._document, title)
        _set_up(self._document)
        # looked up once: python-docx searches all styles each time it is given a name
        self._in_table, self._link = (self._document.styles[name].style_id for name in (IN_TABLE, LINK))

    def content(self) -> bytes:
        """Return the document as a file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    # -------------------------------------------------------------- text

    def title(self, text: str) -> None:
        """Add the title."""
        self._document.add_paragraph(text, style="Title")

    def heading(self, text: str, level: int, anchor: str = "") -> None:
        """Add a heading, ``level`` 1 being a chapter, that links may lead to."""
        self._anchor(self._document.add_heading(text, level), anchor)

    def paragraph(self, text: str | Cell, *, strong: bool = False, muted: bool = False) -> None:
        """Add a paragraph."""
        paragraph = self._document.add_paragraph(style=NOTE if muted else None)
        self._add(paragraph, _cell(text), strong=strong)

    def paragraphs(self, texts: Iterable[str | Cell]) -> None:
        """Add paragraphs."""
        for text in texts:
            self.paragraph(text)

    def bullet(self, text: str | Cell) -> None:
        """Add an item of a list."""
        self._add(self._document.add_paragraph(style="List Bullet"), _cell(text))

    def links(self, entries: Iterable[tuple[str, str]]) -> None:
        """Add a list of links, such as the contents."""
        for text, href in entries:
            self._add(self._document.add_paragraph(style="List Bullet"), Cell(text, href))

    def linked(self, cells: Iterable[Cell], anchor: str) -> None:
        """Add linked words in one paragraph."""
        paragraph = self._document.add_paragraph()
        self._anchor(paragraph, anchor)
        for number, cell in enumerate(cells):
            if number:
                paragraph.add_run("; ")
            self._add(paragraph, cell)

    def reference(self, entry: Reference) -> None:
        """Add an entry of a reference list."""
        paragraph = self._document.add_paragraph(style="List Bullet")
        self._anchor(paragraph, entry.id)
        self._add(paragraph, Cell(entry.text, entry.href))

    # -------------------------------------------------------------- tables and pictures

    def facts(self, facts: tuple[Fact, ...]) -> None:
        """Add headline figures as a table of three columns."""
        if facts:
            columns = (Column("Figure", "label"), Column("Value"), Column("To know about it"))
            rows = tuple(Row((Cell(fact.name), fact.value, fact.note), strong=True) for fact in facts)
            self.table(Table("", "Headline figures", columns, rows))

    def table(self, it: Table) -> None:
        """Add a table under its caption; the head repeats on every page, and no row is torn apart."""
        caption = self._document.add_paragraph(it.caption, style="Caption")
        caption.paragraph_format.keep_with_next = True
        self._anchor(caption, it.id)
        table = self._document.add_table(len(it.rows) + 1, len(it.columns), style="Table Grid")
        table.autofit = False
        widths = _widths([column.width for column in it.columns])
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        right = [column.kind == "number" for column in it.columns]
        head, *rows = table.rows
        self._fill(head, [Cell(column.title) for column in it.columns], strong=True)
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row, content in zip(rows, it.rows, strict=True):
            self._fill(row, content.cells, strong=content.strong, anchor=content.id)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, width, flush in zip(row.cells, widths, right, strict=True):
                cell.width = width
                if flush:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.paragraph(it.note, muted=True)
        for note in it.footnotes:
            paragraph = self._document.add_paragraph(style=NOTE)
            self._anchor(paragraph, note.id)
            self._add(paragraph, Cell("", pieces=(Cell(f"{note.mark} "), note.said)))

    def picture(self, it: Figure) -> None:
        """Add a picture with what it shows in words, and its caption."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(self._pictures[it.id]))
        if shape.width > TEXT_WIDTH:
            shape.width, shape.height = TEXT_WIDTH, Emu(shape.height * TEXT_WIDTH // shape.width)
        shape._inline.docPr.set("descr", it.alt)
        caption = self._document.add_paragraph(it.title, style="Caption")
        self._anchor(caption, it.id)

    def _fill(self, row: Any, cells: Iterable[Cell], *, strong: bool, anchor: str = "") -> None:
        """Write into the cells of a row."""
        for place, (box, cell) in enumerate(zip(row.cells, cells, strict=True)):
            paragraph = box.paragraphs[0]
            paragraph._p.style = self._in_table
            if place == 0:
                self._anchor(paragraph, anchor)
            self._add(paragraph, cell, strong=strong)

    # -------------------------------------------------------------- links

    def _anchor(self, paragraph: Paragraph, anchor: str) -> None:
        """Mark a paragraph as a place that links lead to."""
        if not anchor:
            return
        self._placed += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(self._placed))
        start.set(qn("w:name"), self._name(anchor))
        paragraph._p.extend((start, end))

    def _name(self, anchor: str) -> str:
        """Return the name of an anchor in Word, where names are short and made of letters and figures."""
        return self._anchors.setdefault(anchor, f"place{len(self._anchors) + 1}")

    def _add(self, paragraph: Paragraph, cell: Cell, *, strong: bool = False) -> None:
        """Add words to a paragraph, as a link where they lead somewhere."""
        for piece in cell.pieces:
            self._add(paragraph, piece, strong=strong)
        if cell.pieces:
            return
        run = paragraph.add_run(cell.text)
        run.bold = strong or None
        if not cell.href:
            return
        link = OxmlElement("w:hyperlink")
        if cell.href.startswith("#"):
            link.set(qn("w:anchor"), self._name(cell.href[1:]))
        else:
            relation = paragraph.part.relate_to(cell.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), relation)
        run._r.style = self._link
        link.append(run._r)
        paragraph._p.append(link)


def _cell(text: str | Cell) -> Cell:
    return text if isinstance(text, Cell) else Cell(text)


def _widths(shares: list[float]) -> list[Emu]:
    return [Emu(int(TEXT_WIDTH * share / sum(shares))) for share in shares]


def _describe(document: Any, title: str) -> None:
    about = document.core_properties
    about.title, about.author, about.comments, about.language = title, "", "", LANGUAGE
    about.created = about.modified = NO_DAY


def _set_up(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(19)
    page.top_margin = page.bottom_margin = Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for name in ("Title", "Caption", *(f"Heading {level}" for level in range(1, 6))):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = FONT, INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)  # a theme's font would win over the one named
    _add_styles(document.styles)
    document.styles["Heading 1"].paragraph_format.page_break_before = True


def _add_styles(styles: Any) -> None:
    note = styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.color.rgb = styles["Normal"], MUTED
    in_table = styles.add_style(IN_TABLE, WD_STYLE_TYPE.PARAGRAPH)
    in_table.base_style, in_table.font.size = styles["Normal"], Pt(8)
    in_table.paragraph_format.space_after = Pt(0)
    link = styles.add_style(LINK, WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = ACCENT, True
