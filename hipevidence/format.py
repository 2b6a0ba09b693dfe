"""The only place where a number becomes text.

Everything above this module carries full precision; whatever a reader sees was worded here, once, so the web page, the
PDF, the tables and the commands cannot disagree. Minus signs are the typographic one (U+2212), a rounded zero has no
sign, and what could not be computed says so instead of looking like a number.
"""

from __future__ import annotations

import math

from hipevidence.errors import InputError
from hipevidence.interval import Interval

NOT_ESTIMATED = "not estimated"
DASH = "–"
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "−"
INFINITY = "∞"

__all__ = [
    "DASH",
    "INFINITY",
    "MINUS",
    "NOT_ESTIMATED",
    "NO_BREAK",
    "as_printed",
    "count",
    "coverage",
    "estimate",
    "exact",
    "i2",
    "interval",
    "number",
    "p_value",
    "percent",
    "plural",
    "proportion",
    "ratio",
    "signed",
    "significant",
    "tau2",
    "weeks",
]


def number(x: float, digits: int = 2, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a number with a fixed count of decimals.

    Parameters
    ----------
    x
        Value on any scale.
    digits
        Decimals to keep, 0 or more.
    missing
        What stands in place of ``nan``.

    Returns
    -------
    str
        Thousands are grouped by commas, minus is U+2212, and what rounds to zero carries no sign.

    Raises
    ------
    InputError
        If ``digits`` is negative.

    Examples
    --------
    >>> number(-0.6072), number(-0.001), number(1502.25, 1), number(float("nan"))
    ('−0.61', '0.00', '1,502.2', 'not estimated')
    """
    if digits < 0:
        raise InputError(f"digits is {digits}; allowed: 0 or more. Give the number of decimals to print.")
    if math.isnan(x):
        return missing
    if math.isinf(x):
        return INFINITY if x > 0 else MINUS + INFINITY
    return f"{x:z,.{digits}f}".replace("-", MINUS)


def ratio(x: float, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a ratio, or a limit of one, with two decimals; with three, or as a bound, where two would say zero.

    Parameters
    ----------
    x
        Ratio, 0 or more.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> ratio(0.42), ratio(0.003), ratio(0.00002)
    ('0.42', '0.003', '<0.001')
    """
    if 0.0 < x < 0.0005:
        return "<0.001"
    return number(x, 3 if 0.0 < x < 0.005 else 2, missing=missing)


def signed(x: float, digits: int = 2, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a number whose plus sign is written too; a rounded zero has none.

    Parameters
    ----------
    x
        Value on any scale.
    digits
        Decimals to keep.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> signed(0.5), signed(-0.5), signed(0.001)
    ('+0.50', '−0.50', '0.00')
    """
    text = number(x, digits, missing=missing)
    positive = x > 0 and any(mark in text for mark in "123456789" + INFINITY)
    return f"+{text}" if positive else text


def interval(
    low: Interval | float,
    high: float | None = None,
    digits: int = 2,
    *,
    missing: str = NOT_ESTIMATED,
) -> str:
    """Return the two limits of an interval joined by "to".

    Parameters
    ----------
    low
        Lower limit, or the whole interval.
    high
        Upper limit; left out when ``low`` is the whole interval.
    digits
        Decimals to keep.
    missing
        What stands in place of an interval of which a limit is ``nan``.

    Returns
    -------
    str
        Both limits in words that cannot be read as a difference.

    Raises
    ------
    InputError
        If only one limit is given, or two next to a whole interval.

    Examples
    --------
    >>> interval(-0.9392, -0.2752)
    '−0.94 to −0.28'
    >>> interval(Interval(0.0301, 2.8, 0.95), digits=1)
    '0.0 to 2.8'
    """
    limits = _limits(low, high)
    if math.isnan(limits[0]) or math.isnan(limits[1]):
        return missing
    return f"{number(limits[0], digits)} to {number(limits[1], digits)}"


def _limits(low: Interval | float, high: float | None) -> tuple[float, float]:
    if isinstance(low, Interval):
        if high is not None:
            raise InputError("a whole interval and an upper limit; allowed: one of them. Leave the upper limit out.")
        return low.low, low.high
    if high is None:
        raise InputError("a lower limit alone; allowed: both limits or an Interval. Give the upper limit too.")
    return low, high


def coverage(level: float) -> str:
    """Return the coverage of an interval in percent, with no more decimals than it has.

    Parameters
    ----------
    level
        Coverage as a fraction between 0 and 1.

    Examples
    --------
    >>> coverage(0.95), coverage(0.995)
    ('95%', '99.5%')
    """
    return f"{exact(100 * level)}%"


def estimate(
    x: float,
    ci: Interval,
    digits: int = 2,
    *,
    name: str = "CI",
    missing: str = NOT_ESTIMATED,
) -> str:
    """Return an estimate with its interval behind it.

    Parameters
    ----------
    x
        Estimate on any scale.
    ci
        Interval on the same scale.
    digits
        Decimals to keep, the same for all three numbers.
    name
        What kind of interval it is: ``CI`` or ``PI``.
    missing
        What stands in place of an estimate that is ``nan``.

    Returns
    -------
    str
        Estimate, coverage, limits. An interval that does not exist is named as missing.

    Examples
    --------
    >>> estimate(-0.6072, Interval(-0.9392, -0.2752, 0.95))
    '−0.61 (95% CI −0.94 to −0.28)'
    """
    if math.isnan(x):
        return missing
    return f"{number(x, digits)} ({coverage(ci.level)} {name} {interval(ci, digits=digits)})"


def p_value(p: float, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a P value with three decimals, never as a bare zero or one.

    Parameters
    ----------
    p
        Probability between 0 and 1.
    missing
        What stands in place of ``nan``.

    Returns
    -------
    str
        Three decimals, or the bound it lies beyond.

    Raises
    ------
    InputError
        If ``p`` is not a probability.

    Examples
    --------
    >>> p_value(0.0314), p_value(0.0), p_value(0.99999)
    ('0.031', '<0.001', '>0.999')
    """
    if math.isnan(p):
        return missing
    if not 0.0 <= p <= 1.0:
        raise InputError(f"a P value of {p}; allowed: 0 to 1. Check the computation it comes from.")
    if p < 0.001:
        return "<0.001"
    return ">0.999" if p > 0.999 else f"{p:.3f}"


def percent(x: float, digits: int = 0, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a value that already is in percent.

    Parameters
    ----------
    x
        Value in percent, so 82 and not 0.82.
    digits
        Decimals to keep.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> percent(82.3), percent(-14, 1)
    ('82%', '−14.0%')
    """
    return missing if math.isnan(x) else f"{number(x, digits)}%"


def proportion(x: float, digits: int = 0, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a fraction between 0 and 1 as percent.

    Parameters
    ----------
    x
        Fraction, so 0.82 and not 82.
    digits
        Decimals to keep, in percent.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> proportion(22 / 24, 1)
    '91.7%'
    """
    return percent(100 * x, digits, missing=missing)


def count(n: float, *, missing: str = DASH) -> str:
    """Return a whole number of things, thousands grouped.

    Parameters
    ----------
    n
        How many; a float is accepted because tables hold missing counts as ``nan``.
    missing
        What stands in place of ``nan``.

    Raises
    ------
    InputError
        If ``n`` is no whole number.

    Examples
    --------
    >>> count(1502), count(float("nan"))
    ('1,502', '–')
    """
    if not math.isnan(n) and n != math.floor(n):
        raise InputError(f"a count of {n}; allowed: whole numbers. Use number() for what is measured.")
    return number(n, 0, missing=missing)


def plural(n: int, one: str, many: str = "") -> str:
    """Return a count with its noun in the right number.

    Parameters
    ----------
    n
        How many.
    one
        The noun for one of them.
    many
        The noun for any other number; ``one`` with an "s" when empty.

    Returns
    -------
    str
        Count and noun.

    Examples
    --------
    >>> plural(1, "trial"), plural(3, "trial"), plural(0, "study", "studies")
    ('1 trial', '3 trials', '0 studies')
    """
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def tau2(x: float, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a between-study variance; a small one is never shown as none.

    Parameters
    ----------
    x
        Variance on the squared scale of the estimate, 0 or more.
    missing
        What stands in place of ``nan``.

    Returns
    -------
    str
        Three decimals; ``0`` only for an estimate of exactly zero.

    Examples
    --------
    >>> tau2(0.016), tau2(0.00002), tau2(0.0)
    ('0.016', '<0.001', '0')
    """
    if x == 0:
        return "0"
    return "<0.001" if 0 < x < 0.001 else number(x, 3, missing=missing)


def i2(x: float, *, missing: str = NOT_ESTIMATED) -> str:
    """Return I² as whole percent.

    Parameters
    ----------
    x
        I² in percent, 0 to 100.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> i2(34.4)
    '34%'
    """
    return percent(x, missing=missing)


def weeks(x: float, *, missing: str = "time not stated") -> str:
    """Return a time in weeks, with no more decimals than it has.

    Parameters
    ----------
    x
        Weeks.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> weeks(12.0), weeks(1.0), weeks(6.5)
    ('12 weeks', '1 week', '6.5 weeks')
    """
    return missing if math.isnan(x) else f"{exact(x)} week{'' if x == 1 else 's'}"


def time_span(x: float) -> str:
    """Return a time in weeks, 52 to a year, with the years beside it where they are whole.

    Examples
    --------
    >>> time_span(14.0), time_span(52.0), time_span(104.0)
    ('14 weeks', '52 weeks (1 year)', '104 weeks (2 years)')
    """
    years, rest = divmod(x, 52)
    return weeks(x) if rest or not years else f"{weeks(x)} ({plural(int(years), 'year')})"


def exact(x: float, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a number that a person chose, with the decimals it was chosen with.

    Parameters
    ----------
    x
        Value, such as a threshold or a dose.
    missing
        What stands in place of ``nan``.

    Returns
    -------
    str
        At most six significant digits, no trailing zeros.

    Examples
    --------
    >>> exact(8.0), exact(1.5), exact(-2.0)
    ('8', '1.5', '−2')
    """
    return missing if math.isnan(x) else f"{x:.6g}".replace("-", MINUS)


def significant(x: float, digits: int = 4, *, missing: str = NOT_ESTIMATED) -> str:
    """Return a number with a count of significant digits; what is whole stays whole.

    Parameters
    ----------
    x
        Value on any scale.
    digits
        Digits to keep, 1 or more; those before the point are all kept.
    missing
        What stands in place of ``nan``.

    Examples
    --------
    >>> significant(-0.607198), significant(152.233), significant(2.0), significant(0.0000016)
    ('−0.6072', '152.2', '2', '1.6e−06')
    """
    if not math.isfinite(x) or x == round(x):
        return number(x, 0, missing=missing)
    places = digits - 1 - math.floor(math.log10(abs(x)))
    return exact(x) if places > 8 else number(x, max(0, places))


def as_printed(text: str, *, missing: str = DASH) -> str:
    """Return a number as its source printed it, with a typographic minus.

    Parameters
    ----------
    text
        The cell of the table, read as text, so "5.20" keeps its zero.
    missing
        What stands in place of an empty cell.

    Returns
    -------
    str
        The cell; text that is no number is returned unchanged.

    Examples
    --------
    >>> as_printed("-5.20"), as_printed(""), as_printed("2-3")
    ('−5.20', '–', '2-3')
    """
    stripped = text.strip()
    if not stripped:
        return missing
    is_negative = stripped.startswith("-") and stripped[1:].replace(".", "", 1).isdecimal()
    return MINUS + stripped[1:] if is_negative else stripped
