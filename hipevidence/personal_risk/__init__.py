"""What an exposure means for the risk of a person like this one, as far as the tables reach, and no further."""

from __future__ import annotations

from hipevidence.personal_risk.answer import personal_risk
from hipevidence.personal_risk.counted import (
    CountedRisk,
    counted_columns,
    counted_risk,
    counted_sentences,
    counted_words,
)
from hipevidence.personal_risk.record import as_record, as_text
from hipevidence.personal_risk.result import AtBaseline, EvidenceItem, PersonalRisk, Relative, Trend
from hipevidence.personal_risk.uncounted import why_not_counted

__all__ = [
    "AtBaseline",
    "CountedRisk",
    "EvidenceItem",
    "PersonalRisk",
    "Relative",
    "Trend",
    "as_record",
    "as_text",
    "counted_columns",
    "counted_risk",
    "counted_sentences",
    "counted_words",
    "personal_risk",
    "why_not_counted",
]
