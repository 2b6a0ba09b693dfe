"""The report as a Word document, for people who edit: the same model in the same order as the web page."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from hipevidence.errors import InputError
from hipevidence.reporting.model import Cell
from hipevidence.reporting.numbers import joined

if TYPE_CHECKING:
    from hipevidence.reporting.model import (
        ClaimCard,
        Part,
        QuestionSection,
        Reference,
        ReportModel,
        VerdictGroup,
    )
    from hipevidence.reporting.word_page import WordPage

#: Pictures are points of this many an inch: sharp in print, and all of them together a few megabytes.
RESOLUTION: Final = 200.0
#: Word files are archives; the earliest day an archive can name stands for "no day".
NO_DAY: Final = (1980, 1, 1, 0, 0, 0)


def word(report: ReportModel) -> bytes:
    """Return the report as a Word document (.docx).

    Parameters
    ----------
    report
        The report.

    Returns
    -------
    bytes
        Headings, tables with repeated heads, pictures with alternative text, links inside and out; no date. The same
        report gives the same bytes.

    Raises
    ------
    InputError
        If python-docx is not installed.
    """
    try:
        from hipevidence.reporting.word_page import WordPage  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise InputError(
            "report.docx cannot be written because python-docx is not installed; allowed: the report without it. "
            "Install hipevidence[word], or leave --docx out."
        ) from error
    page = WordPage(report.title, dict(zip((each.id for each in report.figures), as_png(report), strict=True)))
    _front(page, report)
    for part in report.opening:
        _part(page, part, 1)
    page.heading("Statement by statement", 1, "statements")
    for group in report.groups:
        _group(page, group)
    page.heading("The questions", 1, "questions")
    page.heading(report.limits.title, 2)
    page.paragraphs(report.limits.paragraphs)
    page.table(report.overview)
    for section in report.questions:
        _question(page, section)
    for part in report.sections:
        _part(page, part, 1)
    _data(page, report)
    _methods(page, report)
    return without_day(page.content())


def as_png(report: ReportModel) -> tuple[bytes, ...]:
    """Return every picture of the report as PNG, in page order."""
    if not report.figures:
        return ()
    pages = [f'#page(image("{number}.svg"))' for number in range(len(report.figures))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, figure in enumerate(report.figures):
            (folder / f"{number}.svg").write_text(figure.svg, encoding="utf-8")
        main = folder / "pictures.typ"
        main.write_text("\n".join(["#set page(width: auto, height: auto, margin: 0pt)", *pages]), encoding="utf-8")
        drawn: Any = typst.compile(main, root=folder, ignore_system_fonts=True, format="png", ppi=RESOLUTION)
    return tuple(drawn) if isinstance(drawn, list) else (drawn,)


def without_day(archive: bytes) -> bytes:
    """Return an archive whose files bear no time of writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, NO_DAY), old.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _front(page: WordPage, report: ReportModel) -> None:
    page.title(report.title)
    page.paragraph(report.subtitle, muted=True)
    page.paragraphs(report.lead)
    page.links(
        (
            *((part.title, f"#{part.id}") for part in report.opening),
            ("Statement by statement", "#statements"),
            ("The questions", "#questions"),
            *((section.title, f"#{section.id}") for section in report.questions),
            *((part.title, f"#{part.id}") for part in report.sections),
            ("Data and sources", "#data"),
            ("Methods", "#methods"),
        )
    )


def _group(page: WordPage, group: VerdictGroup) -> None:
    page.heading(f"{group.badge.word.capitalize()}, {group.count}", 2, group.id)
    page.paragraph(group.advice)
    for card in group.cards:
        _card(page, card)


def _card(page: WordPage, card: ClaimCard) -> None:
    page.heading(f"{card.number} {card.badge.symbol} {card.badge.word}", 3, card.id)
    page.paragraph(card.section, muted=True)
    page.paragraph(card.statement, strong=True)
    for reason in card.reasons:
        page.bullet(joined(reason.sentence, Cell(f" [{reason.code}]")))
    page.paragraph(joined(Cell("What the evidence carries: "), card.carried))
    page.paragraph(f"{card.basis}.", muted=True)
    if card.rests_on:
        page.linked(card.rests_on, card.basis_id)


def _question(page: WordPage, section: QuestionSection) -> None:
    page.heading(section.title, 2, section.id)
    page.paragraph(section.plain, muted=True)
    for number, sentence in enumerate(section.answer):
        page.paragraph(sentence, strong=number == 0)
    page.facts(section.facts)
    if section.figure is not None:
        page.picture(section.figure)
    for caveat in section.caveats:
        page.bullet(caveat)
    for table in (section.pooled, section.studies, section.others, section.missing):
        if table is not None:
            page.table(table)
    for part in section.parts:
        _part(page, part, 3)


def _part(page: WordPage, part: Part, level: int) -> None:
    page.heading(part.title, level, part.id)
    page.paragraphs(part.paragraphs)
    for figure in part.figures:
        page.picture(figure)
    for table in part.tables:
        page.table(table)
    for inner in part.parts:
        _part(page, inner, level + 1)


def _data(page: WordPage, report: ReportModel) -> None:
    page.heading("Data and sources", 1, "data")
    for table in report.data:
        page.table(table)
    _references(page, "References", report.references)
    page.table(report.provenance)


def _methods(page: WordPage, report: ReportModel) -> None:
    page.heading("Methods", 1, "methods")
    for passage in report.methods:
        page.heading(passage.title, 2, passage.id)
        page.paragraphs(passage.paragraphs)
    _references(page, "References on methods", report.method_references)


def _references(page: WordPage, title: str, entries: tuple[Reference, ...]) -> None:
    if entries:
        page.heading(title, 2)
        for entry in entries:
            page.reference(entry)
