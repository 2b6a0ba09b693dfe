"""Wording of numbers: each rule on the values where it could go wrong, and properties that hold for any value."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.results import Interval

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
NAN = float("nan")


def read(text: str) -> float:
    return float(text.replace(",", "").replace(fmt.MINUS, "-"))


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (-0.6072, 2, "−0.61"),
        (-0.0049, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (0.005, 0, "0"),
        (1234567.891, 1, "1,234,567.9"),
        (-math.inf, 2, "−∞"),
        (math.inf, 2, "∞"),
        (NAN, 2, "not estimated"),
    ],
)
def test_number(x: float, digits: int, text: str) -> None:
    assert fmt.number(x, digits) == text


@given(st.floats(1e-300, 1e6))
def test_a_ratio_is_never_printed_as_zero(x: float) -> None:
    assert re.search(r"[1-9]", fmt.ratio(x))


def test_a_limit_of_a_ratio_close_to_zero_keeps_a_digit() -> None:
    assert [fmt.ratio(x) for x in (0.003, 0.0049999, 0.00501, 0.0, NAN)] == [
        "0.003", "0.005", "0.01", "0.00", "not estimated",
    ]  # fmt: skip


@given(finite, st.integers(0, 6))
def test_a_number_reads_back_within_half_its_last_digit(x: float, digits: int) -> None:
    text = fmt.number(x, digits)
    assert "-" not in text
    assert not re.fullmatch(r"−0(\.0*)?", text)
    assert read(text) == pytest.approx(x, abs=0.5 * 10**-digits + 1e-9 * abs(x))


@given(finite, st.integers(0, 6))
def test_the_sign_is_written_exactly_where_the_printed_number_has_one(x: float, digits: int) -> None:
    text = fmt.signed(x, digits)
    printed = read(text)
    assert text.startswith("+") == (printed > 0)
    assert text.startswith(fmt.MINUS) == (printed < 0)


def test_signed_words_what_is_no_number() -> None:
    assert fmt.signed(math.inf) == "+∞"
    assert fmt.signed(NAN, missing=fmt.DASH) == "–"


def test_negative_digits_are_refused() -> None:
    with pytest.raises(InputError, match="digits is -1"):
        fmt.number(1.0, -1)


def test_interval_of_two_limits_and_of_an_interval_agree() -> None:
    assert fmt.interval(-0.9392, -0.2752) == fmt.interval(Interval(-0.9392, -0.2752)) == "−0.94 to −0.28"


@pytest.mark.parametrize("limits", [(NAN, 1.0), (1.0, NAN)])
def test_half_an_interval_is_no_interval(limits: tuple[float, float]) -> None:
    assert fmt.interval(*limits) == "not estimated"


def test_interval_refuses_half_and_double_arguments() -> None:
    with pytest.raises(InputError, match="lower limit alone"):
        fmt.interval(1.0)
    with pytest.raises(InputError, match="Leave the upper limit out"):
        fmt.interval(Interval(0.0, 1.0), 2.0)


def test_estimate() -> None:
    assert fmt.estimate(-0.6072, Interval(-0.9392, -0.2752)) == "−0.61 (95% CI −0.94 to −0.28)"
    assert fmt.estimate(1.5, Interval(0.8, 2.3, 0.9), 1, name="PI") == "1.5 (90% PI 0.8 to 2.3)"
    assert fmt.estimate(NAN, Interval(0.0, 1.0)) == "not estimated"
    assert fmt.estimate(1.0, Interval(NAN, NAN)) == "1.00 (95% CI not estimated)"


@given(st.floats(0.0, 1.0))
def test_a_p_value_is_never_a_bare_zero_or_one(p: float) -> None:
    text = fmt.p_value(p)
    assert text not in {"0.000", "0"}
    assert re.fullmatch(r"<0\.001|>0\.999|[01]\.\d{3}", text)


def test_p_value_outside_its_range_is_refused() -> None:
    with pytest.raises(InputError, match=r"1\.2"):
        fmt.p_value(1.2)
    assert fmt.p_value(NAN) == "not estimated"


def test_percent_takes_percent_and_proportion_takes_a_fraction() -> None:
    assert fmt.percent(91.7, 1) == fmt.proportion(0.917, 1) == "91.7%"
    assert fmt.percent(NAN) == fmt.proportion(NAN) == "not estimated"


def test_count() -> None:
    assert fmt.count(1502) == "1,502"
    assert fmt.count(0) == "0"
    assert fmt.count(NAN) == "–"
    with pytest.raises(InputError, match="whole numbers"):
        fmt.count(1.5)


def test_plural() -> None:
    assert [fmt.plural(n, "study", "studies") for n in (0, 1, 1502)] == ["0 studies", "1 study", "1,502 studies"]


@pytest.mark.parametrize(
    ("x", "text"), [(0.0, "0"), (0.0004, "<0.001"), (0.016, "0.016"), (12.0, "12.000"), (NAN, "not estimated")]
)
def test_tau2(x: float, text: str) -> None:
    assert fmt.tau2(x) == text


def test_i2_and_coverage() -> None:
    assert fmt.i2(34.49) == "34%"
    assert [fmt.coverage(level) for level in (0.95, 0.9, 0.995)] == ["95%", "90%", "99.5%"]


def test_exact_keeps_the_decimals_a_person_chose() -> None:
    assert [fmt.exact(x) for x in (8.0, 1.5, -2.0, 0.125, NAN)] == ["8", "1.5", "−2", "0.125", "not estimated"]


@pytest.mark.parametrize(
    ("x", "text"), [(1.0, "1 week"), (12.0, "12 weeks"), (6.5, "6.5 weeks"), (0.0, "0 weeks"), (NAN, "time not stated")]
)
def test_weeks(x: float, text: str) -> None:
    assert fmt.weeks(x) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [("5.20", "5.20"), (" -5.20 ", "−5.20"), ("", "–"), ("2-3", "2-3"), ("-a", "-a"), ("<.001", "<.001")],
)
def test_as_printed_keeps_the_precision_of_the_source(cell: str, text: str) -> None:
    assert fmt.as_printed(cell) == text
