"""From evidence, answers and verdicts to the report model: the page order, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.reporting.anchors import question_anchor
from hipevidence.reporting.limits import limits, overview
from hipevidence.reporting.methods import method_references, methods
from hipevidence.reporting.model import Cell, ReportModel
from hipevidence.reporting.numbers import leading
from hipevidence.reporting.parts import OPENING, SECTIONS, question_parts, sections
from hipevidence.reporting.parts.changes import changes_section
from hipevidence.reporting.questions import question_section
from hipevidence.reporting.sources import anchors, data_tables, provenance, references
from hipevidence.reporting.statements import claim_anchor, verdict_groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.changes import Changes
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Figure, VerdictGroup
    from hipevidence.synthesis import Synthesis

TITLE = "What the evidence carries"


def build_report(
    evidence: Evidence,
    syntheses: tuple[Synthesis, ...],
    verdicts: tuple[Verdict, ...],
    figures: Mapping[str, Figure],
    since: tuple[str, Changes] | None = None,
) -> ReportModel:
    """Return the whole report, every string worded.

    Parameters
    ----------
    evidence
        The tables.
    syntheses
        The answer to every question, in the order of the protocol.
    verdicts
        The verdict on every statement, in the order of the registry.
    figures
        The forest plot of each question that has one, by question id.
    since
        An earlier state by name, and what differs from it; ``None`` for a report without that section.

    Returns
    -------
    ReportModel
        The same input gives an equal model.
    """
    known = anchors(evidence) | {question_anchor(synthesis.question.id) for synthesis in syntheses}
    groups = verdict_groups(verdicts, known)
    questions = tuple(
        question_section(evidence, each, figures.get(each.question.id), question_parts(evidence, each))
        for each in syntheses
    )
    opening, chapters = (sections(evidence, syntheses, verdicts, which) for which in (OPENING, SECTIONS))
    places = known | {claim_anchor(verdict.claim.id) for verdict in verdicts}
    changed = () if since is None else (changes_section(*since, places),)
    chapters = (*changed, *chapters)
    parts = (*(part for question in questions for part in question.parts), *opening, *chapters)
    passages = methods(syntheses, (part.id for part in parts))
    return ReportModel(
        title=TITLE,
        subtitle=_subtitle(evidence, syntheses, verdicts),
        lead=(
            _lead(groups, len(verdicts)),
            *(leading(f"{part.title}: {part.paragraphs[0]}", part.id) for part in changed),
        ),
        groups=groups,
        limits=limits(evidence, syntheses),
        overview=overview(syntheses),
        questions=questions,
        opening=opening,
        sections=chapters,
        data=data_tables(evidence, syntheses),
        references=references(evidence),
        methods=passages,
        method_references=method_references(passages),
        provenance=provenance(evidence),
    )


def _subtitle(evidence: Evidence, syntheses: tuple[Synthesis, ...], verdicts: tuple[Verdict, ...]) -> str:
    parts = (
        fmt.plural(len(verdicts), "statement"),
        fmt.plural(len(syntheses), "question"),
        fmt.plural(len(evidence.studies), "reported result"),
        fmt.plural(len(evidence.published_pools), "published pooled result"),
    )
    return " · ".join(parts)


def _lead(groups: tuple[VerdictGroup, ...], total: int) -> Cell:
    if not total:
        return Cell("No statements are registered, so there is nothing to hold against the evidence yet.")
    counts = {group.badge.word: len(group.cards) for group in groups}
    as_is, qualified = counts.get("supported", 0), counts.get("supported with qualifier", 0)
    sentence = (
        f"Of {fmt.plural(total, 'public statement')} checked, the evidence carries {fmt.count(as_is)} as written and "
        f"{fmt.count(qualified)} with a condition. For every other one, the sentence it does carry stands beside it."
    )
    return leading(sentence, "statements")
