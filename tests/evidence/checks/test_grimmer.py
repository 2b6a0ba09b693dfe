"""GRIMMER and DEBIT: the published examples, every data set of small samples, one number for all tests."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.evidence.checks.debit import debit
from hipevidence.evidence.checks.grimmer import SMALL, fewest_squares, grimmer, most_squares, possible_squares
from hipevidence.evidence.checks.lattice import MOST_TOTALS, Steps
from hipevidence.evidence.checks.printed import Printed

YES_NO = Steps(Fraction(1), Fraction(0), Fraction(1))


def _verdict(mean, sd, n, steps=None):
    return grimmer(Printed.read(mean), Printed.read(sd), n, steps or Steps()).verdict


def test_published_example():
    """5.23 (2.55): no for 35 people, yes for 31."""
    assert _verdict("5.23", "2.55", 35) == "inconsistent"
    assert _verdict("5.23", "2.55", 31) == "consistent"


def test_the_parity_belongs_to_the_sum_of_squares_that_gives_the_sd():
    """10 whole numbers with mean 1.0 sum to 10; the SD 1.0 takes Q = 19, which is odd where the total is even."""
    low, high = (Fraction(9) * end + 10 for end in Printed.read("1.00").squared())
    assert [q for q in range(40) if low <= q <= high] == [19]
    assert _verdict("1.0", "1.00", 10) == "inconsistent"
    assert _verdict("1.0", "1.05", 10) == "consistent"  # Q = 20


def test_every_total_is_tried():
    """1.5 for 24 people is 35, 36 or 37 points: an SD that goes with 35 only is enough."""
    steps = Steps(Fraction(1), Fraction(0), Fraction(10))
    assert list(steps.totals(Printed.read("1.5"), 24)) == [35, 36, 37]
    square = fewest_squares(35, 24) + 4
    sd = f"{math.sqrt((square - 35 * 35 / 24) / 23):.4f}"
    assert _verdict("1.46", sd, 24, steps) == "consistent"
    assert _verdict("1.500", sd, 24, steps) == "inconsistent"
    assert _verdict("1.5", sd, 24, steps) == "consistent"


def test_one_person_has_no_sd():
    assert _verdict("5.00", "1.00", 1) == "not_testable"
    assert debit(Printed.read("0.50"), Printed.read("0.50"), 1, YES_NO).verdict == "not_testable"


def test_room_for_every_sd_is_not_testable():
    assert _verdict("5.2", "2.5", 45) == "not_testable"


def test_a_huge_sample_keeps_nobody_waiting():
    assert MOST_TOTALS < 10**15
    assert _verdict("5", "0.000001", 10**15) == "not_testable"
    assert debit(Printed.read("0.5"), Printed.read("0.5"), 10**15, YES_NO).verdict == "not_testable"


def _unlike(value: Fraction, unit: Fraction) -> set[Fraction]:
    """Return what a number may be printed as: the nearest, both at a tie."""
    below = value // unit
    return {units * unit for units in (below, below + 1) if abs(value - units * unit) <= unit / 2}


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_exactly_the_pairs_that_exist_pass(n):
    """Scale 0 to 4: every data set is written down; what it prints passes, and all other pairs do not."""
    steps, unit = Steps(Fraction(1), Fraction(0), Fraction(4)), Fraction(1, 10)
    exist = set()
    for scores in itertools.combinations_with_replacement(range(5), n):
        mean = Fraction(sum(scores), n)
        variance = sum((score - mean) ** 2 for score in scores) / (n - 1)
        for sd in range(40):
            low, high = (max(sd * unit + side * unit / 2, Fraction(0)) ** 2 for side in (-1, 1))
            if low <= variance <= high:
                exist |= {(value, sd * unit) for value in _unlike(mean, unit)}
    assert len(exist) > n
    for mean, sd in itertools.product((unit * i for i in range(41)), (unit * i for i in range(40))):
        verdict = grimmer(Printed(mean, unit / 2), Printed(sd, unit / 2), n, steps).verdict
        assert (verdict != "inconsistent") == ((mean, sd) in exist), (mean, sd)


@pytest.mark.parametrize(("n", "most"), [(1, 5), (3, 4), (5, 3), (4, 10)])
def test_possible_sums_of_squares(n, most):
    listed = defaultdict(set)
    for scores in itertools.product(range(most + 1), repeat=n):
        listed[sum(scores)].add(sum(score * score for score in scores))
    for total, bits in enumerate(possible_squares(n, most)):
        assert {square for square in range(bits.bit_length()) if bits >> square & 1} == listed[total]
        assert min(listed[total]) == fewest_squares(total, n)
        assert max(listed[total]) == most_squares(total, most)


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=60),
    st.sampled_from([1, 2, 4]),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
)
def test_no_honest_pair_is_flagged(scores, items, places, bounded, change):
    n = len(scores)
    unit = Fraction(1, 10**places)
    values = [Fraction(score, items) for score in scores]
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    sd = round(Fraction(math.isqrt(int(variance * 10**20)), 10**10) / unit) * unit
    steps = Steps(Fraction(1, items), Fraction(0), Fraction(12)) if bounded else Steps(Fraction(1, items))
    figures = Printed(round(mean / unit) * unit, unit / 2), Printed(sd, unit / 2)
    assert grimmer(*figures, n, steps.changes() if change else steps).verdict != "inconsistent"


def test_both_sides_of_the_small_sample_limit_are_met_above():
    assert 2 * 12 * 4 <= SMALL < 60 * 12


@pytest.mark.parametrize(
    ("mean", "sd", "n", "verdict"),
    [
        ("0.35", "0.18", 20, "inconsistent"),  # the example of scrutiny's DEBIT page
        ("0.30", "0.47", 20, "consistent"),
        ("0.30", "0.46", 20, "inconsistent"),  # the SD with n instead of n - 1
        ("0.33", "0.48", 20, "inconsistent"),  # no count of 20 gives 0.33
    ],
)
def test_debit(mean, sd, n, verdict):
    assert debit(Printed.read(mean), Printed.read(sd), n, YES_NO).verdict == verdict


def test_debit_in_percent():
    steps = Steps(Fraction(100), Fraction(0), Fraction(100))
    assert debit(Printed.read("30"), Printed.read("47"), 20, steps).verdict == "consistent"
    assert debit(Printed.read("30"), Printed.read("37"), 20, steps).verdict == "inconsistent"


def test_debit_needs_two_scores():
    result = debit(Printed.read("0.30"), Printed.read("0.47"), 20, Steps(Fraction(1), Fraction(0), Fraction(10)))
    assert (result.verdict, result.reason) == ("not_testable", "the scale has more than two scores")


@given(st.integers(2, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(1, 4))
def test_no_honest_count_is_flagged(count, places):
    events, n = count
    unit = Fraction(1, 10**places)
    share = Fraction(events, n)
    variance = share * (1 - share) * n / (n - 1)
    sd = round(Fraction(math.isqrt(int(variance * 10**20)), 10**10) / unit) * unit
    figures = Printed(round(share / unit) * unit, unit / 2), Printed(sd, unit / 2)
    assert debit(*figures, n, YES_NO).verdict == "consistent"
