"""How certain an answer was and is: level, who stands for it, and the domains that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.certainty.record import levels_text
from hipevidence.certainty.result import DOMAINS
from hipevidence.changes.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.certainty import Rating


def same_certainty(old: Rating | None, new: Rating | None) -> bool:
    """Return whether level, suggestion and signature say the same, whatever the reasons are worded like."""
    return _said(old) == _said(new)


def certainty_severity(old: Rating | None, new: Rating | None) -> Severity:
    """Return ``NUMERIC`` where the level is another one: it decides how surely a sentence may speak."""
    return Severity.NONE if old is None or new is None or old.level is new.level else Severity.NUMERIC


def certainty_lines(old: Rating | None, new: Rating | None) -> Iterator[str]:
    """Yield, for each part of the suggestion that moved, what it was and is, and why."""
    if old is None or new is None or not (old.steps and new.steps):
        return
    if old.start is not new.start:
        yield f"Certainty starts {new.start.word}, no longer {old.start.word}: {new.start_reason}"
    before = {step.domain: step.levels for step in old.steps}
    rated = {step.domain for step in new.steps}
    for domain, levels in before.items():
        if levels and domain not in rated:
            yield f"{DOMAINS[domain]}: no longer counted, before {levels_text(levels).strip()}"
    for step in new.steps:
        if (levels := before.get(step.domain, 0)) != step.levels:
            was, now = (levels_text(each).strip() for each in (levels, step.levels))
            yield f"{DOMAINS[step.domain]}: {now}, before {was}: {step.reason}"


def _said(rating: Rating | None) -> tuple[object, ...]:
    if rating is None:
        return ()
    return rating.level, rating.state, rating.start, tuple((step.domain, step.levels) for step in rating.steps)
