"""Cumulative and leave-one-out forest plots: the pooled effect as studies come in, and without each of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.forest import band, effect_head, notes, pooled_line
from hipevidence.figures.forest_marks import draw_table
from hipevidence.figures.forest_table import Line, Table
from hipevidence.pooling import cumulative, leave_one_out
from hipevidence.results import Interval
from hipevidence.synthesis.wording import estimate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import Fits
    from hipevidence.synthesis import RowEffect, Synthesis

_ALONE = "A line with one study has that study's own interval."


def cumulative_forest(synthesis: Synthesis, *, order: Sequence[float] | None = None, ax: Axes | None = None) -> Figure:
    """Draw the pooled effect of the first study, of the first two, and so on.

    Parameters
    ----------
    synthesis
        Answer with at least one row.
    order
        Values to sort the rows by, one a row; the year of publication if left out, unknown years last.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        One line a study: what all studies up to it give, by the estimator and interval of the protocol.

    Raises
    ------
    InputError
        If the answer has no rows, or ``order`` has another length.
    """
    rows, fits = _cumulative(synthesis, order)
    lines = _steps(synthesis, [f"+ {row.label}" for row in rows], [rows[:1]] * len(rows), fits)
    return draw_table(_table(synthesis, "Study added", lines), ax)


def cumulative_forest_description(synthesis: Synthesis, *, order: Sequence[float] | None = None) -> str:
    """Return in words what the cumulative forest plot shows, for those who cannot see it."""
    rows, fits = _cumulative(synthesis, order)
    steps = _steps(synthesis, [row.label for row in rows], [rows[:1]] * len(rows), fits)
    said = "; ".join(f"with {line.label} {line.effect}" for line in steps)
    size = fmt.plural(len(rows), "result")
    return style.legible(f"Cumulative forest plot of {size} ({synthesis.scale}): {said}.")


def leave_one_out_forest(synthesis: Synthesis, *, ax: Axes | None = None) -> Figure:
    """Draw the pooled effect without the first study, without the second, and so on, and with all of them below.

    Parameters
    ----------
    synthesis
        Answer with at least two rows.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        One line a study: what the others give, by the estimator and interval of the protocol.

    Raises
    ------
    InputError
        If the answer has fewer than two rows.
    """
    lines = _left_out(synthesis, "without {}")
    pooled = pooled_line(synthesis.primary, "All studies", "pooled")
    return draw_table(_table(synthesis, "Study left out", [*lines, Line("space", ""), pooled]), ax)


def leave_one_out_forest_description(synthesis: Synthesis) -> str:
    """Return in words what the leave-one-out forest plot shows, for those who cannot see it."""
    lines = _left_out(synthesis, "without {}")
    said = "; ".join(f"{line.label} {line.effect}" for line in lines)
    size = fmt.plural(len(lines), "result")
    return style.legible(f"Leave-one-out forest plot of {size} ({synthesis.scale}): {said}.")


def _cumulative(synthesis: Synthesis, order: Sequence[float] | None) -> tuple[list[RowEffect], Fits]:
    _check(synthesis, 1)
    keys = [math.inf if row.year is None else row.year for row in synthesis.rows] if order is None else list(order)
    if len(keys) != len(synthesis.rows):
        raise InputError(
            f"order has {fmt.plural(len(keys), 'value')}; allowed: {fmt.count(len(synthesis.rows))}, one a row."
        )
    rows = [synthesis.rows[place] for place in np.argsort(np.array(keys), kind="stable")]
    question = synthesis.question
    effects, variances = [row.yi for row in rows], [row.vi for row in rows]
    return rows, cumulative(effects, variances, method=question.method, ci=question.ci, level=question.level)


def _left_out(synthesis: Synthesis, wording: str) -> list[Line]:
    _check(synthesis, 2)
    rows, question = synthesis.rows, synthesis.question
    effects, variances = [row.yi for row in rows], [row.vi for row in rows]
    fits = leave_one_out(effects, variances, method=question.method, ci=question.ci, level=question.level)
    others = [[other for other in rows if other is not row] for row in rows]
    return _steps(synthesis, [wording.format(row.label) for row in rows], others, fits)


def _steps(synthesis: Synthesis, labels: list[str], alone: Sequence[Sequence[RowEffect]], fits: Fits) -> list[Line]:
    """Return one line a fit; where it rests on one study, that study (the first of ``alone``) with its own interval."""
    level, lines = synthesis.question.level, []
    for number, label in enumerate(labels):
        estimate, k = float(fits.estimate[number]), int(fits.k[number])
        ci = Interval(float(fits.ci_low[number]), float(fits.ci_high[number]), level)
        if k == 1:
            estimate, ci = alone[number][0].yi, alone[number][0].ci
        text = estimate_text(synthesis.primary, estimate, ci)
        lines.append(Line("step", label, (fmt.count(k),), text, estimate=estimate, interval=ci))
    return lines


def _table(synthesis: Synthesis, head: str, lines: list[Line]) -> Table:
    below = (*notes(synthesis), _ALONE) if any(line.cells == ("1",) for line in lines) else notes(synthesis)
    return Table(
        analysis=synthesis.primary,
        heads=(head, ("Studies",), effect_head(synthesis), ""),
        lines=tuple(lines),
        favours=synthesis.question.favours,
        mcid=band(synthesis),
        notes=below,
    )


def _check(synthesis: Synthesis, at_least: int) -> None:
    if len(synthesis.rows) < at_least:
        raise InputError(
            f"{synthesis.question.id} has {fmt.plural(len(synthesis.rows), 'result')}; allowed: {fmt.count(at_least)} "
            "or more. Draw the forest plot of what there is."
        )
