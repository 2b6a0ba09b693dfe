"""P and test statistics computed again from the other figures of a row, over everything rounding may have hidden."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, NamedTuple

from hipevidence import format as fmt
from hipevidence.evidence.checks.comparisons import (
    OF_TRIALS,
    READ,
    SHARED,
    Source,
    from_interval,
    from_means,
    from_standardised,
    from_statistic,
    printed_p,
    significant,
)
from hipevidence.evidence.checks.intervals import Range, as_range, p_of_chi2
from hipevidence.evidence.checks.printed import figure
from hipevidence.evidence.rulebook import Finding, row_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

ANOTHER_TEST = "Look the figures up again; if they are printed so, the paper may have used another test: say which."
SMALLEST_WORDED = 1e-9  # below it, digits are of no use to anybody
ONE_SIDED = "Half of it would fit: was the test one-sided?"


class Mismatch(NamedTuple):
    """A printed P that no recomputed one can be."""

    finding: Finding
    decision_changes: bool


@row_rule("p_recomputed", "query", "P follows from the other figures", SHARED, OF_TRIALS)
def _p_recomputed(row: View) -> Iterator[Finding]:
    mismatch = _mismatch(row)
    if mismatch is not None and not mismatch.decision_changes:
        yield mismatch.finding


@row_rule("p_decision", "warning", "P and the other figures lie on the same side of 0.05", SHARED, OF_TRIALS)
def _p_decision(row: View) -> Iterator[Finding]:
    mismatch = _mismatch(row)
    if mismatch is not None and mismatch.decision_changes:
        yield mismatch.finding


@row_rule("statistic_recomputed", "query", "A test statistic follows from the other figures", READ)
def _statistic_recomputed(row: View) -> Iterator[Finding]:
    value = figure(row, "statistic_value")
    printed = [test.t.size() for source in _printed_tests(row) for test in source.tests]
    others = [*from_interval(row), *from_means(row)]
    sizes = [test.t.size() for source in others for test in source.tests]
    if value is None or not printed or not sizes:
        return
    if not any(one.meets(other) for one in printed for other in sizes):
        ends = ((_as_printed(row.text("statistic"), end, row) for end in span) for span in _spans(sizes, printed))
        spans = " or ".join(f"{fmt.number(low)} to {fmt.number(high)}" for low, high in ends)
        allowed = f"{spans} in size, from {_words(others)}"
        found = f"{row.text('statistic')} {row.printed('statistic_value')}"
        yield Finding("statistic_value", found, allowed, ANOTHER_TEST)


@row_rule("p_zero", "query", "P is never nought", ("p_value",))
def _p_zero(row: View) -> Iterator[Finding]:
    p = printed_p(row)
    if p is not None and p.values.low <= 0 and row.text("p_value")[0] not in "<>":
        action = "Enter it as the paper prints it, such as <0.001; if it prints nought, acknowledge that."
        yield Finding("p_value", row.printed("p_value"), "above 0, or a bound such as <0.001", action)


def _mismatch(row: View) -> Mismatch | None:
    printed = printed_p(row)
    recomputed, words = _recomputed(row)
    if printed is None or not recomputed or any(p.meets(printed.values) for p in recomputed):
        return None
    ends = ((_p_words(min(end, 1.0)) for end in span) for span in _spans(recomputed, [printed.values]))
    spans = " or ".join(low if low == high else f"{low} to {high}" for low, high in ends)
    allowed = f"{spans}, from {words}"
    one_sided = any(p.times(0.5).meets(printed.values) for p in recomputed)
    action = f"{ANOTHER_TEST} {ONE_SIDED}" if one_sided else ANOTHER_TEST
    other = significant(recomputed)
    changes = None not in (printed.significant, other) and printed.significant != other
    return Mismatch(Finding("p_value", row.printed("p_value"), allowed, action), changes)


def _recomputed(row: View) -> tuple[list[Range], str]:
    """Return P by every admissible way and from what; a printed t, F, z or chi-squared is what P belongs to."""
    chi2, df = figure(row, "statistic_value"), row.number("df")
    if row.text("statistic") == "chi2":
        return ([], "") if chi2 is None or math.isnan(df) else ([p_of_chi2(as_range(chi2), df)], "chi2")
    sources = [*from_statistic(row)] or [*from_interval(row), *from_means(row), *from_standardised(row)]
    return [test.p for source in sources for test in source.tests], _words(sources)


def _printed_tests(row: View) -> Iterator[Source]:
    if row.text("statistic") in {"t", "F", "d"}:
        yield from itertools.chain(from_statistic(row), from_standardised(row))


def _as_printed(kind: str, t: float, row: View) -> float:
    """Return a t statistic on the scale of the printed one."""
    if kind == "F":
        return t * t
    return t * math.sqrt(1 / row.number("n1") + 1 / row.number("n2")) if kind == "d" else t


def _spans(ranges: list[Range], printed: list[Range]) -> list[Range]:
    """Return from where to where the ranges reach, or each, where the printed figure stands in a gap between them."""
    hull = Range(min(each.low for each in ranges), max(each.high for each in ranges))
    return sorted(set(ranges)) if any(hull.meets(one) for one in printed) else [hull]


def _p_words(p: float) -> str:
    # A small P is compared with a bound such as <0.0002, so that <0.001 would say nothing.
    if SMALLEST_WORDED <= p < 0.001:
        return fmt.number(p, 1 - math.floor(math.log10(p)))
    return fmt.p_value(p)


def _words(sources: list[Source]) -> str:
    return " or ".join(source.words for source in sources)
