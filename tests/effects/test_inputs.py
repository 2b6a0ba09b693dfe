"""What is refused, what becomes nan with a reason, and what the method says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hipevidence.effects import (
    MEASURES,
    EffectSize,
    combine_arms,
    correlation_of_change,
    effect_size,
    effect_size_range,
    from_estimate_ci,
    mean_sd_from_quantiles,
    r_to_d,
    sd_from_se,
    sd_from_t,
    smd_from_t,
    split_shared_arm,
)
from hipevidence.errors import InputError
from hipevidence.results import Interval

ARMS = {"mean1": 10.4, "sd1": 3.1, "n1": 25, "mean2": 8.9, "sd2": 2.6, "n2": 31}
CHANGE = {"mean1": 26, "sd1": 5.5, "mean2": 22, "sd2": 4.5, "n": 60}
TABLE = {"events1": 4, "n1": 40, "events2": 11, "n2": 41}


@pytest.mark.parametrize(
    ("measure", "inputs", "says"),
    [
        ("XYZ", ARMS, "measure is 'XYZ'; allowed: MD, SMD"),
        ("SMD", {**ARMS, "sd2": None}, "missing: sd2"),
        ("MD", {**ARMS, "events1": 3}, "not used by it: events1"),
        ("MD", {**ARMS, "sd1": 0}, "sd1 is 0; allowed: a finite number greater than 0"),
        ("MD", {**ARMS, "sd1": -1}, "sd1 is -1"),
        ("MD", {**ARMS, "n2": 0}, "n2 is 0; allowed: a finite number, 1 or more"),
        ("MD", {**ARMS, "mean1": float("nan")}, "mean1 is missing"),
        ("MD", {**ARMS, "mean1": float("inf")}, "mean1 is inf"),
        ("MD", {**ARMS, "mean1": "high"}, "mean1 is 'high'"),
        ("MD", {**ARMS, "mean1": [1, 2], "mean2": [1, 2, 3]}, "do not fit"),
        ("OR", {**TABLE, "events1": 41}, "events1 is 41, more than n1 40"),
        ("OR", {**TABLE, "events1": -1}, "events1 is -1"),
        ("COR", {"r": 1.2, "n": 10}, "r is 1.2; allowed: between -1 and 1"),
        ("IR", {"events": 3, "time": 0}, "time is 0"),
    ],
)
def test_single_numbers_that_cannot_be_raise(measure, inputs, says):
    with pytest.raises(InputError, match=says):
        effect_size(measure, **inputs)


@pytest.mark.parametrize(
    ("measure", "inputs", "options", "says"),
    [
        ("SMD", ARMS, {"vtype": "XX"}, "vtype is 'XX'; allowed: 'LS', 'LS2', 'UB', 'RevMan'"),
        ("SMD", ARMS, {"correction": "some"}, "correction is 'some'"),
        ("MD", ARMS, {"correction": "exact"}, "MD offers no choice"),
        ("SMDH", ARMS, {"vtype": "UB"}, "SMDH offers no choice"),
        ("MD", ARMS, {"add": 0.5}, "counts nothing"),
        ("OR", TABLE, {"to": "some"}, "to is 'some'"),
        ("OR", TABLE, {"add": -1}, "add is -1"),
    ],
)
def test_options_that_do_not_exist_raise(measure, inputs, options, says):
    with pytest.raises(InputError, match=says):
        effect_size(measure, **inputs, **options)


def test_in_arrays_an_impossible_element_spoils_only_its_own_row():
    effect = effect_size("SMD", **{**ARMS, "sd1": [3.1, 0.0, np.nan, 3.1], "n2": [31, 31, 31, 0]})
    good = effect_size("SMD", **ARMS)
    assert effect.yi[0] == good.yi
    assert np.isnan(effect.yi[1:]).all()
    assert np.isnan(effect.vi[1:]).all()
    assert effect.reason.tolist() == [
        "",
        "sd1 is 0; allowed: a finite number greater than 0",
        "sd1 is missing (nan); allowed: a finite number greater than 0",
        "n2 is 0; allowed: a finite number, 1 or more",
    ]


def test_more_events_than_persons_in_an_array_is_a_reason():
    effect = effect_size("RR", events1=[4, 50], n1=40, events2=11, n2=41)
    assert effect.reason.tolist() == ["", "events1 is 50, more than n1 40; allowed: not more"]


def test_an_array_with_nothing_usable_is_no_exception():
    effect = effect_size("OR", events1=[np.nan, np.nan], n1=40, events2=11, n2=41)
    assert np.isnan(effect.yi).all()
    assert (effect.reason != "").all()


def test_empty_arrays_give_empty_results():
    empty = effect_size("OR", events1=[], n1=[], events2=[], n2=[])
    assert empty.yi.shape == (0,)


@pytest.mark.parametrize(
    ("measure", "inputs", "says"),
    [
        ("SMD", {**ARMS, "n1": 1, "n2": 1}, "more than one degree of freedom"),
        ("VR", {"sd1": 1, "n1": 1, "sd2": 1, "n2": 9}, "more than one person in each arm"),
        ("SMD1", {**ARMS, "n2": 2}, "more than two persons in arm 2"),
        ("ROM", {**ARMS, "mean1": -1}, "same sign"),
        ("ROM", {**ARMS, "mean1": 0}, "same sign"),
        ("CVR", {**ARMS, "mean1": -1, "mean2": -2}, "means above 0"),
        ("ZCOR", {"r": 0.5, "n": 3}, "more than three persons"),
        ("ZCOR", {"r": 1, "n": 30}, "r inside -1 to 1"),
        ("SMCC", {"mean_change": 2, "sd_change": 1, "n": 2}, "more than two persons"),
        ("OR", {**TABLE, "events1": 0}, "a cell is 0"),
    ],
)
def test_what_does_not_exist_is_nan_with_a_reason(measure, inputs, says):
    options = {"to": "none"} if measure == "OR" else {}
    effect = effect_size(measure, **inputs, **options)
    assert np.isnan(effect.yi)
    assert np.isnan(effect.vi)
    assert says in effect.reason


@pytest.mark.parametrize(
    ("measure", "inputs"),
    [
        ("COR", {"r": 1.0, "n": 10}),
        ("MC", {"mean1": 1, "sd1": 2, "mean2": 0, "sd2": 2, "n": 9, "r": 1}),
    ],
)
def test_a_variance_of_zero_is_not_passed_on(measure, inputs):
    effect = effect_size(measure, **inputs)
    assert effect.yi == 1
    assert np.isnan(effect.vi)
    assert "variance is 0" in effect.reason


def test_unused_inputs_of_a_family_are_welcome():
    assert effect_size("SMD1", **ARMS).yi == effect_size("SMD1", **{**ARMS, "sd1": None}).yi
    assert effect_size("VR", **ARMS).yi == effect_size("VR", **{**ARMS, "mean1": None, "mean2": None}).yi


def test_every_measure_names_itself_and_its_formula():
    for code, entry in MEASURES.items():
        assert entry.code == code
        assert entry.label
        assert entry.forms


def test_scalars_give_floats_and_arrays_their_shape():
    assert type(effect_size("MD", **ARMS).yi) is float
    assert type(effect_size("MD", **{name: np.float64(value) for name, value in ARMS.items()}).vi) is float
    grid = effect_size("MD", **{**ARMS, "mean1": np.ones((2, 1)), "mean2": np.ones((1, 3))})
    assert grid.yi.shape == grid.vi.shape == grid.reason.shape == (2, 3)


def test_inputs_are_left_as_they_were():
    sd1 = np.array([3.1, 0.0])
    effect_size("MD", **{**ARMS, "sd1": sd1})
    assert sd1.tolist() == [3.1, 0.0]


class TestEffectSize:
    def test_interval(self):
        interval = EffectSize(-0.5, 0.04, "SMD", "given").ci(0.9)
        assert isinstance(interval, Interval)
        assert (interval.low, interval.high) == pytest.approx((-0.8289707, -0.1710293), rel=1e-6)
        assert interval.level == 0.9

    @pytest.mark.parametrize("level", [0, 1, 95])
    def test_level_outside_0_to_1(self, level):
        with pytest.raises(InputError, match="level is"):
            EffectSize(-0.5, 0.04, "SMD", "given").ci(level)

    def test_intervals_of_arrays(self):
        effect = effect_size("MD", **{**ARMS, "mean1": [1, 2]})
        assert effect.ci().low.shape == (2,)

    def test_is_frozen(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            effect_size("MD", **ARMS).yi = 0.0

    def test_one_row_per_effect(self):
        single = effect_size("MD", **ARMS).to_frame()
        assert single.shape == (1, 5)
        several = effect_size("MD", **{**ARMS, "sd1": [3.1, 0.0]}).to_frame()
        assert several["reason"].tolist() == ["", "sd1 is 0; allowed: a finite number greater than 0"]
        assert several["yi"].dtype == float
        assert several["measure"].tolist() == ["MD", "MD"]
        assert "<table" in effect_size("MD", **ARMS)._repr_html_()


class TestConversions:
    def test_estimate_outside_its_interval(self):
        with pytest.raises(InputError, match=r"low is 1\.1, more than estimate 1"):
            from_estimate_ci("OR", 1.0, 1.1, 2.6)

    def test_ratios_are_above_zero(self):
        with pytest.raises(InputError, match="low is -1; allowed: a finite number greater than 0"):
            from_estimate_ci("OR", 1.0, -1, 2.6)

    def test_t_belongs_to_means(self):
        with pytest.raises(InputError, match="df was given for OR"):
            from_estimate_ci("OR", 1.7, 1.1, 2.6, df=20)

    def test_correlations_are_not_printed_on_their_scale(self):
        with pytest.raises(InputError, match="measure is 'ZCOR'"):
            from_estimate_ci("ZCOR", 0.5, 0.4, 0.6)

    def test_distribution_is_stated(self):
        assert "normal distribution" in from_estimate_ci("MD", 1, 0, 2).method
        assert "t distribution" in from_estimate_ci("MD", 1, 0, 2, df=20).method

    def test_elements(self):
        effect = from_estimate_ci("OR", [1.7, 1.7], [1.1, 1.8], [2.6, 2.6])
        assert effect.reason.tolist() == ["", "low is 1.8, more than estimate 1.7; allowed: not more"]

    def test_an_interval_of_no_width_has_no_variance(self):
        assert "variance is 0" in from_estimate_ci("MD", 1, 1, 1).reason

    def test_too_few_persons_for_g(self):
        assert "degree of freedom" in smd_from_t(2.0, n1=1, n2=1).reason

    def test_perfect_correlation_has_no_difference(self):
        assert "no finite difference" in r_to_d(1, 0.1).reason

    @pytest.mark.parametrize("sizes", [{}, {"n": 5, "n1": 5, "n2": 5}, {"n1": 5}])
    def test_sizes_of_an_sd(self, sizes):
        with pytest.raises(InputError, match="sizes given"):
            sd_from_se(1.0, **sizes)

    def test_a_test_statistic_of_zero_gives_no_sd(self):
        result = sd_from_t([2.0, 2.0], [4.0, 0.0], n=16)
        assert result.sd[0] == 2.0
        assert np.isnan(result.sd[1])
        assert "no test" in result.reason[1]

    def test_three_sds_that_no_correlation_fits(self):
        result = correlation_of_change(2.0, 2.0, 5.0)
        assert np.isnan(result.r)
        assert "misprinted" in result.reason


class TestSummaries:
    def test_sets_of_order_statistics(self):
        with pytest.raises(InputError, match="given are minimum, median"):
            mean_sd_from_quantiles(n=20, median=6, minimum=2)

    def test_out_of_order(self):
        with pytest.raises(InputError, match="q1 is 7, more than median 6"):
            mean_sd_from_quantiles(n=20, median=6, q1=7, q3=10)

    def test_few_persons_and_no_spread(self):
        result = mean_sd_from_quantiles(n=[4, 20, 20], median=6, q1=[4, 6, 4], q3=[10, 6, 10])
        assert result.reason.tolist() == [
            "these formulas need five persons or more",
            "the order statistics show no spread",
            "",
        ]
        assert np.isnan(result.sd).tolist() == [True, True, False]

    def test_one_arm_is_not_several(self):
        with pytest.raises(InputError, match="two or more"):
            combine_arms(n=[5], mean=[1.0], sd=[1.0])

    def test_an_arm_that_cannot_be_spoils_the_sum(self):
        arm = combine_arms(n=[[5, 5], [5, 5]], mean=[[1, 1], [2, 2]], sd=[[1, 0], [1, 1]])
        assert arm.reason.tolist() == ["", "sd is 0; allowed: a finite number greater than 0"]
        assert np.isnan(arm.sd).tolist() == [False, True]

    def test_shared_arm(self):
        share = split_shared_arm(44, 2, events=9)
        assert (share.n, share.events) == (22, 4.5)
        assert np.isnan(split_shared_arm(44, 2).events)
        with pytest.raises(InputError, match="parts is 3, more than n 2"):
            split_shared_arm(2, 3)


class TestRanges:
    @pytest.mark.parametrize("measure", ["MC", "SMCC", "SMCR"])
    def test_ends_are_the_effects_at_the_ends(self, measure):
        span = effect_size_range(measure, **CHANGE, r=[0.3, 0.5, 0.8])
        ends = [effect_size(measure, **CHANGE, r=r) for r in (0.3, 0.8)]
        assert (span.vi_low, span.vi_high) == (min(e.vi for e in ends), max(e.vi for e in ends))
        assert (span.yi_low, span.yi_high) == (min(e.yi for e in ends), max(e.yi for e in ends))
        assert span.reason == ""

    def test_rows_keep_their_reasons(self):
        span = effect_size_range("MC", **{**CHANGE, "n": [60, 0]}, r=[0.3, 0.8])
        assert span.reason.tolist() == ["", "n is 0; allowed: a finite number, 1 or more"]
        assert np.isnan(span.vi_high).tolist() == [False, True]

    def test_one_assumed_correlation_is_no_reason_to_forgive_a_wrong_number(self):
        with pytest.raises(InputError):
            effect_size_range("OR", **TABLE, r=[0.5])
        with pytest.raises(InputError):
            effect_size_range("MC", **CHANGE, r=[])
        with pytest.raises(InputError):
            effect_size_range("MC", **CHANGE, r=[1.5])
