"""Means and SDs from order statistics, against exact normal theory and arithmetic done by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from hipevidence.effects import mean_sd_from_quantiles

METHODS = ["luo/wan/shi", "wan"]
CASES = {
    "range": ("minimum", "median", "maximum"),
    "quartiles": ("q1", "median", "q3"),
    "five": ("minimum", "q1", "median", "q3", "maximum"),
}


def expected_order_statistic(i, n):
    """Expectation of the i-th smallest of n standard normal values."""
    weight = math.exp(math.lgamma(n + 1) - math.lgamma(i) - math.lgamma(n - i + 1))

    def density(z):
        return z * weight * stats.norm.cdf(z) ** (i - 1) * stats.norm.sf(z) ** (n - i) * stats.norm.pdf(z)

    return integrate.quad(density, -9, 9, limit=200)[0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("n", [9, 25, 101, 401])
def test_normal_samples_give_back_their_mean_and_sd(n, case, method):
    ranks = {"minimum": 1, "q1": (n + 3) // 4, "median": (n + 1) // 2, "q3": (3 * n + 1) // 4, "maximum": n}
    numbers = {name: 50 + 8 * expected_order_statistic(ranks[name], n) for name in CASES[case]}
    result = mean_sd_from_quantiles(n=n, **numbers, method=method)
    assert result.mean == pytest.approx(50, rel=1e-6)
    assert result.sd == pytest.approx(8, rel=0.015)  # Blom's scores stand in for the exact expectations


@given(st.lists(st.floats(-100, 100), min_size=5, max_size=5, unique=True), st.integers(5, 2000), st.floats(0.01, 100))
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", CASES)
def test_shift_and_unit_carry_over(case, method, numbers, n, unit):
    five = dict(zip(CASES["five"], sorted(numbers), strict=True))
    given_numbers = {name: five[name] for name in CASES[case]}
    plain = mean_sd_from_quantiles(n=n, **given_numbers, method=method)
    moved = {name: 7 + unit * value for name, value in given_numbers.items()}
    if sorted(moved.values()) != list(moved.values()) or len(set(moved.values())) < len(moved):
        return  # two values closer than rounding
    other = mean_sd_from_quantiles(n=n, **moved, method=method)
    assert other.mean == pytest.approx(7 + unit * plain.mean, rel=1e-7, abs=1e-7)
    assert other.sd == pytest.approx(unit * plain.sd, rel=1e-7, abs=1e-7)


def test_luo_2018_weights():
    # 81^0.75 = 27; 0.7 + 0.39/39 = 0.71
    assert mean_sd_from_quantiles(n=81, minimum=0, median=0, maximum=62).mean == pytest.approx(4, rel=1e-13)
    assert mean_sd_from_quantiles(n=39, q1=0, median=0, q3=2).mean == pytest.approx(0.71, rel=1e-13)
    five = {"minimum": 0, "q1": 0, "median": 0, "q3": 0, "maximum": 2}
    assert mean_sd_from_quantiles(n=81, **five).mean == pytest.approx(2.2 / 29.2, rel=1e-13)
    both = mean_sd_from_quantiles(n=81, **{**five, "q3": 2}).mean
    assert both == pytest.approx(2.2 / 29.2 + 0.7 - 0.72 / 81**0.55, rel=1e-13)


def test_wan_2014_means():
    assert mean_sd_from_quantiles(n=30, minimum=0, median=3, maximum=10, method="wan").mean == 4
    assert mean_sd_from_quantiles(n=30, q1=1, median=3, q3=8, method="wan").mean == 4
    five = {"minimum": 0, "q1": 1, "median": 3, "q3": 8, "maximum": 10}
    assert mean_sd_from_quantiles(n=30, **five, method="wan").mean == 34 / 8


def test_shi_2020_weighs_the_range_less_in_larger_samples():
    five = {"minimum": -10, "q1": -1, "median": 0, "q3": 1, "maximum": 10}
    wan = [mean_sd_from_quantiles(n=n, **five, method="wan").sd for n in (10, 1000)]
    shi = [mean_sd_from_quantiles(n=n, **five).sd for n in (10, 1000)]
    z_range, z_quartile = stats.norm.ppf(999.625 / 1000.25), stats.norm.ppf(749.875 / 1000.25)
    u = 0.07 * 1000**0.6
    assert shi[1] == pytest.approx((20 / (2 * z_range) + u * 2 / (2 * z_quartile)) / (1 + u), rel=1e-12)
    assert shi[1] < wan[1]
    assert shi[0] > wan[0]


@pytest.mark.parametrize(
    ("numbers", "method", "words"),
    [
        ({"minimum": 1, "maximum": 9}, "luo/wan/shi", "from median and range: mean by Luo 2018, SD by Wan 2014"),
        ({"q1": 1, "q3": 9}, "wan", "from median and quartiles: mean and SD by Wan 2014"),
        (
            {"minimum": 0, "q1": 1, "q3": 9, "maximum": 12},
            "luo/wan/shi",
            "from five numbers: mean by Luo 2018, SD by Shi 2020",
        ),
        ({"minimum": 0, "q1": 1, "q3": 9, "maximum": 12}, "wan", "from five numbers: mean and SD by Wan 2014"),
    ],
)
def test_the_method_is_named(numbers, method, words):
    assert mean_sd_from_quantiles(n=30, median=5, **numbers, method=method).method == words
