"""Where a baseline risk comes from: the person who asks, a row, or a scenario. It is never invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.evidence.wording import listed, shown
from hipevidence.personal_risk.result import AtBaseline
from hipevidence.risk import absolute_risk, absolute_risk_from_counts, convert_effect, e_value

if TYPE_CHECKING:
    from hipevidence.evidence.models import RiskBaseline
    from hipevidence.personal_risk.asked import Asked
    from hipevidence.personal_risk.result import BaselineKind, Relative
    from hipevidence.risk import AbsoluteRisk


@dataclass(frozen=True, slots=True)
class Baseline:
    """One baseline risk: a number, or the counts it was observed in."""

    kind: BaselineKind
    label: str
    risk: float
    events: float | None = None
    n: float | None = None


def read_baselines(
    asked: Asked, baseline: float | str | None, *, scenario: str | None
) -> tuple[tuple[Baseline, ...], tuple[str, ...]]:
    """Return the baselines that serve the people asked about, and why others do not.

    Parameters
    ----------
    asked
        The question.
    baseline
        A risk above 0 and below 1, the name of an observed baseline of the model, or ``None``.
    scenario
        Name of a scenario of the model, or ``None``.

    Raises
    ------
    InputError
        If the risk is none, or a name is unknown.
    """
    chosen: list[Baseline] = []
    notes: tuple[str, ...] = ()
    if isinstance(baseline, str):
        observed, notes = _observed(asked, baseline)
        chosen += observed
    elif baseline is not None:
        chosen.append(
            Baseline("given", "baseline given by the person who asks, not from the tables", _checked(baseline))
        )
    if scenario is not None:
        chosen += _scenario(asked, scenario)
    return tuple(chosen), notes


def observed_for(asked: Asked) -> tuple[str, ...]:
    """Return the names of the observed baselines of the model that serve the people asked about."""
    rows = {str(row["row_id"]): row for row in asked.evidence.records("studies")}
    return tuple(one.id for one in asked.model.baselines if one.row in rows and _serves(asked, rows[one.row]))


def at_baseline(baseline: Baseline, relative: Relative) -> AtBaseline:
    """Return the risks that a ratio makes of a baseline."""
    figures = (relative.measure, relative.effect, relative.ci.low, relative.ci.high)
    level = relative.ci.level
    risks: AbsoluteRisk
    if baseline.events is not None and baseline.n is not None:
        risks = absolute_risk_from_counts(*figures, events=baseline.events, n=baseline.n, level=level)
    else:
        risks = absolute_risk(*figures, baseline=baseline.risk, level=level)
    measure, *printed = figures
    ratio = convert_effect(measure, "RR", *printed, baseline=baseline.risk, level=level)
    exists = not (np.isnan(ratio.value) or np.isnan(ratio.ci.low) or np.isnan(ratio.ci.high))
    explained = e_value("RR", ratio.value, ratio.ci.low, ratio.ci.high, level=level) if exists else None
    return AtBaseline(baseline.kind, baseline.label, risks, ratio, explained)


def _checked(risk: float) -> float:
    if not 0 < risk < 1:
        hint = f" For {fmt.exact(risk)} % write {fmt.exact(risk / 100)}." if 1 < risk < 100 else ""
        raise InputError(f"baseline is {risk:g}; allowed: above 0 and below 1, as in 0.2 for 20 of 100.{hint}")
    return risk


def _observed(asked: Asked, name: str) -> tuple[list[Baseline], tuple[str, ...]]:
    known = {baseline.id: baseline for baseline in asked.model.baselines}
    if name not in known:
        allowed = f"a number above 0 and below 1 (with a point, as in 0.2), or: {listed(known) or 'nothing else'}"
        raise InputError(f"baseline is {shown(name)}; allowed: {allowed}. Give one of them or leave it out.")
    entry = known[name]
    row = next(row for row in asked.evidence.records("studies") if row["row_id"] == entry.row)
    events, n = float(row[f"events{entry.arm}"]), float(row[f"n{entry.arm}"])
    source = f"{entry.label}, {row['study']}: {fmt.count(events)} of {fmt.count(n)}"
    if _serves(asked, row):
        return [Baseline("row", source, events / n, events, n)], ()
    return [], (_not_served(asked, entry, row, source),)


def _serves(asked: Asked, row: dict[str, Any]) -> bool:
    return asked.covers("population", str(row["population"]), asked.population) and asked.covers(
        "outcome", asked.outcome, str(row["outcome"])
    )


def _not_served(asked: Asked, entry: RiskBaseline, row: dict[str, object], source: str) -> str:
    own, outcome = asked.label("population", str(row["population"])), asked.label("outcome", str(row["outcome"]))
    return f"The baseline {entry.id} ({source}) is about {outcome} in {own}. It serves nobody else."


def _scenario(asked: Asked, name: str) -> list[Baseline]:
    known = {scenario.id: scenario for scenario in asked.model.scenarios}
    if name not in known:
        raise InputError(
            f"found no scenario {shown(name)}; allowed: {listed(known) or 'none in this model'}. Choose one of them."
        )
    entry = known[name]
    return [Baseline("scenario", f"scenario, observed by nobody: {entry.title}", risk) for risk in entry.baselines]
