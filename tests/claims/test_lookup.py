"""A stated figure finds its home: rounding, ranges, units, verified before unverified."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.claims.lookup import home_of, matches, units_agree
from hipevidence.claims.relevance import Case
from hipevidence.evidence.models import ClaimFigure
from tests.claims.support import claim, context, figure, pool, trial


def stated(value, role="mean_difference", **more):
    return ClaimFigure(value=value, role=role, **more)


def home(figure_stated, *items, **changes):
    return home_of(figure_stated, Case(claim(**changes), items, context()))


@given(st.decimals(min_value=0, max_value=500, places=3), st.integers(min_value=0, max_value=2))
def test_a_printed_number_matches_exactly_what_it_rounds_to(printed, digits):
    rounded = printed.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    step = Decimal(1).scaleb(-digits)
    for sign in (1, -1):
        shown = figure(value=sign * float(printed))
        for value, expected in ((rounded, True), (rounded + step, False), (rounded + 3 * step, False)):
            claimed = stated(float(value), decimals=digits)
            assert matches(shown, claimed.value, claimed) is expected


def test_printed_zeros_count_when_they_are_stated():
    assert matches(figure(value=-0.63), 0.6, stated(0.6))
    assert not matches(figure(value=-0.63), 0.6, stated(0.6, decimals=2))


def test_a_ratio_may_stand_the_other_way_up():
    upside_down = figure("odds_ratio", 0.5)
    assert matches(upside_down, 2.0, stated(2.0, "odds_ratio"))
    assert not matches(figure(value=0.5), 2.0, stated(2.0))


def test_a_range_needs_both_ends():
    low, high = figure("sets", 2.0, scope="dose"), figure("sets", 3.0, scope="dose")
    wanted = stated(2, "sets", high=3)
    assert home(wanted, trial(figures=(low,))) is None
    assert home(wanted, trial(figures=(low, high))) is not None
    assert home(wanted, trial(figures=(figure("sets", 2.0, high=3.0, scope="dose"),))) is not None


def test_one_number_is_not_found_in_a_range():
    assert home(stated(3, "sets"), trial(figures=(figure("sets", 2.0, high=3.0, scope="dose"),))) is None


def test_a_range_of_one_paper_goes_before_one_put_together():
    low, high = figure("sets", 2.0, scope="dose"), figure("sets", 3.0, scope="dose")
    apart = (trial(figures=(low,)), trial(id="b", source_id="b", figures=(high,)))
    whole = trial(id="c", source_id="c", figures=(low, high))
    found = home(stated(2, "sets", high=3), *apart, whole)
    assert (found.item.id, found.is_composite) == ("c", False)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"verification": "as_cited"}),
        ({}, {"comparator": ("nothing",)}),
        ({}, {"population": ("students",)}),
        ({}, {"outcome": ("sleep",)}),
        ({}, {"figures": (figure("point_change", -1.5, scope="within"),)}),
    ],
)
def test_the_better_fitting_home_wins_whatever_the_order(better, worse):
    good, bad = pool(**better), pool(id="worse", **worse)
    assert home(stated(1.5), good, bad).item.id == good.id
    assert home(stated(1.5), bad, good).item.id == good.id


def test_scales_of_different_length_are_different_units():
    assert units_agree("points (0-10)", "cm 0-10")
    assert units_agree("points", "")
    assert not units_agree("points (0-10)", "points (0–100)")


def test_a_count_or_a_length_is_no_effect():
    size = figure("count_people", 500.0, scope="size")
    assert not home(stated(500, "count_people"), pool(figures=(size,))).is_effect
    assert home(stated(1.5), pool()).is_effect


def test_figures_without_value_are_never_found():
    assert home(stated(1.5), pool(figures=())) is None
    assert not matches(figure(value=math.inf), 1.5, stated(1.5))
