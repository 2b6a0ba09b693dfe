"""Forest plot: every row with its raw figures, effect, interval and weight; the pooled results below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.forest_marks import draw_table
from hipevidence.figures.forest_table import LONGEST_LINE, Line, Table, weight_text
from hipevidence.pooling import subgroups
from hipevidence.pooling.tau2 import COMMON_EFFECT
from hipevidence.synthesis.wording import estimate_text, heterogeneity_text, interval_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.figures.judgements import RiskOfBias
    from hipevidence.pooling import Subgroup, Subgroups
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis

#: Sensitivity analyses that move the estimate, and so deserve a diamond of their own.
_SHOWN_BELOW: Final = ("fixed_effect", "nulls_as_zero", "all_nulls_as_zero", "change_scores")
NOT_STATED: Final = "Not stated"


def forest(
    synthesis: Synthesis,
    *,
    groups: Mapping[str, str] | None = None,
    tau2: str = "separate",
    judgements: RiskOfBias | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the forest plot of a question's answer.

    Parameters
    ----------
    synthesis
        Answer with at least one row.
    groups
        ``row_id`` to subgroup: each subgroup gets its own diamond, and the test between them stands below. Rows that
        are not named form a group of their own.
    tau2
        ``separate`` or ``common`` between-study variance of the subgroups.
    judgements
        Risk of bias by the label of a row, drawn as discs right of the weights.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Width and height follow from the texts and the number of rows.

    Raises
    ------
    InputError
        If the answer has no rows.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> from hipevidence.synthesis import synthesise
    >>> picture = forest(synthesise(load_evidence("data"), "oa.mixed.pain"))
    """
    return draw_table(_table(synthesis, groups, tau2, judgements), ax)


def forest_description(
    synthesis: Synthesis,
    *,
    groups: Mapping[str, str] | None = None,
    tau2: str = "separate",
    judgements: RiskOfBias | None = None,
) -> str:
    """Return in words what the forest plot shows, for those who cannot see it."""
    studies = fmt.plural(len(synthesis.rows), "result")
    rows = "; ".join(
        f"{row.label} {estimate_text(synthesis.primary, row.yi, row.ci)}{_overall_text(row, judgements)}"
        for row in synthesis.rows
    )
    grouped = _groups_text(synthesis, groups, tau2)
    return style.legible(f"Forest plot of {studies} ({synthesis.scale}): {rows}.{_pooled_text(synthesis)}{grouped}")


def _overall_text(row: RowEffect, judgements: RiskOfBias | None) -> str:
    """Return the overall judgement of a row's study, for the description."""
    word = "" if judgements is None else judgements.of(row.label)[-1]
    return f", risk of bias {word.lower()}" if word else ""


def _pooled_text(synthesis: Synthesis) -> str:
    """Return what the lines below the studies say; nothing where one result stands alone."""
    said = "; ".join(f"{line.label} {line.effect}" for line in _lines_below(synthesis))
    return f" Pooled: {said}. {' '.join(notes(synthesis))}".rstrip() if said else ""


def _groups_text(synthesis: Synthesis, groups: Mapping[str, str] | None, tau2: str) -> str:
    if groups is None:
        return ""
    found = _subgroups(synthesis, groups, tau2)
    if found is None:
        return ""
    parts = "; ".join(f"{group.label} {_group_effect(synthesis.primary, group)}" for group in found.groups)
    return f" Subgroups: {parts}. {_difference_text(found)}"


# ------------------------------------------------------------------ from the answer to lines


def _table(synthesis: Synthesis, groups: Mapping[str, str] | None, tau2: str, judgements: RiskOfBias | None) -> Table:
    if not synthesis.rows:
        raise InputError(
            f"{synthesis.question.id} has no result to draw; allowed: an answer with at least one row. "
            "Read left_out for why no row entered."
        )
    found = None if groups is None else _subgroups(synthesis, groups, tau2)
    if groups is None:
        lines = [_study_line(synthesis, row, judgements) for row in synthesis.rows]
    else:
        lines = _grouped_lines(synthesis, groups, found, judgements)
    below = _lines_below(synthesis)
    if below:
        lines += [Line("space", ""), *below]
    question = synthesis.question
    return Table(
        analysis=synthesis.primary,
        heads=("Study", question.arms, effect_head(synthesis), "Weight"),
        lines=tuple(lines),
        favours=question.favours,
        mcid=band(synthesis),
        notes=(*notes(synthesis), *([] if found is None else [_difference_text(found)]), *_domains(judgements)),
        risk_of_bias=judgements,
    )


def effect_head(synthesis: Synthesis) -> str:
    """Return the head of the column of effects: the measure and the level of the intervals."""
    measure = synthesis.question.measure
    name = "Share" if synthesis.primary.is_proportion else measure
    return f"{name} [{fmt.coverage(synthesis.question.level)} CI]"


def band(synthesis: Synthesis) -> float:
    """Return the smallest difference that matters on the analysis scale; nan where there is none to shade."""
    mcid = synthesis.question.mcid
    return math.nan if mcid is None or math.isnan(synthesis.null_value) else mcid


def notes(synthesis: Synthesis) -> tuple[str, ...]:
    """Return the line below the scale: how much the results differ, and what the band means."""
    question = synthesis.question
    shaded = "" if question.mcid is None else f"Shaded: less than {fmt.exact(question.mcid)} {question.mcid_unit}."
    text = f"{heterogeneity_text(synthesis)} {shaded}".strip()
    return (text,) if text else ()


def _domains(judgements: RiskOfBias | None) -> tuple[str, ...]:
    """Return what the heads of the discs mean."""
    if judgements is None:
        return ()
    return (f"Risk of bias ({judgements.tool}). {'; '.join(judgements.key)}.",)


def _study_line(synthesis: Synthesis, row: RowEffect, judgements: RiskOfBias | None) -> Line:
    return Line(
        kind="study",
        label=row.label,
        cells=(row.arm1, row.arm2),
        effect=estimate_text(synthesis.primary, row.yi, row.ci),
        weight=weight_text(row.weight),
        estimate=row.yi,
        interval=row.ci,
        share=row.weight / 100,
        judgements=() if judgements is None else judgements.of(row.label),
    )


def _lines_below(synthesis: Synthesis) -> list[Line]:
    lines: list[Line] = []
    result = synthesis.primary.result
    if result is not None and synthesis.primary.k > 1:
        name = "Fixed effect" if result.method in COMMON_EFFECT else "Random effects"
        lines.append(pooled_line(synthesis.primary, name, "pooled"))
        if result.prediction.exists:
            text = interval_text(synthesis.primary, result.prediction)
            name = f"{fmt.coverage(synthesis.question.level)} prediction interval"
            lines.append(Line("prediction", name, effect=text, interval=result.prediction))
    lines += [
        pooled_line(analysis, analysis.title, "alternative")
        for analysis in synthesis.sensitivity
        if analysis.id in _SHOWN_BELOW and analysis.result is not None and analysis.k > 1
    ]
    return lines


def pooled_line(analysis: Analysis, title: str, kind: Literal["pooled", "alternative"]) -> Line:
    """Return the line of a pooled result, ``pooled`` (filled) or ``alternative`` (outlined)."""
    label = style.shorten(title, LONGEST_LINE, bold=kind == "pooled")
    result = analysis.result
    if result is None:
        return Line(kind, label, effect=fmt.NOT_ESTIMATED)
    text = estimate_text(analysis, result.estimate, result.ci)
    weight = weight_text(100.0) if kind == "pooled" else ""
    return Line(kind, label, effect=text, weight=weight, estimate=result.estimate, interval=result.ci)


# ------------------------------------------------------------------ subgroups


def _group_of(row: RowEffect, groups: Mapping[str, str]) -> str:
    return groups.get(row.row_id, "") or NOT_STATED


def _subgroups(synthesis: Synthesis, groups: Mapping[str, str], tau2: str) -> Subgroups | None:
    """Return the subgroup analysis, ``None`` where all rows are of one group."""
    labels = [_group_of(row, groups) for row in synthesis.rows]
    if len(set(labels)) < 2:
        return None
    question = synthesis.question
    effects, variances = [row.yi for row in synthesis.rows], [row.vi for row in synthesis.rows]
    return subgroups(
        effects, variances, labels, tau2=tau2, method=question.method, ci=question.ci, level=question.level
    )


def _grouped_lines(
    synthesis: Synthesis, groups: Mapping[str, str], found: Subgroups | None, judgements: RiskOfBias | None
) -> list[Line]:
    results = {} if found is None else {group.label: group for group in found.groups}
    lines: list[Line] = []
    for label in sorted({_group_of(row, groups) for row in synthesis.rows}, key=lambda one: (one == NOT_STATED, one)):
        if lines:
            lines.append(Line("space", ""))
        lines.append(Line("heading", label))
        rows = [row for row in synthesis.rows if _group_of(row, groups) == label]
        lines += [_study_line(synthesis, row, judgements) for row in rows]
        if label in results:
            lines += _group_lines(synthesis.primary, results[label], sum(row.weight for row in rows))
    return lines


def _group_lines(analysis: Analysis, group: Subgroup, weight: float) -> list[Line]:
    """Return the diamond of a group and how much it varies; a group of one study has no pooled effect of its own."""
    if group.k < 2:
        return []
    text = _group_effect(analysis, group)
    diamond = Line(
        "group", "Subgroup", effect=text, weight=weight_text(weight), estimate=group.estimate, interval=group.ci
    )
    varies = (
        f"tau² {fmt.tau2(group.tau2)}; I² {fmt.i2(group.i2)}; "
        f"Q {fmt.number(group.q)} on {fmt.count(group.k - 1)} df, P {fmt.p_value(group.q_p_value)}."
    )
    return [diamond, Line("note", varies)]


def _group_effect(analysis: Analysis, group: Subgroup) -> str:
    if group.k < 2:
        return f"one result, {fmt.NOT_ESTIMATED}"
    return estimate_text(analysis, group.estimate, group.ci)


def _difference_text(found: Subgroups) -> str:
    test = found.difference
    if math.isnan(test.p_value):
        return f"Difference between the subgroups: {fmt.NOT_ESTIMATED} ({found.reason})."
    df = (
        fmt.count(test.df)
        if math.isinf(test.df_residual)
        else f"{fmt.count(test.df)} and {fmt.exact(test.df_residual)}"
    )
    value = f"{'Q' if math.isinf(test.df_residual) else 'F'} {fmt.number(test.statistic)} on {df} df"
    return f"Difference between the subgroups: {value}, P {fmt.p_value(test.p_value)}."
