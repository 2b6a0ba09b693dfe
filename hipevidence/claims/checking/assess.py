"""From the reasons against a statement to what is reported: errors, notes, or nothing."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import TYPE_CHECKING, Final

from hipevidence.claims.checking.explained import explaining
from hipevidence.claims.checking.extra import extra, homes_of
from hipevidence.claims.checking.gather import gather
from hipevidence.claims.checking.unplaced import unplaced
from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.context import HAVING
from hipevidence.claims.reading import signals
from hipevidence.claims.reading.frame import UNRECOGNISED
from hipevidence.claims.reading.quantities import quantities
from hipevidence.claims.reading.relation import AROUND, DOSE_ROLES
from hipevidence.claims.reading.resources import BROAD
from hipevidence.claims.reading.statement import UNSTATED
from hipevidence.claims.reason import reason
from hipevidence.claims.relevance import Case
from hipevidence.claims.sources import REVIEW_WORDS
from hipevidence.claims.verdict import PRECEDENCE, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.claims.checking.desk import Desk
    from hipevidence.claims.checking.extra import Homes
    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.reason import Reason
    from hipevidence.claims.registry import Verdict
    from hipevidence.claims.verdict import VerdictName
    from hipevidence.evidence.models import Claim

#: What goes unmentioned when somebody reports one printed figure as it is printed: a report is no survey.
SURVEY: Final = frozenset({Code.NULL_OR_CONTRARY_LEFT_OUT, Code.CERTAINTY_TOO_STRONG})
#: Share of those enrolled below which a number enrolled must not stand for the number analysed, even unsaid: the "20"
#: of the five-and-twenty rule (Schulz & Grimes, Lancet 2002; 359: 781-785).
MOST: Final = 0.8
#: What a wrong reading of the grammar gives; not said where one row explains every word.
MISPLACED: Final = frozenset({Code.POPULATION, Code.INTERVENTION, Code.COMPARATOR, Code.OUTCOME})


@dataclasses.dataclass(frozen=True, slots=True)
class Assessment:
    """What is reported of one statement.

    Attributes
    ----------
    statement
        As read.
    verdict
        From the errors; ``supported`` without any.
    errors, notes
        Reasons that are reported as findings, and those that would have to stand beside the statement.
    lenders
        Registered statements that say nearly the same.
    """

    statement: Statement
    verdict: VerdictName
    errors: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    lenders: tuple[Verdict, ...]


def assess(statement: Statement, desk: Desk, today: str | None = None) -> Assessment:
    """Hold one statement of a text against all evidence.

    Parameters
    ----------
    statement
        As read.
    desk
        All evidence.
    today
        ISO date; a registered statement that lends its evidence and is past its review date is then reported.
    """
    claim, items, lenders = gather(statement, desk)
    if today is not None and lenders:
        claim = claim.model_copy(update={"review_by": min(verdict.claim.review_by for verdict in lenders)})
    context = dataclasses.replace(desk.resources.context, today=today)
    case = Case(claim, items, context)
    homes = homes_of(case)
    reasons = [*judge(claim, items, context).reasons, *extra(statement, case, homes)]
    if _says_nothing_itself(statement) and not statement.is_loose:
        reasons = [one for one in reasons if one.code is not Code.UNTRACED or claim.figures or statement.others]
    reasons += unplaced(statement, case)
    at_home = _at_home(case, homes)
    errors = [one for one in reasons if _is_error(one, statement, case, at_home=at_home, today=today)]
    if any(one.code in MISPLACED for one in errors) and explaining(statement, case, desk):
        errors = [one for one in errors if one.code not in MISPLACED]
    if curated := _curated(claim, statement, lenders):
        kept = [one for one in curated if _is_error(one, statement, case, at_home=at_home, today=today)]
        errors = [*kept, *(one for one in errors if one.severity >= Severity.MISPLACES)]
    errors = _without_echoes([*errors, *_lost_study(statement, case, homes)])
    errors.sort(key=lambda one: -one.severity)
    errors = [dataclasses.replace(one, sentence=_readable(one.sentence)) for one in errors]
    return Assessment(
        statement=statement,
        verdict=PRECEDENCE[errors[0].severity] if errors else "supported",
        errors=tuple(errors),
        notes=tuple(one for one in reasons if one.code not in {other.code for other in errors}),
        lenders=lenders,
    )


def _lost_study(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    """Return that the study a text reports could not be found, so that nobody can hold it against anything."""
    found = any(home is not None and home.is_effect and home.item.verified for home in homes)
    is_report = statement.cited.is_one and case.claim.relation == "describes"
    if case.claim.source.identified or found or not is_report or signals.UNKNOWN.search(statement.passage_text):
        return []
    results = [one for one in statement.figures if one.role not in AROUND]
    says_nothing = not statement.outcome_is_told and not results
    if says_nothing or (case.directed and all(case.carrying(outcome) for outcome in case.directed)):
        return []
    return [reason(Code.UNTRACED, "Which study this is could not be found out: name it, so that it can be looked up.")]


def _curated(claim: Claim, statement: Statement, lenders: tuple[Verdict, ...]) -> list[Reason]:
    """Return the reasons against the registered statement that a text repeats; empty where it repeats none.

    It repeats one when treatment or exposure, an outcome and what happens to it are the same, and so are the result
    figures. What people wrote down of the statement then goes before what the reader made of the words.
    """
    if statement.tells_both_sides or statement.admits:
        return []
    for verdict in lenders:
        other = verdict.claim
        shared = set(claim.outcome) & set(other.outcome)
        same = (claim.population, claim.sex, claim.intervention, set(claim.outcome)) == (
            other.population,
            other.sex,
            other.intervention,
            set(other.outcome),
        ) and all(claim.finding_on(key) == other.finding_on(key) for key in shared)
        mine = {(one.role, one.value, one.high) for one in claim.figures if one.role not in AROUND}
        theirs = {(one.role, one.value, one.high) for one in other.figures if one.role not in AROUND}
        is_sure = other.certainty in {claim.certainty, "may"}
        if same and mine == theirs and is_sure:
            return [one for one in verdict.reasons if one.severity > Severity.QUALIFIES]
    return []


def _readable(sentence: str) -> str:
    """Return a sentence with words in place of the keys for what was not named."""
    return sentence.replace(UNRECOGNISED, "something that the tables do not name").replace(
        UNSTATED, "no treatment by name"
    )


def _says_nothing_itself(statement: Statement) -> bool:
    return statement.claim.finding == "not_reported"


def _at_home(case: Case, homes: Homes) -> bool:
    """Return whether every result figure stands in verified evidence that fits the statement in every part."""
    results = [
        (stated, home) for stated, home in zip(case.claim.figures, homes, strict=True) if stated.role not in AROUND
    ]
    return bool(results) and all(
        home is not None
        and all(item.verified for item in home.items)
        and any(case.fits(home.item, key) for key in ([stated.outcome] if stated.outcome else case.claim.outcome))
        for stated, home in results
    )


def _is_error(found: Reason, statement: Statement, case: Case, *, at_home: bool, today: str | None) -> bool:
    if found.severity is Severity.QUALIFIES:
        return _is_worth_saying(found, statement, today)
    test = _EXCUSES.get(found.code)
    if found.code in SURVEY and at_home and case.claim.certainty != "always":
        return False
    return test is None or not test(found, statement, case)


def _compared_after_all(found: Reason, statement: Statement, case: Case) -> bool:
    reports_review = case.claim.relation == "describes" and all(
        item.kind == "pool" for item in case.items if item.id in found.evidence
    )
    if found.code is Code.NO_COMPARISON_GROUP and reports_review:
        return True
    is_null = all(case.claim.finding_on(outcome) == "no_difference" for outcome in case.claim.outcome)
    return (statement.admits or statement.names_group or is_null) and not _is_mistold(found)


def _intervention_unsaid(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether the treatment was not said, or a report only calls it by a wider name."""
    shown = [key for item in case.items if item.id in found.evidence for key in item.intervention]
    stated, context = case.claim.intervention, case.context
    is_wider = bool(shown) and all(context.vocabulary.covers("intervention", stated, key) for key in shown)
    if is_wider and case.claim.relation == "describes" and context.is_unspecific("intervention", stated):
        return True
    describes_only = case.claim.finding == "not_reported" and not any(
        one.role not in AROUND for one in statement.figures
    )
    return not statement.intervention_is_told or statement.claim.intervention == UNSTATED or describes_only


def _outcome_within(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a report calls what was measured by a wider name."""
    del statement
    covers = case.context.vocabulary.covers
    shown = [key for item in case.items if item.id in found.evidence for key in item.outcome]
    is_wider = all(covers("outcome", stated, key) for key in shown for stated in case.claim.outcome)
    return case.claim.relation == "describes" and bool(shown) and is_wider


def _comparator_unsaid(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a comparison was not said, or a report calls it by a name that the vocabulary does not have."""
    del found
    is_unknown = case.claim.comparator == UNRECOGNISED and case.claim.relation == "describes"
    return is_unknown or not statement.comparator_is_told


def _population_within(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether the people were left to the source, or the evidence is on a usual kind of them."""
    is_report = case.claim.relation == "describes" and statement.cited.is_one
    if not statement.population_is_told:
        return case.claim.relation == "describes" or (
            case.claim.relation == "associates" and bool(statement.cited.named)
        )
    context, stated = case.context, case.claim.population
    shown = [item for item in case.items if item.id in found.evidence]
    is_kind = all(context.vocabulary.covers("population", stated, key) for item in shown for key in item.population)
    parents = context.vocabulary["population"][stated].is_a if stated in context.vocabulary["population"] else ()
    is_specific = any(HAVING + parent in context.vocabulary["intervention"] for parent in parents)
    is_loose_report = is_report and not context.is_condition(stated) and stated != BROAD
    return bool(shown) and is_kind and (is_specific or is_loose_report)


def _told_anyway(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether the text tells the other side itself, or only reports one study or what the reviews found."""
    own = any(case.from_named_source(item) for item in case.items if item.id in found.evidence)
    if statement.admits and not case.is_general:
        return True
    if own and (_tells_null_itself(found, statement, case) or (not case.is_general and _reports_a_row(case))):
        return True
    if statement.tells_both_sides or (
        not case.is_general and statement.people and case.claim.source.identified and not own
    ):
        return True
    leans = not case.is_general and REVIEW_WORDS.search(statement.cited.design)
    return _is_pooled(case, excluding=not leans) if leans or statement.comparator_is_told else False


def _reports_a_row(case: Case) -> bool:
    """Return whether the paper named has a row that fits every part of the statement, its time too, and agrees."""
    return bool(case.directed) and all(
        any(case.from_named_source(item) and _at_that_time(item, case) for item in case.carrying(outcome))
        for outcome in case.directed
    )


def _at_that_time(item: EvidenceItem, case: Case) -> bool:
    """Return whether an item was measured when the statement says; one of them may leave it open."""
    told = case.claim.time_weeks
    return told is None or math.isnan(item.time_weeks) or abs(item.time_weeks - told) < 1


def _is_pooled(case: Case, *, excluding: bool) -> bool:
    """Return whether reviews on exactly this agree and none of them disagrees.

    The single trials that found no difference are then part of what was pooled.

    Parameters
    ----------
    case
        The statement with its evidence.
    excluding
        Whether the interval of a review must exclude no difference.
    """
    for outcome in case.directed:
        fitting = [item for item in case.verified if item.kind == "pool" and case.fits(item, outcome)]
        pools = [item for item in fitting if case.claim.population in item.population] or fitting
        agreeing = [
            item
            for item in pools
            if case.agrees(item, outcome) and (not excluding or item.interval_includes_no_effect is False)
        ]
        if not agreeing or any(case.disagrees(item, outcome) for item in pools):
            return False
    return case.says_direction and case.claim.certainty != "always"


def _pooled_anyway(found: Reason, statement: Statement, case: Case) -> bool:
    if _tells_null_itself(found, statement, case):
        return True
    return statement.comparator_is_told and _is_pooled(case, excluding=True)


def _tells_null_itself(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a report of one study tells itself of what made no difference."""
    del found
    return statement.tells_null and not case.is_general


def _tells_both_results(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a report of a difference tells of no difference as well, at whatever times."""
    is_null = any(case.claim.finding_on(outcome) == "no_difference" for outcome in case.directed)
    return not is_null and _tells_null_itself(found, statement, case)


def _is_design_of_another(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a text names several papers, so that a design in it may be another's."""
    del case
    return len(statement.cited.authors) > 1 and "The paper is" in found.sentence


def _equality_shown(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a text says that nothing was found, and the paper's own interval includes no difference."""
    del found, statement
    is_null = all(case.claim.finding_on(outcome) == "no_difference" for outcome in case.directed)
    return is_null and any(
        item.interval_includes_no_effect and any(case.fits(item, outcome) for outcome in case.directed)
        for item in case.named_items
    )


def _also_tells_pooled(found: Reason, statement: Statement, case: Case) -> bool:
    """Return whether a text tells how many studies were pooled beside how many were found."""
    told = {one.value for one in statement.figures if one.role == "count_studies"}
    return len(told) > 1 and any(item.k_pooled in told for item in case.items if item.id in found.evidence)


def _also_tells_analysed(found: Reason, statement: Statement, case: Case) -> bool:
    people = (*(one.value for one in statement.figures if one.role == "count_people"), *statement.people)
    numbers = (one.value for one in quantities(statement.passage_text))
    told = {*people, *numbers, *(one + other for one, other in itertools.combinations(people, 2))}
    shown = [item for item in case.items if item.id in found.evidence]
    few_lost = all(item.n_analysed >= MOST * item.n_enrolled for item in shown)
    is_report = case.claim.relation == "describes" and not signals.ANALYSED.search(statement.passage_text)
    return (few_lost and is_report) or any(item.n_analysed in told for item in shown)


def _null_in_one_sex(found: Reason, statement: Statement, case: Case) -> bool:
    del found, statement
    return all(case.claim.finding_on(outcome) in {"no_difference", "not_reported"} for outcome in case.claim.outcome)


#: What takes back a reason, because the text says it itself or leaves it open.
_EXCUSES: Final[dict[Code, Callable[[Reason, Statement, Case], bool]]] = {
    Code.WITHIN_GROUP_CHANGE: _compared_after_all,
    Code.NO_COMPARISON_GROUP: _compared_after_all,
    Code.INTERVENTION: _intervention_unsaid,
    Code.COMPARATOR: _comparator_unsaid,
    Code.OUTCOME: _outcome_within,
    Code.POPULATION: _population_within,
    Code.NULL_OR_CONTRARY_LEFT_OUT: _told_anyway,
    Code.CI_INCLUDES_NO_DIFFERENCE: _pooled_anyway,
    Code.ENROLLED_FOR_ANALYSED: _also_tells_analysed,
    Code.SUBGROUP: _null_in_one_sex,
    Code.SOURCE: _is_design_of_another,
    Code.DIRECTION: _equality_shown,
    Code.STUDY_COUNT: _also_tells_pooled,
    Code.TIME: _tells_both_results,
}


def _is_mistold(found: Reason) -> bool:
    return "tells it as a change" in found.sentence


def _is_worth_saying(found: Reason, statement: Statement, today: str | None) -> bool:
    """Return whether something that only has to be added is missing so plainly that it is an error."""
    if found.code is Code.BELOW_MCID:
        return statement.says_size
    if found.code is Code.SINGLE_SMALL_STUDY:
        is_said = statement.cited.is_one or statement.says_small or bool(statement.people)
        return not is_said and any(figure.role not in AROUND for figure in statement.figures)
    if found.code is Code.DETAIL_UNVERIFIED:
        return "could not be identified" not in found.sentence
    if found.code is Code.RELATIVE_WITHOUT_BASELINE:
        return any(figure.is_relative for figure in statement.figures)
    if found.code is Code.COMPOSITE:
        return any(figure.role in DOSE_ROLES for figure in statement.figures)
    return found.code is Code.EXPIRED and today is not None


def _without_echoes(errors: list[Reason]) -> list[Reason]:
    """Return reasons, each code with its heaviest weight only."""
    kept: dict[Code, Reason] = {}
    for one in errors:
        if one.code not in kept or one.severity > kept[one.code].severity:
            kept[one.code] = one
    return list(kept.values())
