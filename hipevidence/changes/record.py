"""A comparison as plain data with stable keys, for ``--json``; numbers at full precision on the analysis scale."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hipevidence.certainty import as_record as as_rating_record

if TYPE_CHECKING:
    from hipevidence.changes.compare import Changes
    from hipevidence.changes.estimates import QuestionChange
    from hipevidence.synthesis import Analysis


def as_record(changes: Changes) -> dict[str, Any]:
    """Return a comparison as nested plain data; what could not be computed is nan here and null in JSON."""
    return {
        "severity": changes.severity.label,
        "rows": [dataclasses.asdict(change) for change in changes.rows],
        "questions": [_question(change) for change in changes.questions],
        "claims": [dataclasses.asdict(change) | {"severity": change.severity.label} for change in changes.claims],
    }


def _question(change: QuestionChange) -> dict[str, Any]:
    return {
        "id": change.question.id,
        "title": change.question.title,
        "severity": change.severity.label,
        "crossed": list(change.crossed),
        "old": _analysis(change.old, change.n_old),
        "new": _analysis(change.new, change.n_new),
        "attributions": [dataclasses.asdict(each) for each in change.attributions],
        "certainty": {
            state: None if rating is None else as_rating_record(rating)
            for state, rating in (("old", change.rating_old), ("new", change.rating_new))
        },
        "left_out": [{"row_id": key, "old_reason": old, "new_reason": new} for key, old, new in change.left_out],
    }


def _analysis(analysis: Analysis | None, people: float) -> dict[str, Any] | None:
    if analysis is None:
        return None
    head = {"measure": analysis.measure, "k": analysis.k, "n": people, "row_ids": list(analysis.row_ids)}
    result = analysis.result
    if result is None:
        return head | {"estimate": None, "note": analysis.note}
    return head | {
        "estimate": result.estimate,
        "ci_low": result.ci.low,
        "ci_high": result.ci.high,
        "prediction_low": result.prediction.low,
        "prediction_high": result.prediction.high,
        "tau2": result.tau2,
        "i2": result.i2,
        "note": analysis.note,
    }
