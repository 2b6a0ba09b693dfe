"""Every statement of the data folder with its verdict."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence import sheet
from hipevidence.claims.answers import question_item
from hipevidence.claims.carry import Shelf, as_text, carry
from hipevidence.claims.context import Context
from hipevidence.claims.reading import Resources
from hipevidence.claims.sureness import too_sure
from hipevidence.claims.tables import pool_item, row_item
from hipevidence.claims.verdict import ChangedFigure, VerdictName, judge
from hipevidence.errors import EvidenceError, InputError
from hipevidence.results import Result
from hipevidence.synthesis import synthesise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.reason import Reason
    from hipevidence.errors import Problem
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Claim
    from hipevidence.synthesis import Synthesis


ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict(Result):
    """What can be said of one statement today.

    Attributes
    ----------
    claim
        The statement, as registered.
    verdict
        ``supported``, ``supported with qualifier``, ``overstated``, ``contradicted``, ``misattributed`` or
        ``not verifiable``.
    reasons
        Every comparison that failed, heaviest first.
    rows, pools, questions
        Evidence it was held against.
    homes
        For each figure of the statement the ids of the evidence that carries it.
    changed
        Figures that have to be replaced, and by what.
    carried
        The sentence the evidence does carry, figures filled in; ``""`` where the registered one is surer than that.
    withheld
        Why there is no carried sentence; ``""`` otherwise.
    """

    claim: Claim
    verdict: VerdictName
    reasons: tuple[Reason, ...]
    rows: tuple[str, ...]
    pools: tuple[str, ...]
    questions: tuple[str, ...]
    homes: tuple[tuple[str, ...], ...]
    changed: tuple[ChangedFigure, ...]
    carried: str
    withheld: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the reasons, each once, heaviest first."""
        return tuple(dict.fromkeys(str(reason.code) for reason in self.reasons))

    def _repr_html_(self) -> str:
        """Show the statement, its verdict and what can be said instead in JupyterLab."""
        carried = self.carried or self.withheld
        said = {"statement": self.claim.statement, "verdict": self.verdict, "what the evidence carries": carried}
        return sheet.pairs(said) + sheet.items("Why:", [reason.sentence for reason in self.reasons])

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data with stable keys, for ``--json``; numbers at full precision."""
        return {
            "id": self.claim.id,
            "section": self.claim.section,
            "statement": self.claim.statement,
            "verdict": self.verdict,
            "codes": list(self.codes),
            "reasons": [_reason_data(reason) for reason in self.reasons],
            "rows": list(self.rows),
            "pools": list(self.pools),
            "questions": list(self.questions),
            "figures": [
                {**stated.model_dump(exclude_none=True), "found_in": list(found)}
                for stated, found in zip(self.claim.figures, self.homes, strict=True)
            ],
            "changed": [_changed_data(change) for change in self.changed],
            "carried": self.carried,
            "withheld": self.withheld,
            "review_by": self.claim.review_by,
        }


def _reason_data(reason: Reason) -> dict[str, Any]:
    return {
        "code": str(reason.code),
        "severity": reason.severity.name.lower(),
        "sentence": reason.sentence,
        "evidence": list(reason.evidence),
    }


def _changed_data(change: ChangedFigure) -> dict[str, Any]:
    figure = change.carried
    return {
        "stated": change.stated.value,
        "carried": figure.value,
        "ci_low": figure.ci.low if figure.ci.exists else None,
        "ci_high": figure.ci.high if figure.ci.exists else None,
        "role": figure.role,
        "evidence": change.item_id,
    }


def verdicts(
    evidence: Evidence, syntheses: Iterable[Synthesis] | None = None, today: str | None = None
) -> tuple[Verdict, ...]:
    """Return the verdict on every registered statement, in the order of claims.toml.

    Parameters
    ----------
    evidence
        The data folder.
    syntheses
        Answers to questions of the protocol; those that statements need and that are missing here are computed.
    today
        ISO date on which the statements are judged; ``None`` leaves their expiry out, so that the same tables give
        the same verdicts on every day.

    Returns
    -------
    tuple of Verdict
        One a statement.

    Raises
    ------
    EvidenceError
        If a sentence cannot be filled from the tables; ``problems`` holds every slot.
    InputError
        If ``today`` is no ISO date.
    """
    _check_date(today)
    answers = _answers(evidence, syntheses)
    items = evidence_items(evidence, answers)
    context = Context(evidence.vocabulary, evidence.references, today)
    shelf = _shelf(evidence, answers)
    sentences: dict[str, str] = {}
    problems: list[Problem] = []
    for claim in evidence.claims:
        sentences[claim.id], missing = carry(claim, shelf)
        problems += missing
    if problems:
        raise EvidenceError(tuple(problems))
    withheld = too_sure(evidence, sentences, Resources(context, tuple(items.values())), answers)
    return tuple(
        _verdict(claim, items, context, sentences[claim.id], withheld.get(claim.id, "")) for claim in evidence.claims
    )


def _check_date(today: str | None) -> None:
    """Raise unless ``today`` is written as the dates it is compared with."""
    if today is not None and not ISO_DATE.fullmatch(today):
        raise InputError(f"today is {today!r}; allowed: a date as in 2027-01-31, or None. Write year, month and day.")


def _verdict(
    claim: Claim, items: Mapping[tuple[str, str], EvidenceItem], context: Context, sentence: str, withheld: str
) -> Verdict:
    named = {"row": claim.rows, "pool": claim.pools, "question": claim.questions}
    listed = [items[kind, key] for kind, keys in named.items() for key in keys]
    judgement = judge(claim, listed, context)
    return Verdict(
        claim=claim,
        verdict=judgement.verdict,
        reasons=judgement.reasons,
        rows=claim.rows,
        pools=claim.pools,
        questions=claim.questions,
        homes=judgement.homes,
        changed=judgement.changed,
        carried="" if withheld else sentence,
        withheld=withheld,
    )


def carried_problems(evidence: Evidence, syntheses: Iterable[Synthesis] | None = None) -> tuple[Problem, ...]:
    """Return every slot of the carried sentences that cannot be filled; empty when all can.

    Parameters
    ----------
    evidence
        The data folder.
    syntheses
        As for :func:`verdicts`.
    """
    shelf = _shelf(evidence, _answers(evidence, syntheses))
    return tuple(problem for claim in evidence.claims for problem in carry(claim, shelf)[1])


def evidence_items(evidence: Evidence, answers: Mapping[str, Synthesis]) -> dict[tuple[str, str], EvidenceItem]:
    """Return every row, pool and answered question as an evidence item, by kind and id.

    Parameters
    ----------
    evidence
        The data folder.
    answers
        Question id to answer.
    """
    instruments = {str(row["instrument"]): row for row in evidence.records("instruments")}
    outcomes = evidence.vocabulary.get("outcome", {})
    rows = [row_item(row, instruments, outcomes) for row in evidence.records("studies")]
    pools = [pool_item(row, instruments) for row in evidence.records("published_pools")]
    by_id = {item.id: item for item in rows}
    questions = [question_item(answer, by_id, outcomes) for answer in answers.values()]
    return {(item.kind, item.id): item for item in (*rows, *pools, *questions)}


def _answers(evidence: Evidence, syntheses: Iterable[Synthesis] | None) -> dict[str, Synthesis]:
    given = {answer.question.id: answer for answer in syntheses or ()}
    needed = dict.fromkeys(key for claim in evidence.claims for key in claim.questions)
    return {key: given[key] if key in given else synthesise(evidence, key) for key in (*given, *needed)}


def _shelf(evidence: Evidence, answers: Mapping[str, Synthesis]) -> Shelf:
    return Shelf(
        rows=as_text(evidence.printed["studies"], "row_id"),
        pools=as_text(evidence.printed["published_pools"], "pool_id"),
        answers=answers,
    )
