"""The entries of ``risk_models.toml``, checked against the tables they refer to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.evidence.entries import Entries, read_entries
from hipevidence.evidence.models import RiskModel
from hipevidence.evidence.wording import Words, advice, did_you_mean, listed, plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.errors import Problem
    from hipevidence.evidence.load import Evidence
    from hipevidence.evidence.sources import Source
    from hipevidence.evidence.vocabulary import Vocabulary

FILE: Final = "risk_models.toml"
RATIOS: Final = frozenset({"OR", "RR", "HR"})
RISK_MODEL_LINKS: Final = {
    "population": ("vocabulary.population", "key"),
    "associations.row": ("studies", "row_id"),
    "baselines.row": ("studies", "row_id"),
    "rows": ("studies", "row_id"),
    "pools": ("published_pools", "pool_id"),
}


def find_risk_model(evidence: Evidence, key: str | None = None) -> RiskModel:
    """Return the risk model with this id, or the only one.

    Parameters
    ----------
    evidence
        The loaded folder.
    key
        Its id; may be left out where there is one model.

    Returns
    -------
    RiskModel
        The model.

    Raises
    ------
    InputError
        If there is none with this id, or several and none was named.
    """
    models = {model.id: model for model in evidence.risk_models}
    if key is None and len(models) == 1:
        return next(iter(models.values()))
    if key is not None and key in models:
        return models[key]
    found = "no risk model named" if key is None else f"no risk model {shown(key)}"
    raise InputError(f"{found}; allowed: {listed(models) or 'none yet'}. {did_you_mean(key or '', models)}".rstrip())


def read_risk_models(source: Source, problems: list[Problem]) -> Entries[RiskModel] | None:
    """Read ``risk_models.toml``, adding what is wrong with it to ``problems``; ``None`` when it is no TOML."""
    return read_entries(source, "risk_model", RiskModel, RISK_MODEL_LINKS, problems)


def check_risk_models(
    entries: Entries[RiskModel], studies: list[dict[str, Any]], vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield a problem for each level, outcome or row that cannot play its part; keys are checked with all others."""
    rows = {str(row["row_id"]): row for row in studies}
    if len(entries.records) < len(entries.raw):
        return  # positions of records and entries agree only when all could be read
    for position, model in enumerate(entries.records):
        outcomes = vocabulary.get("outcome", {})
        for word, key in model.outcomes.items():
            if key not in outcomes:
                yield _unknown(entries, position, ("outcomes", word), key, outcomes)
        if model.reference_level not in model.levels:
            yield _unknown(entries, position, ("reference_level",), model.reference_level, model.levels)
        yield from _association_problems(entries, position, model, rows)
        yield from _baseline_problems(entries, position, model, rows)


def _unknown(entries: Entries[RiskModel], position: int, place: tuple[int | str, ...], key: str, known: Any) -> Problem:
    action = advice(did_you_mean(key, known), "Correct it, or add it there.")
    return entries.problem(
        position, place, Words(f"unknown key {shown(key)}", f"one of {listed(known)}", action), "unknown_key"
    )


def _association_problems(
    entries: Entries[RiskModel], position: int, model: RiskModel, rows: dict[str, dict[str, Any]]
) -> Iterator[Problem]:
    for number, association in enumerate(model.associations):
        place = ("associations", number)
        if association.level not in model.levels:
            yield _unknown(entries, position, (*place, "level"), association.level, model.levels)
        if association.stratum is not None and association.stratum not in model.strata:
            yield _unknown(entries, position, (*place, "stratum"), association.stratum, model.strata)
        row = rows.get(association.row)
        if row is None:
            continue
        figures = (row["effect"], row["ci_low"], row["ci_high"])
        if row["effect_measure"] not in RATIOS or any(math.isnan(figure) for figure in figures):
            action = "Name a row with its ratio and both limits, or list this one under rows."
            words = Words(f"{plain(association.row)}, which prints no ratio with limits", "OR, RR or HR", action)
            yield entries.problem(position, (*place, "row"), words, "no_ratio")


def _baseline_problems(
    entries: Entries[RiskModel], position: int, model: RiskModel, rows: dict[str, dict[str, Any]]
) -> Iterator[Problem]:
    for number, baseline in enumerate(model.baselines):
        row = rows.get(baseline.row)
        if row is not None and any(math.isnan(row[f"{name}{baseline.arm}"]) for name in ("events", "n")):
            action = "Name an arm whose events and people are printed."
            words = Words(f"arm {baseline.arm} of {plain(baseline.row)} without counts", "events and people", action)
            yield entries.problem(position, ("baselines", number, "row"), words, "no_counts")
        form = baseline.fact_box
        if row is not None and form is not None and form.time_period and not _names_time(form.time_period, row):
            time = fmt.weeks(row["time_weeks"])
            words = Words(
                f"the time {plain(form.time_period)} for {plain(baseline.row)}",
                f"words with “{time}”, the time of that row",
                "Say the time as the row has it.",
            )
            yield entries.problem(position, ("baselines", number, "fact_box", "time_period"), words, "other_time")


def _names_time(text: str, row: dict[str, Any]) -> bool:
    return fmt.weeks(row["time_weeks"]) in text
