"""A printed effect and its interval held against the arms' own figures, and against each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.evidence.checks.cells import CELLS, WORDS, size
from hipevidence.evidence.checks.comparisons import (
    LINEAR_MEASURES,
    READ,
    confidence_level,
    moments,
    two_arms,
)
from hipevidence.evidence.checks.intervals import Range, as_range, critical_value, subtract
from hipevidence.evidence.checks.printed import figure, figures
from hipevidence.evidence.rulebook import Finding, row_rule
from hipevidence.evidence.rules import RATIO_MEASURES, SAME_PEOPLE_TWICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

SKEW_OF_SMD = 0.05  # of the width; exact intervals of a standardised difference (noncentral t) lean to one side
TURNED = "It fits the other way round: set effect_sign to -1, or correct the sign."


@row_rule(
    "effect_recomputed", "query", "A printed effect follows from the arms' figures", (*READ, "events1", "events2")
)
def _effect_recomputed(row: View) -> Iterator[Finding]:
    effect = figure(row, "effect")
    expected = dict(_effects(row))
    if effect is None or not expected or row.text("adjusted_for"):
        return
    printed = as_range(effect)
    ratio = row.text("effect_measure") in RATIO_MEASURES
    sign = -1 if row.number("effect_sign") == -1 else 1
    if any(_turned(value, sign, ratio=ratio).meets(printed) for value in expected.values()):
        return
    fits_turned = any(_turned(value, -sign, ratio=ratio).meets(printed) for value in expected.values())
    shown = (_between(_turned(value, sign, ratio=ratio)) for value in expected.values())
    allowed = " or ".join(f"{value} from {words}" for value, words in zip(shown, expected, strict=True))
    yield Finding("effect", row.printed("effect"), allowed, *([TURNED] if fits_turned else []))


@row_rule("ci_recomputed", "query", "The interval of a difference follows from the arms' figures", READ)
def _ci_recomputed(row: View) -> Iterator[Finding]:
    limits = figures(row, "ci_low", "ci_high")
    if limits is None or row.text("effect_measure") != "MD":
        return
    low, high = (as_range(limit) for limit in limits)
    if row.number("effect_sign") == -1:
        low, high = high.times(-1), low.times(-1)
    ways = list(_intervals(row))
    if ways and not any(low.meets(first) and high.meets(last) for first, last in ways):
        outer = (min(first.low for first, _ in ways), max(last.high for _, last in ways))
        found = f"{row.printed('ci_low')} to {row.printed('ci_high')}"
        allowed = (
            f"limits that the means, SDs and sizes give, between {fmt.number(outer[0])} and {fmt.number(outer[1])}"
        )
        yield Finding("ci_low, ci_high", found, allowed)


@row_rule(
    "ci_asymmetric",
    "query",
    "An estimate lies in the middle of its interval",
    ("effect_measure", "effect", "ci_low", "ci_high"),
)
def _ci_asymmetric(row: View) -> Iterator[Finding]:
    numbers = figures(row, "effect", "ci_low", "ci_high")
    if numbers is None:
        return
    effect, low, high = (as_range(number) for number in numbers)
    middle = _middle(row.text("effect_measure"), low, high)
    if middle is not None and not middle.meets(effect):
        found = f"{row.printed('effect')} within {row.printed('ci_low')} to {row.printed('ci_high')}"
        word = "geometric middle" if row.text("effect_measure") in RATIO_MEASURES else "middle"
        action = "Look the three figures up again; if they are printed so, say which kind of interval it is."
        yield Finding("effect, ci_low, ci_high", found, f"{_between(middle)}, the {word} of the interval", action)


def _middle(measure: str, low: Range, high: Range) -> Range | None:
    """Return the middle of an interval on the scale on which it is made, ``None`` where no middle is expected."""
    if measure in RATIO_MEASURES and min(low.low, high.low) > 0:
        return Range(math.sqrt(low.low * high.low), math.sqrt(low.high * high.high))
    if measure == "R":
        first, last = (math.tanh((_fisher(a) + _fisher(b)) / 2) for a, b in zip(low, high, strict=True))
        return Range(first, last)
    if measure not in LINEAR_MEASURES:
        return None
    slack = SKEW_OF_SMD * (high.high - low.low) if measure == "SMD" else 0.0
    return Range((low.low + high.low) / 2 - slack, (low.high + high.high) / 2 + slack)


def _effects(row: View) -> Iterator[tuple[str, Range]]:
    """Yield from what, and the effect as arm 1 against arm 2, by each admissible way."""
    measure = row.text("effect_measure")
    if measure == "PR":
        yield from _share(row)
    elif measure == "PCT":
        yield from _percent_change(row)
    elif row.text("design") in SAME_PEOPLE_TWICE:
        return
    elif measure == "MD":
        for moment in moments(row):
            first, second = (figure(row, cell.mean) for cell in CELLS[moment])
            if first is not None and second is not None:
                yield WORDS[moment], subtract(as_range(first), as_range(second))
    elif measure == "SMD":
        yield from _standardised(row)
    elif measure in {"OR", "RR", "RD"}:
        yield from _from_counts(row, measure)


def _standardised(row: View) -> Iterator[tuple[str, Range]]:
    """Yield d and g in one range: papers print either under the same name."""
    for moment, (pooled, _) in two_arms(row):
        scale = math.sqrt(1 / row.number("n1") + 1 / row.number("n2"))
        d = pooled.test.t.times(scale)
        g = d.times(1 - 3 / (4 * pooled.df.low - 1)) if pooled.df.low > 1 else d
        yield WORDS[moment], Range(min(d.low, g.low), max(d.high, g.high))


def _percent_change(row: View) -> Iterator[tuple[str, Range]]:
    """Yield the percent by which arm 1 ends above its start, and by which it lies above arm 2."""
    pairs = {"mean1_pre and mean1_post": ("mean1_post", "mean1_pre")}
    for moment in moments(row):
        if moment != "change":
            pairs[WORDS[moment]] = (CELLS[moment][0].mean, CELLS[moment][1].mean)
    for words, columns in pairs.items():
        means = figures(row, *columns)
        if means is not None and min(number.low for number in means) > 0:
            end, start = (as_range(number) for number in means)
            yield words, Range(100 * (end.low / start.high - 1), 100 * (end.high / start.low - 1))


def _share(row: View) -> Iterator[tuple[str, Range]]:
    events, people = size(row, "events1"), size(row, "n1")
    if events is not None and people:
        share = events / people
        yield "the count", Range(share, share)
        yield "the count, in percent", Range(100 * share, 100 * share)


def _from_counts(row: View, measure: str) -> Iterator[tuple[str, Range]]:
    counts = [size(row, name) for name in ("events1", "n1", "events2", "n2")]
    if None in counts:
        return
    a, n1, c, n2 = (float(count or 0) for count in counts)
    if measure == "RD":
        value = a / n1 - c / n2
        yield "the counts", Range(value, value)
    elif 0 < a < n1 and 0 < c < n2:
        value = (a / n1) / (c / n2) if measure == "RR" else (a / (n1 - a)) / (c / (n2 - c))
        yield "the counts", Range(value, value)


def _intervals(row: View) -> Iterator[tuple[Range, Range]]:
    """Yield lower and upper limit of arm 1 minus arm 2 by each admissible way."""
    for _, comparisons in two_arms(row):
        for difference, error, df in comparisons:
            for freedom in {df.low, df.high, math.inf}:
                reach = error.times(critical_value(confidence_level(row), freedom))
                yield (
                    Range(difference.low - reach.high, difference.high - reach.low),
                    Range(difference.low + reach.low, difference.high + reach.high),
                )


def _turned(value: Range, sign: int, *, ratio: bool) -> Range:
    if sign == 1:
        return value
    return Range(1 / value.high, 1 / value.low) if ratio else value.times(-1)


def _fisher(r: float) -> float:
    return math.atanh(min(max(r, -1 + 1e-12), 1 - 1e-12))


def _between(value: Range) -> str:
    low, high = (fmt.number(end, 3) for end in value)
    return low if low == high else f"{low} to {high}"
