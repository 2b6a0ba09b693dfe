"""Test statistics and P values over everything that rounded figures may have been: arithmetic on ranges, no tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from scipy import special

if TYPE_CHECKING:
    from hipevidence.evidence.checks.printed import Printed

SLACK = 1e-9  # relative; the ends of ranges are floating-point numbers, and a tie must count as inside


class Range(NamedTuple):
    """All numbers from low to high."""

    low: float
    high: float

    def meets(self, other: Range) -> bool:
        """Return whether the two have a number in common."""
        slack = SLACK * max(abs(self.low), abs(self.high), abs(other.low), abs(other.high), 1e-300)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def size(self) -> Range:
        """Return the range of the absolute value."""
        ends = (abs(self.low), abs(self.high))
        return Range(0.0 if self.low <= 0 <= self.high else min(ends), max(ends))

    def times(self, factor: float) -> Range:
        """Return the range multiplied by a number."""
        ends = (self.low * factor, self.high * factor)
        return Range(min(ends), max(ends))

    def root(self) -> Range:
        """Return the range of the square root, nought where a number below it may stand."""
        return Range(math.sqrt(max(self.low, 0.0)), math.sqrt(max(self.high, 0.0)))


class Group(NamedTuple):
    """One arm: mean and SD as printed, and how many people."""

    mean: Printed
    sd: Printed
    n: int


class Statistic(NamedTuple):
    """A test statistic and its degrees of freedom, ``inf`` for a normal distribution."""

    t: Range
    df: Range

    @property
    def p(self) -> Range:
        """Two-sided P: it falls as t or the degrees of freedom rise, so the corners hold the extremes."""
        size = self.t.size()
        return Range(_two_sided(size.high, self.df.high), _two_sided(size.low, self.df.low))


class Comparison(NamedTuple):
    """Two arms compared: difference, its standard error (above 0), degrees of freedom."""

    difference: Range
    error: Range
    df: Range

    @property
    def test(self) -> Statistic:
        """Difference over standard error."""
        ends = [end / error for end in self.difference for error in self.error]
        return Statistic(Range(min(ends), max(ends)), self.df)


def as_range(number: Printed) -> Range:
    """Return everything that a printed number may have been."""
    return Range(float(number.low), float(number.high))


def subtract(first: Range, second: Range) -> Range:
    """Return the range of first minus second."""
    return Range(first.low - second.high, first.high - second.low)


def compare_pooled(first: Group, second: Group) -> Comparison:
    """Return the comparison that takes both arms to have the same spread."""
    df = first.n + second.n - 2
    scale = math.sqrt(1 / first.n + 1 / second.n)
    low, high = (
        scale * math.sqrt(((first.n - 1) * a * a + (second.n - 1) * b * b) / df)
        for a, b in zip(as_range(first.sd), as_range(second.sd), strict=True)
    )
    return Comparison(_difference(first, second), Range(low, high), Range(df, df))


def compare_welch(first: Group, second: Group) -> Comparison:
    """Return the comparison of Welch, which lets the spreads differ."""
    a, b = as_range(first.sd), as_range(second.sd)
    low, high = (math.hypot(x / math.sqrt(first.n), y / math.sqrt(second.n)) for x, y in zip(a, b, strict=True))
    return Comparison(_difference(first, second), Range(low, high), _welch_df(a, first.n, b, second.n))


def p_of_chi2(chi2: Range, df: float) -> Range:
    """Return the range of the P of a chi-squared statistic."""
    low, high = (float(special.chdtrc(df, max(end, 0.0))) for end in (chi2.high, chi2.low))
    return Range(low, high)


def critical_value(level: float, df: float) -> float:
    """Return how many standard errors an interval of this level (0 to 1) reaches to either side."""
    tail = (1 - level) / 2
    return float(-special.ndtri(tail) if math.isinf(df) else -special.stdtrit(df, tail))


def _two_sided(t: float, df: float) -> float:
    if math.isinf(df):
        return math.erfc(t / math.sqrt(2))
    return float(2 * special.stdtr(df, -t))


def _difference(first: Group, second: Group) -> Range:
    return subtract(as_range(first.mean), as_range(second.mean))


def _welch_df(a: Range, n1: int, b: Range, n2: int) -> Range:
    """Return the range of Welch's degrees of freedom over the ratio of the two squared standard errors.

    They rise up to n1 + n2 - 2, where the ratio is (n1 - 1) / (n2 - 1), and fall beyond.
    """
    ratios = Range((a.low / b.high) ** 2 * n2 / n1, (a.high / b.low) ** 2 * n2 / n1)
    ends = [(r + 1) ** 2 / (r * r / (n1 - 1) + 1 / (n2 - 1)) for r in ratios]
    peak = ratios.low <= (n1 - 1) / (n2 - 1) <= ratios.high
    return Range(min(ends), n1 + n2 - 2 if peak else max(ends))
