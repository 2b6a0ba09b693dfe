"""Risks counted in two groups: the published intervals, another program's, and the limits of what can be counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from hipevidence.errors import InputError
from hipevidence.risk import choose_denominator, count_of, risks_from_arms


def test_coppack_prints_nearly_the_same_intervals():
    """Abstract: 1.3 % (0.7 to 2.4) against 4.8 % (3.5 to 6.7), method not stated; Wilson gives 6.6 for the last."""
    found = risks_from_arms(10, 759, control_events=36, control_n=743)
    ours = (found.risk, found.ci.low, found.ci.high, found.baseline, found.baseline_ci.low, found.baseline_ci.high)
    assert [100 * x for x in ours] == pytest.approx([1.3, 0.7, 2.4, 4.8, 3.5, 6.7], abs=0.07)


def test_fagerland_lydersen_laake_2017_perondi_7_of_34_against_1_of_34():
    """Newcombe's interval as the tests of the book's R package (contingencytables, test-ch4.R) print it."""
    found = risks_from_arms(7, 34, control_events=1, control_n=34)
    printed = (0.1765, 0.0189, 0.3404)
    assert (
        round(found.difference, 4),
        *(round(x, 4) for x in (found.difference_ci.low, found.difference_ci.high)),
    ) == (printed)


@given(a=st.integers(0, 60), b=st.integers(0, 60), n=st.integers(60, 90), m=st.integers(60, 90))
def test_the_difference_is_the_one_of_statsmodels(a, b, n, m):
    found = risks_from_arms(a, n, control_events=b, control_n=m)
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
    assert (found.difference_ci.low, found.difference_ci.high) == pytest.approx((low, high), abs=1e-12)


@given(a=st.integers(0, 40), b=st.integers(0, 40))
def test_intervals_hold_their_estimates_stay_in_range_and_turn_round(a, b):
    one = risks_from_arms(a, 40, control_events=b, control_n=40)
    other = risks_from_arms(b, 40, control_events=a, control_n=40)
    assert -1 <= one.difference_ci.low <= one.difference <= one.difference_ci.high <= 1
    assert one.difference_ci.high > one.difference_ci.low
    assert (one.difference_ci.low, one.difference_ci.high) == pytest.approx(
        (-other.difference_ci.high, -other.difference_ci.low), abs=1e-12
    )


def test_coverage_in_simulated_trials():
    rng = np.random.default_rng(5)
    events, control = rng.binomial(759, 0.0132, 20_000), rng.binomial(743, 0.0485, 20_000)
    found = risks_from_arms(events, 759, control_events=control, control_n=743)
    inside = (np.asarray(found.difference_ci.low) <= 0.0132 - 0.0485) & (
        np.asarray(found.difference_ci.high) >= 0.0132 - 0.0485
    )
    assert inside.mean() == pytest.approx(0.95, abs=0.015)


def test_an_impossible_element_spoils_only_itself():
    found = risks_from_arms([10, 800], 759, control_events=36, control_n=743)
    assert np.isnan(found.risk[1])
    assert "more than n1" in found.reason[1]
    assert found.difference[0] == pytest.approx(10 / 759 - 36 / 743)
    with pytest.raises(InputError, match="more than n2"):
        risks_from_arms(1, 10, control_events=11, control_n=10)


@given(st.floats(0, 1), st.sampled_from([100, 1000]))
def test_people_are_the_nearest_whole_number(risk, of):
    assert abs(count_of(risk, of) - risk * of) <= 0.5 + 1e-9


@given(st.floats(0.001, 1), st.floats(0.001, 1))
def test_unequal_risks_are_told_apart_or_a_thousand_is_not_enough(first, second):
    of = choose_denominator(first, second)
    if of == 100 and first != second:
        assert count_of(first, of) != count_of(second, of)
