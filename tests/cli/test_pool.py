"""``hipevidence pool``: estimates as text and as JSON."""

from __future__ import annotations

import math

import pytest

from tests.support import study

HEAD = [
    "id",
    "title",
    "measure",
    "scale",
    "lower_is_better",
    "mcid",
    "mcid_source",
    "caveats",
    "primary",
    "sensitivity",
    "rows",
    "left_out",
]
POOLED = {
    "id",
    "title",
    "measure",
    "k",
    "row_ids",
    "zero_rows",
    "note",
    "method",
    "ci_method",
    "level",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "p_value",
    "tau2",
    "tau2_ci_low",
    "tau2_ci_high",
    "i2",
    "h2",
    "q",
    "q_df",
    "q_p_value",
    "prediction_low",
    "prediction_high",
    "prediction_method",
    "display",
}
ROW = {
    "row_id",
    "study",
    "sample_id",
    "yi",
    "vi",
    "ci_low",
    "ci_high",
    "weight",
    "measure",
    "how",
    "n1",
    "n2",
    "design",
    "verification",
    "read_in",
    "doi",
}


def test_json_of_the_mixed_question_holds_the_values_of_metafor(run, data):
    done = run("pool", "oa.mixed.pain", "--json", "--data", data)
    assert done.code == 0
    (question,) = done.json["questions"]
    by_id = {analysis["id"]: analysis for analysis in question["sensitivity"]}
    wald, knapp = by_id["wald"], by_id["hksj"]
    assert (wald["estimate"], wald["ci_low"], wald["ci_high"]) == pytest.approx((-0.6072, -0.9392, -0.2752), abs=5e-5)
    assert (knapp["ci_low"], knapp["ci_high"], knapp["tau2"]) == pytest.approx((-1.3831, 0.1687, 0.0160), abs=5e-5)


def test_json_has_stable_keys(run, data):
    (question,) = run("pool", "oa.mixed.pain", "--json", "--data", data).json["questions"]
    assert list(question) == HEAD
    assert set(question["primary"]) == POOLED
    assert set(question["rows"][0]) == ROW
    assert set(question["left_out"][0]) == {"row_id", "study", "kind", "reason"}


def test_what_cannot_be_computed_is_null(run, tiny):
    done = run("pool", "--json", "--data", tiny.write())
    (question,) = done.json["questions"]
    assert question["primary"]["k"] == 1
    assert question["primary"]["prediction_low"] is None
    assert isinstance(question["primary"]["estimate"], float)


def test_estimates_are_at_full_precision_and_ratios_both_ways(run, data):
    (question,) = run("pool", "prevention.knee_pain", "--json", "--data", data).json["questions"]
    primary = question["primary"]
    ratio = (10 / 759) / (36 / 743)
    assert primary["estimate"] == pytest.approx(math.log(ratio), rel=1e-8)
    assert primary["display"]["estimate"] == pytest.approx(ratio, rel=1e-8)


@pytest.mark.slow
def test_all_questions_when_none_is_named(run, data):
    done = run("pool", "--json", "--data", data)
    assert len(done.json["questions"]) == 16


def test_questions_come_in_the_order_asked(run, data):
    done = run("pool", "itbs.recovery", "prevention.knee_pain", "--json", "--data", data)
    assert [question["id"] for question in done.json["questions"]] == ["itbs.recovery", "prevention.knee_pain"]


def test_text_shows_rows_estimate_and_what_is_missing(run, data):
    done = run("pool", "oa.mixed.pain", "--data", data)
    assert done.code == 0
    assert "Jorge 2015" in done.out
    assert "\N{MINUS SIGN}0.61 [\N{MINUS SIGN}0.94 to \N{MINUS SIGN}0.28]" in done.out
    assert "Mixed comparators" in done.out
    assert "Left out:" in done.out
    assert done.err == ""


def test_another_estimator_and_interval(run, data):
    done = run("pool", "oa.mixed.pain", "--method", "DL", "--ci", "wald", "--json", "--data", data)
    (question,) = done.json["questions"]
    assert (question["primary"]["method"], question["primary"]["ci_method"]) == ("DL", "wald")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "no question nope; there are: oa.hip_vs_none.pain"),
        (["oa.mixed.pain", "--method", "REMEL"], "REMEL"),
        (["oa.mixed.pain", "--ci", "knapp"], "HKSJ-modified"),
    ],
)
def test_a_mistake_names_what_there_is(run, data, arguments, said):
    done = run("pool", *arguments, "--data", data)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_zero_studies_is_an_answer(run, tiny):
    tiny.studies, tiny.claims = [], ""
    done = run("pool", "--data", tiny.write())
    assert done.code == 0
    assert "No result with usable figures." in done.out


def test_one_study_is_an_answer_that_says_so(run, tiny):
    done = run("pool", "--data", tiny.write())
    assert done.code == 0
    assert "One result only" in done.out


def test_control_signs_of_a_cell_never_reach_the_terminal(run, tiny):
    tiny.studies = [study(note="red \x1b[31m")]
    done = run("pool", "--data", tiny.write())
    assert done.code == 2
    assert "\x1b" not in done.err + done.out
