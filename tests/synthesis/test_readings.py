"""Every way of reading a row, against the formula written out by hand."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from tests.support import study
from tests.synthesis.tea import NO_MEANS, Z, ask, hedges, only_row, pooled_d, trial

N1, N2 = 24, 23
CHANGE = {"change1_mean": "1.5", "change1_sd": "1.8", "change2_mean": "0.4", "change2_sd": "2.1"}
BASELINE = {"mean1_pre": "6.0", "sd1_pre": "1.5", "mean2_pre": "7.5", "sd2_pre": "1.9"}
SIZES = 1 / N1 + 1 / N2


def close(effect, expected):
    assert (effect.yi, effect.vi) == pytest.approx(expected, rel=1e-8)


def printed(measure: str, effect: str, low: str = "", high: str = "", **more: str):
    return study(**NO_MEANS, effect_measure=measure, effect=effect, ci_low=low, ci_high=high, **more)


def test_means_at_the_end_as_smd(tiny):
    effect = only_row(tiny, study())
    close(effect, hedges(pooled_d(5.2, 2.0, N1, 4.1, 2.4, N2), N1, N2))
    assert effect.how == "from means and SDs at the end"
    assert (effect.arm1, effect.arm2) == ("5.20 (2.0), n = 24", "4.1 (2.4), n = 23")


def test_means_at_the_end_in_points(tiny):
    close(only_row(tiny, study(), measure="MD"), (1.1, 2.0**2 / N1 + 2.4**2 / N2))


def test_mean_changes(tiny):
    effect = only_row(tiny, study(**NO_MEANS, **CHANGE))
    close(effect, hedges(pooled_d(1.5, 1.8, N1, 0.4, 2.1, N2), N1, N2))
    assert effect.how == "from mean changes and their SDs"
    assert effect.arm1 == "1.5 (1.8), n = 24"


def test_end_scores_go_before_changes_unless_changes_are_asked_for(tiny):
    both = study(**CHANGE)
    assert only_row(tiny, both).how == "from means and SDs at the end"
    assert only_row(tiny, both, score="change").how == "from mean changes and their SDs"


def test_post_takes_end_scores_only(tiny):
    answer = ask(tiny, [study(**NO_MEANS, **CHANGE), printed("SMD", "0.4", "0.1", "0.7", row_id="b", sample_id="b")])
    assert len(answer.rows) == 2
    answer = ask(tiny, tiny.studies, score="post")
    assert answer.rows == ()
    assert {row.kind for row in answer.left_out} == {"no_usable_figures"}


def test_a_study_that_measures_once(tiny):
    effect = only_row(tiny, study(**NO_MEANS, **BASELINE, design="case_control"), designs=["case_control"])
    close(effect, hedges(pooled_d(6.0, 1.5, N1, 7.5, 1.9, N2), N1, N2))
    assert effect.how == "from means and SDs"
    assert effect.arm2 == "7.5 (1.9), n = 23"


def test_a_trial_is_never_read_from_its_baseline(tiny):
    assert ask(tiny, [study(**NO_MEANS, **BASELINE)]).rows == ()


def test_counts_as_odds_ratio_and_risk_ratio(tiny):
    row = study(**NO_MEANS, events1="6", events2="9")
    a, b, c, d = 6, 18, 9, 14
    close(only_row(tiny, row, measure="OR"), (math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d))
    expected = (math.log((6 / N1) / (9 / N2)), 1 / 6 - 1 / N1 + 1 / 9 - 1 / N2)
    effect = only_row(tiny, row, measure="RR")
    close(effect, expected)
    assert (effect.how, effect.arm1, effect.arm2) == ("from the counts", "6/24", "9/23")


def test_a_proportion_on_the_logit_and_the_double_arcsine_scale(tiny):
    row = study(**NO_MEANS, events1="22", n2="", design="single_group")
    logit = only_row(tiny, row, measure="PLO", designs=["single_group"])
    close(logit, (math.log(22 / 2), 1 / 22 + 1 / 2))
    arcsine = only_row(tiny, row, measure="PFT", designs=["single_group"])
    close(arcsine, ((math.asin(math.sqrt(22 / 25)) + math.asin(math.sqrt(23 / 25))) / 2, 1 / (4 * 24 + 2)))
    assert (logit.arm1, logit.arm2) == ("22/24", "")


@pytest.mark.parametrize(("level", "z"), [("", Z), ("90", 1.6448536269514722)])
def test_a_printed_difference_with_its_interval(tiny, level, z):
    close(only_row(tiny, printed("MD", "2.0", "0.5", "3.5", ci_level=level), measure="MD"), (2.0, (1.5 / z) ** 2))


def test_a_printed_ratio_is_read_as_a_logarithm(tiny):
    close(only_row(tiny, printed("OR", "2", "1", "4"), measure="OR"), (math.log(2), (math.log(4) / (2 * Z)) ** 2))


def test_effect_sign_turns_a_difference_round(tiny):
    close(only_row(tiny, printed("MD", "2.0", "0.5", "3.5", effect_sign="-1"), measure="MD"), (-2.0, (1.5 / Z) ** 2))


def test_effect_sign_turns_a_ratio_into_its_inverse(tiny):
    effect = only_row(tiny, printed("RR", "2", "1.25", "4", effect_sign="-1"), measure="RR")
    close(effect, (-math.log(2), (math.log(4 / 1.25) / (2 * Z)) ** 2))


def test_an_effect_with_an_exact_p_instead_of_an_interval(tiny):
    close(only_row(tiny, printed("MD", "-2.0", p_value="0.04"), measure="MD"), (-2.0, (2 / stats.norm.isf(0.02)) ** 2))
    ratio = only_row(tiny, printed("OR", "0.5", p_value="0.04"), measure="OR")
    close(ratio, (math.log(0.5), (math.log(2) / stats.norm.isf(0.02)) ** 2))


@pytest.mark.parametrize("p_value", ["<0.05", ">0.05"])
def test_an_effect_with_a_bounded_p_gives_none(tiny, p_value):
    assert ask(tiny, [printed("MD", "-2.0", p_value=p_value)], measure="MD").rows == ()


@pytest.mark.parametrize(
    ("statistic", "value", "d"),
    [
        ("t", "-2.5", -2.5 * math.sqrt(SIZES)),
        ("z", "-2.5", -2.5 * math.sqrt(SIZES)),
        ("F", "6.25", -2.5 * math.sqrt(SIZES)),
        ("d", "-0.7", -0.7),
        ("t", "2.5", -2.5 * math.sqrt(SIZES)),  # printed without its sign; the words say which way
    ],
)
def test_a_printed_statistic(tiny, statistic, value, d):
    row = study(**NO_MEANS, statistic=statistic, statistic_value=value, finding="decreases")
    effect = only_row(tiny, row)
    close(effect, hedges(d, N1, N2))
    assert (effect.how, effect.arm1, effect.arm2) == ("from the printed test statistic", "n = 24", "n = 23")


def test_a_t_without_words_keeps_its_sign(tiny):
    row = study(**NO_MEANS, statistic="t", statistic_value="-2.5")
    close(only_row(tiny, row), hedges(-2.5 * math.sqrt(SIZES), N1, N2))


def test_an_exact_p_with_its_direction(tiny):
    row = study(**NO_MEANS, p_value="0.04", finding="decreases")
    close(only_row(tiny, row), hedges(-stats.t.isf(0.02, N1 + N2 - 2) * math.sqrt(SIZES), N1, N2))


def test_a_difference_in_points_is_standardised_by_its_own_standard_error(tiny):
    effect = only_row(tiny, printed("MD", "2.0", "0.5", "3.5"))
    close(effect, hedges(2.0 / (1.5 / Z) * math.sqrt(SIZES), N1, N2))
    assert effect.how == "from the printed difference and its interval, standardised"


def test_a_statistic_goes_before_a_rescaled_difference(tiny):
    row = printed("MD", "2.0", "0.5", "3.5", statistic="d", statistic_value="0.7")
    assert only_row(tiny, row).how == "from the printed test statistic"


@pytest.mark.parametrize(
    "figures",
    [
        {"statistic": "F", "statistic_value": "6.25"},  # F has no sign and no word gives one
        {"statistic": "t", "statistic_value": "2.5", "n1": "1", "n2": "1"},  # no degree of freedom
        {"effect_measure": "OR", "effect": "1", "p_value": "0.9"},  # a ratio of one has no spread to its P
    ],
)
def test_figures_that_give_no_effect_are_left_out_and_named_and_stop_nothing(tiny, figures):
    measure = figures.get("effect_measure", "SMD")
    good = trial("good", events1="6", events2="9")
    answer = ask(tiny, [good, trial("bad", **NO_MEANS, **figures)], measure=measure)
    assert [row.row_id for row in answer.rows] == ["good.sleep"]
    (left,) = answer.left_out
    assert (left.row_id, left.kind) == ("bad.sleep", "no_usable_figures")
    assert measure in left.reason


def test_a_row_that_gives_no_effect_makes_room_for_another_of_its_sample(tiny):
    useless = study(**NO_MEANS, instrument="diary", statistic="F", statistic_value="6.25")
    answer = ask(tiny, [useless, study(row_id="smith2020.scale.6w")])
    assert [row.row_id for row in answer.rows] == ["smith2020.scale.6w"]
    assert [(row.row_id, row.kind) for row in answer.left_out] == [("smith2020.sleep.6w", "no_usable_figures")]
