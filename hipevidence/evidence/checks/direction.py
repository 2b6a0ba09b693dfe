"""The sign of a row's figures, and its P, against what the paper says in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence.evidence.checks.cells import CELLS, Moment
from hipevidence.evidence.checks.comparisons import printed_p
from hipevidence.evidence.rulebook import Finding, row_rule
from hipevidence.evidence.rules import CHANGES, MEANS, RATIO_MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

SIGNS = {"increases": 1, "decreases": -1}
NO_DIFFERENCE = "no_difference"
WITHOUT_SIGN = frozenset({"", "NONE", "MEDIAN", "PR"})
STRENGTH_COMPARED = frozenset({"case_control", "cross_sectional"})  # measured once, and that is the outcome itself
READ = ("design", "outcome", "instrument", "finding", "effect_measure", "effect", "effect_sign")


@row_rule("direction", "warning", "Figures and words point the same way", READ, (*MEANS, *CHANGES))
def _direction(row: View) -> Iterator[Finding]:
    said = SIGNS.get(row.text("finding"))
    higher = _more_is_higher(row)
    if said is None or higher is None:
        return
    expected = said if higher else -said
    signs = {sign for sign in _signs(row) if sign}
    if signs == {-expected}:
        scale = "" if higher else ", on a scale that runs against it"
        found = f"{row.printed('finding')}, but arm 1 lies {'below' if expected > 0 else 'above'} arm 2"
        allowed = f"figures in which {row.text('outcome')} {row.text('finding')}{scale}"
        action = "Check the arms, the sign, effect_sign, the direction of the instrument, and the finding."
        yield Finding("finding", found, allowed, action)


@row_rule("finding_against_p", "query", "Words and P say the same", ("finding", "p_value"))
def _finding_against_p(row: View) -> Iterator[Finding]:
    printed, finding = printed_p(row), row.text("finding")
    if printed is None or printed.significant is None or finding not in {*SIGNS, NO_DIFFERENCE}:
        return
    if printed.significant != (finding != NO_DIFFERENCE):
        side = "above 0.05" if finding == NO_DIFFERENCE else "below 0.05"
        action = "Look up what the words and the P are about; does P belong to another comparison, or is it misprinted?"
        yield Finding("p_value", row.printed("p_value"), f"{side} where the finding is {finding}", action)


def _more_is_higher(row: View) -> bool | None:
    """Return whether more of the outcome is a higher figure; an instrument nobody knows measures the amount itself."""
    scale = row.scale()
    if scale is None:
        return None if row.has("instrument") else True
    good, higher = row.good.get(row.text("outcome")), scale.row.cells.get("higher_is_better")
    return None if good is None or higher is None else (good == "more") == higher


def _signs(row: View) -> Iterator[int]:
    """Yield the sign of arm 1 against arm 2, or of the end against the start, by each figure that has one."""
    if row.text("design") == "single_group":
        yield _sign(row.number("mean1_post") - row.number("mean1_pre"))
        yield _sign(row.number("change1_mean"))
    else:
        for moment in _moments(row):
            first, second = (row.number(cell.mean) for cell in CELLS[moment])
            yield _sign(first - second)
    if row.text("effect_measure") not in WITHOUT_SIGN:
        effect, turned = row.number("effect"), row.number("effect_sign") == -1
        distance = effect - 1 if row.text("effect_measure") in RATIO_MEASURES else effect
        yield -_sign(distance) if turned else _sign(distance)


def _moments(row: View) -> tuple[Moment, ...]:
    return ("pre", "post") if row.text("design") in STRENGTH_COMPARED else ("post", "change")


def _sign(value: float) -> int:
    return 0 if math.isnan(value) else (value > 0) - (value < 0)
