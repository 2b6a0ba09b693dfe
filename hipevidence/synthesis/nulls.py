"""Known null results that print no figure: what the pooled result becomes when they count as zero.

They are never data. Papers that find nothing tend to print nothing, so leaving them out makes a bias of its own.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hipevidence.synthesis.row_effect import zero_variance

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Question
    from hipevidence.synthesis.result import RowEffect


def one_per_sample(evidence: Evidence, row_ids: set[str], time_target: float | None) -> tuple[str, ...]:
    """Return one of the rows for each sample, the one nearest to the time asked for, so that nobody counts twice."""
    chosen: dict[str, tuple[float, str]] = {}
    for record in evidence.records("studies"):
        if record["row_id"] in row_ids:
            weeks = record["time_weeks"]
            distance = math.inf if time_target is None or math.isnan(weeks) else abs(weeks - time_target)
            best = chosen.get(record["sample_id"])
            if best is None or distance < best[0]:
                chosen[record["sample_id"]] = (distance, str(record["row_id"]))
    return tuple(row_id for _, row_id in chosen.values())


def zero_rows(
    evidence: Evidence, row_ids: tuple[str, ...], question: Question, rows: tuple[RowEffect, ...]
) -> tuple[dict[str, float], str]:
    """Return the rows that count as zero with their sampling variances, and a note on how and which could not.

    Parameters
    ----------
    evidence
        The tables.
    row_ids
        Rows to count as zero.
    question
        The question, for its measure and the group sizes it assumes where only a total is printed.
    rows
        The question's own effects; for a difference in points they supply the spread.

    Returns
    -------
    tuple
        Row key to variance, and the note (``""`` when there is nothing to say).

    Notes
    -----
    A standardised difference of zero has the variance 1/n1 + 1/n2. A difference in points has that times the
    squared spread, here the mean of the squared spreads that the question's own intervals imply, vi / (1/n1 + 1/n2),
    weighted by group sizes.
    """
    if not row_ids:
        return {}, ""
    measure, spread = question.measure, implied_spread(rows)
    records = {str(record["row_id"]): record for record in evidence.records("studies")}
    taken = {row.sample_id for row in rows}
    counted: dict[str, float] = {}
    missing: dict[str, list[str]] = {}
    for row_id in row_ids:
        record = _sized(records[row_id], question.assumed_sizes.get(row_id))
        variance = zero_variance(record, measure, spread)
        if reason := _not_counted(record, measure, variance, taken):
            missing.setdefault(reason, []).append(str(record["study"]))
        else:
            counted[row_id] = variance
            taken.add(record["sample_id"])
    notes = (
        ["Their spread is taken from the intervals of the results pooled here."] if counted and measure == "MD" else []
    )
    assumed = [str(records[row_id]["study"]) for row_id in counted if row_id in question.assumed_sizes]
    if assumed:
        notes.append(f"Group sizes assumed equal, only the total is printed: {', '.join(assumed)}.")
    notes += [f"Not counted, because {reason}: {', '.join(studies)}." for reason, studies in missing.items()]
    return counted, " ".join(notes)


def _sized(record: dict[str, Any], assumed: tuple[int, int] | None) -> dict[str, Any]:
    return record if assumed is None else record | {"n1": float(assumed[0]), "n2": float(assumed[1])}


def _not_counted(record: dict[str, Any], measure: str, variance: float, taken: set[str]) -> str:
    """Return why a row does not count as zero, or ``""``."""
    if record["sample_id"] in taken:
        return "the same people are pooled already"
    if math.isfinite(variance):
        return ""
    if math.isnan(record["n1"] + record["n2"]):
        return "group sizes are not printed"
    return "no result gives a spread" if measure == "MD" else f"a zero has no variance as {measure}"


def implied_spread(rows: tuple[RowEffect, ...]) -> float:
    """Return the standard deviation that the sampling variances of differences in means imply; nan without sizes."""
    sized = [row for row in rows if row.n1 > 0 and row.n2 > 0]
    total = sum(row.n1 + row.n2 for row in sized)
    if not total:
        return math.nan
    return math.sqrt(sum((row.n1 + row.n2) * row.vi / (1 / row.n1 + 1 / row.n2) for row in sized) / total)
