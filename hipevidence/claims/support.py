"""What a statement rests on: the homes of its results, and the evidence that agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.claims.lookup import Home, outcomes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.relevance import Case

Homes = tuple[Home | None, ...]


def effect_homes(homes: Homes) -> tuple[Home, ...]:
    """Return the homes of figures that are results and that somebody has seen."""
    return tuple(home for home in homes if home is not None and home.is_effect and home.item.verified)


def carriers(case: Case, homes: Homes, *outcomes: str) -> tuple[EvidenceItem, ...]:
    """Return what a statement rests on: the homes of its results, else what fits and agrees, else what agrees.

    Only what it rests on for these ``outcomes``, if any are named.
    """
    keys = outcomes or case.directed
    found = distinct(
        item
        for home in effect_homes(homes)
        if not outcomes or set(outcomes) & set(outcomes_of(home, case))
        for item in home.items
    )
    fitting = distinct(item for outcome in keys for item in case.carrying(outcome))
    return found or fitting or distinct(item for outcome in keys for item in case.supporting(outcome))


def distinct(items: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Return items in their order, each once."""
    return tuple({item.id: item for item in items}.values())
