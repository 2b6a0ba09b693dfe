"""Each domain of GRADE: what takes a level down or up, and the reason given."""

from __future__ import annotations

import pytest

from tests.certainty.conftest import awaiting, rated, step, trial
from tests.support import QUALITY, QUESTION, judged

MCID = QUESTION + 'mcid = 0.2\nmcid_unit = "SD"\n'
RATIO = QUESTION.replace('measure = "SMD"', 'measure = "RR"')


def test_large_trials_that_agree_stay_high(tiny):
    rating = rated(tiny)
    assert [one.levels for one in rating.steps] == [0, 0, 0, 0, 0]
    assert (rating.suggested.word, rating.suggested.signs) == ("high", "⊕⊕⊕⊕")
    assert rating.state == "suggested, not signed"
    assert all(one.reason.endswith(".") for one in rating.steps)


@pytest.mark.parametrize(
    ("design", "start"),
    [
        ("rct", "high"),
        ("cluster_rct", "high"),
        ("cohort", "low"),
        ("single_group", "very low"),
        ("case_control", "low"),
    ],
)
def test_the_design_says_where_it_starts(tiny, design, start):
    tiny.questions = QUESTION.replace('["rct"]', f'["{design}"]').replace('"SMD"', '"MD"')
    for row in tiny.studies:
        row["design"] = design
    assert rated(tiny).start.word == start


def test_without_a_result_there_is_nothing_to_be_certain_of(tiny):
    tiny.studies = [awaiting("one", "not_reported")]
    rating = rated(tiny)
    assert (rating.suggested.word, rating.steps) == ("very low", ())


@pytest.mark.parametrize(
    ("questions", "rows", "levels", "reason"),
    [
        (QUESTION, [trial("one", 300, "5.0")], -1, "includes no difference."),
        (QUESTION, [trial("one", 130, "4.0")], -1, "260 people are fewer than the 400"),
        (QUESTION, [trial("one", 90, "4.0")], -2, "180 people are fewer than half of the 400"),
        (QUESTION, [trial("one", 30, "5.0")], -2, "includes no difference."),
        (MCID, [trial("one", 500, "4.80")], -1, "includes differences that matter (0.2 SD) and smaller ones"),
        (MCID, [trial("one", 60, "5.0")], -2, "no difference, and differences that matter either way (0.2 SD)"),
        (MCID, [trial("one", 2000, "4.95")], 0, "only differences too small to matter (less than 0.2 SD)"),
        (MCID, [trial("one", 390, "4.0")], -1, "780 people are fewer than the 785"),
        (MCID, [trial("one", 393, "4.0")], 0, "786 people are enough (785)"),
    ],
)
def test_imprecision_against_the_difference_that_matters_and_the_people_needed(tiny, questions, rows, levels, reason):
    """785 people find a difference of 0.2 SD (GRADE guidelines 6: 400 a group)."""
    tiny.questions, tiny.studies = questions, rows
    found = step(rated(tiny), "imprecision")
    assert found[0] == levels
    assert reason in found[1]


@pytest.mark.parametrize(
    ("cells", "levels", "reason"),
    [
        ({"events1": "120", "events2": "240"}, 0, "360 people with an event are enough (300)"),
        ({"events1": "50", "events2": "160"}, -1, "210 people with an event are fewer than the 300"),
        ({"events1": "10", "events2": "36"}, -2, "46 people with an event are fewer than half of the 300"),
        ({"events1": "200", "events2": "205"}, -1, "includes no difference"),
        ({"effect_measure": "RR", "effect": "0.50", "ci_low": "0.40", "ci_high": "0.62"}, 0, "1.5 times the lower one"),
        ({"effect_measure": "RR", "effect": "0.20", "ci_low": "0.05", "ci_high": "0.60"}, -1, "12.0 times the lower"),
    ],
)
def test_imprecision_of_a_ratio_counts_events(tiny, cells, levels, reason):
    tiny.questions = RATIO
    empty = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
    tiny.studies = [trial("one", 750, "") | empty | cells]
    found = step(rated(tiny), "imprecision")
    assert (found[0], reason in found[1]) == (levels, True), found


def test_results_without_a_number_of_people_are_said_and_take_one_level_only(tiny):
    effect = {"effect_measure": "SMD", "effect": "-0.50", "ci_low": "-0.70", "ci_high": "-0.30", "n1": "", "n2": ""}
    empty = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
    tiny.studies = [trial("one", 60, "4.5"), trial("two", 60, "4.5") | empty | effect]
    levels, reason = step(rated(tiny), "imprecision")
    assert "120 people (not counting 1 result that prints no number) are fewer than the 400" in reason
    assert levels in {-1, -2}


@pytest.mark.parametrize(
    ("means", "levels", "reason"),
    [
        (["4.40", "4.41", "4.40"], 0, "The results do not differ much: I²"),
        (["4.40", "4.41"], 0, "two results can hardly show how much results differ"),
        (["4.40"], 0, "One result only"),
        (["4.40", "4.60", "4.50", "4.45"], -1, "The results differ: I²"),
        (["4.00", "4.90", "4.20", "4.70", "4.50"], -2, "A new setting may see no difference"),
    ],
)
def test_inconsistency(tiny, means, levels, reason):
    tiny.studies = [trial(f"t{place}", 2000, mean) for place, mean in enumerate(means)]
    found = step(rated(tiny), "inconsistency")
    assert (found[0], reason in found[1]) == (levels, True), found


def test_missing_results(tiny):
    assert step(rated(tiny), "missing_results") == (0, "No eligible result is known to be missing.")
    tiny.studies.append(awaiting("lost", "not_reported"))
    assert step(rated(tiny), "missing_results")[0] == 0
    tiny.studies.append(awaiting("gone", "not_reported"))
    levels, reason = step(rated(tiny), "missing_results")
    assert (levels, "2 eligible studies not read, 2 pooled" in reason, "Lost, Gone" in reason) == (-1, True, True)
    tiny.studies[-1] = awaiting("nought", "no_difference")
    levels, reason = step(rated(tiny), "missing_results")
    assert (levels, "Known to have found no difference, but without a figure: Nought" in reason) == (-1, True)


def test_a_null_on_people_who_are_pooled_already_is_not_missing(tiny):
    tiny.studies.append(awaiting("three", "no_difference") | {"sample_id": "one"})
    assert step(rated(tiny), "missing_results") == (0, "No eligible result is known to be missing.")


@pytest.mark.parametrize(
    ("first", "second", "levels", "reason"),
    [
        ("low low low low low low", "low low low low low low", 0, "Less than half of the weight"),
        ("some low low low low some", "low low low low low low", -1, "50% of the weight comes from results with some"),
        (
            "low high low low low high",
            "low some low low low some",
            -2,
            "50% of the weight comes from results with a high",
        ),
    ],
)
def test_risk_of_bias_from_the_judgements_in_the_table(tiny, first, second, levels, reason):
    tiny.studies = [trial("one", 2000, "4.40"), trial("two", 2000, "4.40", study_id="jones2022")]
    tiny.risk_of_bias = judged(first) + judged(second, "jones2022")
    found = step(rated(tiny), "risk_of_bias")
    assert (found[0], reason in found[1]) == (levels, True), found


def test_nobody_judged_is_said_and_points_are_no_judgement(tiny):
    tiny.reported_quality = [QUALITY | {"judgement": "3/10"}]
    levels, reason = step(rated(tiny), "risk_of_bias")
    assert (levels, reason) == (0, "Nobody has judged risk of bias yet (RoB 2 or ROBINS-I): a person's judgement.")


def test_judgements_of_another_outcome_say_nothing(tiny):
    tiny.risk_of_bias = judged("high high high high high high", outcome="waking")
    assert "Nobody has judged" in step(rated(tiny), "risk_of_bias")[1]


def test_a_result_without_an_overall_judgement_is_not_judged(tiny):
    tiny.risk_of_bias = judged("high high high high high high")[:-1]
    assert step(rated(tiny), "risk_of_bias")[0] == 0


def test_allotment_by_turns_counts_where_nobody_judged(tiny):
    tiny.questions = QUESTION.replace('["rct"]', '["quasi_randomised"]')
    for row in tiny.studies:
        row["design"] = "quasi_randomised"
    levels, reason = step(rated(tiny), "risk_of_bias")
    assert (levels, "One, Two (100% of the weight)" in reason) == (-1, True)


def cohorts(tiny, **cells: str):
    tiny.questions = RATIO.replace('["rct"]', '["cohort"]')
    empty = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
    tiny.studies = [trial("one", 9000, "", design="cohort") | empty | {"events1": "300", "events2": "3000"} | cells]


def test_a_large_effect_raises_what_was_only_watched(tiny):
    cohorts(tiny)
    assert step(rated(tiny), "large_effect")[0] == 2
    cohorts(tiny, events1="1000")
    rating = rated(tiny)
    assert step(rating, "large_effect") == (1, "The whole interval lies beyond a ratio of 2.")
    assert (rating.start.word, rating.suggested.word) == ("low", "moderate")
    cohorts(tiny, events1="2900")
    assert not any(one.domain == "large_effect" and one.levels for one in rated(tiny).steps)


def test_robins_i_starts_high_because_it_counts_the_design_itself(tiny):
    cohorts(tiny)
    robins = {"tool": "ROBINS-I", "version": "2025", "domain": "overall"}
    tiny.risk_of_bias = [row | robins | {"judgement": "Serious"} for row in judged("low low low low low low")[-1:]]
    rating = rated(tiny)
    assert (rating.start.word, step(rating, "risk_of_bias")[0], rating.suggested.word) == ("high", -2, "low")
