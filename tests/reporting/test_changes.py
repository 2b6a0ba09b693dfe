"""The section on what changed since an earlier state: made from a comparison, hostile text staying text."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from hipevidence.changes import Changes, compare
from hipevidence.evidence import load_evidence
from hipevidence.reporting import build_report
from hipevidence.reporting.build import claim_anchor, question_anchor
from hipevidence.reporting.html import html
from hipevidence.reporting.parts.changes import changes_section
from hipevidence.reporting.sources import anchors

if TYPE_CHECKING:
    from pathlib import Path

    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Part
    from hipevidence.synthesis import Synthesis

GONE = "gone2009.sleepiness.6w"


@pytest.fixture(scope="module")
def changes(nap_folder: Path, nap_evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Changes:
    """What differs from a state with another figure, a study less, and a row that is gone by now."""
    folder = tmp_path_factory.mktemp("before") / "data"
    shutil.copytree(nap_folder, folder)
    table = folder / "studies.csv"
    header, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("gamma2014.sleepiness")]
    text = "".join([header, *kept]).replace("beta2012.sleepiness.6w", GONE).replace(",3.10,", ",2.10,")
    table.write_text(text, encoding="utf-8")
    claims = folder / "claims.toml"
    text = claims.read_text(encoding="utf-8").replace(', "gamma2014.sleepiness.6w"', "")
    claims.write_text(text.replace("beta2012.sleepiness.6w", GONE), encoding="utf-8")
    return compare(load_evidence(folder), nap_evidence)


@pytest.fixture(scope="module")
def places(nap_evidence: Evidence) -> frozenset[str]:
    known = {question_anchor(question.id) for question in nap_evidence.questions}
    return anchors(nap_evidence) | known | {claim_anchor(claim.id) for claim in nap_evidence.claims}


@pytest.fixture(scope="module")
def section(changes: Changes, places: frozenset[str]) -> Part:
    return changes_section("v1.0 <b>", changes, places)


def test_it_says_how_much_changed_and_how_grave_it_is(section: Part) -> None:
    assert section.title == "What changed since v1.0 <b>"
    assert "Severity: " in section.paragraphs[0]
    assert [part.title for part in section.parts] == ["Napping against walking <i>"]


def test_each_question_has_its_figures_before_and_after_and_the_rows_that_moved_it(section: Part) -> None:
    answer, moved = section.parts[0].tables
    names = [row.cells[0].text for row in answer.rows]
    assert names == ["results (k)", "people (n)", "estimate", "prediction interval", "tau²", "certainty"]
    assert [cell.text for cell in answer.rows[0].cells[1:]] == ["2", "3"]
    assert all(row.cells[2].href == "#question-nap.sleepiness" for row in answer.rows)
    said = {row.cells[0].text: row.cells[1].text for row in moved.rows}
    assert said["gamma2014.sleepiness.6w"].startswith("entered; moves the estimate by ")
    assert said["alpha2010.sleepiness.6w"].startswith("changed; moves the estimate by ")
    assert said[GONE].startswith("left; moves the estimate by ")


def test_what_has_no_place_in_the_report_leads_nowhere(section: Part, places: frozenset[str]) -> None:
    tables = (*section.tables, *section.parts[0].tables)
    links = {cell.text: cell.href for table in tables for row in table.rows for cell in row.cells}
    assert links[GONE] == ""
    assert links["gamma2014.sleepiness.6w"] == "#row-gamma2014.sleepiness.6w"
    assert {href.removeprefix("#") for href in links.values() if href} <= places


def test_rows_are_compared_cell_by_cell(section: Part) -> None:
    rows = section.tables[-1]
    cells = [tuple(cell.text for cell in row.cells) for row in rows.rows]
    assert ("alpha2010.sleepiness.6w", "studies", "mean1_post", '"2.10"', '"3.10"') in cells
    (gone,) = [row for row in cells if row[0] == GONE]
    assert gone[2:] == ("–", gone[3], "–")
    assert gone[3].startswith(f"removed: row_id: {GONE}; study_id: beta2012; ")


def test_the_report_names_it_at_the_top_and_nowhere_without_a_state_to_compare_with(
    nap_evidence: Evidence,
    nap_syntheses: tuple[Synthesis, ...],
    nap_verdicts: tuple[Verdict, ...],
    changes: Changes,
) -> None:
    plain = build_report(nap_evidence, nap_syntheses, nap_verdicts, {})
    assert not any("changed since" in cell.text for cell in plain.lead)
    assert all(part.id != "changes" for part in plain.sections)
    report = build_report(nap_evidence, nap_syntheses, nap_verdicts, {}, ("v1.0 <b>", changes))
    assert report.lead[-1].text.startswith("What changed since v1.0 <b>: ")
    assert report.sections[0].id == "changes"
    page = html(report).decode()
    assert "What changed since v1.0 &lt;b&gt;" in page
    assert "<b>" not in page
