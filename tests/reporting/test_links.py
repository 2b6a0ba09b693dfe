"""From every pooled number to the rows it rests on, and from every row to where it was read."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from hipevidence.claims import verdicts
from hipevidence.evidence import load_evidence
from hipevidence.reporting.build import build_report
from hipevidence.reporting.html import html
from hipevidence.reporting.numbers import FIGURE
from hipevidence.synthesis import synthesise
from tests.support import ROOT

if TYPE_CHECKING:
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import ReportModel, Table
    from hipevidence.synthesis import Synthesis


@pytest.fixture(scope="module")
def report(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], nap_verdicts: tuple[Verdict, ...]
) -> ReportModel:
    return build_report(nap_evidence, nap_syntheses, nap_verdicts, {})


def leading(table: Table, column: str) -> list[str]:
    """Return where the numbers of a column lead; a cell without a number leads nowhere."""
    place = [each.title.split(" (")[0] for each in table.columns].index(column)
    return [row.cells[place].href for row in table.rows if re.search(r"\d", row.cells[place].text)]


def test_every_pooled_number_leads_to_the_rows_behind_it(report: ReportModel) -> None:
    for question in report.questions:
        if question.studies is None:
            continue
        assert question.pooled
        others = {f"#{row.id}" for row in question.others.rows if row.id} if question.others else set()
        rows = {f"#{question.studies.id}"} | others
        assert set(leading(question.pooled, "Estimate")) == rows
        assert {fact.value.href for fact in question.facts} <= rows
        assert all(fact.value.href for fact in question.facts)
        for part in question.parts:
            hrefs = [cell.href for table in part.tables for row in table.rows for cell in row.cells]
            assert f"#{question.studies.id}" in hrefs or not part.tables
    assert all(leading(report.overview, "Estimate"))
    assert all(leading(report.overview, "Known nulls as zero"))


def test_an_analysis_on_other_rows_names_them(report: ReportModel) -> None:
    others = report.questions[0].others
    assert others is not None
    cells = {(row.cells[0].href, row.cells[1].text, row.cells[2].text) for row in others.rows}
    assert ("#row-delta2016.sleepiness.6w", "Known nulls as zero", "counted as zero") in cells
    assert report.questions[1].others is None


def test_every_row_that_is_shown_leads_to_the_table_of_rows_and_from_there_to_its_source(report: ReportModel) -> None:
    sources = {row.id: [cell.href for cell in row.cells if cell.href] for table in report.data for row in table.rows}
    for question in report.questions:
        for table in (question.studies, question.others, question.missing):
            assert {row.cells[0].href.removeprefix("#") for row in table.rows} <= set(sources) if table else True
    references = {f"#{entry.id}" for entry in report.references}
    assert all(found for found in sources.values())
    assert {href for found in sources.values() for href in found if href.startswith("#")} <= references


NONE = re.compile(r"^0$")  # how many there are of what is not there: nothing to lead to


class LooseNumbers(HTMLParser):
    """Sentences of a page with numbers that stand in no link, in the places where results are told."""

    PLACES = frozenset({"lead", "limits", "answer", "aside", "reasons", "carried", "part", "cards", "note", "caveat"})
    #: What says nothing of a result: headings and captions, names of rows, methods, what another place leads on from.
    SILENT = frozenset({"h2", "h3", "h4", "h5", "caption", "figcaption", "thead", "th", "code", "svg", "script"})
    VOID = frozenset({"br", "meta", "link"})

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.open: list[tuple[str, frozenset[str]]] = []
        self.found: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append((tag, frozenset((dict(attrs).get("class") or "").split())))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Stand for nothing that could be said: parts of pictures."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self.open}
        classes = frozenset().union(*(names for _, names in self.open))
        in_table = "table" in tags and "cards" not in classes  # there a line's link is the link of its numbers
        if (
            classes & self.PLACES
            and not tags & (self.SILENT | {"a"})
            and not in_table
            and FIGURE.search(NONE.sub("", data))
        ):
            self.found.append(" ".join(data.split()))


def test_every_number_in_a_sentence_leads_somewhere(report: ReportModel) -> None:
    assert LooseNumbers(html(report)).found == []


@pytest.mark.slow
def test_every_number_in_a_sentence_leads_somewhere_in_the_real_report() -> None:
    evidence = load_evidence(ROOT / "data")
    answers = tuple(synthesise(evidence, question) for question in evidence.questions)
    page = html(build_report(evidence, answers, tuple(verdicts(evidence, answers)), {}))
    assert LooseNumbers(page).found == []
    rows = [
        re.findall(r"<tr>.*?</tr>", part, flags=re.DOTALL)
        for part in re.findall(r'id="certainty-.*?</table>', page.decode(), re.DOTALL)
    ]
    assert rows
    assert all("<a " in row for part in rows for row in part if FIGURE.search(re.sub("<[^>]*>", " ", row)))


def test_sentences_say_with_links_what_they_say_without(report: ReportModel) -> None:
    for question in report.questions:
        for sentence in question.answer:
            assert "".join(piece.text for piece in sentence.pieces) in {sentence.text, ""}
        assert any(piece.href for sentence in question.answer for piece in sentence.pieces) or not question.studies


def test_links_inside_the_committed_report_lead_somewhere() -> None:
    page = (ROOT / "reports" / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    ids = re.findall(r'<[^>]* id="([^"]*)"', page)
    inside = re.findall(r'href="#([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert len(inside) > 1000
    assert set(inside) <= set(ids)
    rows = re.findall(r'<tr id="(?:row|pool)-.*?</tr>', page, flags=re.DOTALL)
    assert len(rows) > 400
    assert all('href="#ref-' in row or 'href="http' in row for row in rows)


def test_the_committed_page_is_below_two_megabytes() -> None:
    assert (ROOT / "reports" / "index.html").stat().st_size < 2_000_000
