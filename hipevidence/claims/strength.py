"""Comparisons of how much a statement says with how much its evidence can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.lookup import outcomes_of
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.relevance import DIRECTIONS, OPPOSITE
from hipevidence.claims.support import Homes, carriers, distinct, effect_homes
from hipevidence.claims.wording import figure_text, names, plain_number, stated_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.lookup import Home
    from hipevidence.claims.relevance import Case

DIFFERENCES: Final = frozenset({"mean_difference", "percent_difference"})
CHANGES: Final = frozenset({"value_before", "value_after", "point_change", "percent_change"})
_DESIGN_WORDS: Final = {"mixed": "of mixed designs"}
FOUND: Final = {"no_difference": "found no difference", "mixed": "had mixed findings"}


def direction(case: Case, homes: Homes) -> list[Reason]:
    """Say where everything on exactly this comparison found no difference or the opposite."""
    for home in effect_homes(homes):
        for outcome in outcomes_of(home, case):
            stated = case.claim.finding_on(outcome)
            if case.fits(home.item, outcome) and home.item.finding == OPPOSITE.get(stated):
                sentence = f"{home.item.label}, where {stated_text(home.stated)} stands, found the opposite."
                return [reason(Code.DIRECTION, sentence, home.items)]
    denied = [outcome for outcome in case.directed if _is_denied(case, outcome)]
    against = distinct(item for outcome in denied for item in case.opposing(outcome))
    if not denied:
        return []
    words = case.context.label("outcome", *denied)
    return [reason(Code.DIRECTION, f"On {words}: {_findings(against)}. Nothing points the way it is told.", against)]


def _is_denied(case: Case, outcome: str) -> bool:
    """Return whether evidence on exactly this, or a trial of it, found nothing or the opposite, and none agrees."""
    against = [item for item in case.opposing(outcome) if item.finding != "mixed"]
    if case.supporting(outcome):
        return False
    exact = any(case.fits(item, outcome) for item in against)
    return exact or (any(item.controlled for item in against) and not case.hinting(outcome))


def null_or_contrary_left_out(case: Case, homes: Homes) -> list[Reason]:
    """Say which evidence that found no difference, or the opposite, goes unmentioned.

    The report of one study need not tell of others, but it must be known which study it is.
    """
    is_report = not case.is_general and (bool(case.claim.source.identified) or bool(effect_homes(homes)))
    against = distinct(
        item
        for outcome in case.directed
        if case.claim.finding_on(outcome) in DIRECTIONS and not _is_denied(case, outcome)
        for item in _against(case, outcome)
        if not case.is_other_condition(item)
        if not is_report or case.from_named_source(item)
    )
    if not against and case.is_general:
        against = distinct(
            item
            for outcome in case.directed
            if case.claim.finding_on(outcome) == "no_difference"
            for item in case.opposing(outcome)
            if item.kind != "row" and case.fits(item, outcome) and item.interval_includes_no_effect is False
        )
    if not against:
        return []
    severity = Severity.QUALIFIES if case.claim.certainty == "may" else Severity.OVERREACHES
    return [reason(Code.NULL_OR_CONTRARY_LEFT_OUT, f"Left out: {_findings(against)}.", against, severity)]


def _against(case: Case, outcome: str) -> tuple[EvidenceItem, ...]:
    """Return what disagrees; where only hints of another exposure agree, nulls of other exposures count as well."""
    return case.opposing(outcome) + (() if case.supporting(outcome) else case.objecting(outcome))


def _findings(items: Iterable[EvidenceItem]) -> str:
    """Return who found what, grouped by finding."""
    groups: dict[str, list[EvidenceItem]] = {}
    for item in items:
        groups.setdefault(item.finding, []).append(item)
    return "; ".join(f"{names(group)} {FOUND.get(finding, 'found the opposite')}" for finding, group in groups.items())


def causal_from_observational(case: Case, homes: Homes) -> list[Reason]:
    """Say where a cause or a promise rests on studies that gave nobody the treatment."""
    if case.claim.relation not in {"causes", "promises"}:
        return []
    base = carriers(case, homes) or distinct(i for outcome in case.directed for i in case.hinting(outcome))
    compared = tuple(item for item in base if item.has_comparison_group)
    if not compared or any(item.controlled and not item.goes_across_trials for item in base):
        return []
    designs = " and ".join(
        sorted({_DESIGN_WORDS.get(d, d.replace("_", "-")) for item in compared for d in item.design})
    )
    sentence = (
        f"The evidence for it is {designs} ({names(compared)}): it shows what goes together, not what causes what."
    )
    return [reason(Code.CAUSAL_FROM_OBSERVATIONAL, sentence, compared)]


def within_group_change(case: Case, homes: Homes) -> list[Reason]:
    """Say where a change within one group is told as the effect of a treatment, or a difference as a change."""
    if not case.needs_comparison or case.claim.relation == "describes":
        return []
    changes = [(stated, home) for stated, home in zip(case.claim.figures, homes, strict=True) if stated.role in CHANGES]
    for stated, home in changes:
        if home is not None and home.figure.scope == "between":
            sentence = f"{stated_text(stated)} is a difference between groups ({home.item.label}), not a change in one."
            return [reason(Code.WITHIN_GROUP_CHANGE, sentence, home.items)]
    for home in effect_homes(homes):
        if home.stated.role in DIFFERENCES and home.figure.scope == "within":
            sentence = f"{stated_text(home.stated)} is a change in one group ({home.item.label}), not a difference."
            return [reason(Code.WITHIN_GROUP_CHANGE, sentence, home.items)]
    between = _between_groups(case)
    told = [(stated, home) for stated, home in changes if home is None or _was_compared(case, home)]
    if not told or not (between or any(home is not None for _, home in told)):
        return []
    figures = " to ".join(dict.fromkeys(stated_text(stated) for stated, _ in told))
    sentence = f"{figures} is a change within one group, not what the treatment adds"
    if between:
        item = between[0]
        figure = next(figure for figure in item.figures if figure.scope == "between")
        against = case.context.label("comparator", *item.comparator)
        sentence += f"; against {against} the difference is {figure_text(figure)} ({item.label})"
    return [reason(Code.WITHIN_GROUP_CHANGE, f"{sentence}.", [*between, *(h.item for _, h in told if h is not None)])]


def _was_compared(case: Case, home: Home) -> bool:
    """Return whether the people of a change within one group were also compared with another group."""
    sample = home.item.sample_id
    return home.item.has_comparison_group or any(
        item.has_comparison_group for item in case.items if sample and item.sample_id == sample
    )


def _between_groups(case: Case) -> tuple[EvidenceItem, ...]:
    """Return verified differences in points between groups on the outcome of the statement, pooled ones first."""
    found = distinct(
        item
        for item in sorted(case.verified, key=lambda item: item.kind == "row")
        if any(figure.scope == "between" for figure in item.of_role("mean_difference"))
        if any(case.context.touches("outcome", item.outcome, outcome) for outcome in case.claim.outcome)
    )
    return found


def no_comparison_group(case: Case, homes: Homes) -> list[Reason]:
    """Say where a statement needs a comparison group and its evidence has none."""
    base = distinct(
        item
        for outcome in case.directed
        for group in [carriers(case, homes, outcome)]
        if not any(item.has_comparison_group for item in group)
        for item in group
    )
    if not base:
        return []
    words = case.context.label("outcome", *dict.fromkeys(key for item in base for key in item.outcome))
    counts = [f" ({fmt.count(i.events)} of {fmt.count(i.n_analysed)} people)" for i in base if i.events <= i.n_analysed]
    who = names(base) + "".join(counts[:1])
    sentence = f"{who} gives no comparison with other people for {words}: what would have happened anyway is not known."
    severity = Severity.OVERREACHES if case.needs_comparison else Severity.QUALIFIES
    return [reason(Code.NO_COMPARISON_GROUP, sentence, base, severity)]


def certainty_too_strong(case: Case, _homes: Homes) -> list[Reason]:
    """Say where settled wording meets evidence that disagrees or is not settled."""
    if wide := _wide_equality(case):
        return wide
    if case.claim.certainty != "always" or not case.says_direction:
        return []
    against = distinct(item for outcome in case.directed for item in case.opposing(outcome))
    if against:
        sentence = f"Worded as settled, but not all evidence agrees: {_findings(against)}."
        return [reason(Code.CERTAINTY_TOO_STRONG, sentence, against)]
    settled = [
        item
        for outcome in case.directed
        for item in case.carrying(outcome)
        if item.kind != "row" and item.controlled and item.interval_includes_no_effect is False
    ]
    if any(not item.could_vanish for item in settled):
        return []
    if settled:
        sentence = "Worded as settled, but that holds on average: a new study could find no difference."
        return [reason(Code.CERTAINTY_TOO_STRONG, sentence, settled)]
    sentence = "Worded as settled, but no pooled result of trials on exactly this excludes no difference."
    return [reason(Code.CERTAINTY_TOO_STRONG, sentence, carriers(case, ()))]


def _wide_equality(case: Case) -> list[Reason]:
    """Return where a stated equality rests on an interval that holds differences that matter."""
    if case.claim.certainty == "may":
        return []
    for outcome in case.directed:
        if case.claim.finding_on(outcome) != "no_difference":
            continue
        for item in case.carrying(outcome):
            for figure in item.of_role("mean_difference"):
                if figure.ci.exists and max(-figure.ci.low, figure.ci.high) > item.mcid:
                    sentence = (
                        f"Worded as settled, but {figure_text(figure)} ({item.label}) "
                        f"holds differences that matter ({plain_number(item.mcid)})."
                    )
                    is_report = case.claim.relation == "describes" and case.claim.certainty != "always"
                    severity = Severity.QUALIFIES if is_report else Severity.OVERREACHES
                    return [reason(Code.CERTAINTY_TOO_STRONG, sentence, [item], severity)]
    return []
