"""One question as a section: headline figures, forest plot, what entered, every analysis, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.certainty import rate
from hipevidence.claims.plain import wording
from hipevidence.reporting.anchors import missing_anchor, question_anchor, row_anchor, studies_anchor
from hipevidence.reporting.answers import answer, estimate_in_table, nulls_analysis, people
from hipevidence.reporting.differences import behind, differences
from hipevidence.reporting.model import Cell, Column, Fact, Figure, Part, QuestionSection, Row, Table
from hipevidence.reporting.numbers import leading
from hipevidence.reporting.text import tidy, web_address
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis

#: Why a row that fits a question did not enter, in the order in which a reader should worry about it.
LEFT_OUT_KINDS: Final = {
    "null_without_figures": "Found no difference, prints no figure",
    "awaiting_extraction": "Eligible, figures not read yet",
    "not_verified": "Figures not verified",
    "excluded": "Excluded",
    "no_usable_figures": "No usable figures",
    "design": "Other study design",
    "outside_window": "Other time of measurement",
    "other_measurement": "Other measurement",
}

VERIFICATION: Final = {
    "full_text": "full text",
    "abstract": "abstract",
    "secondary": "another paper",
    "as_cited": "only as cited by the text under review",
    "unverified": "not verified",
}


def question_section(
    evidence: Evidence, synthesis: Synthesis, figure: Figure | None, parts: tuple[Part, ...] = ()
) -> QuestionSection:
    """Return the section of one question.

    Parameters
    ----------
    evidence
        The tables, for the certainty of the answer.
    synthesis
        The question's answer.
    figure
        Its forest plot, or ``None`` when there is nothing to draw.
    parts
        What other rooms add to the answer.

    Returns
    -------
    QuestionSection
        Everything worded.
    """
    question = synthesis.question
    rows = studies_anchor(question.id) if synthesis.rows else ""
    return QuestionSection(
        id=question_anchor(question.id),
        title=tidy(question.title),
        plain=tidy(question.plain),
        answer=answer(synthesis, wording(rate(evidence, synthesis), synthesis)),
        facts=_facts(synthesis),
        figure=figure,
        studies=_studies(synthesis) if synthesis.rows else None,
        pooled=_pooled(synthesis) if synthesis.primary.result else None,
        others=differences(synthesis),
        missing=_missing(synthesis) if synthesis.left_out else None,
        caveats=tuple(leading(tidy(caveat), rows) for caveat in question.caveats),
        parts=parts,
    )


# ------------------------------------------------------------------ headline figures


def _facts(synthesis: Synthesis) -> tuple[Fact, ...]:
    result = synthesis.primary.result
    if result is None:
        return ()
    rows = f"#{studies_anchor(synthesis.question.id)}"
    interval = f"{fmt.coverage(result.ci.level)} CI {interval_text(synthesis.primary, result.ci)}"
    facts = [
        ("Estimate", Cell(value_text(synthesis.primary, result.estimate), rows), interval),
        ("Results pooled", Cell(fmt.count(len(synthesis.rows)), rows), people(synthesis.rows)),
    ]
    if len(synthesis.rows) > 1:
        level = fmt.coverage(result.prediction.level)
        facts += [
            (
                "Prediction interval",
                Cell(interval_text(synthesis.primary, result.prediction), rows),
                f"{level}, for a new setting",
            ),
            ("Heterogeneity", Cell(f"I² {fmt.i2(result.i2)}", rows), f"tau² {fmt.tau2(result.tau2)}"),
        ]
    nulls = nulls_analysis(synthesis)
    if nulls is not None and nulls.result is not None:
        note = f"{fmt.coverage(nulls.result.ci.level)} CI {interval_text(nulls, nulls.result.ci)}"
        value = Cell(value_text(nulls, nulls.result.estimate), f"#{behind(synthesis, nulls)}")
        facts.append(("Known nulls as zero", value, note))
    return tuple(Fact(name, value, leading(note, value.href.removeprefix("#"))) for name, value, note in facts)


# ------------------------------------------------------------------ tables


def _studies(synthesis: Synthesis) -> Table:
    with_arms = [bool(arm) for arm in _printed_arms(synthesis)]
    arms = tuple(
        Column(tidy(name) or "Figures as printed", "number", 1.3)
        for name, shown in zip(synthesis.question.arms, with_arms, strict=True)
        if shown
    )
    columns = (
        Column("Study", "label", 1.4),
        *arms,
        Column(f"Effect ({fmt.coverage(synthesis.question.level)} CI)", "number", 1.5),
        Column("Weight", "number", 0.7),
        Column("Computed from", "text", 1.6),
        Column("Read in", "text", 1.6),
    )
    return Table(
        id=studies_anchor(synthesis.question.id),
        caption="Results that entered, with the figures as printed",
        columns=columns,
        rows=tuple(_study(synthesis, row, with_arms) for row in synthesis.rows),
        note=f"Effect: {synthesis.scale}.",
    )


def _printed_arms(synthesis: Synthesis) -> tuple[str, str]:
    return "".join(row.arm1 for row in synthesis.rows), "".join(row.arm2 for row in synthesis.rows)


def _study(synthesis: Synthesis, row: RowEffect, with_arms: list[bool]) -> Row:
    effect = estimate_in_table(synthesis.primary, row.yi, row.ci)
    arms = (Cell(tidy(arm) or fmt.DASH) for arm, shown in zip((row.arm1, row.arm2), with_arms, strict=True) if shown)
    return Row(
        (
            Cell(tidy(row.label), f"#{row_anchor(row.row_id)}"),
            *arms,
            Cell(effect),
            Cell(fmt.percent(row.weight, 1, missing=fmt.DASH)),
            Cell(tidy(row.how)),
            read_in(row.verification, row.read_in, row.url, row.doi),
        )
    )


def read_in(verification: str, where: str, url: str, doi: str, pmid: str = "") -> Cell:
    """Return where a row was read and how far it was checked, leading to the page when it has an address."""
    how = VERIFICATION.get(verification, tidy(verification))
    place = tidy(where)
    text = place if how in place.lower() else f"{place} ({how})" if place else how
    return Cell(text, web_address(url=tidy(url), doi=tidy(doi), pmid=tidy(pmid)))


def _pooled(synthesis: Synthesis) -> Table:
    analyses = (synthesis.primary, *synthesis.sensitivity)
    return Table(
        id=f"pooled-{synthesis.question.id}",
        caption="The main analysis and every other one",
        columns=(
            Column("Analysis", "label", 2.4),
            Column("Results", "number", 0.7),
            Column(f"Estimate ({fmt.coverage(synthesis.question.level)} CI)", "number", 1.9),
            Column("Prediction interval", "number", 1.5),
            Column("tau²", "number", 0.8),
            Column("I²", "number", 0.6),
        ),
        rows=tuple(_analysis(synthesis, analysis) for analysis in analyses),
        note=_pooled_note(synthesis),
    )


def _analysis(synthesis: Synthesis, analysis: Analysis) -> Row:
    name = tidy(analysis.title)
    if analysis.note:
        name += f" ({tidy(analysis.note).rstrip('.')})"
    result = analysis.result
    if result is None:
        empty = (Cell(fmt.NOT_ESTIMATED), Cell(fmt.DASH), Cell(fmt.DASH), Cell(fmt.DASH))
        return Row((Cell(name), Cell(fmt.count(analysis.k)), *empty))
    effect = estimate_in_table(analysis, result.estimate, result.ci)
    prediction = interval_text(analysis, result.prediction) if result.prediction.exists else fmt.DASH
    return Row(
        (
            Cell(name),
            Cell(fmt.count(analysis.k)),
            Cell(effect, f"#{behind(synthesis, analysis)}"),
            Cell(prediction),
            Cell(fmt.tau2(result.tau2, missing=fmt.DASH)),
            Cell(fmt.i2(result.i2, missing=fmt.DASH)),
        ),
        strong=analysis is synthesis.primary,
    )


def _pooled_note(synthesis: Synthesis) -> str | Cell:
    result = synthesis.primary.result
    if result is None or len(synthesis.rows) < 2:
        return ""
    limits = fmt.interval(result.tau2_ci, digits=3)
    text = (
        f"Main analysis: Cochran's Q {fmt.number(result.q)} on {fmt.count(result.q_df)} df "
        f"(P {fmt.p_value(result.q_p_value)}); "
        f"tau² {fmt.tau2(result.tau2)} ({fmt.coverage(result.tau2_ci.level)} CI {limits}), on the analysis scale."
    )
    return leading(text, studies_anchor(synthesis.question.id))


def _missing(synthesis: Synthesis) -> Table:
    order = list(LEFT_OUT_KINDS)
    rows = sorted(
        synthesis.left_out, key=lambda row: order.index(row.kind) if row.kind in order else len(order)
    )  # stable: file order within a kind
    return Table(
        id=missing_anchor(synthesis.question.id),
        caption="Results that fit the question but did not enter",
        columns=(Column("Study", "label", 1.4), Column("Kind", "text", 1.5), Column("Reason", "text", 3.6)),
        rows=tuple(
            Row(
                (
                    Cell(tidy(row.study), f"#{row_anchor(row.row_id)}"),
                    Cell(LEFT_OUT_KINDS.get(row.kind, tidy(row.kind))),
                    Cell(tidy(row.reason)),
                )
            )
            for row in rows
        ),
    )
