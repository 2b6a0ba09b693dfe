"""Numbers needed: Altman 1998, Furukawa, intervals through infinity."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from hipevidence.risk import convert_effect, number_needed, number_needed_from_smd, share_above

differences = st.floats(-0.99, 0.99).filter(lambda x: abs(x) > 1e-6)


def test_altman_1998_figure_1():
    # absolute risk reduction 10 % (-5 % to 25 %): NNTB 10, from NNTH 20 through infinity to NNTB 4
    found = number_needed(-0.10, -0.25, 0.05)
    assert found.number == pytest.approx(10)
    assert found.direction == "benefit"
    assert (found.benefit.low, found.benefit.high) == (4, math.inf)
    assert (found.harm.low, found.harm.high) == (pytest.approx(20), math.inf)
    assert found.through_infinity


def test_barrowman_2002_stroke_example():
    # 16.6 % (0.9 to 32.2): 6 (3.1 to 111.1)
    found = number_needed(0.166, 0.009, 0.322, event="good")
    assert round(found.number) == 6
    assert (round(found.benefit.low, 1), round(found.benefit.high, 1)) == (3.1, 111.1)
    assert math.isnan(found.harm.low)
    assert not found.through_infinity


@given(difference=differences, half=st.floats(0, 0.5))
def test_the_interval_holds_its_estimate(difference, half):
    low, high = max(-1, difference - half), min(1, difference + half)
    found = number_needed(difference, low, high)
    piece = found.benefit if found.direction == "benefit" else found.harm
    slack = 1 + 1e-12
    assert piece.low <= found.number * slack
    assert found.number <= piece.high * slack
    assert found.through_infinity == (low <= 0 <= high)


@given(difference=differences, half=st.floats(0, 0.5))
def test_good_and_bad_events_mirror_each_other(difference, half):
    low, high = max(-1, difference - half), min(1, difference + half)
    bad, good = number_needed(difference, low, high), number_needed(difference, low, high, event="good")
    assert bad.number == good.number
    assert {bad.direction, good.direction} == {"benefit", "harm"}
    assert np.array_equal([bad.benefit.low, bad.benefit.high], [good.harm.low, good.harm.high], equal_nan=True)


def test_no_difference_is_infinite_and_says_why():
    found = number_needed(0, -0.1, 0.2)
    assert found.number == math.inf
    assert found.direction == "none"
    assert (found.benefit.low, found.harm.low) == (10, 5)
    assert "risk difference is 0" in found.reason


def test_a_limit_of_exactly_zero_ends_at_infinity():
    found = number_needed(-0.1, -0.2, 0)
    assert (found.benefit.low, found.benefit.high) == (5, math.inf)
    assert math.isnan(found.harm.low)
    assert found.through_infinity


def test_arrays_keep_one_direction_each():
    found = number_needed([-0.1, 0, 0.1, 7], [-0.2, -0.1, 0.05, 6], [-0.05, 0.1, 0.2, 8])
    assert found.direction.tolist() == ["benefit", "none", "harm", ""]
    assert np.isnan(found.number[3])
    assert found.to_frame().shape[0] == 4


@pytest.mark.parametrize(
    ("baseline", "printed"),
    [
        (0.01, (1.6814, 3.4739, 6.7128)),
        (0.02, (1.6146, 3.1332, 5.7486)),
        (0.05, (1.5228, 2.7416, 4.7233)),
        (0.08, (1.4811, 2.5707, 4.3097)),
        (0.10, (1.4615, 2.4972, 4.1387)),
    ],
)
def test_chen_cohen_chen_2010_table_1(baseline, printed):
    """Odds ratios of SMDs 0.2, 0.5 and 0.8 under normal scores and one threshold, which is Furukawa's assumption."""
    needed = number_needed_from_smd([0.2, 0.5, 0.8], baseline=baseline)
    found = convert_effect("RD", "OR", 1 / needed.number, baseline=baseline)
    assert found.value == pytest.approx(
        printed, rel=0.0025
    )  # the first printed one is off by 0.2 %, the others by less


FURUKAWA = {
    "smd": (-0.123, 0.234, 0.123, 1.234, 0.12),
    "baseline": (0.42, 0.35, 0.26, 0.21, 0.23),
    "printed": (-21.110785, 11.128241, 24.147924, 2.195288, 26.309816),
}


def test_furukawa_leucht_2011_as_dmetar_prints_it():
    """Example 2 in the help of dmetar's NNT, whose authors include Furukawa; a number below 0 harms."""
    found = number_needed_from_smd(FURUKAWA["smd"], baseline=FURUKAWA["baseline"])
    assert found.number * np.where(found.direction == "harm", -1, 1) == pytest.approx(FURUKAWA["printed"], abs=6e-7)


@pytest.mark.parametrize("sd", [1.0, 20.0])
def test_shares_above_a_threshold_are_the_ones_of_furukawa(sd):
    """The same model told in points: whoever is above the threshold responds; no print of its own was found."""
    control_mean = 10 + sd * special.ndtri(FURUKAWA["baseline"])
    found = share_above(FURUKAWA["smd"], change=10, control_mean=control_mean, sd=sd)
    assert found.control == pytest.approx(FURUKAWA["baseline"], rel=1e-12)
    assert 1 / found.difference == pytest.approx(FURUKAWA["printed"], rel=1e-7)


def test_furukawa_against_simulated_responders():
    rng = np.random.default_rng(3)
    draws, smd, threshold = 500_000, 0.5, 0.8416212335729143
    control = np.mean(rng.normal(0, 1, draws) > threshold)
    treated = np.mean(rng.normal(smd, 1, draws) > threshold)
    found = number_needed_from_smd(smd, baseline=0.2)
    assert 1 / found.number == pytest.approx(treated - control, abs=4 * math.sqrt(0.5 / draws))
    assert round(found.number, 1) == 6.0


# a difference of next to nothing is lost in the rounding of 1 - baseline
@given(smd=st.floats(-3, 3).filter(lambda x: abs(x) > 1e-3), baseline=st.floats(0.01, 0.99))
def test_furukawa_is_the_same_seen_from_the_bad_event(smd, baseline):
    good = number_needed_from_smd(smd, baseline=baseline)
    bad = number_needed_from_smd(smd, baseline=1 - baseline, event="bad")
    assert bad.direction == good.direction
    assert bad.number == pytest.approx(good.number, rel=1e-6)


@pytest.mark.parametrize("baseline", [0, 1])
def test_furukawa_knows_no_number_where_nobody_or_everybody_responds(baseline):
    found = number_needed_from_smd(0.5, baseline=baseline)
    assert found.number == math.inf
    assert found.reason
