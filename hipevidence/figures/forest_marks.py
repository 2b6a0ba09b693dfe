"""Drawing a forest plot: squares, diamonds, intervals, arrows, discs, the scale below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Polygon, Rectangle

from hipevidence import format as fmt
from hipevidence.figures import style
from hipevidence.figures.axis import null_value
from hipevidence.figures.forest_table import (
    LONGEST_CELL,
    MARGIN,
    NOTE_STEP,
    NOTES_GAP,
    PLOT_WIDTH,
    ROW_HEIGHT,
    SIDES_Y,
    lay_out,
    shown_label,
)
from hipevidence.figures.judgements import draw_disc, draw_legend, legend_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.figures.forest_table import Layout, Line, Table
    from hipevidence.results import Interval

_SQUARE: Final = (0.05, 0.15)
_COLOURS: Final = {
    "study": style.STUDY,
    "step": style.STUDY,
    "group": style.GROUP,
    "alternative": style.ALTERNATIVE,
    "note": style.ALTERNATIVE,
}


def draw_table(table: Table, ax: Axes | None = None) -> Figure:
    """Draw a forest plot, into ``ax`` where that is given."""
    with style.in_house_style():
        layout = lay_out(table)
    width = layout.width
    if table.risk_of_bias is not None:
        width = max(width, 2 * MARGIN + legend_width(table.risk_of_bias))
    with style.drawing(width, layout.height, ax) as axes:
        _draw_frame(axes, table, layout)
        for line, line_top in zip(table.lines, layout.tops, strict=True):
            _draw_line(axes, layout, line, line_top + line.height / 2)
        _draw_foot(axes, table, layout)
        return style.figure_of(axes)


def _draw_frame(axes: Axes, table: Table, layout: Layout) -> None:
    head_y = layout.top - ROW_HEIGHT * 0.35
    columns = (layout.name, *layout.cells, layout.effect, layout.weight)
    for column in columns:
        if column is not None:
            style.write(axes, column.x, head_y, column.head, ha=column.align, weight="bold")
    if table.risk_of_bias is not None:
        for x, head in zip(layout.discs, table.risk_of_bias.heads, strict=True):
            style.write(axes, x, head_y, head, ha="center", fontsize=style.SMALL, weight="bold")
    axes.plot([MARGIN, layout.width - MARGIN], [layout.top] * 2, color=style.INK, lw=0.9)
    if not math.isnan(table.mcid):
        left, right = layout.x(max(-table.mcid, layout.scale.low)), layout.x(min(table.mcid, layout.scale.high))
        corner, height = (left, layout.top), layout.bottom - layout.top
        axes.add_patch(Rectangle(corner, right - left, height, facecolor=style.BAND, edgecolor="none", zorder=0))
    null = null_value(table.analysis)
    if not math.isnan(null):
        axes.plot([layout.x(null)] * 2, [layout.top, layout.bottom], color=style.MUTED, lw=0.9, zorder=1)
    _draw_pooled_rule(axes, table, layout)


def _draw_pooled_rule(axes: Axes, table: Table, layout: Layout) -> None:
    """Dot a line from the pooled diamond up through the studies, so that each can be seen on one side of it."""
    for line, top in zip(table.lines, layout.tops, strict=True):
        if line.kind == "pooled" and layout.scale.low <= line.estimate <= layout.scale.high:
            ends = [layout.top, top + line.height / 2]
            axes.plot([layout.x(line.estimate)] * 2, ends, color=style.POOLED, lw=0.8, ls=(0, (1, 2)), zorder=1)


def _draw_foot(axes: Axes, table: Table, layout: Layout) -> None:
    bottom, sides = layout.bottom, layout.sides
    axes.plot([layout.plot_left, layout.plot_left + PLOT_WIDTH], [bottom] * 2, color=style.INK, lw=0.9)
    for tick, label in zip(layout.scale.ticks, layout.scale.labels, strict=True):
        x = layout.x(tick)
        axes.plot([x, x], [bottom, bottom + 0.05], color=style.INK, lw=0.9)
        style.write(axes, x, bottom + 0.15, label, ha="center", fontsize=style.SMALL)
    y = bottom + SIDES_Y
    muted = {"fontsize": style.SMALL, "color": style.MUTED}
    style.write(axes, sides.left_end, y, sides.lower, ha="right", **muted)
    style.write(axes, sides.right_start, y + sides.drop, sides.higher, ha="left", **muted)
    y += sides.drop + NOTES_GAP
    for number, note in enumerate(layout.notes):
        style.write(axes, MARGIN, y + NOTE_STEP * number, note, ha="left", **muted)
    if table.risk_of_bias is not None:
        y += NOTE_STEP * (len(layout.notes) - 1) + NOTES_GAP if layout.notes else 0.0
        left = max(MARGIN, layout.width - MARGIN - legend_width(table.risk_of_bias))
        draw_legend(axes, left, y, table.risk_of_bias)


def _draw_line(axes: Axes, layout: Layout, line: Line, y: float) -> None:
    look: dict[str, object] = {"weight": "bold" if line.bold else "normal"}
    if line.kind == "note":
        look |= {"fontsize": style.SMALL, "color": style.MUTED}
    style.write(axes, layout.name.x, y, shown_label(line), ha="left", **look)
    for column, text in zip(layout.cells, line.cells, strict=False):
        if column is not None:
            shown = style.shorten(text, LONGEST_CELL) or fmt.DASH
            style.write(axes, column.x, y, shown, ha=column.align, **look)
    style.write(axes, layout.effect.x, y, line.effect, ha="right", **look)
    if layout.weight is not None:
        style.write(axes, layout.weight.x, y, line.weight, ha="right", **look)
    for x, word in zip(layout.discs, line.judgements, strict=False):
        draw_disc(axes, x, y, word)
    _draw_mark(axes, layout, line, y)


# ------------------------------------------------------------------ marks


def _draw_mark(axes: Axes, layout: Layout, line: Line, y: float) -> None:
    interval = line.interval
    if interval is None or not interval.exists:
        if line.kind in {"study", "step"} and layout.scale.low <= line.estimate <= layout.scale.high:
            _square(axes, layout, line, y)
        return
    colour = _COLOURS.get(line.kind, style.POOLED)
    if line.kind in {"study", "step"}:
        _draw_interval(axes, layout, interval, y, colour)
        if layout.scale.low <= line.estimate <= layout.scale.high:
            side = _square(axes, layout, line, y)
            _draw_hidden_interval(axes, layout, interval, y, side)
    elif line.kind == "prediction":
        _draw_interval(axes, layout, interval, y, colour)
        for end in (interval.low, interval.high):
            if layout.scale.low <= end <= layout.scale.high:
                axes.plot([layout.x(end)] * 2, [y - 0.05, y + 0.05], color=colour, lw=1.3)
    else:
        _draw_diamond(axes, layout, line, interval, y, colour)


def _draw_hidden_interval(axes: Axes, layout: Layout, interval: Interval, y: float, side: float) -> None:
    """Draw an interval that its own square covers in the colour of the paper, so that it can be seen."""
    low, high = layout.x(interval.low), layout.x(interval.high)
    if high - low < side:
        axes.plot([low, high], [y, y], color=style.PAPER, lw=1.0, solid_capstyle="butt", zorder=4)


def _square(axes: Axes, layout: Layout, line: Line, y: float) -> float:
    """Draw the square of a study and return the length of its side."""
    small, large = _SQUARE
    share = 0.0 if math.isnan(line.share) else line.share / layout.largest
    side = max(small, large * math.sqrt(share))  # the area, not the side, is the weight
    if line.kind == "step":
        side = (small + large) / 2
    corner = (layout.x(line.estimate) - side / 2, y - side / 2)
    axes.add_patch(Rectangle(corner, side, side, facecolor=style.STUDY, edgecolor="none", zorder=3))
    return side


def _draw_interval(axes: Axes, layout: Layout, interval: Interval, y: float, colour: str) -> None:
    low, high = max(interval.low, layout.scale.low), min(interval.high, layout.scale.high)
    axes.plot([layout.x(low), layout.x(high)], [y, y], color=colour, lw=1.3, solid_capstyle="butt", zorder=2)
    if interval.low < layout.scale.low:
        _arrow(axes, layout.x(low), y, -1, colour)
    if interval.high > layout.scale.high:
        _arrow(axes, layout.x(high), y, 1, colour)


def _arrow(axes: Axes, x: float, y: float, direction: int, colour: str) -> None:
    """Draw the head that says an interval goes on beyond the picture."""
    points = [(x, y), (x - direction * 0.07, y - 0.045), (x - direction * 0.07, y + 0.045)]
    axes.add_patch(Polygon(points, closed=True, facecolor=colour, edgecolor="none", zorder=3))


def _draw_diamond(axes: Axes, layout: Layout, line: Line, interval: Interval, y: float, colour: str) -> None:
    low, high = max(interval.low, layout.scale.low), min(interval.high, layout.scale.high)
    centre = layout.x(min(max(line.estimate, low), high))
    half = 0.085
    points = [(layout.x(low), y), (centre, y - half), (layout.x(high), y), (centre, y + half)]
    face = style.PAPER if line.kind in {"alternative", "note"} else colour
    axes.add_patch(Polygon(points, closed=True, facecolor=face, edgecolor=colour, lw=1.2, zorder=3))
    if interval.low < layout.scale.low:
        _arrow(axes, layout.x(low) - 0.04, y, -1, colour)
    if interval.high > layout.scale.high:
        _arrow(axes, layout.x(high) + 0.04, y, 1, colour)
