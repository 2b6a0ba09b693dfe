"""What a standardised mean difference means: published tables, simulation, limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from hipevidence.effects import d_to_log_or, log_or_to_d
from hipevidence.risk import overlap, probability_of_benefit, share_above, smd_to_points, u3

smds = st.floats(-4, 4)


@pytest.mark.parametrize(("d", "printed"), [(0.2, 57.9), (0.5, 69.1), (0.8, 78.8), (2.0, 97.7)])
def test_cohen_1988_table_2_2_1_u3(d, printed):
    assert round(100 * u3(d).value, 1) == printed


def test_magnusson_visualisation_of_cohens_d_as_effectsize_checks_it():
    """rpsychologist.com/cohend for d = 0.2565, as the tests of the R package effectsize quote it."""
    d = 0.25 / math.sqrt(0.95)  # means 2 and 1.75, pooled variance 0.95
    assert round(probability_of_benefit(d).value, 3) == 0.572
    assert round(u3(d).value, 4) == 0.6012
    assert overlap(d).value == pytest.approx(0.8979, abs=1e-4)


def test_points_of_a_depression_scale_as_cochrane_teaches_them():
    """Cochrane Open Learning, module A1: 2 points of HAMD with SD 8 are 1.25 points of GDS with SD 5."""
    assert smd_to_points(2 / 8, sd=5).value == 1.25


def test_mcgraw_and_wong_1992_heights():
    # men 69.7 (SD 2.8), women 64.3 (SD 2.6) inches: a man is taller in .92 of pairs
    smd = (69.7 - 64.3) / math.sqrt((2.8**2 + 2.6**2) / 2)
    assert round(probability_of_benefit(smd).value, 2) == 0.92


@pytest.mark.parametrize("d", [-1.2, 0.3, 0.5, 2.0])
def test_overlap_is_the_area_under_both_curves(d):
    area, _ = integrate.quad(lambda x: min(stats.norm.pdf(x), stats.norm.pdf(x, d)), -12, 12, points=[d / 2])
    assert overlap(d).value == pytest.approx(area, rel=1e-8)


def test_probability_of_benefit_against_pairs():
    rng = np.random.default_rng(4)
    pairs = 400_000
    wins = np.mean(rng.normal(0.5, 1, pairs) > rng.normal(0, 1, pairs))
    assert probability_of_benefit(0.5).value == pytest.approx(wins, abs=4 * math.sqrt(0.25 / pairs))


def test_u3_against_people_below_the_treated_mean():
    rng = np.random.default_rng(7)
    people = 400_000
    below = np.mean(rng.normal(0, 1, people) < rng.normal(0.5, 1, people).mean())
    assert u3(0.5).value == pytest.approx(below, abs=6 * math.sqrt(0.25 / people))


@given(d=smds)
def test_no_difference_and_sign(d):
    assert probability_of_benefit(0).value == u3(0).value == 0.5
    assert overlap(0).value == 1
    assert overlap(d).value == overlap(-d).value
    assert u3(d).value + u3(-d).value == pytest.approx(1)


def test_an_interval_around_zero_overlaps_completely_at_best():
    found = overlap(0.1, -0.2, 0.4)
    assert found.ci.high == 1
    assert found.ci.low == pytest.approx(2 * stats.norm.cdf(-0.2), rel=1e-12)
    aside = overlap(-0.5, -0.8, -0.2)
    assert aside.ci.low < aside.value < aside.ci.high < 1


def test_points_keep_interval_and_scale():
    found = smd_to_points(-0.6, -0.9, -0.3, sd=2.5, width=10)
    assert (found.value, found.ci.low, found.ci.high) == (-1.5, -2.25, -0.75)
    gone = smd_to_points([-0.6, -5], sd=2.5, width=10)
    assert np.isnan(gone.value).tolist() == [False, True]
    assert "whole scale" in gone.reason[1]


def test_shares_above_a_difference_against_simulated_change():
    rng = np.random.default_rng(6)
    draws, smd, change, mean, sd = 400_000, 0.4, 1.5, 1.0, 2.2
    control = np.mean(rng.normal(mean, sd, draws) >= change)
    treated = np.mean(rng.normal(mean + smd * sd, sd, draws) >= change)
    found = share_above(smd, 0.1, 0.7, change=change, control_mean=mean, sd=sd)
    margin = 4 * math.sqrt(0.25 / draws)
    assert found.control == pytest.approx(control, abs=margin)
    assert found.treated == pytest.approx(treated, abs=margin)
    assert found.treated_ci.low < found.treated < found.treated_ci.high
    assert "assumed" in found.method


@given(d=smds, change=st.floats(-20, 20))
def test_more_effect_more_people(d, change):
    found = share_above([d, d + 0.1], change=change, control_mean=1, sd=3)
    assert found.treated[1] >= found.treated[0]
    assert share_above(0, change=change, control_mean=1, sd=3).difference == 0


def test_chinn_2000_and_cox_stand_in_effects():
    assert d_to_log_or(1, 0.1).yi == pytest.approx(1.8138, abs=5e-5)
    assert log_or_to_d(1.65, 0.1, method="cox").yi == pytest.approx(1)
