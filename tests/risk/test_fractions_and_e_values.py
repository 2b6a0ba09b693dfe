"""Attributable fractions, E-values and proportions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipevidence.errors import InputError
from hipevidence.risk import e_value, levin_fraction, miettinen_fraction, proportion

ratios = st.floats(0.05, 50)
shares = st.floats(0.001, 0.999)


def test_gordis_epidemiology_ch_12_smoking_and_coronary_disease():
    # 28.0 and 17.4 per 1000 a year, 44 % smoke; printed 21.3 %, from a total rate rounded to 22.1
    found = levin_fraction(28.0 / 17.4, exposed=0.44)
    assert found.value == pytest.approx(0.213, abs=0.002)
    exact_total = 0.44 * 28.0 + 0.56 * 17.4
    assert found.value == pytest.approx((exact_total - 17.4) / exact_total, rel=1e-12)


def test_wound_infections_after_incidental_appendectomy():
    """Boston University, measures of association: 5.3 against 1.3 per 100; 75 % of those in the exposed."""
    assert round(miettinen_fraction(5.3 / 1.3, exposed_cases=1.0).value, 2) == 0.75


@given(ratio=ratios, share=shares)
def test_levin_and_miettinen_agree_without_confounding(ratio, share):
    of_cases = share * ratio / (share * ratio + 1 - share)
    levin, miettinen = levin_fraction(ratio, exposed=share), miettinen_fraction(ratio, exposed_cases=of_cases)
    assert miettinen.value == pytest.approx(levin.value, rel=1e-7, abs=1e-9)


@given(share=st.floats(0, 1))
def test_no_association_has_no_fraction(share):
    assert levin_fraction(1, exposed=share).value == 0
    assert miettinen_fraction(1, exposed_cases=share).value == 0


@given(ratio=ratios)
def test_everybody_or_nobody_exposed(ratio):
    assert levin_fraction(ratio, exposed=0).value == 0
    assert levin_fraction(ratio, exposed=1).value == pytest.approx(1 - 1 / ratio, rel=1e-9, abs=1e-12)
    assert miettinen_fraction(ratio, exposed_cases=1).value == pytest.approx(1 - 1 / ratio, rel=1e-9, abs=1e-12)


def test_known_share_puts_the_limits_in_place_of_the_ratio():
    found = levin_fraction(2, 1.5, 3, exposed=0.3)
    assert found.ci.low == pytest.approx(0.15 / 1.15, rel=1e-12)
    assert found.ci.high == pytest.approx(0.6 / 1.6, rel=1e-12)


FORMULAS = {"levin": (levin_fraction, "exposed"), "miettinen": (miettinen_fraction, "exposed_cases")}


@pytest.mark.parametrize(("name", "share"), [("levin", 0.3), ("miettinen", 0.45)])
def test_recovered_limits_against_simulation(name, share):
    function, keyword = FORMULAS[name]
    figures = (2, 2 * math.exp(-0.4), 2 * math.exp(0.4))
    recovered = function(*figures, **{keyword: share}, n=250)
    drawn = function(*figures, **{keyword: share}, n=250, propagation="simulation")
    assert drawn.value == recovered.value
    # the one adds distances in squares, the other draws from a posterior: close, not equal
    assert [recovered.ci.low, recovered.ci.high] == pytest.approx([drawn.ci.low, drawn.ci.high], abs=0.02)


@pytest.mark.parametrize(("ratio", "share", "se", "n"), [(2, 0.3, 0.2, 250), (1.2, 0.3, 0.2, 250), (3, 0.5, 0.4, 50)])
def test_levin_intervals_hold_the_truth_as_often_as_they_say(ratio, share, se, n):
    rng = np.random.default_rng(2)
    k = 4000
    seen = np.exp(rng.normal(math.log(ratio), se, k))
    exposed = rng.binomial(n, share, k) / n
    found = levin_fraction(seen, seen * math.exp(-1.96 * se), seen * math.exp(1.96 * se), exposed=exposed, n=n)
    truth = levin_fraction(ratio, exposed=share).value
    assert np.mean((found.ci.low <= truth) & (truth <= found.ci.high)) == pytest.approx(0.95, abs=0.015)


def test_a_share_nobody_has_still_has_an_interval():
    found = levin_fraction(2, 1.5, 3, exposed=0, n=100)
    assert found.value == found.ci.low == 0
    assert found.ci.high == pytest.approx(1 - 1 / (1 + proportion(0, 100).ci.high), rel=1e-9)


@given(ratio=ratios, share=shares, width=st.floats(1.01, 4))
def test_fractions_lie_inside_their_intervals(ratio, share, width):
    for function, keyword in FORMULAS.values():
        found = function(ratio, ratio / width, ratio * width, **{keyword: share}, n=200)
        assert found.ci.low <= found.value <= found.ci.high or math.isnan(found.ci.low)


def test_infinite_ratios():
    assert levin_fraction(math.inf, exposed=0.3).value == 1
    assert miettinen_fraction(math.inf, exposed_cases=0.3).value == pytest.approx(0.3)
    gone = miettinen_fraction(0, exposed_cases=0.3)
    assert math.isnan(gone.value)
    assert "no finite value" in gone.reason


@pytest.mark.parametrize(
    ("measure", "figures", "options", "value", "limit"),
    [
        pytest.param("RR", (10.73, 8.02, 14.36), {}, 20.94777, 15.52336, id="EValue README: Hammond & Horn 1958"),
        pytest.param("RR", (3.9, 1.8, 8.7), {}, 7.26, 3.0, id="VanderWeele & Ding 2017, p. 269: breastfeeding"),
        pytest.param("OR", (3.9, 1.8, 8.7), {"rare": True}, 7.26, 3.0, id="the same as odds ratio of a rare outcome"),
        pytest.param("RR", (0.80, 0.71, 0.91), {}, 1.81, 1.43, id="VanderWeele & Ding 2017, table 1: leukaemia"),
    ],
)
def test_published_e_values(measure, figures, options, value, limit):
    found = e_value(measure, *figures, **options)
    digits = 5 if value > 10 else 2
    assert (round(found.value, digits), round(found.limit, digits)) == (value, limit)


@given(ratio=st.floats(0.01, 100))
def test_a_ratio_and_its_inverse_have_one_e_value(ratio):
    for measure, options in (("RR", {}), ("OR", {"rare": False}), ("HR", {"rare": False})):
        one, other = e_value(measure, ratio, **options), e_value(measure, 1 / ratio, **options)
        assert one.value == pytest.approx(other.value, rel=1e-9)
        assert one.value >= 1


@given(ratio=st.floats(0.2, 5), factor=st.floats(1.001, 4))
def test_an_interval_that_holds_one_needs_no_confounder(ratio, factor):
    found = e_value("RR", ratio, ratio / factor, ratio * factor)
    holds = ratio / factor <= 1 <= ratio * factor
    assert (found.limit == 1) == holds


def test_common_outcomes_by_hand():
    assert e_value("OR", 4.0, rare=False).risk_ratio == 2
    hazard = e_value("HR", 0.56, rare=False).risk_ratio
    root = math.sqrt(0.56)
    assert hazard == pytest.approx((1 - 0.5**root) / (1 - 0.5 ** (1 / root)), rel=1e-12)
    smd = e_value("SMD", 0.5, 0.1, 0.9)
    assert smd.risk_ratio == pytest.approx(math.exp(0.455), rel=1e-12)
    se = 0.4 / stats.norm.ppf(0.975)
    assert smd.risk_ratio_ci.low == pytest.approx(math.exp(0.455 - 1.78 * se), rel=1e-9)


def test_infinite_and_missing_limits():
    assert e_value("RR", 0.0).value == math.inf
    assert math.isnan(e_value("RR", 2.0).limit)


def test_e_value_has_to_know_whether_the_outcome_is_rare():
    with pytest.raises(InputError, match="rare was not given"):
        e_value("OR", 2)
    with pytest.raises(InputError, match="Leave it out"):
        e_value("RR", 2, rare=True)


@pytest.mark.parametrize(
    ("events", "n", "wilson", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombe_1998_table_1(events, n, wilson, exact):
    for method, printed in (("wilson", wilson), ("clopper-pearson", exact)):
        found = proportion(events, n, method=method)
        assert (round(found.ci.low, 4), round(found.ci.high, 4)) == printed


@pytest.mark.parametrize(
    ("method", "printed"),
    [("wilson", (0.5699, 0.9341)), ("jeffreys", (0.5792, 0.9442)), ("clopper-pearson", (0.5435, 0.9595))],
)
def test_fagerland_lydersen_laake_2017_ligarden_13_of_16(method, printed):
    """As the tests of the book's R package (contingencytables, test-ch2.R) print them."""
    found = proportion(13, 16, method=method)
    assert (round(found.ci.low, 4), round(found.ci.high, 4)) == printed


def test_jeffreys_ends_at_0_and_1_where_nobody_or_everybody_has_it():
    """Brown, Cai & DasGupta (2001), section 4.1.2."""
    found = proportion([0, 20], 20, method="jeffreys")
    assert found.ci.low[0] == 0
    assert found.ci.high[1] == 1
    assert found.ci.high[0] == pytest.approx(stats.beta.ppf(0.975, 0.5, 20.5))


def test_jeffreys_is_the_posterior_of_brown_cai_dasgupta_2001():
    found = proportion(36, 743, method="jeffreys")
    assert [found.ci.low, found.ci.high] == pytest.approx(stats.beta.ppf([0.025, 0.975], 36.5, 707.5), rel=1e-10)


@given(n=st.integers(1, 2000), share=st.floats(0, 1), method=st.sampled_from(["wilson", "jeffreys", "clopper-pearson"]))
def test_proportions_lie_inside_their_intervals(n, share, method):
    events = round(share * n)
    found = proportion(events, n, method=method)
    assert 0 <= found.ci.low <= found.ci.high <= 1
    assert found.ci.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.ci.high


def test_an_impossible_proportion_in_an_array():
    found = proportion([3, 9], [8, 8])
    assert np.isnan(found.ci.low).tolist() == [False, True]
    assert "events is 9" in found.reason[1]
