"""Small statements and evidence on a topic of their own, for tests of single comparisons."""

from __future__ import annotations

import math
from typing import Any

from hipevidence.claims import Context, EvidenceItem, ItemFigure
from hipevidence.evidence import Claim, Term, Vocabulary
from hipevidence.results import Interval

VOCABULARY = Vocabulary(
    {
        "population": {
            "people": Term(label="people"),
            "poor_sleepers": Term(label="people who sleep badly", is_a=("people",)),
            "shift_workers": Term(label="shift workers who sleep badly", is_a=("poor_sleepers",)),
            "students": Term(label="students", is_a=("people",)),
        },
        "intervention": {
            "drink": Term(label="a drink"),
            "tea": Term(label="herbal tea", is_a=("drink",)),
            "milk": Term(label="warm milk", is_a=("drink",)),
            "screen_light": Term(label="screen light"),
        },
        "comparator": {
            "any": Term(label="any comparison"),
            "nothing": Term(label="nothing", is_a=("any",)),
            "water": Term(label="hot water", is_a=("any",)),
            "baseline": Term(label="the same people before"),
            "no_screen": Term(label="no screen light"),
        },
        "outcome": {
            "waking": Term(label="waking at night", good="less"),
            "new_waking": Term(label="starting to wake at night", good="less"),
            "sleep": Term(label="sleep", good="more"),
            "hormone": Term(label="a sleep hormone"),
        },
    }
)
REFERENCES = {
    "jones2022": {
        "id": "jones2022",
        "container-title": "J Sleep Tea Res",
        "issued": {"date-parts": [[2022]]},
    }
}


def claim(**changes: Any) -> Claim:
    """Return a statement that the pool of ``pool()`` carries in every part, with some entries changed."""
    entry: dict[str, Any] = {
        "id": "C01",
        "section": "Sleep",
        "statement": "People who sleep badly wake 1.5 times less a night with tea than with water.",
        "population": "poor_sleepers",
        "intervention": "tea",
        "comparator": "water",
        "outcome": ("waking",),
        "finding": "decreases",
        "relation": "causes",
        "certainty": "does",
        "figures": ({"value": 1.5, "role": "mean_difference"},),
        "carried": "Tea helped.",
        "review_by": "2030-01-01",
    }
    return Claim.model_validate(entry | changes)


def figure(role: str = "mean_difference", value: float = -1.5, **changes: Any) -> ItemFigure:
    """Return a figure of the evidence; ``low`` and ``high_limit`` make its interval."""
    low, high = changes.pop("low", math.nan), changes.pop("high_limit", math.nan)
    return ItemFigure(role, value, ci=Interval(low, high), **changes)


def pool(**changes: Any) -> EvidenceItem:
    """Return a published pool of trials that found fewer awakenings with tea than with water."""
    fields: dict[str, Any] = {
        "id": "jones2022.waking",
        "kind": "pool",
        "label": "Jones 2022",
        "source_id": "jones2022",
        "population": ("poor_sleepers",),
        "intervention": ("tea",),
        "comparator": ("water",),
        "outcome": ("waking",),
        "design": ("rct",),
        "finding": "decreases",
        "interval_includes_no_effect": False,
        "figures": (figure(low=-2.3, high_limit=-0.8),),
        "k_pooled": 8.0,
        "k_review": 8.0,
        "n_analysed": 500.0,
        "year": 2022,
    }
    return EvidenceItem(**(fields | changes))


def trial(**changes: Any) -> EvidenceItem:
    """Return a trial of one's own beside the pool."""
    fields: dict[str, Any] = {
        "id": "smith2020.waking",
        "kind": "row",
        "label": "Smith 2020",
        "source_id": "smith2020",
        "sample_id": "smith2020",
        "population": ("poor_sleepers",),
        "intervention": ("tea",),
        "comparator": ("water",),
        "outcome": ("waking",),
        "design": ("rct",),
        "finding": "decreases",
        "n_enrolled": 300.0,
        "n_analysed": 300.0,
        "year": 2020,
    }
    return EvidenceItem(**(fields | changes))


def context(today: str | None = None) -> Context:
    """Return the surroundings of these statements."""
    return Context(VOCABULARY, REFERENCES, today)
