"""Several risk factors: what is known of correlated factors, and nothing without a stated correlation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.risk import combine_factors

FACTORS = ([2.0, 1.5], [1.5, 1.1], [2.7, 2.0])


def test_independent_factors_multiply():
    found = combine_factors("RR", *FACTORS, correlation=(0, 0))
    assert found.low == found.high == pytest.approx(3)


def test_one_factor_under_two_names_counts_once():
    found = combine_factors("RR", [2, 2], [1.5, 1.5], [2.7, 2.7], correlation=(1, 1))
    assert found.high == pytest.approx(2)
    assert found.ci.low == pytest.approx(2 / math.sqrt(2.7 / 1.5), rel=1e-9)


def test_urdan_2010_tables_13_4_and_13_5_standardised_coefficients_from_correlations():
    """Income by education (r .826) and by years of work (r .695), which correlate .310: beta .676 and .485.

    Nothing in print combines ratios this way; this is the rule behind it, b = R beta, on the logarithmic scale.
    """
    alone = np.exp([0.826, 0.695])
    found = combine_factors("RR", alone, alone / 1.1, alone * 1.1, correlation=(0.310, 0.310))
    assert math.log(found.high) == pytest.approx(0.676 + 0.485, abs=0.001)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.7])
def test_joint_effect_against_simulated_correlated_factors(rho):
    # risk exp(a + 0.3 x + 0.2 z): what each factor shows alone, fitted by Poisson weights, gives back 0.3 + 0.2
    rng = np.random.default_rng(8)
    draws, first, second = 400_000, 0.3, 0.2
    x = rng.normal(size=draws)
    z = rho * x + math.sqrt(1 - rho**2) * rng.normal(size=draws)
    risk = np.exp(first * x + second * z)
    # of normal factors the slope of the log mean risk is the mean of the factor among the cases
    alone = np.exp([np.average(x, weights=risk), np.average(z, weights=risk)])
    found = combine_factors("RR", alone, alone / 1.1, alone * 1.1, correlation=(rho, rho))
    assert math.log(found.high) == pytest.approx(first + second, abs=0.01)


@given(low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_wider_range_of_correlation_never_narrows_the_answer(low, high):
    low, high = sorted((low, high))
    narrow = combine_factors("RR", *FACTORS, correlation=(low, high))
    wide = combine_factors("RR", *FACTORS, correlation=(0, 1))
    slack = 1 + 1e-12
    assert wide.low <= narrow.low * slack
    assert narrow.high <= wide.high * slack
    assert wide.ci.low <= narrow.ci.low * slack
    assert narrow.ci.high <= wide.ci.high * slack


def test_errors_that_go_together_are_allowed_for():
    found = combine_factors("RR", *FACTORS, correlation=(0, 0))
    errors = [math.log(high / low) / 2 for low, high in zip(FACTORS[1], FACTORS[2], strict=True)]
    assert math.log(found.ci.high / found.ci.low) / 2 == pytest.approx(sum(errors))


def test_correlation_has_to_be_stated():
    with pytest.raises(TypeError, match="correlation"):
        combine_factors("RR", *FACTORS)


@pytest.mark.parametrize("correlation", [(0.5, 0.2), (-1, 0), (0, 1.1), (math.nan, 0)])
def test_impossible_correlations_raise(correlation):
    with pytest.raises(InputError, match="correlation is"):
        combine_factors("RR", *FACTORS, correlation=correlation)


def test_one_factor_is_none_to_combine():
    with pytest.raises(InputError, match="two or more"):
        combine_factors("RR", [2], [1], [3], correlation=(0, 0))


def test_a_ratio_of_zero_cannot_be_combined():
    found = combine_factors("RR", [2, 0], [1.5, 0], [2.7, 1], correlation=(0, 0))
    assert math.isnan(found.high)
    assert found.reason
