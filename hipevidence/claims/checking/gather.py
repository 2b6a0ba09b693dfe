"""The evidence that bears on a statement by its meaning, and what the statement leaves for it to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hipevidence.claims.lookup import rounds_to, units_agree
from hipevidence.claims.reading.frame import PROTOCOL
from hipevidence.claims.reading.relation import AROUND
from hipevidence.claims.reading.statement import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.checking.desk import Desk
    from hipevidence.claims.context import Context
    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.registry import Verdict
    from hipevidence.evidence.models import Claim

ALIKE: Final = 2  # parts of the question that evidence must share with a statement to bear on it


def gather(statement: Statement, desk: Desk) -> tuple[Claim, tuple[EvidenceItem, ...], tuple[Verdict, ...]]:
    """Return a statement with its gaps filled, the evidence it is held against, and who lent some of it.

    Parameters
    ----------
    statement
        As read.
    desk
        All evidence.

    Notes
    -----
    Evidence bears on a statement when it shares two of people, treatment or exposure, and outcome with it, when it is
    from the paper that the statement names, or when a registered statement that says nearly the same lists it.
    """
    lenders = desk.lenders(statement.text)
    context = desk.resources.context
    claim = _with_lent_source(statement, (*lenders, *desk.lenders(statement.sentence)))
    found = {key: item for key, item in desk.items.items() if _bears(claim, item, context)}
    for verdict in lenders:
        named = {"row": verdict.rows, "pool": verdict.pools, "question": verdict.questions}
        found |= {(kind, key): desk.items[kind, key] for kind, keys in named.items() for key in keys}
    claim = _filled(claim, statement, tuple(found.values()) or tuple(desk.items.values()), context)
    claim = _with_printed_outcomes(claim, statement, tuple(found.values()), context)
    if claim.intervention != UNSTATED and statement.claim.intervention == UNSTATED:
        found |= {key: item for key, item in desk.items.items() if _bears(claim, item, context)}
    if not claim.source.identified:
        found |= _elsewhere(claim, statement, found.values(), desk)
    return claim, tuple(found.values()), lenders


def _bears(claim: Claim, item: EvidenceItem, context: Context) -> bool:
    if claim.source.identified and item.source_id == claim.source.identified:
        return True
    shared = sum(
        [
            context.touches("population", item.population, claim.population),
            context.touches("intervention", item.intervention, claim.intervention),
            any(context.touches("outcome", item.outcome, outcome) for outcome in claim.outcome),
        ]
    )
    return shared >= ALIKE


def _with_lent_source(statement: Statement, lenders: Iterable[Verdict]) -> Claim:
    """Return the claim with the paper that a registered statement found, where the text names one it cannot find."""
    claim = statement.claim
    if not statement.cited.is_one:
        return claim
    for verdict in lenders:
        source = verdict.claim.source
        same_year = statement.cited.year is not None and statement.cited.year == source.year
        same_paper = same_year and statement.cited.journal == source.journal
        if claim.source.identified and not same_paper:
            continue
        pointing = not statement.cited.is_identifiable
        if source.identified and (same_year or pointing) and source.certainty in {"certain", "very_likely", "likely"}:
            lent = claim.source.model_copy(update={"identified": source.identified, "certainty": source.certainty})
            return claim.model_copy(update={"source": lent})
    return claim


def _filled(claim: Claim, statement: Statement, items: Iterable[EvidenceItem], context: Context) -> Claim:
    """Return a claim whose unsaid treatment or exposure is the one of the evidence that prints its figures."""
    if claim.intervention != UNSTATED or claim.relation == "promises":
        return claim
    best: tuple[int, EvidenceItem] | None = None
    for item in items:
        named = bool(claim.source.identified) and item.source_id == claim.source.identified
        hits = sum(_prints(item, figure.role, figure.value, figure.decimals, figure.unit) for figure in claim.figures)
        fits = context.carries("population", item.population, claim.population)
        about = any(context.touches("outcome", item.outcome, outcome) for outcome in claim.outcome)
        score = 4 * named + 3 * hits + 2 * fits + about + item.verified
        if (named or (hits and about)) and (best is None or score > best[0]):
            best = score, item
    if best is None:
        return claim
    item = best[1]
    changes: dict[str, Any] = {"intervention": item.intervention[0]}
    if not statement.comparator_is_told:
        changes["comparator"] = item.comparator[0]
    if not any(figure.role not in AROUND for figure in claim.figures) and claim.finding == "not_reported":
        changes["outcome"] = item.outcome
    return claim.model_copy(update=changes)


def _with_printed_outcomes(
    claim: Claim, statement: Statement, items: Iterable[EvidenceItem], context: Context
) -> Claim:
    """Return a claim that leaves its outcome open with those outcomes only on which its figures are printed."""
    results = [figure for figure in claim.figures if figure.role not in AROUND]
    if statement.outcome_is_told or not results:
        return claim
    printed = {
        key
        for item in items
        if item.verified
        if all(_prints(item, one.role, one.value, one.decimals, one.unit) for one in results)
        for key in item.outcome
    }
    if claim.outcome == (PROTOCOL,):
        fitting = [item for item in items if item.verified and _is_exactly_about(claim, item, context)]
        own = {key for item in fitting for key in item.outcome if key in printed}
        return claim.model_copy(update={"outcome": tuple(sorted(own))}) if own else claim
    kept = tuple(key for key in claim.outcome if key in printed)
    return claim.model_copy(update={"outcome": kept}) if kept else claim


def _is_exactly_about(claim: Claim, item: EvidenceItem, context: Context) -> bool:
    return context.touches("population", item.population, claim.population) and context.touches(
        "intervention", item.intervention, claim.intervention
    )


def _prints(item: EvidenceItem, role: str, value: float, decimals: int | None, unit: str) -> bool:
    return any(rounds_to(one.value, value, decimals or 0) and units_agree(unit, one.unit) for one in item.of_role(role))


def _elsewhere(
    claim: Claim, statement: Statement, found: Iterable[EvidenceItem], desk: Desk
) -> dict[tuple[str, str], EvidenceItem]:
    """Return evidence on something else that prints a result figure which nothing gathered prints.

    So a figure that was taken from another place is told where it belongs.
    """
    lost = [
        figure
        for figure in claim.figures
        if figure.role not in AROUND and figure.high is None
        if not any(_prints(item, figure.role, figure.value, figure.decimals, figure.unit) for item in found)
    ]
    telling = [figure for figure in lost if (figure.decimals or 0) >= 1 and figure.value not in {1.0, 2.0, 3.0, 5.0}]
    return {
        (item.kind, item.id): item
        for item in desk.items.values()
        if item.verified
        if any(_prints(item, figure.role, figure.value, figure.decimals, figure.unit) for figure in telling)
        if any(desk.resources.context.touches("outcome", item.outcome, outcome) for outcome in statement.claim.outcome)
    }
