"""What checking texts needs of the tables, prepared once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from hipevidence.claims.checking.resemblance import Resemblance
from hipevidence.claims.context import Context
from hipevidence.claims.people import known_ratios
from hipevidence.claims.plain import plain_sentence
from hipevidence.claims.reading import Resources
from hipevidence.claims.registry import evidence_items, verdicts
from hipevidence.errors import InputError
from hipevidence.synthesis import synthesise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.people import Ratio
    from hipevidence.claims.registry import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

LENDS: Final = 0.36  # likeness from which a registered statement lends the evidence it lists
SECTIONS: Final = ("population", "intervention", "comparator", "outcome")
SUGGESTS: Final = 0.16  # likeness from which its sentence is worth suggesting


@dataclasses.dataclass(frozen=True)
class Desk:
    """Evidence, registered statements and words, ready for any number of texts.

    Attributes
    ----------
    resources
        What the reader of texts knows.
    items
        Every row, pool and answered question, by kind and id.
    registered
        The registered statements with verdict and carried sentence, by id.
    questions
        A plain sentence for each question, by id.
    claims_by_words, sentences_by_words
        Nearest registered statement to a text, and nearest sentence that may be suggested.
    ratios
        What can be said of the ratio of a row or question.
    """

    resources: Resources
    items: Mapping[tuple[str, str], EvidenceItem]
    registered: Mapping[str, Verdict]
    questions: Mapping[str, str]
    claims_by_words: Resemblance
    sentences_by_words: Resemblance
    ratios: Mapping[str, Ratio]

    def lenders(self, text: str) -> tuple[Verdict, ...]:
        """Return the registered statements that a text resembles enough to be held against their evidence as well."""
        return tuple(
            self.registered[key] for key, likeness in self.claims_by_words.nearest(text)[:2] if likeness >= LENDS
        )

    def suggestion(self, text: str) -> tuple[str, str]:
        """Return the sentence to suggest for a text and the registered statement it belongs to, ``""`` for none."""
        key, likeness = next(iter(self.sentences_by_words.nearest(text)), ("", 0.0))
        if likeness < SUGGESTS:
            return "", ""
        if key in self.registered:
            return self.registered[key].carried, key
        return self.questions[key], ""


def prepare(evidence: Evidence, syntheses: Iterable[Synthesis] | None = None) -> Desk:
    """Return everything that checking texts needs of a data folder.

    Parameters
    ----------
    evidence
        The tables.
    syntheses
        Answers to the questions of the protocol; those left out are computed.

    Raises
    ------
    InputError
        If the vocabulary lacks a kind of words altogether: every text would pass, because none can be read.
    """
    if unknown := [section for section in SECTIONS if not evidence.vocabulary.get(section)]:
        raise InputError(
            f"found no {' and no '.join(unknown)} in vocabulary.toml; allowed: one term at least of each. Without them "
            "no text can be read, and silence would mean nothing. Add the words first."
        )
    given = {answer.question.id: answer for answer in syntheses or ()}
    answers = {
        question.id: given[question.id] if question.id in given else synthesise(evidence, question)
        for question in evidence.questions
    }
    items = evidence_items(evidence, answers)
    registered = {verdict.claim.id: verdict for verdict in verdicts(evidence, answers.values())}
    questions = {key: plain_sentence(answer, evidence) for key, answer in answers.items()}
    said = {key: " ".join([verdict.claim.statement, *verdict.claim.implied]) for key, verdict in registered.items()}
    near = {
        key: f"{verdict.claim.statement} {verdict.carried}" for key, verdict in registered.items() if verdict.carried
    }
    near |= {key: f"{answer.question.plain} {questions[key]}" for key, answer in answers.items() if questions[key]}
    context = Context(evidence.vocabulary, evidence.references)
    return Desk(
        resources=Resources(context, tuple(items.values())),
        items=items,
        registered=registered,
        questions=questions,
        claims_by_words=Resemblance(said),
        sentences_by_words=Resemblance(near),
        ratios=known_ratios(evidence, answers.values()),
    )
