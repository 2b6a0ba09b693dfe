"""Whether one row of the tables explains everything that a text which reports one study mentions.

A grammar can be read wrongly; which words stand in a text cannot. Where every treatment, comparison, outcome and group
of people that a text mentions is one of a single row's, and its figures stand there too, the words were not put
together as they were meant, and nothing was said of anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.claims.checking.extra import same_limits
from hipevidence.claims.item import BASELINE
from hipevidence.claims.lookup import rounds_to, units_agree
from hipevidence.claims.reading.frame import PROTOCOL, UNRECOGNISED
from hipevidence.claims.reading.relation import AROUND
from hipevidence.claims.reading.resources import BROAD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.checking.desk import Desk
    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.reading.lexicon import Mention
    from hipevidence.claims.relevance import Case

OPEN: Final = frozenset({BROAD, BASELINE, PROTOCOL, "any"})


def explaining(statement: Statement, case: Case, desk: Desk) -> tuple[EvidenceItem, ...]:
    """Return the verified rows that explain all that a statement mentions.

    Parameters
    ----------
    statement
        As read.
    case
        The statement with its evidence.
    desk
        All evidence.
    """
    results = [one for one in (*statement.figures, *statement.others, *statement.unplaced) if one.role not in AROUND]
    is_known = case.claim.source.identified or _tells_exactly(statement, results)
    is_elsewhere = case.claim.comparator == UNRECOGNISED and not case.claim.source.identified
    if not is_known or is_elsewhere:
        return ()
    mentions = desk.resources.lexicon.find(statement.passage_text)
    spans = _spans(mentions)
    return tuple(
        item
        for item in case.verified
        if item.kind != "question"
        if not case.claim.source.identified or item.source_id == case.claim.source.identified
        if all(_prints(item, one) for one in results)
        if all(_explains(item, span, desk) for span in spans)
        if _is_named(item, mentions, "intervention", desk) and _is_named(item, mentions, "outcome", desk)
    )


def _tells_exactly(statement: Statement, results: list[Figure]) -> bool:
    """Return whether a text that names no paper prints digits enough to know the row by them."""
    return not statement.cited.is_identifiable and any(one.decimals or one.limits for one in results)


def _spans(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Return mentions grouped by the words they share; a word counts as explained by any of its senses."""
    groups: list[list[Mention]] = []
    for one in mentions:
        if groups and any(other.overlaps(one.start, one.end) for other in groups[-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _explains(item: EvidenceItem, span: list[Mention], desk: Desk) -> bool:
    conditions = [one for one in span if one.section == "population" and desk.resources.condition(one.key)]
    return all(_has(item, one, desk) for one in conditions) and any(
        one.key in OPEN or _has(item, one, desk) for one in span
    )


def _has(item: EvidenceItem, one: Mention, desk: Desk) -> bool:
    covers = desk.resources.context.vocabulary.covers
    keys = getattr(item, one.section)
    if one.section in {"intervention", "comparator"}:
        keys = (*item.intervention, *item.comparator)
    return any(covers(one.section, one.key, key) for key in keys)


def _is_named(item: EvidenceItem, mentions: Iterable[Mention], section: str, desk: Desk) -> bool:
    return any(_has(item, one, desk) for one in mentions if one.section == section)


def _prints(item: EvidenceItem, told: Figure) -> bool:
    return any(
        rounds_to(one.value, told.value, told.decimals)
        and units_agree(told.unit, one.unit)
        and (told.limits is None or same_limits(told, one))
        for one in item.figures
        if one.scope not in {"size", "dose"}
    )
