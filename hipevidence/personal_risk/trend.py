"""A trend across the groups of an exposure, where rows compare more than one of them with the reference.

It is computed from what the rows print and told beside the answer; no group without a row gets a risk from it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.personal_risk.result import Trend
from hipevidence.results import Interval
from hipevidence.risk.dose_response import DoseStudy, dose_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.personal_risk.asked import Asked
    from hipevidence.personal_risk.result import Relative
    from hipevidence.risk.dose_response.study import Design

DESIGNS: Final[dict[str, Design]] = {"OR": "case_control", "RR": "cumulative"}
COUNTS: Final = ("events1", "n1", "events2", "n2")
NONE: Final = "No dose-response can be fitted"


def trend_across(asked: Asked, ratios: Mapping[str, Relative]) -> Trend:
    """Return the trend for the people, outcome and stratum asked about, or why there is none.

    Parameters
    ----------
    asked
        The question.
    ratios
        What rows print for these people, by group.

    Notes
    -----
    The dose of a group is its distance from the reference in the order of the model's levels; one line on the
    logarithmic scale through all ratios, with the covariances of Greenland and Longnecker.
    """
    rows = {str(row["row_id"]): row for row in asked.evidence.records("studies")}
    if reason := _missing(asked, ratios, rows):
        return Trend(reason=reason)
    try:
        found = dose_response(_studies(asked, ratios, rows), stages="one")
    except InputError as error:
        return Trend(reason=f"{NONE}: {error}")
    if math.isnan(found.coefficients[0]):
        return Trend(reason=f"{NONE}: {found.reason}.")
    curve = found.curve([1.0])
    ratio, low, high = (float(np.ravel(x)[0]) for x in (curve.ratio, curve.ci.low, curve.ci.high))
    (measure,) = {one.measure for one in ratios.values()}
    used = tuple(one.row_id for one in ratios.values())
    return Trend(measure, ratio, Interval(low, high, found.level), found.p_value, used)


def trend_sentence(asked: Asked, trend: Trend) -> str:
    """Return the trend in words, or why there is none."""
    if trend.reason:
        return trend.reason
    figures = f"{trend.measure} {fmt.estimate(trend.ratio, trend.ci)}"
    return (
        f"Over {len(trend.row_ids)} groups beside “{asked.model.reference_level}”: {figures} for each group further "
        f"from it ({fmt.p_value(trend.p_value)}), on one line through all of them."
    )


def _missing(asked: Asked, ratios: Mapping[str, Relative], rows: Mapping[str, Mapping[str, Any]]) -> str:
    reference = asked.model.reference_level
    if len(ratios) < 2:
        compared = f"only “{next(iter(ratios))}”" if ratios else "no group"
        return f"{NONE}: {compared} is compared with “{reference}” for these people; a trend needs two groups or more."
    measures = {one.measure for one in ratios.values()}
    if len(measures) > 1:
        return f"{NONE}: the groups are compared by different measures ({', '.join(sorted(measures))})."
    if measures.isdisjoint(DESIGNS):
        return f"{NONE}: of a hazard ratio it needs the time at risk in each group, which no row holds."
    if any(math.isnan(rows[one.row_id][name]) for one in ratios.values() for name in COUNTS):
        return f"{NONE}: it needs the people and the cases in each group, which are not printed."
    return ""


def _studies(asked: Asked, ratios: Mapping[str, Relative], rows: Mapping[str, Mapping[str, Any]]) -> list[DoseStudy]:
    """Return one table for each study, the reference group first."""
    order = list(asked.model.levels)
    start = order.index(asked.model.reference_level)
    studies: dict[str, list[str]] = {}
    for level, one in ratios.items():
        studies.setdefault(str(rows[one.row_id]["study"]), []).append(level)
    found = []
    for study, levels in studies.items():
        printed = [ratios[level] for level in levels]
        cells = [rows[one.row_id] for one in printed]
        table = DoseStudy.from_limits(
            study,
            DESIGNS[printed[0].measure],
            dose=[0, *(abs(order.index(level) - start) for level in levels)],
            ratio=[1, *(one.effect for one in printed)],
            low=[1, *(one.ci.low for one in printed)],
            high=[1, *(one.ci.high for one in printed)],
            cases=[cells[0]["events2"], *(row["events1"] for row in cells)],
            total=[cells[0]["n2"], *(row["n1"] for row in cells)],
            level=printed[0].ci.level,
        )
        found.append(table)
    return found
