"""What the reader of texts knows of the tables: its words, and which evidence goes together."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from hipevidence.claims.context import HAVING
from hipevidence.claims.item import BASELINE
from hipevidence.claims.reading.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hipevidence.claims.context import Context
    from hipevidence.claims.item import EvidenceItem

ONSET: Final = "new_"  # an outcome: getting that condition
BROAD: Final = "people"


@dataclasses.dataclass(frozen=True)
class Resources:
    """The tables as the reader sees them.

    Attributes
    ----------
    context
        Vocabulary and references.
    items
        Every row, pool and answered question.
    """

    context: Context
    items: tuple[EvidenceItem, ...]

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the vocabulary, compiled once."""
        return Lexicon(self.context.vocabulary)

    @cached_property
    def given(self) -> frozenset[str]:
        """Interventions that were given to people: those of any trial or treated series, and what is a kind of one."""
        direct = {
            key
            for item in self.items
            for key in item.intervention
            if item.controlled or (set(item.design) == {"single_group"} and BASELINE in item.comparator)
        }
        terms = self.context.vocabulary.get("intervention", {})
        return frozenset(
            key for key in {*terms, *direct} if self.context.vocabulary.broader("intervention", key) & direct
        )

    def across_trials(self, intervention: str) -> bool:
        """Return whether all that is known of an exposure is what goes together across trials."""
        items = [item for item in self.items if intervention in item.intervention]
        return bool(items) and all(item.goes_across_trials for item in items)

    @cached_property
    def exposures_of(self) -> dict[str, str]:
        """Comparator to the exposure that it is the other end of: strong hips to weak hips."""
        pairs: dict[str, set[str]] = defaultdict(set)
        for item in self.items:
            for comparator in item.comparator:
                pairs[comparator] |= set(item.intervention)
        return {
            comparator: next(iter(keys))
            for comparator, keys in pairs.items()
            if len(keys) == 1 and not keys & self.given and comparator not in {"healthy", "not_exposed"}
        }

    @cached_property
    def outcomes_of(self) -> dict[str, frozenset[str]]:
        """Intervention to every outcome that was measured with it."""
        found: dict[str, set[str]] = defaultdict(set)
        for item in self.items:
            for key in item.intervention:
                found[key] |= set(item.outcome)
        return {key: frozenset(outcomes) for key, outcomes in found.items()}

    @cached_property
    def usual_outcomes(self) -> dict[str, tuple[str, ...]]:
        """Intervention to the outcomes that the questions of the protocol ask of it."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for item in self.items:
            if item.kind == "question":
                for key in item.intervention:
                    found[key] |= dict.fromkeys(item.outcome)
        return {key: tuple(outcomes) for key, outcomes in found.items()}

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Every outcome that the questions of the protocol ask of a treatment."""
        return tuple(
            dict.fromkeys(key for one, keys in self.usual_outcomes.items() if one in self.given for key in keys)
        )

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """What was compared with what."""
        return frozenset((one, other) for item in self.items for one in item.intervention for other in item.comparator)

    @cached_property
    def by_source(self) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """Key of a paper to its rows and pools."""
        found: dict[str, list[EvidenceItem]] = defaultdict(list)
        for item in self.items:
            if item.source_id:
                found[item.source_id].append(item)
        return {key: tuple(items) for key, items in found.items()}

    @property
    def references(self) -> Mapping[str, Mapping[str, Any]]:
        """Key of a paper to its CSL entry."""
        return self.context.references

    def open_term(self, section: str) -> str:
        """Return the term of a section that leaves open which: the one that most others are a kind of."""
        terms = self.context.vocabulary.get(section, {})
        counts = {key: sum(key in self.context.vocabulary.broader(section, other) for other in terms) for key in terms}
        return max(counts, key=lambda key: counts[key])

    def condition(self, population: str) -> bool:
        """Return whether a population is people who have something, so that others can get it."""
        return bool(
            self.named_after(HAVING, population, "intervention") or self.named_after(ONSET, population, "outcome")
        )

    def named_after(self, prefix: str, population: str, section: str) -> str:
        """Return the term of a section that is named after a population, or the nearest broader one; or ``""``."""
        terms = self.context.vocabulary.get(section, {})
        seen: list[str] = [population]
        for key in seen:
            if prefix + key in terms:
                return prefix + key
            parents = self.context.vocabulary.get("population", {})
            seen += [parent for parent in (parents[key].is_a if key in parents else ()) if parent not in seen]
        return ""

    def narrowest(self, keys: Iterable[str]) -> str:
        """Return one population that is all of these at once, or else the one that says most."""
        wanted = tuple(dict.fromkeys(key for key in keys if key != BROAD)) or (BROAD,)
        vocabulary = self.context.vocabulary
        kept = [
            key
            for key in wanted
            if not any(key != other and vocabulary.covers("population", key, other) for other in wanted)
        ]
        if len(kept) == 1:
            return kept[0]
        for key, term in vocabulary.get("population", {}).items():
            if set(term.is_a) == set(kept):
                return key
        parents = vocabulary.get("population", {})
        joint = [
            key
            for key in parents
            if len(kept) == 2 and key in kept and any(other in parents[key].is_a for other in kept)
        ]
        if joint:
            return joint[0]
        specific = [key for key in kept if self.condition(key) and any(self.condition(up) for up in parents[key].is_a)]
        groups = [key for key in kept if not self.condition(key)]
        most = max(groups, key=lambda key: len(vocabulary.broader("population", key)), default="")
        return specific[0] if specific else most or kept[0]


def touching(context: Context, items: Sequence[EvidenceItem], section: str, key: str) -> tuple[EvidenceItem, ...]:
    """Return the items whose term of a section is ``key``, a kind of it or something it is a kind of."""
    return tuple(item for item in items if context.touches(section, getattr(item, section), key))
