"""Risk of bias: what was judged of the results behind an answer, and that nobody has judged the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.evidence.bias_tools import OVERALL
from hipevidence.evidence.judged import judged_rows
from hipevidence.figures import (
    risk_of_bias,
    risk_of_bias_bars,
    risk_of_bias_bars_description,
    traffic_light,
    traffic_light_description,
)
from hipevidence.reporting.anchors import studies_anchor
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.pictures import embed
from hipevidence.reporting.sources import paper
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.judged import DomainJudgement, Judged
    from hipevidence.figures import RiskOfBias
    from hipevidence.reporting.model import Figure
    from hipevidence.synthesis import Synthesis

TITLE: Final = "Risk of bias"
NOBODY: Final = "Nobody has judged risk of bias yet: no result was gone through with RoB 2 or ROBINS-I."
REPORTED: Final = (
    "What papers, registries and reviews report of how the studies were done stands below, as reported. A sum of "
    "points such as PEDro's is no judgement, and lowers no certainty."
)


def bias_part(evidence: Evidence, synthesis: Synthesis) -> Part | None:
    """Return the judgements on the results of one answer, or ``None`` where there are none."""
    tables = risk_of_bias(evidence, synthesis.rows)
    if not tables:
        return None
    key = f"bias-{synthesis.question.id}"
    figures = tuple(
        figure for number, table in enumerate(tables, 1) for figure in _figures(table, synthesis, f"{key}-{number}")
    )
    judged = judged_rows(evidence, (row.row_id for row in synthesis.rows))
    said = (_how_many(synthesis, judged), _not_judged(synthesis, judged))
    reasons = _reasons(synthesis, judged, key).resting_on(studies_anchor(synthesis.question.id), 0)
    return Part(key, TITLE, tuple(tidy(text) for text in said if text), figures=figures, tables=(reasons,))


def _how_many(synthesis: Synthesis, judged: Mapping[str, Judged]) -> str:
    weight = fmt.percent(sum(row.weight for row in synthesis.rows if row.row_id in judged))
    whole, verb = fmt.plural(len(synthesis.rows), "result"), "was" if len(judged) == 1 else "were"
    tools = " and ".join(dict.fromkeys(one.tool.label for one in judged.values()))
    return f"{fmt.count(len(judged))} of {whole}, with {weight} of the weight, {verb} judged ({tools})."


def _not_judged(synthesis: Synthesis, judged: Mapping[str, Judged]) -> str:
    names = [row.label for row in synthesis.rows if row.row_id not in judged]
    return f"Nobody has judged {', '.join(names)} yet." if names else ""


def _figures(table: RiskOfBias, synthesis: Synthesis, key: str) -> Iterator[Figure]:
    by_label = {row.label: row.weight for row in synthesis.rows}
    weights = [by_label[study] for study in table.studies]
    title = f"Risk of bias, study by study ({table.tool})"
    yield embed(traffic_light(table), key, title, traffic_light_description(table))
    title = f"Risk of bias, domain by domain ({table.tool})"
    said = risk_of_bias_bars_description(table, weights=weights)
    yield embed(risk_of_bias_bars(table, weights=weights), f"{key}-bars", title, said)


def _reasons(synthesis: Synthesis, judged: Mapping[str, Judged], key: str) -> Table:
    rows = (
        Row(tuple(Cell(tidy(text)) for text in (row.label, name, found.word, found.reason or fmt.DASH, _who(found))))
        for row in synthesis.rows
        if row.row_id in judged
        for domain, name in (*judged[row.row_id].tool.domains.items(), (OVERALL, "Overall"))
        if (found := judged[row.row_id].judgements.get(domain)) is not None
    )
    columns = (
        Column("Study", "label", 1.2),
        Column("Domain", "text", 1.8),
        Column("Judgement", "text", 0.8),
        Column("Why", "text", 2.6),
        Column("Judged by", "text", 1.0),
    )
    return Table(f"reasons-{key}", "Each judgement with its reason", columns, tuple(rows))


def _who(found: DomainJudgement) -> str:
    text = f"{found.assessor}, {found.judged_on}"
    return f"{text} (read in {found.read_in})" if found.read_in else text


# ------------------------------------------------------------------ over all questions


def bias_section(evidence: Evidence, syntheses: tuple[Synthesis, ...], _: tuple[Verdict, ...]) -> Part | None:
    """Return how many results were judged and what is reported instead, or ``None`` where there is no result yet."""
    pooled = {row.row_id for synthesis in syntheses for row in synthesis.rows}
    reported = _reported(evidence)
    if not pooled and not reported.rows:
        return None
    judged = fmt.count(len(judged_rows(evidence, pooled)))
    some = (
        f"{judged} of {fmt.plural(len(pooled), 'result')} in the answers above were judged; each question shows them."
    )
    said = (NOBODY if judged == "0" else some, *((REPORTED,) if reported.rows else ()))
    return Part("bias", TITLE, said, tables=(reported,) if reported.rows else ())


def _reported(evidence: Evidence) -> Table:
    names = {row["study_id"]: row["study"] for row in evidence.records("studies")}
    rows = tuple(
        Row(
            (
                paper(evidence, row["study_id"], names.get(row["study_id"], row["study_id"])),
                *(Cell(tidy(row[column])) for column in ("tool", "item", "judgement", "reason", "read_in")),
            )
        )
        for row in evidence.records("reported_quality")
    )
    columns = (
        Column("Study", "label", 1.2),
        Column("Scale", "text", 0.8),
        Column("Item", "text", 1.4),
        Column("Reported", "text", 1.2),
        Column("Note", "text", 2.0),
        Column("Read in", "text", 1.4),
    )
    return Table("reported-quality", "How studies were done, as reported", columns, rows)
