"""How the studies were found: the search as a PRISMA 2020 flow diagram, and what of it is in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.evidence.flow_sums import count_studies
from hipevidence.figures import prisma_flow, prisma_flow_description
from hipevidence.reporting.model import Part
from hipevidence.reporting.pictures import embed

if TYPE_CHECKING:
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Figure
    from hipevidence.synthesis import Synthesis

KEY: Final = "search"
TITLE: Final = "How the studies were found"


def search_section(evidence: Evidence, syntheses: tuple[Synthesis, ...], _: tuple[Verdict, ...]) -> Part | None:
    """Return the flow of the search and the count of the tables, or ``None`` where there is neither."""
    flow = evidence.flow
    if not flow.is_recorded and evidence.studies.empty:
        return None
    when = f"The search was last run on {flow.last_search}." if flow.last_search else _never_said(evidence)
    return Part(KEY, TITLE, (_counted(evidence, syntheses), when), figures=_figures(evidence))


def _counted(evidence: Evidence, syntheses: tuple[Synthesis, ...]) -> str:
    rows = evidence.records("studies")
    counted = count_studies(rows)
    answers = {row.row_id for synthesis in syntheses for row in synthesis.rows}
    entered = count_studies(row for row in rows if row["row_id"] in answers).studies
    studies, reports = fmt.plural(counted.studies, "study", "studies"), fmt.plural(counted.reports, "report")
    figures = f"Figures of {fmt.count(counted.with_figures)} of them stand in the table"
    text = (
        f"The review holds {studies} in {reports}, whether or not their figures could be read. {figures}, and "
        f"{fmt.count(entered)} entered the answer to a question. The table of rows below says of each where it went, "
        "and why."
    )
    if not counted.excluded:
        return text
    excluded = fmt.plural(counted.excluded, "further report")
    return f"{text} {excluded} {'is' if counted.excluded == 1 else 'are'} excluded there, each with its reason."


def _never_said(evidence: Evidence) -> str:
    if not evidence.flow.is_recorded:
        return "What the search found, and when it was last run, is not recorded."
    return "When each source was last searched is not recorded."


def _figures(evidence: Evidence) -> tuple[Figure, ...]:
    if not evidence.flow.is_recorded:
        return ()
    title = "From records to studies (PRISMA 2020)"
    return (embed(prisma_flow(evidence.flow), KEY, title, prisma_flow_description(evidence.flow)),)
