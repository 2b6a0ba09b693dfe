"""What an exposure means for the risk of a person like this one, as far as the tables reach, and no further."""

from __future__ import annotations

from hipevidence.personal_risk.answer import personal_risk
from hipevidence.personal_risk.counted import CountedRisk, counted_risk, counted_sentences
from hipevidence.personal_risk.record import as_record, as_text
from hipevidence.personal_risk.result import AtBaseline, EvidenceItem, PersonalRisk, Relative

__all__ = [
    "AtBaseline",
    "CountedRisk",
    "EvidenceItem",
    "PersonalRisk",
    "Relative",
    "as_record",
    "as_text",
    "counted_risk",
    "counted_sentences",
    "personal_risk",
]
