"""Why a row gives no number of people: what is missing, so that nobody puts a guess in its place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from hipevidence.personal_risk.answer import personal_risk
from hipevidence.personal_risk.counted import counted_risk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence import Evidence

NOBODY_COUNTED: Final = (
    "Only the ratio is given: no row prints how many of the people compared had the outcome in both groups, and a risk "
    "of other people does not serve. Without it a ratio is no number of people."
)
ONE_GROUP: Final = "Only one group was counted: how many would have had it without is not known."
AVERAGED: Final = "Scores were averaged: how many people got better or worse in each group was not counted."
SEVERAL: Final = "It rests on several results, and each number of people belongs to the people of one of them."
NO_COUNTS: Final = "No row behind it counts those with and those without the outcome in both groups."
NO_ROW: Final = "No row of the table stands behind it."
MEANS: Final = ("mean1_post", "mean1_pre")
RATIOS: Final = frozenset({"OR", "RR", "HR", "IRR"})


def why_not_counted(evidence: Evidence, row_ids: Iterable[str]) -> str:
    """Return what is missing for a number of people out of 100, ``""`` where one row counted both groups.

    Parameters
    ----------
    evidence
        The data folder.
    row_ids
        The rows that an answer or statement rests on.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> why_not_counted(load_evidence("data"), ["coppack_nd.new_pfp.14w"])
    ''
    """
    wanted = set(row_ids)
    rows = [row for row in evidence.records("studies") if row["row_id"] in wanted]
    if not rows:
        return NO_ROW
    if len(rows) == 1 and counted_risk(evidence, str(rows[0]["row_id"])) is not None:
        return ""
    if any(row["effect_measure"] in RATIOS for row in rows):
        return next((why for row in rows if (why := _without_baseline(evidence, row))), NOBODY_COUNTED)
    counts = [row for row in rows if not math.isnan(row["events1"])]
    if any(not math.isnan(row["events2"]) for row in counts):
        return SEVERAL
    if counts:
        return ONE_GROUP
    return AVERAGED if any(not math.isnan(row[name]) for row in rows for name in MEANS) else NO_COUNTS


def _without_baseline(evidence: Evidence, row: dict[str, Any]) -> str:
    """Return why the risk model that uses a row gives a ratio only; ``""`` where none uses it."""
    for model in evidence.risk_models:
        for one in model.associations:
            if one.row == row["row_id"]:
                found = personal_risk(
                    evidence,
                    model,
                    sex=row["sex"],
                    outcome=row["outcome"],
                    quartile=one.level,
                    population=row["population"],
                    stratum=one.stratum,
                )
                return found.reasons[0]
    return ""
