"""The ratios that rows print for the people asked about, each as exposed against the reference group."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hipevidence.personal_risk.result import Relative
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.personal_risk.asked import Asked


def printed_ratios(asked: Asked) -> dict[str, Relative]:
    """Return the ratio of each level for which a row holds for all of these people; the first row of a level counts."""
    rows = {str(row["row_id"]): row for row in asked.evidence.records("studies")}
    found: dict[str, Relative] = {}
    for association in asked.model.associations:
        row = rows[association.row]
        if (association.stratum or "") == asked.stratum and asked.answered_by(row):
            found.setdefault(association.level, _ratio(row))
    return found


def _ratio(row: Mapping[str, Any]) -> Relative:
    sign = -1.0 if row["effect_sign"] == -1 else 1.0
    level = 0.95 if math.isnan(row["ci_level"]) else row["ci_level"] / 100
    low, high = sorted((row["ci_low"] ** sign, row["ci_high"] ** sign))
    return Relative(
        str(row["row_id"]),
        str(row["effect_measure"]),
        float(row["effect"] ** sign),
        Interval(float(low), float(high), float(level)),
        float(row["time_weeks"]),
        str(row["adjusted_for"]),
    )
