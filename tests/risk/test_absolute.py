"""Absolute risks: the Handbook's worked examples, simulation, and the limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipevidence.errors import InputError
from hipevidence.risk import absolute_risk, absolute_risk_from_counts, convert_effect, count_of, number_needed

risks = st.floats(1e-4, 1 - 1e-4)
ratios = st.floats(0.02, 50)


@pytest.mark.parametrize(
    ("measure", "ratio", "fewer_per_1000", "nnt"),
    [
        pytest.param("RR", 0.92, 24, 42, id="Cochrane Handbook 5.1, 12.5.4.2"),
        pytest.param("OR", 0.73, 62, 17, id="Cochrane Handbook 5.1, 12.5.4.3"),
    ],
)
def test_cochrane_handbook_examples(measure, ratio, fewer_per_1000, nnt):
    found = absolute_risk(measure, ratio, baseline=0.3)
    assert round(-1000 * found.difference) == fewer_per_1000
    assert math.ceil(number_needed(found.difference).number) == nnt  # the Handbook rounds up


@pytest.mark.parametrize(
    ("measure", "figures", "baseline", "per_1000"),
    [
        pytest.param("RR", (0.83, 0.63, 1.03), 50 / 130, (319, 242, 396), id="abseff, example 1"),
        pytest.param("OR", (1.57, 1.31, 1.87), 14 / 100, (204, 176, 233), id="abseff, example 3"),
        pytest.param("HR", (0.90, 0.61, 1.34), 0.055, (50, 34, 73), id="abseff, example 5"),
    ],
)
def test_anticipated_risks_as_pacheco_riera_print_them(measure, figures, baseline, per_1000):
    """Help of the Stata command abseff (rlpacheco/abseff), after the Cochrane Handbook and GRADE guidelines 27."""
    found = absolute_risk(measure, *figures, baseline=baseline)
    assert tuple(round(1000 * x) for x in (found.risk, found.ci.low, found.ci.high)) == per_1000


def test_event_free_survival_as_pacheco_riera_print_it():
    """Example 6 there: of 1,000, 883 (793 to 938) are free of the event where 700 are without treatment."""
    found = absolute_risk("HR", 0.35, 0.18, 0.65, baseline=0.3)
    assert [round(1000 * (1 - x)) for x in (found.risk, found.ci.high, found.ci.low)] == [883, 793, 938]


def test_grade_handbook_examples():
    """Read in a Japanese translation on a public page; its example of a hazard ratio was cut off there."""
    assert round(-1000 * absolute_risk("RR", 0.83, baseline=0.40).difference) == 68
    baseline = 112 / 438
    ratio = round(
        convert_effect("OR", "RR", 0.64, baseline=baseline).value, 2
    )  # printed, and carried on, with two digits
    assert ratio == 0.70
    assert round(-1000 * absolute_risk("RR", ratio, baseline=baseline).difference) == 77


def test_dexamethasone_in_ventilated_patients_as_epir_prints_it():
    """Horby et al. 2021 in the help of epiR's epi.realrisk: around 41 of 100 without, 26 (21 to 34) with."""
    found = absolute_risk("RR", 0.64, 0.51, 0.82, baseline=0.414)
    risks = (found.baseline, found.risk, found.ci.low, found.ci.high)
    assert [count_of(risk, 100) for risk in risks] == [41, 26, 21, 34]


def test_hazard_ratio_against_simulated_exponential_times():
    rng = np.random.default_rng(1)
    draws = 400_000
    rate, hazard_ratio, time = 0.4, 0.6, 2.0
    with_it = np.mean(rng.exponential(1 / (rate * hazard_ratio), draws) < time)
    found = absolute_risk("HR", hazard_ratio, baseline=-math.expm1(-rate * time))
    assert found.risk == pytest.approx(with_it, abs=4 * math.sqrt(0.25 / draws))


def test_odds_ratio_of_the_hip_cohort_by_hand():
    found = absolute_risk("OR", 1.7, 1.1, 2.6, baseline=0.2)
    odds = np.array([1.7, 1.1, 2.6]) * 0.25
    expected = odds / (1 + odds)
    assert [found.risk, found.ci.low, found.ci.high] == pytest.approx(expected, rel=1e-12)
    assert found.difference_ci.high == pytest.approx(expected[2] - 0.2, rel=1e-12)


@given(ratio=ratios, baseline=risks)
def test_each_measure_gives_back_its_own_ratio(ratio, baseline):
    odds = absolute_risk("OR", ratio, baseline=baseline).risk
    assert odds / (1 - odds) * (1 - baseline) / baseline == pytest.approx(ratio, rel=1e-8)
    hazard = absolute_risk("HR", ratio, baseline=baseline).risk
    assert 0 <= hazard <= 1
    survival = (1 - baseline) ** ratio
    assert 1 - hazard == pytest.approx(survival, rel=1e-8, abs=1e-12)


@given(baseline=st.floats(0, 1), measure=st.sampled_from(["OR", "RR", "HR", "RD"]))
def test_no_effect_changes_nothing_exactly(baseline, measure):
    found = absolute_risk(measure, 0 if measure == "RD" else 1, baseline=baseline)
    assert found.risk == baseline
    assert found.difference == 0


@given(ratio=ratios, measure=st.sampled_from(["OR", "HR"]))
def test_baselines_of_zero_and_one_stay(ratio, measure):
    found = absolute_risk(measure, [ratio, ratio], baseline=[0, 1])
    assert found.risk.tolist() == [0, 1]


@given(baseline=risks, measure=st.sampled_from(["OR", "HR"]))
def test_zero_cells_give_the_borders(baseline, measure):
    found = absolute_risk(measure, [0, math.inf], baseline=baseline)
    assert found.risk.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("measure", "effect", "baseline"),
    [("RR", 8.0, 0.2), ("RR", 2.0, 1.0), ("RD", 0.5, 0.7), ("RD", -0.3, 0.2), ("OR", 0.0, 1.0), ("HR", math.inf, 0.0)],
)
def test_what_gives_no_risk_is_nan_with_a_reason(measure, effect, baseline):
    found = absolute_risk(measure, effect, baseline=baseline)
    assert math.isnan(found.risk)
    assert "no risk between 0 and 1" in found.reason


def test_a_limit_beyond_one_is_cut_and_said():
    found = absolute_risk("RR", 2, 1.1, 9, baseline=0.2)
    assert found.ci.high == 1
    assert found.difference_ci.high == pytest.approx(0.8)
    assert "stands at the border" in found.reason


def test_a_bad_element_does_not_stop_the_others():
    found = absolute_risk("OR", [1.7, -1, 2], baseline=[0.2, 0.2, 1.4])
    assert np.isnan(found.risk).tolist() == [False, True, True]
    assert found.reason[0] == ""
    assert "baseline is 1.4" in found.reason[2]


@pytest.mark.parametrize(
    "arguments",
    [
        {"measure": "XX", "effect": 1, "baseline": 0.2},
        {"measure": "OR", "effect": -1, "baseline": 0.2},
        {"measure": "OR", "effect": 1, "baseline": 1.2},
        {"measure": "OR", "effect": 1, "low": 0.5, "baseline": 0.2},
        {"measure": "OR", "effect": 1, "low": 2, "high": 3, "baseline": 0.2},
        {"measure": "RD", "effect": 2, "baseline": 0.2},
        {"measure": "OR", "effect": 1, "baseline": 0.2, "level": 95},
    ],
)
def test_impossible_single_numbers_raise(arguments):
    with pytest.raises(InputError):
        absolute_risk(arguments.pop("measure"), arguments.pop("effect"), **arguments)


COPPACK = {"events": 36, "n": 743}


@pytest.mark.parametrize(
    ("measure", "effect"), [("HR", (0.25, 0.13, 0.52)), ("OR", (1.7, 1.1, 2.6)), ("RR", (1.5, 1.1, 2.05))]
)
def test_delta_method_against_simulation(measure, effect):
    delta = absolute_risk_from_counts(measure, *effect, **COPPACK)
    drawn = absolute_risk_from_counts(measure, *effect, **COPPACK, propagation="simulation", draws=400_000)
    assert drawn.risk == delta.risk
    # both are approximations of one posterior: they differ by the Jeffreys half counts and by skewness
    assert drawn.ci.low == pytest.approx(delta.ci.low, rel=0.03)
    assert drawn.ci.high == pytest.approx(delta.ci.high, rel=0.03)
    assert drawn.baseline_ci.low == pytest.approx(stats.beta.ppf(0.025, 36.5, 707.5), rel=0.01)
    width = [one.difference_ci.high - one.difference_ci.low for one in (drawn, delta)]
    assert width[0] == pytest.approx(width[1], rel=0.05)


def test_murad_2023_simulation_of_an_uncertain_baseline():
    """BMJ 381:e073141, method 3, with the authors' figures (linlf/RD); they publish the recipe, no output was found.

    A beta distribution with the mean of the baseline and the spread of its interval, a log-normal risk ratio. The
    counts here have the same mean and the same spread.
    """
    mean, spread = 0.053, (0.072 - 0.039) / 3.92
    figures = (0.77, 0.63, 0.94)
    rng = np.random.default_rng(9)
    draws, people = 1_000_000, mean * (1 - mean) / spread**2
    base = rng.beta(mean * (people - 1), (1 - mean) * (people - 1), draws)
    ratio = np.exp(rng.normal(math.log(figures[0]), math.log(figures[2] / figures[1]) / 3.92, draws))
    expected = np.percentile(base * (ratio - 1), [2.5, 97.5])
    found = absolute_risk_from_counts("RR", *figures, events=mean * people, n=people, propagation="simulation")
    assert [found.difference_ci.low, found.difference_ci.high] == pytest.approx(expected, rel=0.03)
    by_delta = absolute_risk_from_counts("RR", *figures, events=mean * people, n=people)
    # symmetric about the estimate, where the drawn interval is skewed: the same width, shifted
    width = by_delta.difference_ci.high - by_delta.difference_ci.low
    assert width == pytest.approx(expected[1] - expected[0], rel=0.03)


def test_an_uncertain_baseline_widens_the_interval_and_a_huge_group_does_not():
    known = absolute_risk("OR", 1.7, 1.1, 2.6, baseline=0.2)
    few = absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=20, n=100)
    many = absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=2e9, n=1e10)
    assert few.ci.high > known.ci.high
    # ln 2.6 and ln 1.1 are not quite symmetric about ln 1.7, as printed limits never are
    assert many.ci.high == pytest.approx(known.ci.high, rel=0.01)


def test_delta_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(5)
    log_or, se, p0, n, k = math.log(1.7), 0.22, 0.2, 300, 4000
    estimate = np.exp(rng.normal(log_or, se, k))
    low, high = estimate * math.exp(-1.96 * se), estimate * math.exp(1.96 * se)
    events = rng.binomial(n, p0, k)
    found = absolute_risk_from_counts("OR", estimate, low, high, events=events, n=n)
    truth = absolute_risk("OR", 1.7, baseline=p0)
    covered = np.mean((found.ci.low <= truth.risk) & (truth.risk <= found.ci.high))
    assert covered == pytest.approx(0.95, abs=0.015)
    covered = np.mean((found.difference_ci.low <= truth.difference) & (truth.difference <= found.difference_ci.high))
    assert covered == pytest.approx(0.95, abs=0.02)


def test_no_events_need_simulation():
    delta = absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=0, n=50)
    assert math.isnan(delta.ci.high)
    assert "simulate" in delta.reason
    drawn = absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=0, n=50, propagation="simulation")
    assert 0 < drawn.ci.high < 0.15
    assert drawn.risk == 0


def test_simulation_is_the_same_twice_and_alone_or_in_an_array():
    one = absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=20, n=100, propagation="simulation", draws=2000)
    two = absolute_risk_from_counts("OR", [1.7], [1.1], [2.6], events=20, n=100, propagation="simulation", draws=2000)
    assert one.ci.low == two.ci.low[0]


def test_too_few_draws_raise():
    with pytest.raises(InputError, match="draws is 10"):
        absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=20, n=100, propagation="simulation", draws=10)


def test_more_events_than_people_raise():
    with pytest.raises(InputError, match="events is 51"):
        absolute_risk_from_counts("OR", 1.7, 1.1, 2.6, events=51, n=50)


def test_arrays_become_rows():
    frame = absolute_risk("OR", 1.7, 1.1, 2.6, baseline=[0.1, 0.2, 0.3]).to_frame()
    assert frame["baseline"].tolist() == [0.1, 0.2, 0.3]
    assert frame["ci_high"].is_monotonic_increasing
