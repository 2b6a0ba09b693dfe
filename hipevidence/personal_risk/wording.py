"""The sentences of an answer. Numbers are worded by ``hipevidence.format``, names come from the tables."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final, cast

from hipevidence import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hipevidence.evidence.models import RiskModel
    from hipevidence.personal_risk.asked import Asked
    from hipevidence.personal_risk.result import AtBaseline, EvidenceItem, Relative
    from hipevidence.results import Interval

SEXES: Final = {"female": "women", "male": "men", "mixed": "women and men", "not_reported": "people"}
RATIOS: Final = {"OR": "odds ratio", "RR": "risk ratio", "HR": "hazard ratio"}
HOW_TO_ASK: Final = "Give that risk as a baseline (--baseline 0.20), or ask for a scenario (--scenario)."
FINDINGS: Final = {
    "more": "found more of it",
    "less": "found less of it",
    "no_difference": "found no association",
    "mixed": "found it mixed",
    "not_reported": "without a result on record",
}


def answer(
    asked: Asked, relative: Relative, risks: tuple[AtBaseline, ...], observed: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the statement of an answer, one sentence a line, and why it is only a ratio where it is."""
    ratio = f"{RATIOS[relative.measure]} {fmt.estimate(relative.effect, relative.ci)}"
    head = (
        f"{_capital(_outcome(asked))}{_time(relative)} in {_people(asked)}: {ratio} for {_level(asked)} against "
        f"{_reference(asked)}."
    )
    if not risks:
        return head, (_why_relative(asked, relative, observed), HOW_TO_ASK)
    lines = [head]
    for label, group in itertools.groupby(risks, key=lambda one: one.label):
        lines += [f"{_capital(label)}.", *(_at_baseline(asked, one) for one in group)]
    return "\n".join(lines), ()


def refusal(asked: Asked, found: Iterable[EvidenceItem]) -> tuple[str, tuple[str, ...]]:
    """Return the statement of a refusal, and why."""
    if asked.level == asked.model.reference_level:
        statement = f"No estimate: {_level(asked)} is the group that the others are compared with."
        return statement, ("Its risk is the baseline itself.",)
    about = f"{_outcome(asked)} in {_people(asked)}"
    answering = [row for row in _association_rows(asked) if asked.answered_by(row)]
    if answering:
        names = ", ".join(dict.fromkeys(str(row["study"]) for row in answering))
        return f"No estimate on {about}: {names} prints no ratio for {_level(asked)}.", (_elsewhere(asked),)
    near = [item for item in found if item.same_question and item.kind == "row"]
    seen = [item for item in near if item.role != "not_reported"]
    if not seen:
        unread = f"; {_names(near)}: none on record" if near else ""
        return f"No estimate: no result on {about} is in the tables{unread}.", (_elsewhere(asked),)
    if all(item.role == "no_difference" for item in seen):
        who = "the only study" if len(seen) == 1 else f"all {len(seen)} results"
        statement = f"No estimate on {about}: {who}, {_names(seen)}, found no association."
        return statement, (*_without_figures(seen), _elsewhere(asked))
    parts = [f"{_names(group)} {finding(role, asked.model)}" for role in FINDINGS if (group := _of_role(seen, role))]
    why = "None of them gives a ratio for these people at this level."
    return f"No estimate on {about}: {'; '.join(parts)}.", (why, _elsewhere(asked))


def finding(role: str, model: RiskModel) -> str:
    """Return what a study found, in words that say in whom."""
    if role not in {"more", "less"}:
        return FINDINGS[role]
    return f"{FINDINGS[role]} {f'with {model.exposed}' if model.exposed else 'in the exposed'}"


def balance(found: Sequence[EvidenceItem], model: RiskModel) -> str:
    """Return how the rest of the evidence lies: what it found, counted."""
    others = [item for item in found if item.role != "estimate"]
    parts = [
        f"{fmt.count(len(group))} {finding(role, model)}" for role in FINDINGS if (group := _of_role(others, role))
    ]
    return f"One result of one study. Of the {fmt.plural(len(others), 'other result')} listed, {', '.join(parts)}."


def evidence_line(item: EvidenceItem, model: RiskModel) -> str:
    """Return one line on a row or pool: who found what, in whom, and what is printed."""
    found = "the answer rests on it" if item.role == "estimate" else finding(item.role, model)
    pooled = " (review)" if item.kind == "pool" else ""
    who = item.people if item.sex == "not_reported" else f"{item.people} ({SEXES[item.sex]})"
    return f"{item.study}{pooled}, {who}, {item.outcome_label}: {found}{_printed(item)} [{item.id}]"


def _printed(item: EvidenceItem) -> str:
    if not item.measure or math.isnan(item.effect):
        return ""
    figures = _figures(item.effect, item.low, item.high)
    if item.effect_sign != -1:
        return f"; {item.measure} {figures}"
    turned = (1 / x if item.measure in RATIOS else -x for x in (item.effect, item.high, item.low))
    return f"; {item.measure} {_figures(*turned)}, turned round from the printed {figures}"


def _figures(effect: float, low: float, high: float) -> str:
    return fmt.number(effect) if math.isnan(low) else f"{fmt.number(effect)} ({fmt.interval(low, high)})"


def _at_baseline(asked: Asked, one: AtBaseline) -> str:
    risks = one.risks
    level, ci, difference = risks.ci.level, risks.ci, cast("float", risks.difference)
    return (
        f"If it happens in {of_100(cast('float', risks.baseline))} of 100{_counted(asked)} with {_reference(asked)}, "
        f"it happens in about {of_100(cast('float', risks.risk))} of 100 ({fmt.coverage(level)} CI {of_100(ci.low)} to "
        f"{of_100(ci.high)}) with {_level(asked)}: {change(difference)} ({changes(risks.difference_ci)})."
    )


def _why_relative(asked: Asked, relative: Relative, observed: Sequence[str]) -> str:
    odds = " A ratio of odds is not one of risks." if relative.measure == "OR" else ""
    where = f"was observed: {', '.join(observed)}" if observed else "no row prints for these people"
    return f"How many of 100 cannot be said without the risk of those with {_reference(asked)}, which {where}.{odds}"


def _without_figures(seen: list[EvidenceItem]) -> tuple[str, ...]:
    if any(not math.isnan(item.effect) for item in seen):
        return ()
    return ("No figure was printed with it: that no association was found does not prove that there is none.",)


def _elsewhere(asked: Asked) -> str:
    rows = {str(row["row_id"]): row for row in _association_rows(asked)}
    has = [
        f"{asked.label('outcome', str(row['outcome']))} in {SEXES[str(row['sex'])]} "
        f"({asked.label('population', str(row['population']))}) with {asked.model.levels[association.level]}"
        for association in asked.model.associations
        for row in [rows[association.row]]
    ]
    return f"There is an estimate only for {', '.join(dict.fromkeys(has)) or 'nobody'}; it is not carried over."


def _association_rows(asked: Asked) -> list[dict[str, object]]:
    wanted = {association.row for association in asked.model.associations}
    return [row for row in asked.evidence.records("studies") if row["row_id"] in wanted]


def _of_role(found: Iterable[EvidenceItem], role: str) -> list[EvidenceItem]:
    return [item for item in found if item.role == role]


def of_100(risk: float) -> str:
    """Return a risk as people out of 100, with one decimal below 1."""
    hundredfold = 100 * risk
    return fmt.number(hundredfold, 0 if hundredfold >= 1 or hundredfold == 0 else 1)


def change(difference: float) -> str:
    """Return a risk difference as people out of 100, in words."""
    if difference == 0:
        return "no more and no fewer"
    return f"{of_100(abs(difference))} {'more' if difference > 0 else 'fewer'}"


def changes(ci: Interval) -> str:
    """Return the interval of a risk difference as people out of 100, in words."""
    return f"{change(ci.low)} to {change(ci.high)}"


def _names(found: Iterable[EvidenceItem]) -> str:
    return ", ".join(dict.fromkeys(f"{item.study} ({SEXES[item.sex]})" for item in found))


def _people(asked: Asked) -> str:
    who = asked.label("population", asked.population)
    return f"{SEXES[asked.sex]} ({', '.join(filter(None, (who, asked.model.strata.get(asked.stratum, ''))))})"


def _counted(asked: Asked) -> str:
    return f" {asked.model.counted}" if asked.model.counted else ""


def _outcome(asked: Asked) -> str:
    return asked.label("outcome", asked.outcome)


def _level(asked: Asked) -> str:
    return asked.model.levels[asked.level]


def _reference(asked: Asked) -> str:
    return asked.model.levels[asked.model.reference_level]


def _time(relative: Relative) -> str:
    return "" if math.isnan(relative.time_weeks) else f" within {fmt.time_span(relative.time_weeks)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
