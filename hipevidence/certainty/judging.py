"""Which results behind an answer were judged for risk of bias, with which tool, and rows to fill in for the others."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hipevidence.evidence.bias_tools import OVERALL, tool_for
from hipevidence.evidence.judged import judged_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.bias_tools import BiasTool
    from hipevidence.evidence.judged import Judged
    from hipevidence.synthesis import Synthesis


@dataclass(frozen=True, slots=True)
class ToJudge:
    """One result to judge: a study and an outcome.

    Attributes
    ----------
    study_id, outcome, design
        As in studies.csv.
    label
        Name in tables and figures.
    weight
        Percent of the weight in the answer.
    tool
        The tool it was judged with, or the one that fits its design.
    judged
        What was judged, ``None`` where nobody has.
    """

    study_id: str
    outcome: str
    design: str
    label: str
    weight: float
    tool: BiasTool
    judged: Judged | None


def results_to_judge(evidence: Evidence, synthesis: Synthesis) -> tuple[ToJudge, ...]:
    """Return the results behind an answer, those of one study and outcome once."""
    outcomes = {row["row_id"]: row["outcome"] for row in evidence.records("studies")}
    judged = judged_rows(evidence, (row.row_id for row in synthesis.rows))
    found: dict[tuple[str, str], ToJudge] = {}
    for row in synthesis.rows:
        key, one = (row.study_id, outcomes[row.row_id]), judged.get(row.row_id)
        tool = tool_for(row.design) if one is None else one.tool
        weight = row.weight + (found[key].weight if key in found else 0.0)
        found[key] = ToJudge(*key, row.design, row.label, weight, tool, one)
    return tuple(found.values())


def judgements_record(synthesis: Synthesis, results: Iterable[ToJudge]) -> dict[str, Any]:
    """Return the results of one answer as plain data with stable keys."""
    return {"id": synthesis.question.id, "results": [_record(result) for result in results]}


def _record(result: ToJudge) -> dict[str, Any]:
    words = {} if result.judged is None else {key: one.word for key, one in result.judged.judgements.items()}
    return {
        "study_id": result.study_id,
        "outcome": result.outcome,
        "design": result.design,
        "weight": result.weight,
        "tool": result.tool.name,
        "version": result.tool.version,
        "judgements": words,
    }


def judgements_text(synthesis: Synthesis, results: Iterable[ToJudge]) -> str:
    """Return the results of one answer as text: the overall judgement, or that nobody has judged."""
    lines = [f"{synthesis.question.title}", f"  {synthesis.question.id}"]
    lines += [f"    {result.label}, {result.outcome}: {_said(result)}" for result in results]
    return "\n".join(lines)


def _said(result: ToJudge) -> str:
    if result.judged is None:
        return f"nobody has judged it yet; {result.tool.label} fits its design ({result.design})"
    words = ", ".join(f"{domain} {result.judged.word(domain) or 'not judged'}" for domain in result.tool.domains)
    return f"{result.judged.overall or 'not judged as a whole'} ({result.tool.label}: {words})"


def domains_text(results: Iterable[ToJudge]) -> str:
    """Return what the domains of the tools are called, a tool a paragraph."""
    tools = dict.fromkeys(result.tool for result in results)
    return "\n".join(
        line for tool in tools for line in (tool.label, *(f"    {key:4}{name}" for key, name in tool.domains.items()))
    )


def judgements_to_fill(evidence: Evidence, results: Iterable[ToJudge]) -> str:
    """Return rows of risk_of_bias.csv for the results nobody has judged: a line a domain, the judgement left empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, evidence.schema.resource("risk_of_bias").columns, restval="", lineterminator="\n")
    writer.writeheader()
    open_results = {(one.study_id, one.outcome): one for one in results if one.judged is None}
    for result in open_results.values():
        for domain in (*result.tool.domains, OVERALL):
            keys = {"study_id": result.study_id, "outcome": result.outcome, "domain": domain}
            writer.writerow(keys | {"tool": result.tool.name, "version": result.tool.version})
    return buffer.getvalue()
