"""The tables of this repository are in order, and each question finds its rows."""

from __future__ import annotations

import pytest

from hipevidence.evidence import load_evidence, select, validate
from tests.support import ROOT

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def evidence():
    return load_evidence(DATA)


def test_no_errors():
    assert [str(problem) for problem in validate(DATA) if problem.level == "error"] == []


def test_no_sample_counts_twice_and_nothing_unverified_enters(evidence):
    assert evidence.questions
    for question in evidence.questions:
        used = evidence.studies.loc[list(select(evidence, question).used)]
        assert used["sample_id"].is_unique, question.id
        assert used["verification"].isin(["full_text", "abstract", "secondary"]).all(), question.id
        assert (used["status"] == "extracted").all(), question.id


def test_scores_at_the_end_are_pooled_of_the_three_trials_that_print_them(evidence):
    """Ashok and Verma print an effect only, which may come from change scores."""
    selection = select(evidence, evidence.question("oa.mixed.pain"))
    samples = evidence.studies["sample_id"][list(selection.used)]
    assert sorted(samples) == ["bennell2010", "jorge2015", "qiu2023"]
    kinds = {row.row_id.split(".")[0]: row.kind for row in selection.left_out}
    assert kinds["ashok_nd"] == kinds["verma_nd"] == "no_usable_figures"


def test_known_nulls_of_the_strength_deficit_are_listed(evidence):
    selection = select(evidence, evidence.question("pfp.strength_deficit"))
    nulls = {row.row_id.split(".")[0] for row in selection.left_out if row.kind == "null_without_figures"}
    assert {"bolgla2015", "oliveira2014"} <= nulls
