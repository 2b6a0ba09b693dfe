"""Where conversions end: baselines of 0 and 1, no effect, zero cells, infinite numbers needed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.effects import d_to_log_or, log_or_to_d
from hipevidence.risk import (
    absolute_risk,
    absolute_risk_from_counts,
    combine_factors,
    convert_effect,
    e_value,
    levin_fraction,
    miettinen_fraction,
    number_needed,
    number_needed_from_smd,
    overlap,
    probability_of_benefit,
    proportion,
    risks_from_arms,
    share_above,
    smd_to_points,
    u3,
)

baselines = st.floats(0, 1)
inside = st.floats(0.01, 0.99)
widths = st.floats(1.05, 5)
people = st.integers(2, 500)


@given(measure=st.sampled_from(["OR", "RR", "HR"]), events=st.integers(1, 99), width=widths)
def test_no_effect_at_a_counted_baseline_changes_nothing_and_its_interval_holds_that(measure, events, width):
    found = absolute_risk_from_counts(measure, 1.0, 1 / width, width, events=events, n=100)
    assert found.difference == pytest.approx(0, abs=1e-12)
    assert found.difference_ci.low <= 1e-12
    assert found.difference_ci.high >= -1e-12


@given(measure=st.sampled_from(["OR", "RR", "HR"]), n=people)
def test_a_baseline_nobody_had_is_simulated_or_refused_with_a_reason(measure, n):
    by_delta = absolute_risk_from_counts(measure, 2.0, 1.5, 2.7, events=0, n=n)
    assert np.isnan(by_delta.ci.low)
    assert "simulate" in by_delta.reason
    drawn = absolute_risk_from_counts(measure, 2.0, 1.5, 2.7, events=0, n=n, propagation="simulation", draws=1000)
    assert 0 <= drawn.ci.low <= drawn.ci.high <= 1


@given(events=st.integers(0, 50), n=st.integers(50, 500))
def test_two_groups_alike_differ_by_nothing(events, n):
    found = risks_from_arms(events, n, control_events=events, control_n=n)
    assert found.difference == 0
    assert found.difference_ci.low == pytest.approx(-found.difference_ci.high, abs=1e-12)
    assert number_needed(found.difference, found.difference_ci.low, found.difference_ci.high).number == np.inf


@given(n=people, m=people)
def test_zero_cells_have_intervals(n, m):
    nobody = risks_from_arms(0, n, control_events=0, control_n=m)
    everybody = risks_from_arms(n, n, control_events=0, control_n=m)
    for found in (nobody, everybody):
        assert -1 <= found.difference_ci.low < found.difference_ci.high <= 1
        assert found.ci.low < found.ci.high
        assert found.reason == ""


@given(baseline=baselines, source=st.sampled_from(["OR", "RR", "HR"]), target=st.sampled_from(["OR", "RR", "HR", "RD"]))
def test_a_ratio_of_one_is_none_on_every_scale_that_has_a_value_there(baseline, source, target):
    value = convert_effect(source, target, 1.0, baseline=baseline).value
    assert np.isnan(value) or value == pytest.approx(0.0 if target == "RD" else 1.0, abs=1e-9)
    if 0 < baseline < 1:
        assert not np.isnan(value)


@given(effect=st.floats(0, 50), measure=st.sampled_from(["OR", "RR", "HR"]))
def test_nobody_at_risk_stays_so(effect, measure):
    assert absolute_risk(measure, effect, baseline=0.0).risk == 0


@given(baseline=baselines)
def test_without_a_difference_no_number_of_people_is_enough(baseline):
    found = number_needed_from_smd(0.0, baseline=baseline)
    assert found.number == np.inf
    assert found.direction == "none"
    assert found.reason


@given(low=st.floats(-1, -1e-6), high=st.floats(1e-6, 1))
def test_an_interval_around_zero_goes_through_infinity_from_both_sides(low, high):
    found = number_needed(0.0, low, high)
    assert found.through_infinity
    assert found.benefit.high == found.harm.high == np.inf
    assert found.benefit.low == pytest.approx(-1 / low)
    assert found.harm.low == pytest.approx(1 / high)


@given(share=baselines)
def test_no_association_has_no_attributable_cases_and_the_least_e_value(share):
    assert levin_fraction(1.0, exposed=share).value == pytest.approx(0)
    assert miettinen_fraction(1.0, exposed_cases=share).value == pytest.approx(0)
    assert e_value("RR", 1.0).value == 1
    assert e_value("SMD", 0.0).value == pytest.approx(1)


@given(n=people, method=st.sampled_from(["wilson", "jeffreys", "clopper-pearson"]))
def test_nobody_and_everybody_mirror_each_other(n, method):
    none, all_of_them = proportion(0, n, method=method), proportion(n, n, method=method)
    assert none.ci.low == pytest.approx(0, abs=1e-12)
    assert all_of_them.ci.high == pytest.approx(1, abs=1e-12)
    assert none.ci.high == pytest.approx(1 - all_of_them.ci.low, abs=1e-9)


@given(change=st.floats(-30, 30), sd=st.floats(1, 40))
def test_no_standardised_difference_moves_nobody(change, sd):
    found = share_above(0.0, change=change, control_mean=5, sd=sd)
    assert found.treated == found.control
    assert smd_to_points(0.0, sd=sd).value == 0
    assert probability_of_benefit(0.0).value == u3(0.0).value == 0.5
    assert overlap(0.0).value == 1
    assert d_to_log_or(0.0, 0.1).yi == log_or_to_d(0.0, 0.1).yi == 0


@given(sign=st.sampled_from([-1.0, 1.0]))
def test_a_huge_standardised_difference_leaves_no_overlap(sign):
    for share in (probability_of_benefit(sign * 60).value, u3(sign * 60).value):
        assert share == pytest.approx(1.0 if sign > 0 else 0.0, abs=1e-15)
    assert overlap(sign * 60).value == pytest.approx(0, abs=1e-15)


@given(k=st.integers(2, 6), width=widths, low=st.floats(0, 1), high=st.floats(0, 1))
def test_factors_that_do_nothing_do_nothing_together(k, width, low, high):
    span = (min(low, high), max(low, high))
    found = combine_factors("RR", [1.0] * k, [1 / width] * k, [width] * k, correlation=span)
    assert (found.low, found.high) == pytest.approx((1, 1))
    assert found.ci.low < 1 < found.ci.high
