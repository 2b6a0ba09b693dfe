"""Influence panel: what leaving each study out does, one line a study and one column a diagnostic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import MaxNLocator
from scipy import special

from hipevidence import format as fmt
from hipevidence.figures import plot, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import Influence
    from hipevidence.pooling.batch import Booleans, Floats

_MARGIN: Final = 0.15
_ROW: Final = 0.2
_COLUMN: Final = 0.78
_GAP: Final = 0.16
_LONGEST_NAME: Final = 2.4
_HEAD: Final = 0.3


@dataclass(frozen=True, slots=True)
class _Diagnostic:
    """One column: its head, its values, the line of no influence and the limits beyond which a point is marked."""

    head: str
    values: Floats
    centre: float
    limits: tuple[float, ...]


def influence_panel(result: Influence, labels: Sequence[str], *, ax: Axes | None = None) -> Figure:
    r"""Draw the deletion diagnostics of every study.

    Parameters
    ----------
    result
        From :func:`hipevidence.pooling.influence`.
    labels
        Name of each study, shape (k,).
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Dotted lines are the usual limits; a study beyond one that marks influence is orange and set in bold.

    Raises
    ------
    InputError
        If there is not one label a study.

    Notes
    -----
    A study is marked as influential if \|DFFITS\| > 3 √(p / (k - p)), Cook's distance lies beyond the median of its
    chi-square distribution with p degrees of freedom, leverage > 3 p / k, or any \|DFBETAS\| > 1.

    References
    ----------
    Viechtbauer & Cheung (2010), doi:10.1002/jrsm.11.
    """
    names = plot.check_names(labels, len(result.hat))
    marked = influential(result)
    columns = _diagnostics(result)
    with style.in_house_style():
        shown = [style.shorten(name, _LONGEST_NAME, bold=True) for name in names]
        left = _MARGIN + max(style.text_width("Study", bold=True), *(style.text_width(n, bold=True) for n in shown))
    width = left + len(columns) * (_COLUMN + _GAP) + _MARGIN
    top = _MARGIN + _HEAD
    bottom = top + _ROW * len(names) + 0.06
    with style.drawing(width, bottom + 0.62, ax) as axes:
        style.write(axes, _MARGIN, top - 0.13, "Study", weight="bold")
        axes.plot([_MARGIN, width - _MARGIN], [top, top], color=style.INK, lw=0.9)
        for number, name in enumerate(shown):
            y = top + _ROW * (number + 0.6)
            look = {"weight": "bold", "color": "#9c4300"} if marked[number] else {}
            style.write(axes, _MARGIN, y, name, **look)
        for number, column in enumerate(columns):
            x = left + _GAP + number * (_COLUMN + _GAP)
            _draw_column(axes, column, marked, x, (top, bottom))
        note = "Dotted: usual limits. Orange and bold: influential by DFFITS, Cook's distance, leverage or DFBETAS."
        shown_note = style.shorten(note, width - 2 * _MARGIN, size=style.SMALL)
        style.write(axes, _MARGIN, bottom + 0.47, shown_note, fontsize=style.SMALL, color=style.MUTED)
        return style.figure_of(axes)


def influence_panel_description(result: Influence, labels: Sequence[str]) -> str:
    """Return in words what the influence panel shows, for those who cannot see it."""
    names = plot.check_names(labels, len(result.hat))
    marked = [name for name, flag in zip(names, influential(result), strict=True) if flag]
    said = "; ".join(
        f"{name} {', '.join(f'{column.head} {fmt.number(float(column.values[i]))}' for column in _diagnostics(result))}"
        for i, name in enumerate(names)
    )
    found = f"Influential: {', '.join(marked)}." if marked else "No study is influential by the usual limits."
    return f"Influence panel of {fmt.plural(len(names), 'study', 'studies')}. {found} {said}."


def influential(result: Influence) -> Booleans:
    """Return which studies are influential by the usual limits, shape (k,); nan counts as not."""
    k, p = result.dfbetas.shape
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (np.abs(result.dffits) > _dffits_limit(k, p))
            | (result.cooks_distance > _cook_limit(p))
            | (result.hat > 3 * p / k)
            | (np.abs(result.dfbetas) > 1).any(axis=1)
        )


def _dffits_limit(k: int, p: int) -> float:
    return 3 * math.sqrt(p / (k - p))


def _cook_limit(p: int) -> float:
    return float(special.chdtri(p, 0.5))


def _diagnostics(result: Influence) -> list[_Diagnostic]:
    k, p = result.dfbetas.shape
    wide, far = float(special.ndtri(0.975)), _dffits_limit(k, p)
    return [
        _Diagnostic("residual", result.rstudent, 0.0, (-wide, wide)),
        _Diagnostic("DFFITS", result.dffits, 0.0, (-far, far)),
        _Diagnostic("Cook's distance", result.cooks_distance, 0.0, (_cook_limit(p),)),
        _Diagnostic("covariance ratio", result.covariance_ratio, 1.0, ()),
        _Diagnostic("tau² without", result.tau2_deleted, math.nan, ()),
        _Diagnostic("Q without", result.q_deleted, math.nan, ()),
        _Diagnostic("leverage", result.hat, p / k, (3 * p / k,)),
        _Diagnostic("weight (%)", result.weight, 100 / k, ()),
    ]


def _draw_column(axes: Axes, column: _Diagnostic, marked: Booleans, left: float, rows: tuple[float, float]) -> None:
    top, bottom = rows
    low, high = _span(column)

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * _COLUMN

    for number, line in enumerate(reversed(style.wrap(column.head, _COLUMN, bold=True, size=style.SMALL, most=2))):
        style.write(axes, left, top - 0.13 - 0.15 * number, line, weight="bold", fontsize=style.SMALL)
    for limit in column.limits:
        if low <= limit <= high:
            axes.plot([x(limit)] * 2, [top, bottom], color=style.MUTED, lw=0.8, ls=(0, (1, 2)), zorder=1)
    if low <= column.centre <= high:
        axes.plot([x(column.centre)] * 2, [top, bottom], color=style.RULE, lw=0.8, zorder=1)
    axes.plot([left, left + _COLUMN], [bottom, bottom], color=style.INK, lw=0.8)
    _draw_ticks(axes, x, (low, high), bottom)
    for number, value in enumerate(column.values.tolist()):
        y = top + _ROW * (number + 0.6)
        if not math.isfinite(value):
            style.write(axes, left, y, fmt.DASH, color=style.MUTED)
            continue
        colour = style.ALTERNATIVE if marked[number] else style.STUDY
        start = column.centre if math.isfinite(column.centre) else low
        axes.plot([x(start), x(value)], [y, y], color=colour, lw=0.9, zorder=2)
        axes.plot([x(value)], [y], "D" if marked[number] else "o", color=colour, markersize=4.5, zorder=3)


def _draw_ticks(axes: Axes, x: object, limits: tuple[float, float], bottom: float) -> None:
    """Write at most three ticks that do not run into each other, at round numbers."""
    low, high = limits
    for bins in (3, 2, 1):
        steps = [float(s) for s in MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]
        gap = steps[1] - steps[0]
        places = [0.0 if abs(step) < 1e-9 * gap else step for step in steps if low <= step <= high]
        widths = [style.text_width(fmt.exact(place), size=style.SMALL) for place in places]
        if all(gap / (high - low) * _COLUMN > max(widths) + 0.08 for _ in widths):
            break
    else:
        places = places[:: max(len(places) - 1, 1)]  # the outermost two
    for place in places:
        at = x(place)  # type: ignore[operator]  # the column's own scale
        axes.plot([at, at], [bottom, bottom + 0.04], color=style.INK, lw=0.8)
        style.write(axes, at, bottom + 0.14, fmt.exact(place), ha="center", fontsize=style.SMALL)


def _span(column: _Diagnostic) -> tuple[float, float]:
    """Return the range of a column: its values and centre, and limits that are not far beyond them."""
    known = [value for value in (*column.values.tolist(), column.centre) if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    span = max(high - low, 1e-9)
    for limit in column.limits:
        if low - span < limit < high + span:
            low, high = min(low, limit), max(high, limit)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-9):
        high = low + max(abs(low), 1.0)  # all the same, as tau² often is: no value below it is invented
    room = 0.06 * (high - low)
    return low - room, high + room
