"""Specification curve: every analysis of a question by its estimate, and below each the choices it made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.axis import Scale, scale_between
from hipevidence.multiverse.wording import CHOICE_TITLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.multiverse import Multiverse, Specification

CURVE_WIDTH: Final = 6.2
CURVE_HEIGHT: Final = 2.3
_LINE: Final = 0.19
_GAP: Final = 0.12
_MARGIN: Final = 0.15
_HEAD: Final = 0.35
_LONGEST: Final = 2.6
#: Inches for the labels of the scale, and for an arrow behind a side's name.
_TICKS: Final = 0.55
_ARROW: Final = 0.2
#: Intervals are cut that reach further beyond the estimates than this multiple of their spread.
_REACH: Final = 0.3
#: Above this number of analyses their choices are bars, below it dots.
_MOST_DOTS: Final = 80
_BAR: Final = 0.11


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything stands, in inches from the top left corner."""

    order: tuple[Specification, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...]
    left: float
    scale: Scale
    height: float

    @property
    def slot(self) -> float:
        """Inches that each analysis has."""
        return CURVE_WIDTH / len(self.order)

    def x(self, place: int) -> float:
        """Return where the analysis of this rank stands."""
        return self.left + (place + 0.5) * self.slot

    def y(self, value: float) -> float:
        """Return where a value stands, smaller ones lower, cut at the ends of the scale."""
        inside = min(max(value, self.scale.low), self.scale.high)
        return self.scale.position(inside, _HEAD + CURVE_HEIGHT, -CURVE_HEIGHT)


def specification_curve(result: Multiverse, *, ax: Axes | None = None) -> Figure:
    """Draw the specification curve of a question.

    Parameters
    ----------
    result
        With one specification at least.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Above, estimates with intervals in ascending order, those whose interval excludes no difference in colour and
        the protocol's own marked; below, a dot for each choice made.

    Raises
    ------
    InputError
        If there is no specification.
    """
    if not result.specifications:
        raise InputError(
            f"{result.question.id} has no analysis to draw; allowed: a question with at least one usable row."
        )
    with style.in_house_style():
        layout = _lay_out(result)
    with style.drawing(layout.left + CURVE_WIDTH + _MARGIN, layout.height, ax) as axes:
        _draw_axis(axes, result, layout)
        _draw_curve(axes, result, layout)
        _draw_choices(axes, layout)
        return style.figure_of(axes)


def specification_curve_description(result: Multiverse) -> str:
    """Return in words what the specification curve shows, for those who cannot see it."""
    return f"Specification curve. {result.sentence}"


def _lay_out(result: Multiverse) -> _Layout:
    order = tuple(sorted(result.specifications, key=lambda one: one.estimate))
    names = result.varying() or ("estimator", "interval")
    options = tuple(
        (name, tuple(dict.fromkeys(str(getattr(one, name)) for one in result.specifications))) for name in names
    )
    labels = [line for _, texts in options for text in texts for line in _label(text)]
    width = max(style.text_width(line, size=style.SMALL) for line in labels)
    titles = max(style.text_width(CHOICE_TITLES[name], bold=True, size=style.SMALL) for name in names)
    height = _HEAD + CURVE_HEIGHT + 0.3 + len(labels) * _LINE + len(options) * _GAP + _MARGIN
    sides = max(
        style.text_width(style.shorten(one, _LONGEST, size=style.SMALL), size=style.SMALL)
        for one in result.question.favours
    )
    left = _MARGIN + max(titles + 0.15 + width + 0.15, sides + _ARROW + _TICKS)
    return _Layout(order, options, left, _scale(result), height)


def _scale(result: Multiverse) -> Scale:
    """Return the vertical scale: all estimates, no difference, and intervals as far as they do not squeeze the rest."""
    values = [one.estimate for one in result.specifications]
    if not result.primary.is_proportion:
        values.append(0.0)
    primary = result.specifications[0].ci
    ends = [*values, *([primary.low, primary.high] if primary.exists else [])]
    spread = max(max(ends) - min(ends), 1e-9)
    limits = [limit for one in result.specifications if one.ci.exists for limit in (one.ci.low, one.ci.high)]
    low = max(min([*ends, *limits]), min(ends) - _REACH * spread)
    high = min(max([*ends, *limits]), max(ends) + _REACH * spread)
    margin = 0.05 * (high - low)
    return scale_between(result.primary, low - margin, high + margin, lambda _: 0.0)


def _draw_axis(axes: Axes, result: Multiverse, layout: _Layout) -> None:
    bottom, right = _HEAD + CURVE_HEIGHT, layout.left + CURVE_WIDTH
    mcid = result.question.mcid
    if not result.primary.is_proportion:
        if mcid is not None:
            high, low = layout.y(mcid), layout.y(-mcid)
            axes.fill_between([layout.left, right], high, low, color=style.BAND, lw=0, zorder=0)
        axes.plot([layout.left, right], [layout.y(0.0)] * 2, color=style.MUTED, lw=0.9, zorder=1)
    axes.plot([layout.left] * 2, [_HEAD, bottom], color=style.INK, lw=0.9)
    for tick, label in zip(layout.scale.ticks, layout.scale.labels, strict=True):
        y = layout.y(tick)
        axes.plot([layout.left - 0.05, layout.left], [y, y], color=style.INK, lw=0.9)
        style.write(axes, layout.left - 0.09, y, label, ha="right", fontsize=style.SMALL)
    shaded = "" if mcid is None else f" Shaded: less than {fmt.exact(mcid)} {result.question.mcid_unit}."
    count = fmt.plural(result.size, "analysis", "analyses")
    text = f"{count}; diamond: the protocol's. Dark: its interval excludes no difference.{shaded}"
    text = style.shorten(text, layout.left + CURVE_WIDTH - _MARGIN, size=style.SMALL)
    style.write(axes, _MARGIN, 0.15, text, ha="left", fontsize=style.SMALL, color=style.MUTED)
    if not result.primary.is_proportion:
        side = layout.left - _TICKS
        lower, higher = (
            style.shorten(one, side - _MARGIN - _ARROW, size=style.SMALL) for one in result.question.favours
        )
        style.write(axes, side, bottom - 0.1, f"{lower} ↓", ha="right", fontsize=style.SMALL, color=style.MUTED)
        style.write(axes, side, _HEAD + 0.1, f"{higher} ↑", ha="right", fontsize=style.SMALL, color=style.MUTED)


def _draw_curve(axes: Axes, result: Multiverse, layout: _Layout) -> None:
    colours = [_colour(result, one) for one in layout.order]
    many = len(layout.order) > _MOST_DOTS
    for colour in dict.fromkeys(colours):
        places = [place for place, found in enumerate(colours) if found == colour]
        shown = [(layout.x(place), layout.order[place]) for place in places]
        intervals = [((x, layout.y(one.ci.low)), (x, layout.y(one.ci.high))) for x, one in shown if one.ci.exists]
        _strokes(axes, intervals, color=colour, lw=_stroke(layout), alpha=0.5, zorder=2)
        if many:
            half = 0.5 * layout.slot
            ticks = [((x - half, layout.y(one.estimate)), (x + half, layout.y(one.estimate))) for x, one in shown]
            _strokes(axes, ticks, color=colour, lw=2.0, zorder=3)
        else:
            heights = [layout.y(one.estimate) for _, one in shown]
            axes.scatter([x for x, _ in shown], heights, s=20.0, c=colour, lw=0, zorder=3)
    for place, one in enumerate(layout.order):
        if one.primary:
            axes.scatter([layout.x(place)], [layout.y(one.estimate)], s=46, marker="D", c=style.ALTERNATIVE, zorder=4)


def _colour(result: Multiverse, one: Specification) -> str:
    if result.primary.is_proportion or (one.ci.exists and not one.ci.contains(0.0)):
        return style.POOLED
    return style.GROUP if one.ci.exists else style.RULE


def _draw_choices(axes: Axes, layout: _Layout) -> None:
    y = _HEAD + CURVE_HEIGHT + 0.3
    for name, texts in layout.options:
        style.write(axes, _MARGIN, y, CHOICE_TITLES[name], ha="left", fontsize=style.SMALL, weight="bold")
        for text in texts:
            label = _label(text)
            for number, line in enumerate(label):
                style.write(axes, layout.left - 0.12, y + number * _LINE, line, ha="right", fontsize=style.SMALL)
            middle = y + 0.5 * (len(label) - 1) * _LINE
            axes.plot([layout.left, layout.left + CURVE_WIDTH], [middle] * 2, color=style.RULE, lw=0.4, zorder=0)
            made = [place for place, one in enumerate(layout.order) if str(getattr(one, name)) == text]
            _mark(axes, layout, made, middle)
            y += len(label) * _LINE
        y += _GAP


def _label(text: str) -> list[str]:
    """Return the name of an option in as many lines as it needs."""
    return style.wrap(text, _LONGEST, size=style.SMALL)


def _mark(axes: Axes, layout: _Layout, places: list[int], y: float) -> None:
    """Mark the analyses that made a choice: dots where they have room, bars over neighbours where they are many."""
    if len(layout.order) <= _MOST_DOTS:
        axes.scatter([layout.x(place) for place in places], [y] * len(places), s=14, c=style.STUDY, lw=0, zorder=2)
        return
    half = 0.5 * layout.slot
    bars = [((layout.x(first) - half, y), (layout.x(last) + half, y)) for first, last in _runs(places)]
    _strokes(axes, bars, color=style.STUDY, lw=72.0 * _BAR, zorder=2)


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbours among ascending places."""
    known = set(places)
    starts = [place for place in places if place - 1 not in known]
    ends = [place for place in places if place + 1 not in known]
    return list(zip(starts, ends, strict=True))


def _strokes(axes: Axes, strokes: list[tuple[Point, Point]], **look: Any) -> None:
    """Draw many strokes of one look as one broken line, which keeps the file small."""
    if strokes:
        broken = [point for start, end in strokes for point in (start, end, (math.nan, math.nan))]
        xs, ys = zip(*broken, strict=True)
        axes.plot(xs, ys, solid_capstyle="butt", **look)


def _stroke(layout: _Layout) -> float:
    """Return the width, in points, of a stroke that leaves a little room to the next one."""
    return max(0.35, min(3.0, 0.75 * 72.0 * layout.slot))
