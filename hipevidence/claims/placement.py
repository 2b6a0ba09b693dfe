"""Comparisons of what the evidence is about with what the statement is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.lookup import outcomes_of, rivals
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.support import Homes, distinct, effect_homes
from hipevidence.claims.wording import SEXES, comparison_text, figure_text, names, stated_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.lookup import Home
    from hipevidence.claims.relevance import Case


def population(case: Case, homes: Homes) -> list[Reason]:
    """Hold the people of the evidence against the people of the statement."""
    return _misplaced(case, homes, Code.POPULATION, "population", case.same_population) or _beyond(
        case, Code.POPULATION, "population", case.same_population
    )


def intervention(case: Case, homes: Homes) -> list[Reason]:
    """Hold the treatment or exposure of the evidence against the one of the statement."""
    return (
        _other_arm(case, homes)
        or _misplaced(case, homes, Code.INTERVENTION, "intervention", case.same_intervention)
        or _beyond(case, Code.INTERVENTION, "intervention", case.same_intervention)
        or _other_exposure(case)
    )


def _other_arm(case: Case, homes: Homes) -> list[Reason]:
    """Return that a figure belongs to the people who got the comparison."""
    strays = [home for home in effect_homes(homes) if home.figure.arm == 2]
    if not strays:
        return []
    item = strays[0].item
    group = case.context.label("comparator", *item.comparator)
    sentence = f"{stated_text(strays[0].stated)} belongs to the comparison group ({item.label}; {group})."
    return [reason(Code.INTERVENTION, sentence, [home.item for home in strays])]


def _misplaced(
    case: Case, homes: Homes, code: Code, section: str, fits: Callable[[EvidenceItem], bool]
) -> list[Reason]:
    """Return that a figure, or the named source, is about something else."""
    stated = case.context.label(section, getattr(case.claim, section))
    strays = [home for home in effect_homes(homes) if not all(fits(item) for item in home.items)]
    if strays:
        item = strays[0].item
        same = [home for home in strays if home.item.source_id == item.source_id and home.item.kind == item.kind]
        about = case.context.label(section, *getattr(item, section))
        figures = " and ".join(dict.fromkeys(stated_text(home.stated) for home in same))
        verb = "come" if len(same) > 1 else "comes"
        sentence = f"{figures} {verb} from {item.label}, which is about {about}; the statement speaks of {stated}."
        evidence = [item for home in strays for item in home.items]
        is_report = case.claim.relation == "describes" and any(home.figure.scope == "between" for home in strays)
        return [reason(code, sentence, evidence, _weight(case, section, evidence, is_report=is_report))]
    named = case.named_items
    if named and not any(fits(item) for item in named):
        about = case.context.label(section, *getattr(named[0], section))
        sentence = f"The source named, {named[0].label}, is about {about}; the statement speaks of {stated}."
        return [reason(code, sentence, named, _weight(case, section, named, is_report=False))]
    return []


def _weight(case: Case, section: str, items: Iterable[EvidenceItem], *, is_report: bool) -> Severity:
    """Return how much it weighs that evidence is about something else than the statement.

    Evidence on a part of what the statement speaks of was stretched. Evidence on something else is another matter;
    so is the report of a comparison that names other people or treatments than were compared.
    """
    stated: str = getattr(case.claim, section)
    covers = case.context.vocabulary.covers
    is_part = all(covers(section, stated, key) for item in items for key in getattr(item, section))
    return Severity.OVERREACHES if is_part and not is_report else Severity.MISPLACES


def _beyond(case: Case, code: Code, section: str, fits: Callable[[EvidenceItem], bool]) -> list[Reason]:
    """Return that the statement goes beyond what the evidence for it is about."""
    support = distinct(item for outcome in case.directed for item in case.supporting(outcome))
    if not support or any(fits(item) for item in support):
        return []
    nearer = [
        item for item in support if case.context.touches(section, getattr(item, section), getattr(case.claim, section))
    ]
    support = tuple(nearer) or support
    keys = dict.fromkeys(key for item in support for key in getattr(item, section))
    about = case.context.label(section, *keys)
    stated = case.context.label(section, getattr(case.claim, section))
    sentence = f"The evidence for it ({names(support)}) is about {about}; the statement speaks of {stated}."
    return [reason(code, sentence, support, Severity.OVERREACHES)]


def _other_exposure(case: Case) -> list[Reason]:
    """Return that the only evidence pointing this way is about another treatment or exposure."""
    if any(case.supporting(outcome) for outcome in case.directed):
        return []
    hints = distinct(item for outcome in case.directed for item in case.hinting(outcome))
    strays = tuple(item for item in hints if not case.same_intervention(item))
    if not strays:
        return []
    keys = dict.fromkeys(key for item in strays for key in item.intervention)
    about = case.context.label("intervention", *keys)
    stated = case.context.label("intervention", case.claim.intervention)
    sentence = f"What points this way ({names(strays)}) is about {about}, not about {stated}."
    return [reason(Code.INTERVENTION, sentence, strays, Severity.OVERREACHES)]


def comparator(case: Case, homes: Homes) -> list[Reason]:
    """Hold what the evidence compared with against what the statement compares with."""
    stated = case.context.label("comparator", case.claim.comparator)
    for home in effect_homes(homes):
        if home.figure.scope != "between" or case.same_comparator(home.item):
            continue
        about = case.context.label("comparator", *home.item.comparator)
        sentence = f"{stated_text(home.stated)} belongs to the comparison with {about} ({home.item.label})"
        own = [pair for pair in rivals(home.stated, case) if case.same_comparator(pair[0])]
        if own:
            item, figure = own[0]
            tail = f"; against {stated}, which the statement names, it is {figure_text(figure)} ({item.label})."
            return [reason(Code.COMPARATOR, sentence + tail, [home.item, item])]
        return [reason(Code.COMPARATOR, f"{sentence}; the statement compares with {stated}.", [home.item])]
    return _other_comparison(case, stated)


def _other_comparison(case: Case, stated: str) -> list[Reason]:
    """Return that what the statement says was found against something else only."""
    claim, touches = case.claim, case.context.touches
    if any(case.same_comparator(item) for outcome in case.directed for item in case.supporting(outcome)):
        return []
    strays = distinct(
        item
        for outcome in case.directed
        for item in case.hinting(outcome)
        if touches("intervention", item.intervention, claim.intervention) and item.has_comparison_group
        if not case.same_comparator(item)
    )
    if not strays:
        return []
    about = case.context.label("comparator", *dict.fromkeys(key for item in strays for key in item.comparator))
    sentence = f"It was found against {about} ({names(strays)}); the statement compares with {stated}."
    return [reason(Code.COMPARATOR, sentence, strays, Severity.OVERREACHES)]


def outcome(case: Case, homes: Homes) -> list[Reason]:
    """Hold what the evidence measured against what the statement says."""
    label = case.context.label
    for home in effect_homes(homes):
        missing = [key for key in outcomes_of(home, case) if not case.same_outcome(home.item, key)]
        if missing:
            others = label("outcome", *missing)
            about = f"{label('outcome', *home.item.outcome)} ({comparison_text(home.item)})"
            sentence = f"{stated_text(home.stated)} is for {about}; the statement also puts it on {others}"
            if len(missing) == len(outcomes_of(home, case)):
                sentence = f"{stated_text(home.stated)} is for {about}, not for {others}"
            nulls = _nulls_of_same_source(case, home, missing)
            sentence += f"; the same study found no difference in {others}." if nulls else "."
            return [reason(Code.OUTCOME, sentence, [home.item, *nulls])]
    unmeasured = [key for key in case.directed if not _is_measured(case, key)]
    if unmeasured and len(unmeasured) < len(case.directed):
        sentence = f"None of the evidence measured {label('outcome', *unmeasured)}."
        return [reason(Code.OUTCOME, sentence, (), Severity.OVERREACHES)]
    return []


def _nulls_of_same_source(case: Case, home: Home, missing: list[str]) -> list[EvidenceItem]:
    return [
        item
        for item in case.verified
        if item.source_id == home.item.source_id and item.finding == "no_difference"
        if any(case.context.touches("outcome", item.outcome, key) for key in missing)
    ]


def _is_measured(case: Case, key: str) -> bool:
    return any(case.context.touches("outcome", item.outcome, key) for item in case.verified)


def subgroup(case: Case, homes: Homes) -> list[Reason]:
    """Hold the sex of those studied against the people of the statement."""
    found = [item for home in effect_homes(homes) for item in home.items]
    named = [item for key in case.directed for item in case.hinting(key) if item in case.named_items]
    support = found or named or [item for key in case.directed for item in case.supporting(key)]
    told = {item.sex for item in support} - {"not_reported"}
    if len(told) != 1 or (sex := told.pop()) not in SEXES or case.claim.sex == sex:
        return []
    sentence = f"It was found in {SEXES[sex]} only ({names(support)}); the statement does not say so."
    return [reason(Code.SUBGROUP, sentence, support)]
