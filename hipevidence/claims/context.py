"""What every comparison may look up besides the statement and its evidence: words, references, the day."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.evidence.vocabulary import Vocabulary


HAVING: Final = "having_"  # an exposure: having the condition of a population


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of a judgement.

    Attributes
    ----------
    vocabulary
        Terms, and what is a kind of what.
    references
        Key to CSL-JSON entry.
    today
        ISO date on which the statement is judged; ``None`` leaves the expiry date out of it.
    """

    vocabulary: Vocabulary
    references: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    today: str | None = None

    def carries(self, section: str, evidence: Iterable[str], stated: str) -> bool:
        """Return whether evidence on these terms speaks for a statement on ``stated``.

        It does when each is ``stated`` itself or something that ``stated`` is a kind of; never the reverse.
        """
        terms = tuple(evidence)
        return bool(terms) and all(self.vocabulary.covers(section, term, stated) for term in terms)

    def touches(self, section: str, evidence: Iterable[str], stated: str) -> bool:
        """Return whether any of these terms is ``stated``, a kind of it, or something it is a kind of."""
        covers = self.vocabulary.covers
        return any(covers(section, term, stated) or covers(section, stated, term) for term in evidence)

    def is_unspecific(self, section: str, key: str) -> bool:
        """Return whether a term leaves open which: it has kinds and is itself a kind of nothing."""
        terms = self.vocabulary.get(section, {})
        return key in terms and not terms[key].is_a and any(key in term.is_a for term in terms.values())

    def is_condition(self, population: str) -> bool:
        """Return whether a population is people who have something: having it is an exposure of the vocabulary."""
        exposures = self.vocabulary.get("intervention", {})
        return any(HAVING + key in exposures for key in self.vocabulary.broader("population", population))

    def label(self, section: str, *keys: str) -> str:
        """Return the words for one or several terms."""
        terms = self.vocabulary.get(section, {})
        return " or ".join(terms[key].label if key in terms else key for key in keys)
