"""From every pooled number to the rows it rests on, and from every row to where it was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hipevidence.reporting.build import build_report
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
