"""Ranges of t and P hold every value that the printed figures allow, and scipy's where nothing was rounded away."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipevidence.evidence.checks.intervals import (
    SLACK,
    Group,
    Range,
    Statistic,
    as_range,
    compare_pooled,
    compare_welch,
    critical_value,
    p_of_chi2,
)
from hipevidence.evidence.checks.printed import Printed

EXACT = 10**-9
MEANS = st.decimals(min_value=-20, max_value=20, places=1)
SPREADS = st.decimals(min_value="0.3", max_value=9, places=1)
SIZES = st.integers(2, 60)


def _group(mean, sd, n):
    return Group(Printed.read(str(mean)), Printed.read(str(sd)), n)


def _inside(value, around):
    return around.low - 10 * SLACK <= value <= around.high + 10 * SLACK


@given(MEANS, SPREADS, SIZES, MEANS, SPREADS, SIZES, st.tuples(*[st.floats(-1, 1)] * 4))
def test_every_value_in_the_box_lies_inside(mean1, sd1, n1, mean2, sd2, n2, corner):
    """Wherever in the box of rounding the true figures lie, scipy's t and P of them lie in the ranges."""
    first, second = _group(mean1, sd1, n1), _group(mean2, sd2, n2)
    printed = (first.mean, first.sd, second.mean, second.sd)
    a, b, c, d = (
        float(number.value) + share * float(number.half) for number, share in zip(printed, corner, strict=True)
    )
    for comparison, equal in ((compare_pooled(first, second), True), (compare_welch(first, second), False)):
        peer = stats.ttest_ind_from_stats(a, b, n1, c, d, n2, equal_var=equal)
        assert _inside(peer.statistic, comparison.test.t)
        assert _inside(peer.pvalue, comparison.test.p)


@pytest.mark.parametrize("equal", [True, False])
def test_many_decimals_leave_one_value(equal):
    first, second = _group("5.200000000000", "2.000000000000", 24), _group("4.100000000000", "2.400000000000", 23)
    test = (compare_pooled if equal else compare_welch)(first, second).test
    peer = stats.ttest_ind_from_stats(5.2, 2.0, 24, 4.1, 2.4, 23, equal_var=equal)
    assert test.t.low == pytest.approx(peer.statistic, rel=EXACT)
    assert test.p.high == pytest.approx(peer.pvalue, rel=EXACT)


@pytest.mark.parametrize(("t", "df"), [(0.0, 5.0), (2.917, 18.0), (40.0, 12.0), (1.96, math.inf), (30.0, math.inf)])
def test_p_of_t_reaches_far_into_the_tail(t, df):
    p = Statistic(Range(t, t), Range(df, df)).p
    peer = 2 * (stats.norm.sf(t) if math.isinf(df) else stats.t.sf(t, df))
    assert p.low == pytest.approx(peer, rel=1e-8)
    assert p.high == pytest.approx(peer, rel=1e-8)


def test_p_of_chi2():
    low, high = p_of_chi2(Range(6.1395, 6.1405), 2)
    assert low == pytest.approx(stats.chi2.sf(6.1405, 2), rel=1e-10)
    assert high == pytest.approx(stats.chi2.sf(6.1395, 2), rel=1e-10)


@pytest.mark.parametrize(("level", "df"), [(0.95, math.inf), (0.95, 31.0), (0.99, 4.0)])
def test_critical_values(level, df):
    peer = stats.norm.ppf(0.5 + level / 2) if math.isinf(df) else stats.t.ppf(0.5 + level / 2, df)
    assert critical_value(level, df) == pytest.approx(peer, rel=1e-10)


def test_ranges_that_only_touch_meet():
    assert Range(0.1, 0.3).meets(Range(0.1 + 0.2, 0.5))
    assert not Range(0.1, 0.3).meets(Range(0.3001, 0.5))


def test_dolak_2011():
    """2.4 (2.0) against 4.1 (2.5): 17 and 16 people allow the printed P .035, 14 and 13 do not."""
    printed = as_range(Printed.read(".035"))
    assert compare_pooled(_group("2.4", "2.0", 17), _group("4.1", "2.5", 16)).test.p.meets(printed)
    assert not compare_pooled(_group("2.4", "2.0", 14), _group("4.1", "2.5", 13)).test.p.meets(printed)
