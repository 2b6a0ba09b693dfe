"""The Word document: what the page says, in the page's order, with links, described pictures and the same bytes."""

from __future__ import annotations

import io
import itertools
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn

from hipevidence.errors import InputError
from hipevidence.reporting import report_files, write
from hipevidence.reporting.build import build_report
from hipevidence.reporting.pictures import picture
from hipevidence.reporting.word import word

if TYPE_CHECKING:
    from pathlib import Path

    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Part, ReportModel, Table
    from hipevidence.synthesis import Synthesis


@pytest.fixture(scope="module")
def report(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], nap_verdicts: tuple[Verdict, ...]
) -> ReportModel:
    figures = {each.question.id: picture(nap_evidence, each) for each in nap_syntheses if each.rows}
    return build_report(nap_evidence, nap_syntheses, nap_verdicts, figures)


@pytest.fixture(scope="module")
def content(report: ReportModel) -> bytes:
    return word(report)


@pytest.fixture(scope="module")
def document(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def elements(document: Any, name: str) -> list[Any]:
    return list(document.element.iter(qn(name)))


def text(element: Any) -> str:
    return "".join(piece.text or "" for piece in element.iter(qn("w:t")))


def parts_in(part: Part) -> list[Part]:
    return [part, *(inner for each in part.parts for inner in parts_in(each))]


def all_parts(report: ReportModel) -> list[Part]:
    outer = [part for question in report.questions for part in question.parts]
    return [inner for part in (*report.opening, *outer, *report.sections) for inner in parts_in(part)]


def all_tables(report: ReportModel) -> list[Table]:
    own = [each for one in report.questions for each in (one.pooled, one.studies, one.others, one.missing) if each]
    return [report.overview, *own, *(each for part in all_parts(report) for each in part.tables), *report.data]


def test_headings_are_those_of_the_report_one_level_at_a_time(document: Any, report: ReportModel) -> None:
    headings = [one for one in document.paragraphs if one.style.name.startswith("Heading")]
    levels = [int(one.style.name[-1]) for one in headings]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    titles = [text(one._p) for one in headings]
    chapters = [
        "Summary of findings",
        "Statement by statement",
        "The questions",
        *(one.title for one in report.questions),
    ]
    places = [titles.index(title) for title in (*chapters, "Data and sources", "Methods")]
    assert places == sorted(places)
    assert {part.title for part in all_parts(report)} <= set(titles)


def test_every_table_stands_under_its_caption_with_all_cells(document: Any, report: ReportModel) -> None:
    body = list(document.element.body)
    places = {id(table): body.index(table) for table in elements(document, "w:tbl")}
    captions = {
        text(body[place - 1]): table
        for table, place in zip(elements(document, "w:tbl"), places.values(), strict=True)
        if text(body[place - 1]) in {each.caption for each in all_tables(report)}
    }
    assert set(captions) == {each.caption for each in all_tables(report)}
    last = report.data[0]
    rows = [[text(cell) for cell in row.iter(qn("w:tc"))] for row in captions[last.caption].iter(qn("w:tr"))]
    assert rows == [[one.title for one in last.columns], *([cell.text for cell in row.cells] for row in last.rows)]


def test_heads_of_tables_repeat_and_no_row_is_torn(document: Any, report: ReportModel) -> None:
    facts = [question for question in report.questions if question.facts]
    assert len(elements(document, "w:tblHeader")) == len(all_tables(report)) + len(facts) + 1  # and the input files
    assert len(elements(document, "w:tbl")) == len(elements(document, "w:tblHeader"))
    assert len(elements(document, "w:cantSplit")) >= sum(len(each.rows) + 1 for each in all_tables(report))


def test_it_says_in_which_language_it_is(document: Any) -> None:
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert document.core_properties.language == "en-GB"


def test_pictures_say_what_they_show(document: Any, report: ReportModel) -> None:
    described = [one.get("descr") for one in elements(document, "wp:docPr")]
    assert described == [figure.alt for figure in report.figures]
    assert len(described) == 6
    widths = [int(one.get("cx")) for one in elements(document, "wp:extent")]
    section = document.sections[0]
    assert max(widths) <= section.page_width - section.left_margin - section.right_margin


def test_hostile_text_is_shown_as_it_is(document: Any, hostile_texts: tuple[str, ...]) -> None:
    shown = [text(one) for one in elements(document, "w:p")]
    for hostile in hostile_texts:
        assert any(hostile in one for one in shown)
    assert not elements(document, "w:fldSimple")
    assert not elements(document, "w:instrText")


def test_links_lead_to_places_of_the_document_or_to_the_web(document: Any) -> None:
    places = [one.get(qn("w:name")) for one in elements(document, "w:bookmarkStart")]
    links = elements(document, "w:hyperlink")
    inside = {one.get(qn("w:anchor")) for one in links} - {None}
    assert len(places) == len(set(places))
    assert inside
    assert inside <= set(places)
    outside = [document.part.rels[key].target_ref for one in links if (key := one.get(qn("r:id")))]
    assert outside
    assert all(address.startswith(("https://", "http://")) for address in outside)


def test_same_report_same_bytes_and_no_day(content: bytes, report: ReportModel, document: Any) -> None:
    assert word(report) == content
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert document.core_properties.created.year == document.core_properties.modified.year == 1980
    assert document.core_properties.title == report.title
    assert document.core_properties.author == ""


def test_without_the_writer_the_message_says_what_to_install(
    report: ReportModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "hipevidence.reporting.word_page", raising=False)
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(InputError, match=r"Install hipevidence\[word\]"):
        word(report)


def test_the_word_document_is_a_file_of_the_report_when_asked_for(
    bare_evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "pdf", lambda _report: b"%PDF-")
    steps: list[int] = []
    files = report_files(bare_evidence, docx=True, progress=lambda _name, done, total: steps.append(total - done))
    assert files["report.docx"].startswith(b"PK")
    assert steps[-1] == 1
    assert b'"python-docx"' in files["manifest.json"]
    write.write_report(bare_evidence, tmp_path / "reports", docx=True)
    assert write.check_report(bare_evidence, tmp_path / "reports") == []
    (tmp_path / "reports" / "report.docx").write_bytes(b"edited")
    assert write.check_report(bare_evidence, tmp_path / "reports") == ["report.docx"]
