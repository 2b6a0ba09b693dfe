"""What a rating is made of: where it starts, the steps with their reasons, and what a person has signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hipevidence.certainty.levels import Certainty
from hipevidence.evidence.certainty import add_up

if TYPE_CHECKING:
    from hipevidence.evidence.certainty import Domain, SignedCertainty

#: What each domain is called, in GRADE's order.
DOMAINS: Final[dict[Domain, str]] = {
    "risk_of_bias": "Risk of bias",
    "inconsistency": "Inconsistency",
    "indirectness": "Indirectness",
    "imprecision": "Imprecision",
    "missing_results": "Missing results",
    "large_effect": "Large effect",
    "dose_response": "Dose and response",
    "opposing_confounding": "Confounding the other way",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Levels down or up for one domain.

    Attributes
    ----------
    domain
        One of ``DOMAINS``.
    levels
        Negative for down, positive for up, 0 where nothing speaks against it or nobody has judged.
    reason
        Why, in plain words.
    """

    domain: Domain
    levels: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rating:
    """How certain the answer to one question is.

    Attributes
    ----------
    question, title
        Id and title of the question.
    start, start_reason
        Level before any step, and why.
    steps
        One a domain, as suggested from the tables.
    signed
        What a person has signed, or ``None``.
    basis
        Fingerprint of the suggestion and of the data behind it, 16 hexadecimal digits.
    """

    question: str
    title: str
    start: Certainty
    start_reason: str
    steps: tuple[Step, ...]
    signed: SignedCertainty | None
    basis: str

    @property
    def suggested(self) -> Certainty:
        """Level that the suggested steps lead to."""
        return Certainty.of(add_up(self.start.key, (step.levels for step in self.steps)))

    @property
    def is_stale(self) -> bool:
        """Whether the suggestion or the data are no longer those that a person signed."""
        return self.signed is not None and self.signed.basis != self.basis

    @property
    def is_signed(self) -> bool:
        """Whether a person has signed what the tables hold today."""
        return self.signed is not None and not self.is_stale

    @property
    def level(self) -> Certainty:
        """Level to show: the signed one where the signature is of today's data, the suggested one otherwise."""
        return Certainty.of(self.signed.level) if self.signed is not None and self.is_signed else self.suggested

    @property
    def wording(self) -> Certainty:
        """Level that no wording may exceed: the lower of the suggested and the signed one, an outdated one included."""
        return self.suggested if self.signed is None else min(self.suggested, Certainty.of(self.signed.level))

    @property
    def state(self) -> str:
        """Who stands for it, in words."""
        if self.signed is None:
            return "suggested, not signed"
        who = f"signed by {self.signed.signed_by} on {self.signed.signed_on}"
        if not self.is_stale:
            return who
        was = Certainty.of(self.signed.level).word
        return f"suggested; {who} as {was}, but suggestion or data have changed since: stale, to be judged again"

    @property
    def reasons(self) -> tuple[Step, ...]:
        """Steps that move the level shown: the signed ones, or the suggested ones, with their reasons."""
        if self.signed is not None and self.is_signed:
            return tuple(Step(step.domain, step.levels, step.reason) for step in self.signed.steps)
        return tuple(step for step in self.steps if step.levels)
