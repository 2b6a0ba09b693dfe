"""Which way round an effect stands: what the paper says, the instrument's direction and the question's direction."""

from __future__ import annotations

import itertools

import pytest

from tests.support import DIARY, SCALE, VOCABULARY, study
from tests.synthesis.tea import NO_MEANS, only_row

BOTH = (True, False)
TEST = {"statistic": "t", "statistic_value": "2.5"}


def set_up(tiny, *, higher_is_better: bool, good: str | None = None) -> None:
    tiny.instruments = [SCALE | {"higher_is_better": str(higher_is_better).lower()}, DIARY]
    label = '[outcome.sleep]\nlabel = "sleep"\n'
    tiny.vocabulary = VOCABULARY.replace(label, f'{label}good = "{good}"\n' if good else label)


@pytest.mark.parametrize(
    ("finding", "good", "higher_is_better", "lower_is_better", "instrument"),
    list(itertools.product(("increases", "decreases"), ("more", "less"), BOTH, BOTH, ("scale", ""))),
)
def test_a_test_statistic_stands_as_the_words_say(tiny, finding, good, higher_is_better, lower_is_better, instrument):
    set_up(tiny, higher_is_better=higher_is_better, good=good)
    row = study(**NO_MEANS, **TEST, finding=finding, instrument=instrument)
    arm1_is_better_off = (finding == "increases") == (good == "more")
    negative = arm1_is_better_off == lower_is_better
    assert (only_row(tiny, row, lower_is_better=lower_is_better).yi < 0) == negative


@pytest.mark.parametrize(("higher_is_better", "lower_is_better"), list(itertools.product(BOTH, BOTH)))
def test_means_are_turned_round_where_the_scale_runs_against_the_question(tiny, higher_is_better, lower_is_better):
    set_up(tiny, higher_is_better=higher_is_better)
    effect = only_row(tiny, study(), lower_is_better=lower_is_better)  # arm 1 scores higher
    against = higher_is_better == lower_is_better
    assert (effect.yi < 0) == against
    assert ("sign turned round" in effect.how) == against


def test_turning_round_changes_nothing_but_the_sign(tiny):
    set_up(tiny, higher_is_better=True)
    one, other = (only_row(tiny, study(), lower_is_better=lower) for lower in BOTH)
    assert (one.yi, one.vi) == (-other.yi, other.vi)
    assert (one.ci.low, one.ci.high) == (-other.ci.high, -other.ci.low)


@pytest.mark.parametrize(("measure", "expected"), [("MD", 1.1), ("SMDH", -1.0)])
def test_points_stay_points_and_standardised_differences_turn(tiny, measure, expected):
    set_up(tiny, higher_is_better=True)
    effect = only_row(tiny, study(), measure=measure, lower_is_better=True)
    assert effect.yi * expected > 0


def test_a_printed_effect_without_an_instrument_stands_as_printed(tiny):
    set_up(tiny, higher_is_better=True, good="more")
    row = study(**NO_MEANS, instrument="", effect_measure="SMD", effect="0.4", ci_low="0.1", ci_high="0.7")
    assert only_row(tiny, row | {"finding": "increases"}, lower_is_better=True).yi == 0.4


def test_effect_sign_and_a_scale_that_runs_the_other_way_cancel(tiny):
    set_up(tiny, higher_is_better=True)
    row = study(**NO_MEANS, effect_measure="SMD", effect="0.4", ci_low="0.1", ci_high="0.7", effect_sign="-1")
    assert only_row(tiny, row, lower_is_better=True).yi == 0.4
    assert only_row(tiny, row, lower_is_better=False).yi == -0.4
