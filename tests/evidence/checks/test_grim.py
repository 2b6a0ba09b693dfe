"""GRIM: the published examples, and no false alarm on any data set."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence.checks.grim import grim
from hipevidence.evidence.checks.lattice import Steps
from hipevidence.evidence.checks.printed import Printed

# the first twelve rows of pigs1 in scrutiny 0.6.1, with the consistency it prints
PIGS = {
    ("7.22", 32): True,
    ("4.74", 25): False,
    ("5.23", 29): False,
    ("2.57", 24): False,
    ("6.77", 27): False,
    ("2.68", 28): True,
    ("7.01", 29): False,
    ("7.38", 26): True,
    ("3.14", 27): False,
    ("6.89", 31): False,
    ("5.00", 25): True,
    ("0.24", 28): False,
}


@pytest.mark.parametrize(("mean", "n"), PIGS)
def test_the_examples_of_scrutiny(mean, n):
    assert grim(Printed.read(mean), n, Steps()).verdict == ("consistent" if PIGS[mean, n] else "inconsistent")


def test_brown_and_heathers_2017():
    """5.19 cannot be the mean of 28 whole numbers, and the nearest that can are 5.18 and 5.21."""
    result = grim(Printed.read("5.19"), 28, Steps())
    assert (result.verdict, result.reason) == ("inconsistent", "the nearest means of 28 scores are 5.18 and 5.21")
    assert grim(Printed.read("5.19"), 32, Steps()).verdict == "consistent"


def test_items_make_the_steps_finer():
    """The mean of four items moves in quarters: 28 people are then as good as 112."""
    assert grim(Printed.read("5.19"), 28, Steps(Fraction(1, 4))).verdict == "not_testable"
    assert grim(Printed.read("5.19"), 14, Steps(Fraction(1, 2))).verdict == "inconsistent"


@pytest.mark.parametrize("mean", ["2.12", "2.13"])
def test_a_tie_may_be_rounded_either_way(mean):
    """17 / 8 is 2.125."""
    assert grim(Printed.read(mean), 8, Steps()).verdict == "consistent"


def test_a_mean_that_was_cut_off_is_asked_about():
    """451 / 15 is 30.067: rounded 30.07, cut off 30.06."""
    assert grim(Printed.read("30.07"), 15, Steps()).verdict == "consistent"
    assert grim(Printed.read("30.06"), 15, Steps()).verdict == "inconsistent"


def test_too_few_decimals_are_not_testable():
    result = grim(Printed.read("4.3"), 45, Steps())
    assert result.verdict == "not_testable"
    assert "n = 45" in result.reason


def test_a_scale_that_starts_at_one():
    """The steps are counted from the lowest score, and none lies below it."""
    steps = Steps(Fraction(2), Fraction(1), Fraction(7))
    assert grim(Printed.read("1.40"), 5, steps).verdict == "consistent"
    assert grim(Printed.read("1.20"), 5, steps).verdict == "inconsistent"


def test_a_step_has_to_be_above_nought():
    with pytest.raises(InputError, match="found a step of 0"):
        Steps(Fraction(0))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.sampled_from([1, 2, 4]), st.integers(0, 3))
def test_no_honest_mean_is_flagged(scores, items, places):
    mean = Fraction(sum(scores), len(scores) * items)
    unit = Fraction(1, 10**places)
    below = mean // unit * unit
    printed = [below, below + unit] if mean - below == unit / 2 else [below + unit * ((mean - below) > unit / 2)]
    for value in printed:  # a tie is printed either way
        result = grim(Printed(value, unit / 2), len(scores), Steps(Fraction(1, items), Fraction(0), Fraction(40)))
        assert result.verdict != "inconsistent"
