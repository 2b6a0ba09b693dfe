"""The hall where evidence meets the models: a question and the rows that answer it become one frozen result."""

from __future__ import annotations

from hipevidence.synthesis.analyse import synthesise
from hipevidence.synthesis.record import as_record, as_text
from hipevidence.synthesis.result import Analysis, RowEffect, Synthesis

__all__ = ["Analysis", "RowEffect", "Synthesis", "as_record", "as_text", "synthesise"]
