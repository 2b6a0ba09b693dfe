"""A printed number is exact, and knows what rounding may have hidden."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.evidence.checks.printed import Printed


@pytest.mark.parametrize(
    ("text", "value", "half", "digits", "decimals"),
    [
        ("5.20", Fraction(26, 5), Fraction(1, 200), 3, 2),
        ("-0.30", Fraction(-3, 10), Fraction(1, 200), 2, 2),
        (".006", Fraction(3, 500), Fraction(1, 2000), 1, 3),
        ("45", Fraction(45), Fraction(1, 2), 2, 0),
        ("16.", Fraction(16), Fraction(1, 2), 2, 0),
        ("0.00", Fraction(0), Fraction(1, 200), 0, 2),
        ("1e3", Fraction(1000), Fraction(500), 1, 0),
    ],
)
def test_reading(text, value, half, digits, decimals):
    number = Printed.read(text)
    assert (number.value, number.half, number.digits, number.decimals) == (value, half, digits, decimals)
    assert (number.low, number.high) == (value - half, value + half)


@given(st.decimals(min_value=-1000, max_value=1000, places=6), st.integers(0, 5))
def test_what_was_rounded_lies_inside(exact, places):
    printed = Printed.read(f"{exact:.{places}f}")
    assert printed.low <= Fraction(exact) <= printed.high


def test_the_square_of_a_spread_is_not_negative():
    assert Printed.read("0.0").squared() == (0, Fraction(1, 400))
