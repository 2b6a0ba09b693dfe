"""What is missing over all questions: what was easy to read, what was not, and what that does to the estimates."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.reporting.anchors import missing_anchor, question_anchor, studies_anchor
from hipevidence.reporting.answers import estimate_in_table, nulls_analysis
from hipevidence.reporting.differences import behind
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.numbers import leading
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis


OVERVIEW: Final = "overview"
#: Measures in words short enough for a column.
MEASURES: Final = {
    "SMD": "standardised difference",
    "MD": "points",
    "OR": "odds ratio",
    "RR": "risk ratio",
    "HR": "hazard ratio",
    "PLO": "share",
    "PFT": "share",
}


def limits(evidence: Evidence, syntheses: tuple[Synthesis, ...]) -> Part:
    """Return what a reader must know about missing results before any figure.

    Parameters
    ----------
    evidence
        The tables.
    syntheses
        The answers.

    Returns
    -------
    Part
        Says plainly what is easy to read and what happens when known null results count as zero.
    """
    unread = {row.row_id for synthesis in syntheses for row in synthesis.awaiting}
    nulls = {row.row_id for synthesis in syntheses for row in synthesis.nulls}
    if not unread:
        return _part("What is missing", "Every eligible result in the table has its figures.")
    subject = _main_subject(evidence, syntheses)
    if not nulls or not subject:
        return _part("What is missing", _unread(len(unread), 0))
    favouring, pooled = _on_its_side(subject[0], syntheses)
    paragraphs = (
        (
            "The estimates rest on figures that somebody could read, mostly in abstracts and in the tables of reviews. "
            "Studies that found no difference often print no figure there. "
            f"What is easy to read is what favours {subject[1]}."
        ),
        (
            f"In the questions about {subject[1]}, {fmt.count(favouring)} of {fmt.plural(pooled, 'pooled result')} "
            f"lie{'s' if favouring == 1 else ''} on its side of no difference, however small the difference and "
            f"however wide its interval. {_unread(len(unread), len(nulls))}"
        ),
        (
            "Each question therefore also shows its estimate with the known null results counted as zero. "
            "Where the two differ, the truth may lie nearer to the second."
        ),
    )
    return _part(f"What is easy to read is what favours {subject[1]}", *paragraphs)


def _part(title: str, *paragraphs: str) -> Part:
    return Part("limits", title, tuple(leading(text, OVERVIEW) for text in paragraphs))


def overview(syntheses: tuple[Synthesis, ...]) -> Table:
    """Return one line a question: its estimate, the same with known nulls as zero, and how many results are unread."""
    return Table(
        id=OVERVIEW,
        caption="All questions at a glance",
        columns=(
            Column("Question", "label", 2.6),
            Column("Estimate (CI)", "number", 1.7),
            Column("Known nulls as zero (CI)", "number", 1.7),
            Column("Results", "number", 0.7),
            Column("Measure", "text", 0.8),
            Column("Eligible, not read", "number", 0.8),
        ),
        rows=tuple(_line(synthesis) for synthesis in syntheses),
        reflows=True,
    )


def _line(synthesis: Synthesis) -> Row:
    question = synthesis.question
    rows = f"#{studies_anchor(question.id)}" if synthesis.rows else ""
    return Row(
        (
            Cell(tidy(question.title), f"#{question_anchor(question.id)}"),
            Cell(_estimate(synthesis.primary), rows),
            _nulls(synthesis),
            Cell(fmt.count(len(synthesis.rows)), rows),
            Cell(MEASURES.get(question.measure, question.measure)),
            Cell(fmt.count(len(synthesis.awaiting)), f"#{missing_anchor(question.id)}" if synthesis.awaiting else ""),
        )
    )


def _estimate(analysis: Analysis | None) -> str:
    if analysis is None or analysis.result is None:
        return fmt.DASH
    return estimate_in_table(analysis, analysis.result.estimate, analysis.result.ci)


def _nulls(synthesis: Synthesis) -> Cell:
    analysis = nulls_analysis(synthesis)
    if analysis is None:
        return Cell("none known")
    if analysis.result is None:
        return Cell("could not be counted")
    return Cell(_estimate(analysis), f"#{behind(synthesis, analysis)}")


def _main_subject(evidence: Evidence, syntheses: tuple[Synthesis, ...]) -> tuple[str, str] | None:
    """Return key and words of the intervention that most questions are about."""
    counts = Counter(key for synthesis in syntheses for key in synthesis.question.intervention)
    if not counts:
        return None
    key = counts.most_common(1)[0][0]
    return key, tidy(evidence.vocabulary["intervention"][key].label)


def _on_its_side(subject: str, syntheses: tuple[Synthesis, ...]) -> tuple[int, int]:
    """Return how many distinct pooled results lie on the subject's side of no difference, and how many there are."""
    sides = {
        row.row_id: _is_better(synthesis, row)
        for synthesis in syntheses
        if subject in synthesis.question.intervention and not math.isnan(synthesis.null_value)
        for row in synthesis.rows
    }
    return sum(sides.values()), len(sides)


def _is_better(synthesis: Synthesis, row: RowEffect) -> bool:
    return row.yi < synthesis.null_value if synthesis.lower_is_better else row.yi > synthesis.null_value


def _unread(count: int, nulls: int) -> str:
    text = f"{fmt.plural(count, 'eligible result')} {'is' if count == 1 else 'are'} on the list without figures"
    if not nulls:
        return f"{text}."
    return f"{text}; {fmt.count(nulls)} of them {'is' if nulls == 1 else 'are'} known to have found no difference."
