"""Frames turned the way the tables tell a thing: having a condition, getting it, the usual order of a comparison."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.claims.context import HAVING
from hipevidence.claims.reading.lexicon import Mention, of_section
from hipevidence.claims.reading.resources import BROAD, ONSET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.resources import Resources

HEALTHY: Final = "healthy"

CHANGED: Final = re.compile(
    r"\b(?:rose|risen|grew|grown|increas\w+|gain\w*|improv\w+|fell|dropped|declin\w+|went (?:up|"
    r"down)|after|weeks?|months?|programme|program)\b",
    re.IGNORECASE,
)


def holds_against_healthy(mentions: Iterable[Mention], people: Iterable[Mention], resources: Resources) -> bool:
    """Return whether people with a condition are held against people without it."""
    healthy = any(one.key == HEALTHY for one in of_section(mentions, "comparator"))
    return healthy and any(resources.condition(one.key) for one in people)


def as_deficit(text: str, found: Frame, people: list[Mention], resources: Resources) -> Frame:
    """Return people with a condition held against people without it as an exposure of its own."""
    onsets = [one.key.removeprefix(ONSET) for one in found.outcomes if one.key.startswith(ONSET)]
    conditions = [one.key for one in people if resources.condition(one.key)] or onsets
    having = resources.named_after(HAVING, conditions[0], "intervention") if conditions else ""
    measured = resources.outcomes_of.get(having, frozenset())
    touches = resources.context.touches
    touched = any(touches("outcome", measured, one.key) for one in found.outcomes)
    is_given = found.intervention in resources.given
    if not having or is_given or not (found.comparator == HEALTHY or (touched and not found.comparator)):
        return found
    if found.comparator != HEALTHY and CHANGED.search(text):
        return found
    if (
        found.comparator != HEALTHY
        and found.intervention
        and not any(
            one.overlaps(other.start, other.end)
            for one in of_section(found.mentions, "intervention")
            for other in found.outcomes
        )
    ):
        return found
    measures = tuple(one for one in found.outcomes if not one.key.startswith((ONSET, "worse_")))
    if len(measures) < len(found.outcomes) and not (
        found.comparator == HEALTHY and measures and not found.intervention
    ):
        return found
    changes: dict[str, Any] = {"intervention": having, "comparator": HEALTHY, "inverted": False, "names_group": True}
    return dataclasses.replace(found, outcomes=measures, **changes)


def as_exposure(found: Frame, people: list[Mention], resources: Resources) -> Frame:
    """Return an exposure with the condition that people get as its outcome, not as the people it is about."""
    if not found.intervention or found.intervention in resources.given or found.intervention.startswith(HAVING):
        return found
    if any(one.key.startswith((ONSET, "worse_")) for one in found.outcomes):
        return found
    conditions = [one for one in people if resources.condition(one.key)]
    special = [one for one in found.outcomes if resources.context.vocabulary["outcome"][one.key].good is not None]
    told = [one for one in special if not any(one.overlaps(other.start, other.end) for other in conditions)]
    if not conditions or any(one.key in resources.outcomes_of.get(found.intervention, ()) for one in told):
        return found
    condition = max(conditions, key=lambda one: len(resources.context.vocabulary.broader("population", one.key)))
    onset = resources.named_after(ONSET, condition.key, "outcome")
    if not onset:
        return found
    rest = [one.key for one in people if not resources.condition(one.key)]
    new = dataclasses.replace(condition, section="outcome", key=onset)
    kept = tuple(
        one for one in found.outcomes if not one.overlaps(condition.start, condition.end) and one.key != "pain"
    )
    return dataclasses.replace(found, population=resources.narrowest(rest) if rest else BROAD, outcomes=(new, *kept))


def canonical(found: Frame, resources: Resources) -> Frame:
    """Return a comparison told the other way round as the tables have it."""
    one, other = found.intervention, found.comparator
    known = resources.context.vocabulary.get("intervention", {})
    if not one or not other or (one, other) in resources.pairs:
        return found
    if (other, one) in resources.pairs and other in known:
        return dataclasses.replace(found, intervention=other, comparator=one, inverted=not found.inverted)
    return found
