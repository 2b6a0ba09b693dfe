"""Missing results: eligible results that nobody has read, and above all those known to have found no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.certainty.result import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence import Evidence, LeftOut
    from hipevidence.synthesis import Synthesis


def missing_results(evidence: Evidence, synthesis: Synthesis) -> Step:
    """Return the level down for eligible results that are not in the estimate, from the list of those to be read.

    Notes
    -----
    One level where a result is known to have found no difference and prints no figure, or where as many groups of
    people await reading as are pooled. GRADE calls the domain publication bias and lowers by one level at most.

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 5. J Clin Epidemiol 2011;64:1277-1282. doi:10.1016/j.jclinepi.2011.01.011
    """
    samples = {str(row["row_id"]): str(row["sample_id"]) for row in evidence.records("studies")}
    pooled = {row.sample_id for row in synthesis.rows}
    absent = [row for row in synthesis.awaiting if samples[row.row_id] not in pooled]
    unread = {samples[row.row_id] for row in absent}
    against = (
        f"{fmt.plural(len(unread), 'eligible study', 'eligible studies')} not read, {fmt.count(len(pooled))} pooled"
    )
    nulls = [row for row in synthesis.nulls if row in absent]
    if nulls:
        found = f"Known to have found no difference, but without a figure: {_names(nulls)}"
        return Step("missing_results", -1, f"{found} ({against}).")
    if unread and len(unread) >= len(pooled):
        return Step("missing_results", -1, f"As many are missing as are known ({against}): {_names(absent)}.")
    if unread:
        return Step("missing_results", 0, f"Few are known to be missing, none of them without effect ({against}).")
    return Step("missing_results", 0, "No eligible result is known to be missing.")


def _names(rows: Iterable[LeftOut]) -> str:
    return ", ".join(dict.fromkeys(row.study for row in rows))
