"""Comparisons with the study that a text reports: its other figures, its comparison, its people, its search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.item import BASELINE
from hipevidence.claims.lookup import rivals
from hipevidence.claims.reading import signals
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.sources import REVIEW_WORDS
from hipevidence.claims.wording import figure_text, names, stated_text

if TYPE_CHECKING:
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.relevance import Case
    from hipevidence.claims.support import Homes


def named_source(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    """Return the reasons that follow from the study which a text reports, or leans on without naming it.

    Parameters
    ----------
    statement
        As read.
    case
        The statement with its evidence.
    homes
        Where each figure of the record comes from.
    """
    return [
        *_unknown_source(statement, case),
        *_other_figure_of_source(case, homes),
        *_review_found_otherwise(statement, case),
        *_searched_today(statement),
        *_compared_otherwise(statement, case),
        *_stratum(statement, case, homes),
    ]


def _unknown_source(statement: Statement, case: Case) -> list[Reason]:
    """Say where a named paper is none of those in the tables, so that nobody can look the statement up."""
    if not statement.cited.is_identifiable or case.claim.source.identified:
        return []
    parts = [
        *statement.cited.authors,
        statement.cited.journal,
        "" if statement.cited.year is None else str(statement.cited.year),
    ]
    name = ", ".join(part for part in parts if part)
    sentence = f"The source named ({name}) is none of the papers in the tables that are about this."
    return [reason(Code.DETAIL_UNVERIFIED, sentence)]


def _other_figure_of_source(case: Case, homes: Homes) -> list[Reason]:
    """Say where the paper that is named prints another figure than the one told, which stands elsewhere."""
    for home in homes:
        if home is None or not home.is_effect or case.from_named_source(home.item):
            continue
        own = [pair for pair in rivals(home.stated, case) if case.from_named_source(pair[0])]
        if own:
            item, figure = own[0]
            sentence = (
                f"The statement says {stated_text(home.stated)}; the source named prints {figure_text(figure)} "
                f"({item.label})."
            )
            return [reason(Code.NUMBER, sentence, [item], Severity.CONTRADICTS)]
    return []


def _compared_otherwise(statement: Statement, case: Case) -> list[Reason]:
    """Say where the paper named compared with something else than the text says."""
    told, touches = case.claim.comparator, case.context.touches
    compared = [item for item in case.named_items if item.has_comparison_group and not case.is_protocol(item)]
    is_open = told == BASELINE or case.context.is_unspecific("comparator", told)
    if not statement.comparator_is_told or is_open or not compared:
        return []
    if any(touches("comparator", item.comparator, told) or told in item.intervention for item in compared):
        return []
    about = case.context.label("comparator", *dict.fromkeys(key for item in compared for key in item.comparator))
    words = case.context.label("comparator", told)
    sentence = f"The source named, {compared[0].label}, compared with {about}; the statement compares with {words}."
    return [reason(Code.COMPARATOR, sentence, compared, Severity.MISPLACES)]


def _stratum(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    """Say where a figure holds for a part of the people only, and the text does not say which part."""
    for home in homes:
        if home is None or not home.is_effect:
            continue
        item = home.item
        wholes = [
            other
            for other in case.items
            if other.source_id == item.source_id and other.id != item.id and other.sex == item.sex
            if other.outcome == item.outcome and other.kind == "row" and item.arms[0].startswith(other.arms[0] + ",")
        ]
        only = wholes and item.arms[0].removeprefix(wholes[0].arms[0] + ",").split()
        if only and not any(
            re.search(rf"\b{re.escape(word)}\b", statement.passage_text, re.IGNORECASE) for word in only
        ):
            sentence = (
                f"{stated_text(home.stated)} was found in one part of the people only: {' '.join(only)} ({item.label})."
            )
            return [reason(Code.SUBGROUP, sentence, [item])]
    return []


def _searched_today(statement: Statement) -> list[Reason]:
    if not signals.SEARCHED_TODAY.search(statement.sentence):
        return []
    return [reason(Code.TIME, "A review knows what was published when it searched, not what is known today.")]


def _review_found_otherwise(statement: Statement, case: Case) -> list[Reason]:
    """Say where a text leans on a review without naming it, and the reviews on exactly this found something else."""
    if not REVIEW_WORDS.search(statement.cited.design) or case.claim.source.identified:
        return []
    for outcome in case.directed:
        pools = [item for item in case.verified if item.kind == "pool" and case.fits(item, outcome)]
        against = [item for item in pools if case.disagrees(item, outcome)]
        if against and not any(case.agrees(item, outcome) for item in pools):
            sentence = f"The reviews on exactly this found something else: {names(against)}."
            return [reason(Code.DIRECTION, sentence, against)]
    return []
