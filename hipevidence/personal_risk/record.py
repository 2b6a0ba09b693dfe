"""An answer as plain data for ``--json`` and as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hipevidence.personal_risk.wording import evidence_line

if TYPE_CHECKING:
    from hipevidence.personal_risk.result import AtBaseline, EvidenceItem, PersonalRisk
    from hipevidence.results import Interval


def as_record(found: PersonalRisk) -> dict[str, Any]:
    """Return the answer as nested plain data with stable keys and numbers at full precision.

    Risks are fractions, ratios are ratios. What could not be computed is nan here and null in JSON.
    """
    relative = found.relative
    return {
        "model": found.model.id,
        "asked": {
            "sex": found.sex,
            "outcome": found.outcome,
            "level": found.level,
            "reference_level": found.model.reference_level,
            "population": found.population,
            "stratum": found.stratum or None,
        },
        "answer": found.answer,
        "statement": found.statement,
        "reasons": list(found.reasons),
        "relative": None
        if relative is None
        else {
            "row_id": relative.row_id,
            "measure": relative.measure,
            "estimate": relative.effect,
            **_limits(relative.ci),
            "level": relative.ci.level,
            "time_weeks": relative.time_weeks,
            "adjusted_for": relative.adjusted_for,
        },
        "dose_response": {
            "measure": found.trend.measure or None,
            "ratio_per_group": found.trend.ratio,
            **_limits(found.trend.ci),
            "p_value": found.trend.p_value,
            "row_ids": list(found.trend.row_ids),
            "reason": found.trend.reason,
        },
        "absolute": [_at_baseline(one) for one in found.at_baseline],
        "evidence": [_item(item) for item in found.evidence],
        "caveats": list(found.caveats),
    }


def as_text(found: PersonalRisk) -> str:
    """Return the answer as a short text: statement, reasons, caveats, evidence for and against."""
    lines = [found.statement]
    lines += [f"  {reason}" for reason in found.reasons]
    lines += [f"  {caveat}" for caveat in found.caveats]
    for title, chosen in (
        ("Rests on", [item for item in found.evidence if item.role == "estimate"]),
        ("On the same question", [i for i in found.evidence if i.same_question and i.role != "estimate"]),
        ("On other people or outcomes", [i for i in found.evidence if not i.same_question and i.role != "estimate"]),
    ):
        if chosen:
            lines += ["", f"{title}:", *(f"  {evidence_line(item, found.model)}" for item in chosen)]
    return "\n".join(lines)


def _limits(ci: Interval) -> dict[str, float]:
    return {"ci_low": ci.low, "ci_high": ci.high}


def _at_baseline(one: AtBaseline) -> dict[str, Any]:
    risks, ratio, e_value = one.risks, one.risk_ratio, one.e_value
    return {
        "baseline": risks.baseline,
        "baseline_kind": one.kind,
        "baseline_label": one.label,
        "baseline_ci": _limits(risks.baseline_ci),
        "risk": risks.risk,
        "risk_ci": _limits(risks.ci),
        "difference": risks.difference,
        "difference_ci": _limits(risks.difference_ci),
        "risk_ratio": ratio.value,
        "risk_ratio_ci": _limits(ratio.ci),
        "e_value": None if e_value is None else {"estimate": e_value.value, "limit": e_value.limit},
        "method": risks.method,
        "reason": risks.reason,
    }


def _item(item: EvidenceItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.id,
        "study": item.study,
        "population": item.population,
        "people": item.people,
        "sex": item.sex,
        "outcome": item.outcome,
        "role": item.role,
        "same_question": item.same_question,
        "measure": item.measure or None,
        "effect": item.effect,
        "ci_low": item.low,
        "ci_high": item.high,
        "effect_sign": -1 if item.effect_sign == -1 else 1,
        "verification": item.verification,
        "read_in": item.read_in,
        "doi": item.doi or None,
        "url": item.url or None,
        "note": item.note,
    }
