"""Before, after and change of one arm have to fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.evidence.checks.cells import CELLS
from hipevidence.evidence.checks.printed import figures
from hipevidence.evidence.rulebook import Finding, row_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

ARMS = tuple(zip(CELLS["pre"], CELLS["post"], CELLS["change"], strict=True))
MEANS = tuple(cell.mean for arm in ARMS for cell in arm)
SPREADS = tuple(cell.sd for arm in ARMS for cell in arm)
HIGHEST_CORRELATION = 0.95  # of before and after; hardly an outcome is measured that exactly
REVERSED = "The change is start minus end: change the sign of the change, which is end minus start here."
OTHER_PEOPLE = "Look the three figures up again; a change may also be of other people than the two means, or adjusted."


@row_rule("change_mismatch", "query", "A mean change is the mean at the end minus the mean before", MEANS)
def _change_mismatch(row: View) -> Iterator[Finding]:
    for pre, post, change in ARMS:
        numbers = figures(row, pre.mean, post.mean, change.mean)
        if numbers is None:
            continue
        before, after, moved = numbers
        rounding = before.half + after.half + moved.half
        if abs(after.value - before.value - moved.value) > rounding:
            turned = abs(after.value - before.value + moved.value) <= rounding
            expected = fmt.number(float(after.value - before.value), max(number.decimals for number in numbers))
            allowed = f"{expected}, as {post.mean} is {row.printed(post.mean)} and {pre.mean} {row.printed(pre.mean)}"
            yield Finding(change.mean, row.printed(change.mean), allowed, REVERSED if turned else OTHER_PEOPLE)


@row_rule("correlation_impossible", "warning", "Before and after correlate between -1 and 1", SPREADS)
def _correlation_impossible(row: View) -> Iterator[Finding]:
    for pre, post, change in ARMS:
        numbers = figures(row, pre.sd, post.sd, change.sd)
        if numbers is None:
            continue
        before, after, moved = numbers
        narrowest = abs(before.value - after.value) - before.half - after.half
        if moved.high < narrowest or moved.low > before.high + after.high:
            widest = before.value + after.value
            ends = (fmt.number(float(abs(before.value - after.value))), fmt.number(float(widest)))
            allowed = f"between {ends[0]} and {ends[1]}, the difference and the sum of the SDs before and at the end"
            action = "Look the three SDs up again; is one of them a standard error?"
            yield Finding(change.sd, row.printed(change.sd), allowed, action)


@row_rule("correlation_high", "query", "Before and after hardly correlate above 0.95", SPREADS)
def _correlation_high(row: View) -> Iterator[Finding]:
    for pre, post, change in ARMS:
        numbers = figures(row, pre.sd, post.sd, change.sd)
        if numbers is None:
            continue
        before, after, moved = ((float(number.low), float(number.high)) for number in numbers)
        apart = max(before[0] - after[1], after[0] - before[1], 0.0)
        # var(change) = (sd - sd')^2 + 2 (1 - r) sd sd'; below, the smallest it can be while r is at most the limit
        least = apart**2 + 2 * (1 - HIGHEST_CORRELATION) * before[0] * after[0]
        if moved[1] ** 2 < least and moved[1] >= apart:
            beside = f"{pre.sd} is {row.printed(pre.sd)} and {post.sd} {row.printed(post.sd)}"
            allowed = f"at least {fmt.number(least**0.5)}, which a correlation of {HIGHEST_CORRELATION} gives"
            action = (
                "Is it a standard error? SD = SE times the root of n. If it is printed so, scores and changes disagree."
            )
            yield Finding(change.sd, f"{row.printed(change.sd)}, while {beside}", allowed, action)
