"""Comparisons that only the wording of a text allows: intervals told, whose figure it is, times, unknown sources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.claims.checking.named_source import named_source
from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.lookup import RATIO_ROLES, decimals, home_of, matches, units_agree
from hipevidence.claims.reading import signals
from hipevidence.claims.reading.figure import ONE_GROUP
from hipevidence.claims.reading.relation import AROUND
from hipevidence.claims.reading.resources import ONSET
from hipevidence.claims.reading.statement import UNSTATED
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.wording import SEXES, absolute_limits, figure_text, stated_text
from hipevidence.evidence.models import ClaimFigure

if TYPE_CHECKING:
    from hipevidence.claims.item import EvidenceItem, ItemFigure
    from hipevidence.claims.lookup import Home
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.relevance import Case

Homes = tuple["Home | None", ...]


def extra(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    """Return the reasons that the wording of a text gives beside those of the record.

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
        *_intervals(statement, case, homes),
        *_other_arm(statement, case, homes),
        *_difference_told_as_change(case, homes),
        *_no_time_printed(case, homes),
        *_unnamed_treatment(case, homes),
        *_unknown_treatment(statement, case),
        *_relative(statement),
        *_small(statement, case, homes),
        *_other_sex(statement, case),
        *_lasting(statement, case),
        *_settled_loosely(statement),
        *_told_for_others(statement, case),
        *_otherwise_then(case),
        *named_source(statement, case, homes),
    ]


def _stands_there(figure: Figure, home: Home, item: EvidenceItem, case: Case) -> bool:
    """Return whether another result on the same is the one told: same figure, same interval."""
    return any(
        matches(one, figure.value, home.stated) and same_limits(figure, one)
        for one in item.of_role(figure.role)
        if all(case.same_outcome(item, key) for key in case.claim.outcome)
    )


def _intervals(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    found = []
    for figure, home in zip(statement.figures, homes, strict=True):
        if figure.limits is None or home is None or same_limits(figure, home.figure):
            continue
        if any(_stands_there(figure, home, item, case) for item in case.verified):
            continue
        printed = figure_text(home.figure)
        told = stated_text(home.stated)
        sentence = f"The interval told with {told} is another than the one printed: {printed} ({home.item.label})."
        found.append(reason(Code.NUMBER, sentence, home.items, Severity.CONTRADICTS))
    return found


def same_limits(figure: Figure, printed: ItemFigure) -> bool:
    """Return whether the interval that a text tells is the one printed, signs dropped and either way up."""
    if figure.limits is None or not printed.ci.exists:
        return False
    low, high = absolute_limits(printed)
    pairs = [(low, high)]
    if printed.role in RATIO_ROLES and low > 0:
        pairs.append((1 / high, 1 / low))
    pairs += [(-other, -one) for one, other in pairs]
    digits = max(decimals(limit) for limit in figure.limits)
    slack = 0.5 * 10.0**-digits + 1e-9
    return any(all(abs(one - two) <= slack for one, two in zip(figure.limits, pair, strict=True)) for pair in pairs)


def _other_arm(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    """Say where a figure that the text gives to the comparison group is not the one of that group."""
    found = []
    items = [home.item for home in homes if home is not None and home.stated.role in ONE_GROUP]
    items = items or [item for item in case.verified if any(case.fits(item, outcome) for outcome in case.claim.outcome)]
    for other in statement.others:
        stated = ClaimFigure.model_validate(other.as_entry())
        printed = [(item, one) for item in items for one in item.of_role(other.role) if one.arm == 2]
        matching = [item for item, one in printed if matches(one, other.value, stated)]
        if matching and not any(case.same_comparator(item) for item in matching):
            about = case.context.label("comparator", *matching[0].comparator)
            sentence = f"{stated_text(stated)} is of those who got {about} ({matching[0].label})."
            found.append(reason(Code.COMPARATOR, sentence, matching))
        if matching:
            continue
        shown = "; ".join(f"{figure_text(one)} ({item.label})" for item, one in printed[:2])
        text = stated_text(stated)
        if shown:
            sentence = f"The statement gives {text} to the comparison group; the evidence prints {shown}."
            found.append(reason(Code.NUMBER, sentence, [item for item, _ in printed], Severity.CONTRADICTS))
        else:
            found.append(reason(Code.UNTRACED, f"{text}: no evidence prints it for the comparison group."))
    return found


def _difference_told_as_change(case: Case, homes: Homes) -> list[Reason]:
    """Say where a difference between groups is told as what happens to those treated."""
    for home in homes:
        if home is None or home.stated.role not in {"point_change", "percent_change"} or home.figure.scope != "between":
            continue
        about = case.context.label("comparator", *home.item.comparator)
        sentence = (
            f"{stated_text(home.stated)} is the difference from {about} ({home.item.label}); "
            f"the statement tells it as a "
            "change and does not say what it was compared with."
        )
        return [reason(Code.WITHIN_GROUP_CHANGE, sentence, home.items)]
    return []


def _no_time_printed(case: Case, homes: Homes) -> list[Reason]:
    """Say where a time is told with a figure whose source prints none."""
    stated = case.claim.time_weeks
    homes_of_results = [home for home in homes if home is not None and home.is_effect]
    if stated is None or not homes_of_results or not all(math.isnan(home.item.time_weeks) for home in homes_of_results):
        return []
    is_report = case.claim.relation == "describes" and all(home.item.kind == "pool" for home in homes_of_results)
    if is_report or not any(home.item.controlled for home in homes_of_results):
        return []  # the trials of a review were measured at several times; a follow-up is no time of treatment
    home = homes_of_results[0]
    sentence = f"{fmt.weeks(stated)}: {home.item.label} prints no time with {stated_text(home.stated)}."
    return [reason(Code.TIME, sentence, home.items)]


def _unnamed_treatment(case: Case, homes: Homes) -> list[Reason]:
    results = [figure for figure in case.claim.figures if figure.role not in AROUND]
    if case.claim.intervention != UNSTATED:
        return []
    if case.claim.relation == "promises" and case.says_direction:
        words = case.context.label("outcome", *case.directed)
        return [reason(Code.UNTRACED, f"A promise on {words} that names no treatment: no evidence carries it.")]
    if not results or any(home is not None for home in homes):
        return []
    figures = " and ".join(dict.fromkeys(stated_text(figure) for figure in results))
    sentence = f"{figures}: no evidence on this prints it, and the statement does not say what was done."
    return [reason(Code.UNTRACED, sentence)]


def _unknown_treatment(statement: Statement, case: Case) -> list[Reason]:
    """Say where something that the tables do not name is said to bring the result about."""
    results = [figure for figure in case.claim.figures if figure.role not in AROUND]
    if not statement.acts or not results:
        return []
    figures = " and ".join(dict.fromkeys(stated_text(figure) for figure in results))
    sentence = f"{figures}: what is said to bring it about ({statement.acts}) is nothing that the tables name."
    return [reason(Code.UNTRACED, sentence)]


def _relative(statement: Statement) -> list[Reason]:
    is_risk = any(key.startswith(ONSET) for key in statement.claim.outcome)
    in_words = is_risk and signals.IN_PARTS.search(statement.text) and statement.claim.finding != "not_reported"
    if not in_words and not any(figure.is_relative for figure in statement.figures):
        return []
    return [
        reason(
            Code.RELATIVE_WITHOUT_BASELINE,
            "A percentage more or less of a chance says nothing without the chance itself.",
        )
    ]


def _small(statement: Statement, case: Case, homes: Homes) -> list[Reason]:
    """Say where a difference is called large and is smaller than what matters on that scale to these people.

    A published pool names no instrument, so the smallest difference is then the one of the question on the same.
    """
    if not statement.says_size:
        return []
    for home in homes:
        if home is None or home.figure.role != "mean_difference" or not math.isnan(home.item.mcid):
            continue
        near = [
            item
            for item in case.verified
            if not math.isnan(item.mcid) and item.kind == "question" and case.same_population(item)
            if set(item.outcome) == set(home.item.outcome)
            if any(one.role == "mean_difference" and units_agree(home.stated.unit, one.unit) for one in item.figures)
        ]
        if near and abs(home.figure.value) < near[0].mcid:
            size = fmt.exact(near[0].mcid)
            sentence = f"{figure_text(home.figure)} ({home.item.label}) is smaller than the smallest "
            f"difference that matters ({size})."
            return [reason(Code.BELOW_MCID, sentence, [home.item, near[0]])]
    return []


def _other_sex(statement: Statement, case: Case) -> list[Reason]:
    """Say where a figure that the text gives to one sex was measured in the other."""
    found = []
    for figure, stated in zip(statement.figures, case.claim.figures, strict=True):
        if figure.sex not in SEXES:
            continue
        printing = [
            item for item in case.items for one in item.of_role(figure.role) if matches(one, figure.value, stated)
        ]
        told = {item.sex for item in printing}
        if printing and told <= set(SEXES) and figure.sex not in told:
            item = printing[0]
            sentence = (
                f"{stated_text(stated)} was measured in {SEXES[item.sex]} ({item.label}); "
                f"the statement puts it on {SEXES[figure.sex]}."
            )
            found.append(reason(Code.SUBGROUP, sentence, printing))
    return found


def _lasting(statement: Statement, case: Case) -> list[Reason]:
    """Say where a result is said to last, and those not treated were no longer there at the last measurement."""
    if not signals.LASTING.search(statement.text) or statement.admits or not case.says_direction:
        return []
    followed = [
        item
        for item in case.named_items or case.verified
        if case.same_population(item) and case.same_intervention(item) and not math.isnan(item.time_weeks)
        if item.kind == "row" and item.finding != "not_reported"
    ]
    if not followed:
        return []
    last = max(followed, key=lambda item: (item.time_weeks, item.has_comparison_group))
    if last.has_comparison_group:
        return []
    sentence = (
        f"The last measurement ({last.label}, {fmt.weeks(last.time_weeks)}) was of those treated only: "
        "whether they did better than others by then is not known."
    )
    return [reason(Code.NO_COMPARISON_GROUP, sentence, [last])]


def _settled_loosely(statement: Statement) -> list[Reason]:
    if not statement.is_loose or statement.claim.certainty != "always":
        return []
    return [reason(Code.CERTAINTY_TOO_STRONG, "Worded as settled; no evidence settles it.")]


def _otherwise_then(case: Case) -> list[Reason]:
    """Say where the paper named found something else at the very time that is told."""
    told = case.claim.time_weeks
    if told is None:
        return []
    for outcome in case.directed:
        then = [item for item in case.named_items if case.fits(item, outcome) and abs(item.time_weeks - told) < 1]
        against = [item for item in then if case.disagrees(item, outcome)]
        if against and not any(case.agrees(item, outcome) for item in then):
            sentence = f"At {fmt.weeks(told)} {against[0].label} found something else."
            return [reason(Code.TIME, sentence, against)]
    return []


def _told_for_others(statement: Statement, case: Case) -> list[Reason]:
    """Say where the interval of a mean is told as what another study or person will see."""
    if not signals.FOR_OTHERS.search(statement.text) or not any(one.limits for one in statement.figures):
        return []
    sentence = (
        "The interval is one of the mean over studies; where another study may land is the prediction interval, "
        "which is wider."
    )
    return [reason(Code.CERTAINTY_TOO_STRONG, sentence, case.named_items)]


def homes_of(case: Case) -> Homes:
    """Return where each figure of a statement comes from."""
    return tuple(home_of(stated, case) for stated in case.claim.figures)
