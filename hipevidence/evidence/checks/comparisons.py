"""The comparisons of two arms that the figures of a row imply, and the test statistic and P that it prints."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from hipevidence.evidence.checks.cells import COLUMNS, WORDS, Moment, groups, size
from hipevidence.evidence.checks.intervals import (
    Comparison,
    Range,
    Statistic,
    as_range,
    compare_pooled,
    compare_welch,
    critical_value,
)
from hipevidence.evidence.checks.printed import Printed, figure, figures
from hipevidence.evidence.figures import MEASURED_ONCE, P_VALUE
from hipevidence.evidence.rules import RATIO_MEASURES, SAME_PEOPLE_TWICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

# columns that a trial's row and a published pool share, and those that only a trial's row has
SHARED = ("design", "effect_measure", "effect", "effect_sign", "ci_low", "ci_high", "p_value")
OF_TRIALS = ("adjusted_for", "ci_level", "statistic", "statistic_value", "df", *COLUMNS)
READ = (*SHARED, *OF_TRIALS)
LINEAR_MEASURES = frozenset({"MD", "SMD", "RD", "BETA"})
NORMAL = Range(math.inf, math.inf)


class Source(NamedTuple):
    """Some figures of a row, in words, and the test statistics they allow."""

    words: str
    tests: tuple[Statistic, ...]


def moments(row: View) -> tuple[Moment, ...]:
    """Return the moments at which the arms of this design are compared."""
    return ("pre", "post") if row.text("design") in MEASURED_ONCE else ("post", "change")


def two_arms(row: View) -> Iterator[tuple[Moment, tuple[Comparison, ...]]]:
    """Yield each moment at which both arms print mean, SD and size, with the comparisons pooled and of Welch."""
    if row.text("design") in SAME_PEOPLE_TWICE or row.text("adjusted_for"):
        return
    for moment in moments(row):
        if (arms := groups(row, moment)) is not None:
            yield moment, (compare_pooled(*arms), compare_welch(*arms))


def from_means(row: View) -> Iterator[Source]:
    """Yield the tests of the arms' means."""
    for moment, comparisons in two_arms(row):
        yield Source(WORDS[moment], tuple(comparison.test for comparison in comparisons))


def from_interval(row: View) -> Iterator[Source]:
    """Yield the test that an effect and its interval imply, by the normal and by t distributions."""
    numbers = figures(row, "effect", "ci_low", "ci_high")
    ratio = row.text("effect_measure") in RATIO_MEASURES
    if numbers is None or not (ratio or row.text("effect_measure") in LINEAR_MEASURES):
        return
    if ratio and min(number.low for number in numbers) <= 0:
        return
    effect, low, high = (_scaled(number, ratio=ratio) for number in numbers)
    width = Range(high.low - low.high, high.high - low.low)
    if width.low <= 0:
        return
    tests = []
    for df in (math.inf, *_degrees_of_freedom(row)):
        error = width.times(0.5 / critical_value(confidence_level(row), df))
        tests.append(Comparison(effect, error, Range(df, df)).test)
    yield Source("the effect and its interval", tuple(tests))


def from_statistic(row: View) -> Iterator[Source]:
    """Yield the test that is printed as t, F or z, or follows from a correlation."""
    kind, value = row.text("statistic"), figure(row, "statistic_value")
    if kind in {"t", "F", "z"} and value is not None:
        t = as_range(value).root() if kind == "F" else as_range(value)
        if kind == "z":
            yield Source("z", (Statistic(t, NORMAL),))
        elif (df := _printed_df(row)) is not None:
            yield Source(kind, (Statistic(t, df),))
    elif row.text("effect_measure") == "R" and (r := figure(row, "effect")) is not None:
        yield from _from_correlation(row, as_range(r).size())


def from_standardised(row: View) -> Iterator[Source]:
    """Yield the test that a printed d implies, with and without the correction for small samples."""
    n1, n2, d = size(row, "n1"), size(row, "n2"), figure(row, "statistic_value")
    if row.text("statistic") == "d" and d is not None and n1 and n2 and n1 + n2 > 3:
        t = as_range(d).times(1 / math.sqrt(1 / n1 + 1 / n2))
        df = n1 + n2 - 2
        ways = (t, t.times(1 / (1 - 3 / (4 * df - 1))))
        yield Source("d", tuple(Statistic(way, Range(df, df)) for way in ways))


def confidence_level(row: View) -> float:
    """Return the level of the printed interval, between 0 and 1; 0.95 where none is printed."""
    level = row.number("ci_level")
    return 0.95 if math.isnan(level) else level / 100


class PrintedP(NamedTuple):
    """A printed P: everything it may have been, and whether it says significant at 0.05 (``None``: too close)."""

    values: Range
    significant: bool | None


def printed_p(row: View) -> PrintedP | None:
    """Return the P of a row, ``None`` when none is printed or it cannot be read."""
    match = P_VALUE.fullmatch(row.text("p_value").strip())
    if match is None or not 0 <= float(match[2]) <= 1:
        return None
    value = float(match[2])
    if match[1] == "<":
        return PrintedP(Range(0.0, value), True if value <= 0.05 else None)
    if match[1] == ">":
        return PrintedP(Range(value, 1.0), False if value >= 0.05 else None)
    values = as_range(Printed.read(match[2]))
    return PrintedP(values, significant([values]))


def significant(values: list[Range]) -> bool | None:
    """Return whether all P values lie below 0.05 (``True``), none does (``False``), or some may (``None``)."""
    if all(p.high < 0.05 for p in values):
        return True
    return False if all(p.low >= 0.05 for p in values) else None


def _scaled(number: Printed, *, ratio: bool) -> Range:
    low, high = as_range(number)
    return Range(math.log(low), math.log(high)) if ratio else Range(low, high)


def _degrees_of_freedom(row: View) -> tuple[int, ...]:
    """Return those of the pooled test and the fewest that Welch's can have; in a published pool, of Hartung-Knapp."""
    n1, n2, k = size(row, "n1"), size(row, "n2"), size(row, "k_pooled")
    if k and k > 1:
        return (k - 1,)
    return (n1 + n2 - 2, min(n1, n2) - 1) if n1 and n2 and min(n1, n2) > 1 else ()


def _printed_df(row: View) -> Range | None:
    df = row.number("df")
    if not math.isnan(df):
        return Range(df, df)
    if row.text("design") in SAME_PEOPLE_TWICE:
        n = size(row, "n1")
        return Range(n - 1, n - 1) if n and n > 1 else None
    choices = _degrees_of_freedom(row)
    return Range(min(choices), max(choices)) if choices else None


def _from_correlation(row: View, r: Range) -> Iterator[Source]:
    n = (size(row, "n1") or 0) + (size(row, "n2") or 0)
    if n > 2 and r.high < 1:
        low, high = (end * math.sqrt((n - 2) / (1 - end * end)) for end in r)
        yield Source("the correlation", (Statistic(Range(low, high), Range(n - 2, n - 2)),))
