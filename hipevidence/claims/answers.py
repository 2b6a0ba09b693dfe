"""From the answer to a question of the protocol to an evidence item."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence.claims.item import EvidenceItem, ItemFigure
from hipevidence.claims.tables import ROLE_OF_MEASURE
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence.models import Finding, Term
    from hipevidence.synthesis import Synthesis


def question_item(synthesis: Synthesis, rows: Mapping[str, EvidenceItem], outcomes: Mapping[str, Term]) -> EvidenceItem:
    """Return an answered question as an evidence item, its estimate on the scale readers know.

    It is about what the rows that entered are about, which may be less than what was eligible.

    Parameters
    ----------
    synthesis
        The answer.
    rows
        Row id to evidence item.
    outcomes
        Outcome key to term of the vocabulary.
    """
    question, result = synthesis.question, synthesis.primary.result
    figure = _estimate(synthesis)
    used = [rows[row.row_id] for row in synthesis.primary.rows]
    sexes = {item.sex for item in used}
    sizes = [row.n1 + (0 if math.isnan(row.n2) else row.n2) for row in synthesis.primary.rows]
    return EvidenceItem(
        id=question.id,
        kind="question",
        label=question.title,
        source_id="",
        population=_terms(used, "population") or question.population,
        intervention=_terms(used, "intervention") or question.intervention,
        comparator=_terms(used, "comparator") or question.comparator,
        outcome=question.outcome,
        design=_terms(used, "design") or question.designs,
        sex=sexes.pop() if len(sexes) == 1 else "mixed",
        finding=_finding(synthesis, outcomes),
        interval_includes_no_effect=_includes_no_effect(synthesis),
        figures=() if figure is None else (figure,),
        k_pooled=synthesis.primary.k,
        n_analysed=sum(sizes) if sizes else math.nan,
        status="awaiting_extraction" if result is None else "extracted",
        mcid=math.nan if question.mcid is None else question.mcid,
        prediction=_prediction(synthesis),
    )


def _terms(used: list[EvidenceItem], part: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for item in used for key in getattr(item, part)))


def _estimate(synthesis: Synthesis) -> ItemFigure | None:
    result = synthesis.primary.result
    if result is None or math.isnan(result.estimate):
        return None
    measure = synthesis.question.measure
    is_proportion = math.isnan(synthesis.null_value)
    role = "proportion_percent" if is_proportion else ROLE_OF_MEASURE.get(measure, measure.lower())
    scale = 100.0 if is_proportion else 1.0
    ci = synthesis.display_interval(result.ci)
    return ItemFigure(
        role,
        scale * synthesis.display(result.estimate),
        ci=Interval(scale * ci.low, scale * ci.high, ci.level),
        unit=synthesis.question.mcid_unit,
        scope="arm" if is_proportion else "between",
    )


def _includes_no_effect(synthesis: Synthesis) -> bool | None:
    """Return whether the interval includes no difference; ``None`` without an interval or for a proportion."""
    result = synthesis.primary.result
    if result is None or math.isnan(synthesis.null_value):
        return None
    # Where Hartung-Knapp gives no interval (one study), the synthesis says so; nothing is concluded here.
    return result.ci.contains(synthesis.null_value) if result.ci.exists else None


def _prediction(synthesis: Synthesis) -> Interval:
    result = synthesis.primary.result
    if result is None or math.isnan(synthesis.null_value):
        return Interval(math.nan, math.nan)
    return synthesis.display_interval(result.prediction)


def _finding(synthesis: Synthesis, outcomes: Mapping[str, Term]) -> Finding:
    """Return the direction of the estimate: better or worse for the person, told as more or less of the outcome."""
    result = synthesis.primary.result
    if result is None or math.isnan(result.estimate) or math.isnan(synthesis.null_value):
        return "not_reported"
    shift = result.estimate - synthesis.null_value
    if shift == 0:
        return "no_difference"
    goods = {outcomes[key].good for key in synthesis.question.outcome if key in outcomes}
    if len(goods) != 1:
        return "not_reported"
    good = goods.pop()
    goes_up = shift > 0
    if good is not None:
        better = goes_up != synthesis.lower_is_better
        goes_up = better == (good == "more")
    return "increases" if goes_up else "decreases"
