"""Several treatments compared at once: the rows of a network of the protocol become one frozen network result."""

from __future__ import annotations

from hipevidence.comparisons.compare import compare_treatments
from hipevidence.comparisons.record import as_record, as_text
from hipevidence.comparisons.result import Absent, Contrast, Piece, TreatmentComparison

__all__ = ["Absent", "Contrast", "Piece", "TreatmentComparison", "as_record", "as_text", "compare_treatments"]
