"""Which of its evidence speaks to a statement: for it, against it, or about something else."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from hipevidence.claims.item import BASELINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.claims.context import Context
    from hipevidence.claims.item import EvidenceItem
    from hipevidence.evidence.models import Claim

DIRECTIONS: Final = frozenset({"increases", "decreases"})
SURE_ENOUGH: Final = frozenset({"certain", "very_likely", "likely"})
OPPOSITE: Final = {"increases": "decreases", "decreases": "increases"}


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A statement with the evidence it should rest on.

    Attributes
    ----------
    claim
        The statement.
    items
        Everything it should rest on, for and against.
    context
        Words, references, the day.
    """

    claim: Claim
    items: tuple[EvidenceItem, ...]
    context: Context

    @property
    def verified(self) -> tuple[EvidenceItem, ...]:
        """Items that somebody saw on a page other than the statement."""
        return tuple(item for item in self.items if item.verified)

    # -------------------------------------------------------------- one part of the question at a time

    def same_population(self, item: EvidenceItem) -> bool:
        """Return whether evidence on these people speaks for the people of the statement."""
        return self.context.carries("population", item.population, self.claim.population)

    def same_intervention(self, item: EvidenceItem) -> bool:
        """Return whether evidence on this treatment or exposure speaks for the one of the statement."""
        return self.context.carries("intervention", item.intervention, self.claim.intervention)

    def same_comparator(self, item: EvidenceItem) -> bool:
        """Return whether the comparison is the one of the statement; a statement that leaves it open fits all.

        It is left open, too, where an effect is told as a change in one group: the comparison it needs is not named.
        """
        claim = self.claim
        is_open = claim.comparator == BASELINE and self.needs_comparison
        if is_open or self.context.is_unspecific("comparator", claim.comparator):
            return True
        return self.context.carries("comparator", item.comparator, self.claim.comparator)

    def same_outcome(self, item: EvidenceItem, outcome: str) -> bool:
        """Return whether evidence on this outcome speaks for ``outcome``."""
        return self.context.carries("outcome", item.outcome, outcome)

    def fits(self, item: EvidenceItem, outcome: str) -> bool:
        """Return whether the item is about exactly what the statement says about ``outcome``."""
        return (
            self.same_population(item)
            and self.same_intervention(item)
            and self.same_comparator(item)
            and self.same_outcome(item, outcome)
        )

    def is_other_condition(self, item: EvidenceItem) -> bool:
        """Return whether the statement is about people with one condition and the item about people with another."""
        context, stated = self.context, self.claim.population
        return context.is_condition(stated) and not context.touches("population", item.population, stated)

    def is_on_topic(self, item: EvidenceItem, outcome: str) -> bool:
        """Return whether it bears on the same exposure, comparison and outcome, in whatever people."""
        touches = self.context.touches
        claim = self.claim
        return (
            touches("intervention", item.intervention, claim.intervention)
            and touches("outcome", item.outcome, outcome)
            and (
                self.same_comparator(item)
                or touches("comparator", item.comparator, claim.comparator)
                or item.is_experiment_on_itself
            )
        )

    # -------------------------------------------------------------- for and against

    def agrees(self, item: EvidenceItem, outcome: str) -> bool:
        """Return whether it found what the statement says of ``outcome``."""
        return item.finding == self.claim.finding_on(outcome)

    def disagrees(self, item: EvidenceItem, outcome: str) -> bool:
        """Return whether it found no difference, the opposite, or now this and now that.

        An interval that includes no difference shows no opposite.
        """
        stated = self.claim.finding_on(outcome)
        if item.finding in DIRECTIONS and item.interval_includes_no_effect:
            return False
        if stated == "no_difference":
            return item.finding in DIRECTIONS
        return stated in DIRECTIONS and item.finding in {"no_difference", "mixed", OPPOSITE[stated]}

    def supporting(self, outcome: str) -> tuple[EvidenceItem, ...]:
        """Return verified evidence on topic that agrees, in whatever people."""
        return self._agreeing(self._verified_that(lambda item: self.is_on_topic(item, outcome)), outcome)

    def opposing(self, outcome: str) -> tuple[EvidenceItem, ...]:
        """Return verified evidence on topic that disagrees, in whatever people."""
        return self._verified_that(lambda item: self.is_on_topic(item, outcome) and self.disagrees(item, outcome))

    def carrying(self, outcome: str) -> tuple[EvidenceItem, ...]:
        """Return verified evidence that fits in every part and agrees."""
        return self._agreeing(self._verified_that(lambda item: self.fits(item, outcome)), outcome)

    def hinting(self, outcome: str) -> tuple[EvidenceItem, ...]:
        """Return verified evidence on that outcome that agrees, whatever the exposure or comparison."""
        return self._verified_that(
            lambda item: self.context.touches("outcome", item.outcome, outcome) and self.agrees(item, outcome)
        )

    def objecting(self, outcome: str) -> tuple[EvidenceItem, ...]:
        """Return verified evidence on that outcome that found no difference, whatever the exposure or comparison."""
        return self._verified_that(
            lambda item: self.context.touches("outcome", item.outcome, outcome) and item.finding == "no_difference"
        )

    def is_protocol(self, item: EvidenceItem) -> bool:
        """Return whether a row tells what a study consisted of, not what it found."""
        return all(figure.scope in {"dose", "size"} for figure in item.figures) and item.finding == "not_reported"

    def from_named_source(self, item: EvidenceItem) -> bool:
        """Return whether the item is from the paper that the statement names."""
        return bool(item.source_id) and item.source_id == self.claim.source.identified

    @property
    def names_source(self) -> bool:
        """Whether the statement names a source and the paper is known."""
        source = self.claim.source
        return bool(source.named or source.journal or source.year) and source.certainty in SURE_ENOUGH

    @property
    def named_items(self) -> tuple[EvidenceItem, ...]:
        """Verified items from the paper that the statement names."""
        return tuple(item for item in self.verified if self.from_named_source(item)) if self.names_source else ()

    @property
    def directed(self) -> tuple[str, ...]:
        """Outcomes of which the statement says what happens to them."""
        return tuple(outcome for outcome in self.claim.outcome if self.claim.finding_on(outcome) != "not_reported")

    @property
    def needs_comparison(self) -> bool:
        """Whether it only holds if there was a comparison group; a cause or a promise always needs one."""
        return self.claim.needs_comparison or self.claim.relation in {"causes", "promises"}

    @property
    def says_direction(self) -> bool:
        """Whether it says what happens to any outcome."""
        return bool(self.directed)

    @property
    def is_general(self) -> bool:
        """Whether it says how things are, not only what one study was or found or what to do."""
        return self.claim.relation in {"associates", "causes", "promises"}

    def _agreeing(self, items: tuple[EvidenceItem, ...], outcome: str) -> tuple[EvidenceItem, ...]:
        """Return those that agree; that findings differ is what several that differ show together."""
        told = tuple(item for item in items if item.finding != "not_reported")
        if self.claim.finding_on(outcome) == "mixed" and len({item.finding for item in told}) > 1:
            return told
        return tuple(item for item in items if self.agrees(item, outcome))

    def _verified_that(self, wanted: Callable[[EvidenceItem], bool]) -> tuple[EvidenceItem, ...]:
        return tuple(item for item in self.verified if wanted(item))
