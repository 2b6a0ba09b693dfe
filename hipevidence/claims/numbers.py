"""Comparisons of the figures of a statement with the figures of the evidence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.lookup import DOSES, RATIO_ROLES, SIZES, TIMES, Home, decimals, rivals
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.wording import figure_text, names, stated_text

if TYPE_CHECKING:
    from hipevidence.claims.item import EvidenceItem, ItemFigure
    from hipevidence.claims.relevance import Case
    from hipevidence.claims.support import Homes
    from hipevidence.evidence.models import ClaimFigure

ABSOLUTE: Final = frozenset({"proportion_percent", "count_people", "value_before", "value_after"})


def number(case: Case, homes: Homes) -> list[Reason]:
    """Say what the evidence prints where the statement prints something else."""
    found = []
    for stated, home in zip(case.claim.figures, homes, strict=True):
        others = _rivals(stated, case) if home is None else ()
        if not _differ(stated, others):
            continue
        largest = max(_magnitude(figure.value, stated.role) for _, figure in others)
        is_larger = _magnitude(stated.value, stated.role) > largest
        severity = Severity.OVERREACHES if is_larger else Severity.CONTRADICTS
        shown = "; ".join(
            dict.fromkeys(
                f"{figure_text(figure)}{_against(case, item, figure)} ({item.label})" for item, figure in others[:4]
            )
        )
        sentence = f"The statement says {stated_text(stated)}; the evidence prints {shown}."
        found.append(reason(Code.NUMBER, sentence, [item for item, _ in others], severity))
    return found


def _magnitude(value: float, role: str) -> float:
    """Return how far a figure is from no effect; a ratio of one half is as far as a ratio of two."""
    return abs(math.log(value)) if role in RATIO_ROLES and value > 0 else abs(value)


def _rivals(stated: ClaimFigure, case: Case) -> tuple[tuple[EvidenceItem, ItemFigure], ...]:
    """Return what the evidence prints instead; a recommended dose is not refuted by the dose of one study."""
    is_advice = case.claim.relation == "recommends" and stated.role in DOSES
    return () if is_advice else rivals(stated, case)


def _differ(stated: ClaimFigure, others: tuple[tuple[EvidenceItem, ItemFigure], ...]) -> bool:
    """Return whether any figure of the evidence lies outside the stated one."""
    top = stated.value if stated.high is None else stated.high
    return any(not stated.value <= abs(figure.value) <= top for _, figure in others)


def _against(case: Case, item: EvidenceItem, figure: ItemFigure) -> str:
    """Return what a result was compared with, where that is one thing."""
    if figure.scope != "between" or case.context.is_unspecific("comparator", item.comparator[0]):
        return ""
    return f" against {case.context.label('comparator', *item.comparator)}"


def rounded(_case: Case, homes: Homes) -> list[Reason]:
    """Say which figures were rounded to the nearest five."""
    return [
        reason(
            Code.ROUNDED,
            f"{stated_text(home.stated)} is coarsely rounded from {_ends(home)} ({names(home.items)}).",
            home.items,
        )
        for home in homes
        if home is not None and home.is_rounded
    ]


def _ends(home: Home) -> str:
    top = home.stated.high
    figures = [figure for figure in home.upper.of_role(home.stated.role) if top is not None]
    nearest = min(figures, key=lambda figure: abs(abs(figure.value) - (top or 0.0)), default=home.figure)
    return f"{figure_text(home.figure)} and {figure_text(nearest)}"


def figure_unverified(case: Case, homes: Homes) -> list[Reason]:
    """Say which figures nobody has seen anywhere but in the statement or in memory."""
    unseen = [
        home for home in homes if home is not None and not home.item.verified and not is_detail(home.stated, case)
    ]
    if not unseen:
        return []
    figures = " and ".join(dict.fromkeys(stated_text(home.stated) for home in unseen))
    items = [item for home in unseen for item in home.items]
    how = {
        "as_cited": "as the statement itself cites it",
        "unverified": "from memory",
    }.get(items[0].verification, "in a row that is set aside")
    if items[0].status == "excluded":
        how = "in a row that is set aside"
    sentence = f"{figures}: in the table only {how} ({names(items)}); nobody has checked it against the source."
    return [reason(Code.FIGURE_UNVERIFIED, sentence, items)]


def figure_disagrees_with_source(case: Case, homes: Homes) -> list[Reason]:
    """Hold the change that the stated figures imply against the percentage that the authors quote."""
    pairs = list(zip(case.claim.figures, homes, strict=True))
    befores = [pair for pair in pairs if pair[0].role == "value_before"]
    afters = [pair for pair in pairs if pair[0].role == "value_after"]
    found = []
    for (before, home), (after, _) in zip(befores, afters, strict=False):
        implied = 100 * (before.value - after.value) / before.value
        for item, figure in _quoted(case, home):
            places = decimals(abs(figure.value))
            if abs(abs(implied) - abs(figure.value)) > 0.5 * 10.0**-places:
                sentence = (
                    f"{stated_text(before)} to {stated_text(after)} is a change of {fmt.percent(abs(implied), 1)}; "
                    f"the authors quote {fmt.percent(abs(figure.value), places)} ({item.label})."
                )
                found.append(reason(Code.FIGURE_DISAGREES_WITH_SOURCE, sentence, [item, *_items(home)]))
    return found


def _quoted(case: Case, home: Home | None) -> list[tuple[EvidenceItem, ItemFigure]]:
    """Return printed percent changes of the same people on the same outcome."""
    samples = {home.item.sample_id} if home is not None else {item.sample_id for item in case.named_items}
    return [
        (item, figure)
        for item in case.verified
        if item.sample_id and item.sample_id in samples
        if any(case.context.touches("outcome", item.outcome, outcome) for outcome in case.claim.outcome)
        for figure in item.of_role("percent_change")
        if not figure.derived
    ]


def _items(home: Home | None) -> tuple[EvidenceItem, ...]:
    return () if home is None else home.items


def composite(case: Case, homes: Homes) -> list[Reason]:
    """Say which figures were put together from several studies, or used in a study but never compared."""
    found = []
    for home in homes:
        if home is None or not home.item.verified:
            continue
        text = stated_text(home.stated)
        if home.is_composite:
            sentence = f"No listed study has {text} as a whole; the two ends come from {names(home.items)}."
            found.append(reason(Code.COMPOSITE, sentence, home.items))
        elif case.claim.relation == "recommends" and home.stated.role in DOSES:
            sentence = f"{names(home.items)} used {text}; it was not compared with any other amount."
            found.append(reason(Code.COMPOSITE, sentence, home.items, Severity.QUALIFIES))
    return found


def untraced(case: Case, homes: Homes) -> list[Reason]:
    """Say which figures no listed evidence prints, and whether anything speaks to the statement at all."""
    lost = [
        stated
        for stated, home in zip(case.claim.figures, homes, strict=True)
        if home is None and not is_detail(stated, case) and not _differ(stated, _rivals(stated, case))
    ]
    if lost:
        figures = " and ".join(dict.fromkeys(stated_text(stated) for stated in lost))
        return [reason(Code.UNTRACED, f"{figures}: unverified figure; none of the evidence prints it.")]
    if case.says_direction and not _is_touched(case, homes):
        words = case.context.label("outcome", *case.directed)
        return [reason(Code.UNTRACED, f"No evidence was found that what is said happens to {words}.")]
    if not case.says_direction and not case.claim.figures and not case.named_items:
        return [reason(Code.UNTRACED, "The statement gives no result and names no source that could be checked.")]
    return []


def _is_touched(case: Case, homes: Homes) -> bool:
    """Return whether anything speaks to the statement: a figure found, evidence on topic, or a hint its way."""
    found = any(home is not None and home.is_effect for home in homes)
    return found or any(
        case.supporting(outcome)
        or case.hinting(outcome)
        or any(item.finding != "mixed" for item in case.opposing(outcome))
        for outcome in case.directed
    )


def detail_unverified(case: Case, homes: Homes) -> list[Reason]:
    """Say which numbers and names that only describe the source could not be checked."""
    found = []
    for stated, home in zip(case.claim.figures, homes, strict=True):
        is_unseen = home is None and not _differ(stated, _rivals(stated, case))
        if is_detail(stated, case) and (is_unseen or (home is not None and not home.item.verified)):
            kind = {"count_studies": "studies", "count_people": "people"}.get(stated.role, stated.role)
            found.append(reason(Code.DETAIL_UNVERIFIED, f"{stated_text(stated)} {kind}: not seen in the source."))
    source = case.claim.source
    if source.named and source.identified is None:
        found.append(reason(Code.DETAIL_UNVERIFIED, f"The source ({source.named}) could not be identified."))
    return found


def is_detail(stated: ClaimFigure, case: Case) -> bool:
    """Return whether a figure only describes the source of a statement that says something else.

    In a recommendation the dose, and in a promise the time, is part of what is said.
    """
    roles = SIZES if case.claim.relation in {"recommends", "promises"} else SIZES | TIMES
    return stated.role in roles and case.says_direction


def odds_read_as_risk(_case: Case, homes: Homes) -> list[Reason]:
    """Say where one kind of ratio is told as another, as a rule odds as risk."""
    return [
        reason(
            Code.ODDS_READ_AS_RISK,
            f"{figure_text(home.figure)} ({home.item.label}) is {_a_ratio(home.figure.role)}, "
            f"not {_a_ratio(home.stated.role)}.",
            home.items,
        )
        for home in homes
        if home is not None and home.stated.role in RATIO_ROLES and home.figure.role != home.stated.role
    ]


def _a_ratio(role: str) -> str:
    words = role.replace("_", " ")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def relative_without_baseline(case: Case, homes: Homes) -> list[Reason]:
    """Say that a ratio stands without the number of people it is a ratio of."""
    ratios = [stated for stated in case.claim.figures if stated.role in RATIO_ROLES]
    if not ratios or any(stated.role in ABSOLUTE for stated in case.claim.figures):
        return []
    sentence = f"{stated_text(ratios[0])} is a ratio; how many people it concerns is not said."
    behind = [item for home in homes if home is not None and home.stated in ratios for item in home.items]
    return [reason(Code.RELATIVE_WITHOUT_BASELINE, sentence, behind)]
