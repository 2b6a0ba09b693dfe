"""An answered question becomes an evidence item: about the rows that entered, with the direction told in words."""

from __future__ import annotations

import math

import pytest

from hipevidence.claims.answers import question_item
from hipevidence.claims.tables import row_item
from hipevidence.evidence import Term, load_evidence
from hipevidence.synthesis import synthesise
from tests.support import QUESTION, SCALE, Tiny, study

MORE = {"sleep": Term(label="sleep", good="more")}
LESS = {"sleep": Term(label="sleeplessness", good="less")}


@pytest.fixture
def answer(tmp_path):
    """Return a function from rows of the table to the answer of the question as an item."""

    def ask(*rows, outcomes=MORE, question=QUESTION):
        instruments = [SCALE | {"higher_is_better": "true"}]
        question = question.replace('"diary", ', "")
        tiny = Tiny(tmp_path / "data", studies=list(rows), instruments=instruments, questions=question, claims="")
        evidence = load_evidence(tiny.write())
        known = {row["instrument"]: row for row in evidence.records("instruments")}
        items = {row["row_id"]: row_item(row, known, outcomes) for row in evidence.records("studies")}
        return question_item(synthesise(evidence, "tea.sleep"), items, outcomes)

    return ask


def two(**cells):
    return study(**cells), study(row_id="b", study_id="jones2022", sample_id="b", study="B", **cells)


def higher_is_better(question=QUESTION):
    return f"{question}lower_is_better = false\n"


def test_it_is_about_the_rows_that_entered_not_about_what_was_eligible(answer):
    item = answer(*two())
    assert item.population == ("shift_workers",)
    assert item.intervention == ("camomile",)
    assert item.comparator == ("water",)
    assert (item.k_pooled, item.n_analysed) == (2, 94)


@pytest.mark.parametrize(("outcomes", "finding"), [(MORE, "increases"), (LESS, "decreases")])
def test_better_is_told_as_more_or_less_of_the_outcome(answer, outcomes, finding):
    better = {"mean1_post": "6", "mean2_post": "4"}
    assert answer(*two(**better), outcomes=outcomes, question=higher_is_better()).finding == finding


def test_an_interval_that_includes_no_difference_is_no_finding_of_no_difference(answer):
    item = answer(*two(mean1_post="4.2", mean2_post="4.1"), question=higher_is_better())
    assert item.interval_includes_no_effect is True
    assert item.finding == "increases"


def test_a_question_without_rows_says_nothing(answer):
    item = answer(study(status="excluded", status_reason="a duplicate"))
    assert (item.finding, item.figures, item.status) == ("not_reported", (), "awaiting_extraction")
    assert math.isnan(item.n_analysed)
    assert not item.prediction.exists
