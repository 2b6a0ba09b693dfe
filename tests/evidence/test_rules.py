"""Each rule about several cells fires on its example and keeps silent on the innocent twin."""

from __future__ import annotations

import pytest

from hipevidence.evidence import all_rules, load_evidence, validate
from tests.evidence.checks.examples import EXAMPLES as ROW_CHECKS
from tests.evidence.checks.test_bias import CHECKS as BIAS_CHECKS
from tests.support import POOL, STUDY, study

NO_MEANS = {name: "" for name in STUDY if name.startswith(("mean", "sd"))}
RATIO = NO_MEANS | {"effect_measure": "OR", "effect": "1.7", "ci_low": "1.1", "ci_high": "2.6"}
EVENTS = NO_MEANS | {"events1": "10", "events2": "23"}

# rule: cells of the innocent row, the change that makes it guilty, column, found, allowed, action
EXAMPLES = {
    "events_above_n": (EVENTS, {"events1": "25"}, "events1", '"25"', 'at most n1, which is "24"', "Look the figures"),
    "ci_order": (
        RATIO | {"effect": "", "p_value": ".02"},
        {"ci_low": "2.6"},
        "ci_low, ci_high",
        '"2.6" to "2.6"',
        "below",
        "Exchange",
    ),
    "ci_half": (RATIO, {"ci_high": ""}, "ci_high", "nothing", "both limits or none", "Fill in the other limit"),
    "ci_without_estimate": (RATIO, {"effect": "2.7"}, "effect", '"2.7"', '"1.1" and "2.6"', "their signs"),
    "ratio_not_positive": (
        RATIO | {"ci_low": "", "ci_high": ""},
        {"effect": "-0.5"},
        "effect",
        '"-0.5"',
        "above 0 for OR",
        "logarithm",
    ),
    "effect_without_measure": (RATIO, {"effect_measure": ""}, "effect_measure", "nothing", "the measure of", "Fill"),
    "sd_without_mean": ({}, {"mean1_post": ""}, "mean1_post", 'sd1_post is "2.0"', "the mean", "Fill in mean1_post"),
    "outside_scale": ({}, {"mean2_post": "10.1"}, "mean2_post", '"10.1"', '"0" to "10"', "instrument of its own"),
    "no_figures": (
        NO_MEANS | {"p_value": "0.03"},
        {"p_value": ""},
        "status",
        "no figure",
        "only with a figure",
        "awaiting_extraction",
    ),
    "status_without_reason": (
        {"status": "excluded", "status_reason": "a protocol"},
        {"status_reason": ""},
        "status_reason",
        "nothing",
        "because status is excluded",
        "what is missing",
    ),
    "n_above_enrolled": ({}, {"n1": "28"}, "n_enrolled", '"28" and "23"', 'than the "50"', "if limbs were counted"),
    "not_seen": (
        {"seen": "false", "verification": "unverified"},
        {"verification": "abstract"},
        "verification",
        '"abstract"',
        "as seen is false",
        "Set verification to unverified",
    ),
    "seen_unverified": ({}, {"verification": "as_cited"}, "seen", '"true"', "false for as_cited", "set seen to false"),
    "p_value_unreadable": ({"p_value": ".09"}, {"p_value": "15"}, "p_value", '"15"', "0 to 1", "Look the figures"),
    "statistic_half": (
        {"statistic": "t", "statistic_value": "1.7"},
        {"statistic_value": ""},
        "statistic_value",
        "nothing",
        'because statistic is "t"',
        "Fill in statistic_value",
    ),
    "statistic_negative": (
        {"statistic": "F", "statistic_value": "2.9"},
        {"statistic_value": "-2.9"},
        "statistic_value",
        '"-2.9"',
        "at least 0 for F",
        "Look the figures",
    ),
}


def test_every_rule_has_an_example_here():
    assert {rule.id for rule in all_rules()} == set(EXAMPLES) | {"duplicate_result"} | set(ROW_CHECKS) | set(
        BIAS_CHECKS
    )
    assert all(rule.meaning and rule.columns for rule in all_rules())


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule(tiny, rule):
    innocent, guilt, column, found, allowed, action = EXAMPLES[rule]
    tiny.studies = [study(), study(row_id="b", sample_id="b", **innocent)]
    assert validate(tiny.write()) == ()
    tiny.studies = [study(), study(row_id="b", sample_id="b", **(innocent | guilt))]
    (problem,) = validate(tiny.write())
    assert (problem.file, problem.line, problem.entry, problem.column) == ("studies.csv", 3, "b", column)
    assert problem.rule == rule
    assert found in problem.found
    assert allowed in problem.allowed
    assert action in problem.action
    assert problem.level == {entry.id: entry.level for entry in all_rules()}[rule]


def test_a_statistic_without_its_name(tiny):
    tiny.studies = [study(statistic_value="2.4")]
    (problem,) = validate(tiny.write())
    assert (problem.rule, problem.column) == ("statistic_half", "statistic")


def test_a_change_larger_than_the_scale(tiny):
    tiny.studies = [study(change1_mean="-11", change1_sd="2")]
    (problem,) = validate(tiny.write())
    assert (problem.rule, problem.column) == ("outside_scale", "change1_mean")


def test_a_scale_without_limits_has_no_outside(tiny):
    tiny.studies = [study(instrument="diary", mean1_post="-400")]
    assert "outside_scale" not in {problem.rule for problem in validate(tiny.write())}


def test_people_measured_twice_count_once(tiny):
    tiny.studies = [study(design="crossover_rct", n1="50", n2="50")]
    assert validate(tiny.write()) == ()


def test_a_reversed_interval_is_one_problem(tiny):
    tiny.studies = [study(**(RATIO | {"ci_low": "2.6", "ci_high": "1.1"}))]
    assert [problem.rule for problem in validate(tiny.write())] == ["ci_order"]


def test_one_mistake_is_reported_once(tiny):
    """The mean is no number, so nothing is concluded about the spread beside it."""
    tiny.studies = [study(mean1_post="5,2")]
    assert [problem.rule for problem in validate(tiny.write())] == ["cell"]


def test_one_mistake_hides_no_other(tiny):
    tiny.studies = [study(mean1_post="5,2", mean2_post="40", change1_sd="2", n1="many", n2="60")]
    problems = [(problem.rule, problem.column) for problem in validate(tiny.write())]
    assert problems == [
        ("cell", "n1"),
        ("cell", "mean1_post"),
        ("sd_without_mean", "change1_mean"),
        ("outside_scale", "mean2_post"),
        ("n_above_enrolled", "n_enrolled"),
    ]


def test_rules_know_the_columns_of_published_pools(tiny):
    tiny.published_pools = [
        POOL | {"measure": "RR", "estimate": "-0.3", "ci_low": "", "ci_high": "", "finding": "mixed"}
    ]
    (problem,) = validate(tiny.write())
    place = (problem.file, problem.line, problem.entry, problem.column, problem.rule)
    assert place == ("published_pools.csv", 2, "jones2022.sleep", "estimate", "ratio_not_positive")


def test_a_result_entered_twice(tiny):
    tiny.studies = [study(), study(row_id="b"), study(row_id="c", time_weeks="8"), study(row_id="d", arm1="strong tea")]
    (problem,) = validate(tiny.write())
    assert (problem.line, problem.entry, problem.rule, problem.level) == (3, "b", "duplicate_result", "warning")
    assert "line 2" in problem.found
    assert "how they differ" in problem.action


def test_warnings_stop_nothing(tiny):
    tiny.studies = [study(), study(row_id="b")]
    assert [problem.rule for problem in load_evidence(tiny.write()).warnings] == ["duplicate_result"]
