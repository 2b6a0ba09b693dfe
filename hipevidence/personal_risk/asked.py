"""Reading what was asked, and which rows of a risk model are about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

from hipevidence.errors import InputError
from hipevidence.evidence.models import RiskModel, Sex
from hipevidence.evidence.wording import advice, did_you_mean, listed, shown
from hipevidence.personal_risk.result import EvidenceItem, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hipevidence.evidence import Evidence

ROLES: Final[Mapping[str, Role]] = {
    "increases": "more",
    "decreases": "less",
    "no_difference": "no_difference",
    "mixed": "mixed",
    "not_reported": "not_reported",
}
EITHER_SEX: Final = frozenset({"mixed", "not_reported"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a model, every part a key that exists."""

    evidence: Evidence
    model: RiskModel
    sex: Sex
    outcome: str
    level: str
    population: str
    stratum: str

    def covers(self, section: str, broad: str, narrow: str) -> bool:
        """Return whether a term covers another, as in the vocabulary."""
        return self.evidence.vocabulary.covers(section, broad, narrow)

    def label(self, section: str, key: str) -> str:
        """Return how the vocabulary calls a key."""
        terms = self.evidence.vocabulary.get(section, {})
        return terms[key].label if key in terms else key

    def answered_by(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row holds for all of whom and what was asked."""
        return (
            row["sex"] == self.sex
            and self.covers("population", str(row["population"]), self.population)
            and self.covers("outcome", str(row["outcome"]), self.outcome)
        )

    def touched_by(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row is about some of whom and what was asked."""
        return (row["sex"] == self.sex or row["sex"] in EITHER_SEX or self.sex == "mixed") and all(
            self.covers(section, str(row[section]), asked) or self.covers(section, asked, str(row[section]))
            for section, asked in (("population", self.population), ("outcome", self.outcome))
        )


def read_question(
    evidence: Evidence,
    model: RiskModel,
    *,
    sex: str,
    outcome: str,
    level: str,
    population: str | None,
    stratum: str | None,
) -> Asked:
    """Return the question with words turned into keys; a word nobody knows is an error that names those there are."""
    if sex not in get_args(Sex):
        raise InputError(_unknown("sex", sex, get_args(Sex)))
    if level not in model.levels:
        raise InputError(_unknown("group of the exposure", level, model.levels))
    if stratum and stratum not in model.strata:
        raise InputError(_unknown("stratum", stratum, model.strata))
    key = model.outcomes.get(outcome, outcome)
    if key not in model.outcomes.values():
        raise InputError(_unknown("outcome of this model", outcome, model.outcomes))
    who = model.population if population is None else _population(evidence, population)
    known_sex: Sex = next(word for word in get_args(Sex) if word == sex)
    return Asked(evidence, model, known_sex, key, level, who, stratum or "")


def items(asked: Asked, estimate: str) -> tuple[EvidenceItem, ...]:
    """Return all evidence of the model: first what the answer rests on, then the same question, then the rest."""
    model = asked.model
    rows = {str(row["row_id"]): row for row in asked.evidence.records("studies")}
    pools = {str(pool["pool_id"]): pool for pool in asked.evidence.records("published_pools")}
    ids = dict.fromkeys((*(association.row for association in model.associations), *model.rows))
    found = [_item("row", "row_id", "study", "effect", rows[row_id], asked, estimate) for row_id in ids]
    found += [_item("pool", "pool_id", "review", "estimate", pools[pool_id], asked, "") for pool_id in model.pools]
    return tuple(sorted(found, key=lambda item: (item.role != "estimate", not item.same_question)))


def _item(
    kind: Any, key: str, name: str, effect: str, row: Mapping[str, Any], asked: Asked, estimate: str
) -> EvidenceItem:
    own = str(row[key])
    measure = row["effect_measure"] if kind == "row" else row["measure"]
    population, outcome = str(row["population"]), str(row["outcome"])
    return EvidenceItem(
        kind=kind,
        id=own,
        study=str(row[name]),
        population=population,
        sex=str(row["sex"]),
        outcome=outcome,
        people=str(row["population_detail"]) or asked.label("population", population),
        outcome_label=asked.label("outcome", outcome),
        role="estimate" if own == estimate else ROLES.get(str(row["finding"]), "not_reported"),
        measure="" if measure == "NONE" else str(measure),
        effect=float(row[effect]),
        low=float(row["ci_low"]),
        high=float(row["ci_high"]),
        effect_sign=float(row["effect_sign"]),
        same_question=asked.touched_by(row),
        verification=str(row["verification"]),
        read_in=str(row["read_in"]),
        doi=str(row["doi"]),
        url=str(row["url"]),
        note=str(row["note"]),
    )


def _population(evidence: Evidence, word: str) -> str:
    terms = evidence.vocabulary.get("population", {})
    if word in terms:
        return word
    wanted = word.strip().lower()
    for key, term in terms.items():
        if wanted == term.label.lower():
            return key
    raise InputError(_unknown("population", word, terms))


def _unknown(what: str, word: str, known: Collection[str]) -> str:
    action = advice(did_you_mean(word, known), "Choose one of them.")
    return f"found no {what} {shown(word)}; allowed: {listed(known)}. {action}"
