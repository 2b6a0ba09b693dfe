"""How certain the answer to a question is, after GRADE: suggested from the tables, signed by a person."""

from __future__ import annotations

from hipevidence.certainty.judging import (
    ToJudge,
    domains_text,
    judgements_record,
    judgements_text,
    judgements_to_fill,
    results_to_judge,
)
from hipevidence.certainty.levels import Certainty
from hipevidence.certainty.rate import rate
from hipevidence.certainty.record import as_entry, as_record, as_text
from hipevidence.certainty.result import Rating, Step

__all__ = [
    "Certainty",
    "Rating",
    "Step",
    "ToJudge",
    "as_entry",
    "as_record",
    "as_text",
    "domains_text",
    "judgements_record",
    "judgements_text",
    "judgements_to_fill",
    "rate",
    "results_to_judge",
]
