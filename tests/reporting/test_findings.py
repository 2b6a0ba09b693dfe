"""Summary of findings: GRADE's columns, no number of people that nobody counted, a footnote for every reason."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

from hipevidence.evidence import Evidence, load_evidence
from hipevidence.reporting.numbers import FIGURE, leading
from hipevidence.reporting.parts.findings import MOST, findings_part
from hipevidence.synthesis import Synthesis, synthesise
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.reporting.model import Part, Row, Table


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(ROOT / "data")


@pytest.fixture(scope="module")
def answers(evidence: Evidence) -> tuple[Synthesis, ...]:
    return tuple(synthesise(evidence, question) for question in evidence.questions)


@pytest.fixture(scope="module")
def findings(evidence: Evidence, answers: tuple[Synthesis, ...]) -> Part:
    part = findings_part(evidence, answers, ())
    assert part
    return part


def table(part: Part, question: str) -> Table:
    return next(each for each in part.tables if each.id == f"findings-{question}")


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def hrefs(row: Row) -> Iterator[str]:
    for cell in row.cells:
        yield from (piece.href for piece in (cell, *cell.pieces) if piece.href)


def test_every_question_is_in_one_table_and_outcomes_of_a_comparison_share_theirs(
    findings: Part, answers: tuple[Synthesis, ...]
) -> None:
    leads = [next(hrefs(row)) for each in findings.tables for row in each.rows]
    assert sorted(leads) == sorted(f"#question-{each.question.id}" for each in answers)
    hip_or_knee = table(findings, "pfp.hip_vs_knee.pain")
    assert hip_or_knee.caption == "Patellofemoral pain: hip exercise against knee exercise"
    assert [row.cells[0].text.split("\n")[0] for row in hip_or_knee.rows] == ["Pain", "Function", "Function"]
    assert [column.title for column in hip_or_knee.columns] == [
        "Outcome",
        "People (results)",
        "Effect (95% CI)",
        "Knee exercise",
        "Hip exercise",
        "Difference",
        "Certainty",
        "In plain words",
    ]


def test_people_of_100_where_both_groups_were_counted(findings: Part) -> None:
    """Coppack 2011: 36 of 743 and 10 of 759 recruits."""
    (row,) = table(findings, "prevention.knee_pain").rows
    assert texts(row)[2:6] == [
        "0.27 (0.14 to 0.54)\nrisk ratio",
        "5 of 100 (4 to 7)",
        "1 of 100 (1 to 2)",
        "4 fewer of 100 (2 fewer to 5 fewer)",
    ]
    assert {cell.href for cell in row.cells[3:6]} == {"#row-coppack_nd.new_pfp.14w"}


@pytest.mark.parametrize("question", ["oa.hip_vs_none.pain", "risk.worse_knee_pain_women", "pfp.strength_deficit"])
def test_no_number_of_people_where_nobody_counted_and_a_footnote_says_why(findings: Part, question: str) -> None:
    found = table(findings, question)
    notes = {f"#{note.id}": note.said.text for note in found.footnotes}
    for row in found.rows:
        for cell in row.cells[3:5]:
            said, _, mark = cell.pieces
            assert said.text == "not counted"
            assert not said.href
            assert "count" in notes[mark.href] or "cannot be said" in notes[mark.href]


def test_a_difference_of_averages_is_told_with_its_side_and_meaning(findings: Part) -> None:
    row = table(findings, "oa.hip_vs_none.pain").rows[0]
    assert texts(row)[5] == (
        "0.71 SD better (3.19 better to 1.77 worse)\n"
        "the average person does better than 76 of 100 (4 to 100) with no exercise; 50 is no difference"
        "\N{NO-BREAK SPACE}²"
    )
    points = table(findings, "pfp.hip_vs_knee.pain").rows[1]
    assert texts(points)[5] == "0.35 points on the AKPS worse (15.64 worse to 14.94 better)"
    observed = table(findings, "pfp.strength_deficit").rows[0]
    assert texts(observed)[5] == "0.88 SD lower (1.26 lower to 0.50 lower)"


def test_each_level_down_has_its_reason_and_what_is_unsigned_says_so(findings: Part) -> None:
    found = table(findings, "oa.hip_added.pain")
    certainty = found.rows[0].cells[6]
    assert certainty.text.startswith("⊕◯◯◯ very low")
    assert certainty.text.endswith("suggested, not signed")
    assert certainty.pieces[0].href == "#certainty-oa.hip_added.pain"
    marks = [piece.href for piece in certainty.pieces[1:] if piece.href]
    reasons = [note.said.text.partition(":")[0] for note in found.footnotes if f"#{note.id}" in marks]
    assert reasons == ["Inconsistency", "Imprecision", "Missing results"]
    (alone,) = table(findings, "itbs.recovery").rows
    assert "It starts very low: nobody without the treatment was followed." in [
        note.said.text for note in table(findings, "itbs.recovery").footnotes
    ]
    assert texts(alone)[4] == "92 of 100 (72 to 98)"
    assert "takes no level down" in findings.paragraphs[1]


def test_footnotes_are_numbered_in_reading_order_and_all_are_used(findings: Part) -> None:
    for each in findings.tables:
        marks = [href for row in each.rows for href in hrefs(row) if href.startswith(f"#{each.id}-")]
        assert list(dict.fromkeys(marks)) == [f"#{note.id}" for note in each.footnotes]


def test_a_figure_not_for_print_says_so(findings: Part) -> None:
    found = table(findings, "pfp.hip_and_knee_vs_knee.pain")
    assert [note.said.text for note in found.footnotes if note.said.text.startswith("Not for print")] == [
        "Not for print: the one trial with figures reports a gain that is implausibly large."
    ]


def test_every_number_of_a_cell_leads_somewhere(findings: Part) -> None:
    scales = re.compile(r"\n.*", re.DOTALL)
    for each in findings.tables:
        for row in each.rows:
            loose = [
                piece.text
                for cell in (
                    dataclasses.replace(row.cells[0], pieces=(), text=scales.sub("", row.cells[0].text)),
                    *row.cells[1:],
                )
                for piece in (cell.pieces or (cell,))
                if FIGURE.search(piece.text) and not piece.href
            ]
            assert loose == []


def test_more_than_seven_outcomes_are_named_not_shown(evidence: Evidence, answers: tuple[Synthesis, ...]) -> None:
    one = next(each for each in answers if each.question.id == "prevention.knee_pain")
    many = tuple(
        dataclasses.replace(one, question=one.question.model_copy(update={"id": f"q{number}", "title": "Same, other"}))
        for number in range(MOST + 2)
    )
    part = findings_part(evidence, many, ())
    assert part
    (found,) = part.tables
    assert len(found.rows) == MOST
    assert found.note == "2 more outcomes of this comparison: among the questions."
    assert found.caption == "Same"


def test_nothing_found_nothing_summed_up(bare_evidence: Evidence) -> None:
    nothing = tuple(synthesise(bare_evidence, question) for question in bare_evidence.questions)
    assert findings_part(bare_evidence, nothing, ()) is None


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        (
            "On average over 2 results (149 people): −0.71 (95% CI −3.19 to 1.77).",
            ["2", "149", "−0.71 (95% CI −3.19 to 1.77)"],
        ),
        ("Qiu 2023, 1,502 of 1,960 people, VAS 0-10, C19, k − 1.", ["1,502 of 1,960"]),
        ("92% (72% to 98%) and I² 58%; −∞ to 3", ["92% (72% to 98%)", "58%", "−∞ to 3"]),
        ("vas_0_10 and tau2, RoB 2", []),
        ("81 of 100 (95% CI 28 to 99); 95% CI 1 to 2", ["81 of 100 (95% CI 28 to 99)", "95% CI 1 to 2"]),
    ],
)
def test_numbers_of_a_sentence_are_told_from_names_and_years(text: str, linked: list[str]) -> None:
    said = leading(text, "place")
    assert [piece.text for piece in said.pieces if piece.href] == linked
    assert said.text == text
    assert "".join(piece.text for piece in said.pieces) in {text, ""}
