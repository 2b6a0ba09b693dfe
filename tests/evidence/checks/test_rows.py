"""What the row checks let pass, and why."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipevidence.errors import Problem
from hipevidence.evidence import validate
from tests.evidence.checks.examples import INSTRUMENTS, NO_MEANS, PRE, other
from tests.support import POOL, SCALE, VOCABULARY, columns, study

DIRECTED = VOCABULARY.replace('label = "sleep"', 'label = "sleep"\ngood = "more"')
POINTS = {"instrument": "points", "n1": "24", "mean1_post": "5.19"}


def _rules(tiny, *rows):
    tiny.studies = list(rows)
    tiny.claims = ""
    tiny.instruments = INSTRUMENTS
    return sorted(problem.rule for problem in validate(tiny.write()))


@pytest.mark.parametrize(
    "cells",
    [
        {"instrument": "scale"},  # no step known
        {"instrument": ""},
        {"adjusted_for": "age"},
        {"n1": ""},
        {"mean1_post": "5.2"},  # too few decimals
    ],
)
def test_grim_is_not_asked(tiny, cells):
    assert _rules(tiny, study(**POINTS)) == ["grim"]
    assert _rules(tiny, study(**(POINTS | cells))) == []


def test_the_mean_before_may_be_of_everybody_enrolled(tiny):
    cells = {"instrument": "points", "mean1_pre": "5.19", "mean1_post": "5.21", "n1": "24", "n2": "23"}
    assert _rules(tiny, study(**cells, n_enrolled="47")) == ["grim"]
    assert _rules(tiny, study(**cells, n_enrolled="50")) == []


def test_changes_move_in_the_same_steps_and_may_be_negative(tiny):
    cells = NO_MEANS | {"instrument": "points", "n1": "18", "n2": "18", "change1_sd": "1.47"}
    assert _rules(tiny, study(**cells, change1_mean="-1.50")) == []
    assert _rules(tiny, study(**cells, change1_mean="-1.53")) == ["grim"]


def test_one_mistake_is_asked_about_once(tiny):
    """A mean that fails GRIM is not asked about again with its SD, nor an SD that the scale does not allow."""
    assert _rules(tiny, study(**POINTS, sd1_post="2.01")) == ["grim"]
    assert _rules(tiny, study(instrument="points", mean1_post="9.00", sd1_post="3.40")) == ["sd_above_scale"]
    assert _rules(tiny, study(mean1_post="10.5", sd1_post="3.4")) == ["outside_scale"]


def test_a_change_with_its_sign_turned(tiny):
    tiny.studies = [study(**PRE, change1_mean="-0.1", change1_sd="1.1")]
    (problem,) = validate(tiny.write())
    assert problem.rule == "change_mismatch"
    assert "start minus end" in problem.action


def test_a_change_may_differ_by_what_rounding_hides(tiny):
    """Qiu 2023, timed up and go: 14.19 to 12.51 is 1.68, printed 1.67."""
    cells = NO_MEANS | {
        "instrument": "",
        "mean1_pre": "14.19",
        "sd1_pre": "6.99",
        "mean1_post": "12.51",
        "sd1_post": "6.35",
    }
    assert _rules(tiny, study(**cells, change1_mean="-1.67", change1_sd="2.28")) == []
    assert _rules(tiny, study(**cells, change1_mean="-1.66", change1_sd="2.28")) == ["change_mismatch"]


def test_a_change_narrower_than_the_spreads_allow(tiny):
    cells = PRE | {"sd1_pre": "4.0", "change1_mean": "0.1"}
    assert _rules(tiny, study(**cells, change1_sd="2.3")) == []
    assert _rules(tiny, study(**cells, change1_sd="2.0")) == ["correlation_high"]
    assert _rules(tiny, study(**cells, change1_sd="1.7")) == ["correlation_impossible"]


def test_a_percent_change_follows_from_the_means(tiny):
    """Khayambashi 2012: 7.9 to 1.4 is a fall of 82 %, 6.7 to 1.4 one of 79 %."""
    cells = NO_MEANS | {"instrument": "", "mean1_post": "1.4", "effect_measure": "PCT", "effect": "-82"}
    assert _rules(tiny, study(**cells, mean1_pre="7.9")) == []
    assert _rules(tiny, study(**cells, mean1_pre="6.7")) == ["effect_recomputed"]
    between = cells | {"effect": "-23", "mean1_post": "7.82", "mean2_post": "10.19"}
    assert _rules(tiny, study(**between)) == []
    assert _rules(tiny, study(**between | {"effect": "-30"})) == ["effect_recomputed"]


def test_a_pool_is_asked_about_its_p_and_its_direction(tiny):
    for cells, rules in (
        ({"p_value": ".003"}, []),
        ({"p_value": ".03"}, ["p_recomputed"]),
        ({"p_value": ".6", "finding": "mixed"}, ["p_decision"]),
        ({"finding": "decreases"}, ["direction"]),
    ):
        tiny.published_pools = [POOL | cells]
        assert [problem.rule for problem in validate(tiny.write())] == rules


def test_a_gap_between_the_ways_is_shown_as_a_gap(tiny):
    """What is allowed never seems to hold what is found."""
    cells = NO_MEANS | {"instrument": "", "n1": "18", "n2": "18", "statistic": "t", "statistic_value": "2.80"}
    interval = {"effect_measure": "MD", "effect": "-0.913", "ci_low": "-1.585", "ci_high": "-0.24"}
    tiny.studies = [study(**cells, **interval)]
    (problem,) = validate(tiny.write())
    assert problem.allowed.startswith("2.65 to 2.67 or 2.75 to 2.77 or 2.85 to 2.88 in size")


def test_two_samples_are_needed_to_call_an_sd_unusual(tiny):
    odd = study(row_id="b", sample_id="b", sd2_post="0.8")
    assert _rules(tiny, odd, other("c")) == []
    assert _rules(tiny, odd, other("c"), other("d")) == ["sd_unusual"]
    assert _rules(tiny, odd, other("c"), other("d", verification="unverified", seen="false")) == []


def test_an_interval_that_takes_an_unusual_sd(tiny):
    """Tahir 2025: 0.90 (0.54 to 1.26) for 40 people from 0 to 10; arm sizes unknown, halves are most generous."""
    cells = NO_MEANS | {"n1": "", "n2": "", "n_enrolled": "40", "effect_measure": "MD", "effect": "0.90"}
    rows = other("c"), other("d")
    assert _rules(tiny, study(**cells, ci_low="0.54", ci_high="1.26"), *rows) == ["sd_unusual"]
    assert _rules(tiny, study(**cells, ci_low="-0.40", ci_high="2.20"), *rows) == []
    assert _rules(tiny, study(**(cells | {"n_enrolled": ""}), ci_low="0.54", ci_high="1.26"), *rows) == []


@pytest.mark.parametrize(
    ("cells", "passes"),
    [
        ({"finding": "no_difference"}, True),
        ({"finding": "decreases"}, False),
        ({"finding": "decreases", "instrument": "reversed"}, True),
        ({"finding": "increases", "instrument": "reversed"}, False),
        ({"finding": "increases", "instrument": ""}, True),
        ({"finding": "decreases", "outcome": "waking"}, True),  # nobody knows which way is better
        (NO_MEANS | {"finding": "increases", "effect_measure": "OR", "effect": "0.8", "p_value": ".5"}, False),
        (NO_MEANS | {"finding": "increases", "effect_measure": "OR", "effect": "0.8", "effect_sign": "-1"}, True),
        ({"finding": "decreases", "change1_mean": "-2.0", "change2_mean": "-1.0"}, True),  # one of the figures agrees
        (
            NO_MEANS | {"finding": "decreases", "design": "single_group", "mean1_pre": "4.0", "mean1_post": "5.0"},
            False,
        ),
        (
            NO_MEANS | {"finding": "decreases", "design": "case_control", "mean1_pre": "4.0", "mean2_pre": "5.0"},
            True,
        ),
    ],
)
def test_direction(tiny, cells, passes):
    tiny.vocabulary = DIRECTED
    tiny.instruments = [*INSTRUMENTS, SCALE | {"instrument": "reversed", "higher_is_better": "false"}]
    tiny.studies, tiny.claims = [study(**cells)], ""
    assert ("direction" in {problem.rule for problem in validate(tiny.write())}) is not passes


def test_the_same_measurement_may_stand_in_several_rows(tiny):
    """The same control arm at the same time, or the same mean before in rows of two time points, is no copy."""
    pre = {"mean1_pre": "5.01", "sd1_pre": "2.02", "mean2_pre": "4.98", "sd2_pre": "2.11"}
    arms = {"mean2_post": "4.13", "sd2_post": "2.41"}
    rows = [study(**pre, **arms, arm1="weak"), study(row_id="b", **pre, **arms, arm1="strong")]
    assert _rules(tiny, *rows) == []
    later = study(row_id="c", **pre, **arms, arm1="strong", time_weeks="12")
    assert _rules(tiny, rows[0], later) == ["copied_cells"]


def test_both_arms_alike_to_the_last_digit(tiny):
    assert _rules(tiny, study(mean1_post="4.13", sd1_post="2.41", mean2_post="4.13", sd2_post="2.41")) == [
        "copied_cells"
    ]
    assert _rules(tiny, study(mean1_post="4.1", sd1_post="2.4", mean2_post="4.1", sd2_post="2.4")) == []


def test_copies_between_trials(tiny):
    pair = {"mean1_post": "4.13", "sd1_post": "2.41"}
    assert _rules(tiny, study(**pair), other("b", **pair)) == ["copied_cells"]


def test_two_doses_against_one_control(tiny):
    weak, strong = study(arm1="weak", arm2="water"), study(row_id="b", arm1="strong", arm2="water")
    assert _rules(tiny, weak, strong) == ["control_counted_twice"]
    assert _rules(tiny, weak, strong | {"intervention": "tea"}) == []  # a question chooses between them
    assert _rules(tiny, weak, strong | {"status": "excluded", "status_reason": "dose"}) == []


def test_only_randomised_arms_have_to_start_alike(tiny):
    cells = PRE | {"mean1_pre": "7.9"}
    assert _rules(tiny, study(**cells)) == ["baseline_imbalance"]
    assert _rules(tiny, study(**cells, design="non_randomised")) == []


@pytest.mark.parametrize("doi", ["10.1000/a.", "10.1000/a;", "10.1000/a(1", "10.1000/https://doi.org/10.1000/a"])
def test_doi(tiny, doi):
    assert _rules(tiny, study(doi=doi)) == ["doi_form"]


def test_a_doi_has_no_case(tiny):
    assert _rules(tiny, study(doi="10.1000/AB"), study(row_id="b", time_weeks="8", doi="10.1000/ab")) == []


NUMBERS = [name for name in columns("studies") if name.startswith(("mean", "sd", "change", "events", "effect", "ci_"))]
FIGURES = st.sampled_from(
    ["", "0", "-1", "5.20", "1e3", "1e-300", "1e300", "9" * 30, "0.00000000000001", "100", ".5", "7"]
)
CELLS = st.dictionaries(
    st.sampled_from([*NUMBERS, "n1", "n2", "n_enrolled", "statistic_value", "df", "p_value", "year", "doi"]), FIGURES
)
WORDS = st.fixed_dictionaries(
    {
        "effect_measure": st.sampled_from(["", "MD", "SMD", "OR", "RD", "PR", "R", "BETA"]),
        "statistic": st.sampled_from(["", "t", "F", "z", "d", "chi2"]),
        "design": st.sampled_from(["rct", "single_group", "cross_sectional", "crossover_rct"]),
        "instrument": st.sampled_from(["", "scale", "points", "yes_no", "diary"]),
        "finding": st.sampled_from(["", "increases", "decreases"]),
        "acknowledged": st.sampled_from(["", "grim: ok", "grim", ":", "grim:", "a: b; c", "direction: x; p_zero: y"]),
    }
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=CELLS, words=WORDS)
def test_no_row_breaks_a_check(tiny, cells, words):
    tiny.studies = [study(**(words | cells)), other("b", **words)]
    tiny.claims = ""
    tiny.instruments = INSTRUMENTS
    assert all(isinstance(problem, Problem) for problem in validate(tiny.write()))
