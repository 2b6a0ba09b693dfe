"""Ladder of numbers needed: how many people for one who benefits or is harmed, with intervals through infinity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.risk import NumberNeeded

_MARGIN: Final = 0.15
_ROW: Final = 0.3
_WIDTH: Final = 3.6
_LONGEST_NAME: Final = 2.8
_HEAD: Final = 0.55
_TICKS: Final = (1, 2, 5, 3, 10, 4, 20, 50, 100, 200, 500, 1000)  # the dearest first
_SIDES: Final = ("\N{LEFTWARDS ARROW} one is harmed", "one benefits \N{RIGHTWARDS ARROW}")


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the ladder.

    Attributes
    ----------
    label
        What is compared, and for which outcome.
    found
        Number needed, of one risk difference.
    """

    label: str
    found: NumberNeeded


def nnt_ladder(rungs: Sequence[Rung], *, ax: Axes | None = None) -> Figure:
    """Draw numbers needed to treat or to harm on a scale that has infinity in its middle.

    Parameters
    ----------
    rungs
        Comparisons, from top to bottom.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Above: number needed; below: the same as people out of 100, on which the scale is even.

    Raises
    ------
    InputError
        If there is no rung, or a number needed holds several values.

    References
    ----------
    Altman DG (1998), doi:10.1136/bmj.317.7168.1309.
    """
    spans = [_span(rung) for rung in rungs]
    if not spans:
        raise InputError("no number needed to draw; allowed: one or more. Compute them with number_needed.")
    low, high = _limits(spans)
    with style.in_house_style():
        names = [style.shorten(rung.label, _LONGEST_NAME) for rung in rungs]
        left = _MARGIN + max(style.text_width("Comparison", bold=True), *map(style.text_width, names)) + 0.25
        texts = [needed_text(rung.found) for rung in rungs]
        head = "Number needed [interval]"
        right = left + _WIDTH + 0.25 + max(style.text_width(head, bold=True), *map(style.text_width, texts))
    top, bottom = _MARGIN + _HEAD, _MARGIN + _HEAD + _ROW * len(names) + 0.08
    with style.drawing(right + _MARGIN, bottom + 0.62, ax) as axes:

        def x(gain: float) -> float:
            return left + (min(max(gain, low), high) - low) / (high - low) * _WIDTH

        style.write(axes, _MARGIN, _MARGIN + 0.1, "Comparison", weight="bold")
        style.write(axes, right, _MARGIN + 0.1, head, weight="bold", ha="right")
        _draw_scales(axes, (low, high), (left, top, bottom))
        for number, (name, text, span) in enumerate(zip(names, texts, spans, strict=True)):
            y = top + _ROW * (number + 0.5)
            style.write(axes, _MARGIN, y, name)
            style.write(axes, right, y, text, ha="right")
            ends = [x(value) for value in span]
            beyond = (span[0] < low, span[2] > high)
            _draw_rung(axes, ends, y, beyond)
        return style.figure_of(axes)


def nnt_ladder_description(rungs: Sequence[Rung]) -> str:
    """Return in words what the ladder shows, for those who cannot see it."""
    said = "; ".join(f"{rung.label}: {needed_text(rung.found)}" for rung in rungs)
    return style.legible(f"Ladder of numbers needed: {said}.")


def needed_text(found: NumberNeeded) -> str:
    """Return a number needed with its interval, through infinity where it holds no difference."""
    number, benefit, harm = float(found.number), found.benefit, found.harm
    kind = {"benefit": " to benefit", "harm": " to harm"}.get(str(found.direction), "")
    shown = fmt.NOT_ESTIMATED if math.isnan(number) else f"{_people(number)}{kind}"
    if found.through_infinity:
        ends = f"benefit {_people(benefit.low)} to {fmt.INFINITY} to harm {_people(harm.low)}"
        if math.isnan(benefit.low) or math.isnan(harm.low):
            known = harm.low if math.isnan(benefit.low) else benefit.low
            ends = f"{_people(known)} to {fmt.INFINITY}"
        return f"{shown} [{ends}]"
    piece = harm if math.isnan(benefit.low) else benefit
    return f"{shown} [{_people(piece.low)} to {_people(piece.high)}]" if piece.exists else shown


def _people(number: float) -> str:
    return fmt.number(number, 1 if number < 10 and number != round(number) else 0)


def _span(rung: Rung) -> tuple[float, float, float]:
    """Return the interval and the number as share of people who benefit (harm negative): low, middle, high."""
    found = rung.found
    if np.ndim(found.number) != 0:
        raise InputError(
            f"{style.legible(rung.label)} holds several numbers needed; allowed: one. Give them one by one."
        )
    sign = -1.0 if found.direction == "harm" else 1.0
    middle = sign / float(found.number)
    benefit = [1 / limit for limit in (found.benefit.high, found.benefit.low) if not math.isnan(limit)]
    harm = [-1 / limit for limit in (found.harm.low, found.harm.high) if not math.isnan(limit)]
    ends = [*harm, *benefit]
    if found.through_infinity:
        ends.append(0.0)
    return (min(ends), middle, max(ends)) if ends else (middle, middle, middle)


def _limits(spans: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Return the reach of the scale: all numbers, and intervals as far as they would not squeeze the rest."""
    middles = [middle for _, middle, _ in spans if math.isfinite(middle)] or [0.0]
    halves = [high - low for low, _, high in spans if math.isfinite(high - low)] or [0.0]
    reach = max(1.2 * float(np.median(halves)), 0.01)
    low = min(0.0, max(min(s[0] for s in spans if math.isfinite(s[0])), min(middles) - reach) if halves else 0.0)
    high = max(0.0, min(max(s[2] for s in spans if math.isfinite(s[2])), max(middles) + reach) if halves else 0.0)
    room = max(0.06 * (high - low), 0.004)
    return low - room, high + room


def _draw_scales(axes: Axes, limits: tuple[float, float], place: tuple[float, float, float]) -> None:
    (low, high), (left, top, bottom) = limits, place

    def x(gain: float) -> float:
        return left + (gain - low) / (high - low) * _WIDTH

    axes.add_patch(Rectangle((left, top), x(0) - left, bottom - top, facecolor=style.BAND, edgecolor="none", zorder=0))
    axes.plot([x(0)] * 2, [top, bottom], color=style.MUTED, lw=0.9, zorder=1)
    for y in (top, bottom):
        axes.plot([left, left + _WIDTH], [y, y], color=style.INK, lw=0.9)
    kept: list[tuple[float, float]] = []
    for gain, label in [(0.0, fmt.INFINITY), *((s / n, fmt.count(n)) for n in _TICKS for s in (1, -1))]:
        width = style.text_width(label, size=style.SMALL)
        if low <= gain <= high and all(abs(x(gain) - at) > (width + other) / 2 + 0.07 for at, other in kept):
            kept.append((x(gain), width))
            axes.plot([x(gain)] * 2, [top - 0.05, top], color=style.INK, lw=0.9)
            style.write(axes, x(gain), top - 0.14, label, ha="center", fontsize=style.SMALL)
    step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5) if (high - low) / s <= 7), 1.0)
    for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        at = x(number * step)
        axes.plot([at, at], [bottom, bottom + 0.05], color=style.INK, lw=0.9)
        style.write(axes, at, bottom + 0.14, fmt.exact(100 * abs(number) * step), ha="center", fontsize=style.SMALL)
    muted = {"fontsize": style.SMALL, "color": style.MUTED}
    centre = min(max(x(0), left + 1.1), left + _WIDTH - 1.1)
    style.write(axes, centre - 0.06, bottom + 0.34, _SIDES[0], ha="right", **muted)
    style.write(axes, centre + 0.06, bottom + 0.34, _SIDES[1], **muted)
    style.write(axes, left + _WIDTH / 2, bottom + 0.52, "people out of 100", ha="center", **muted)
    style.write(axes, left, _MARGIN + 0.1, "people for one who …", fontsize=style.SMALL, color=style.MUTED)


def _draw_rung(axes: Axes, ends: list[float], y: float, beyond: tuple[bool, bool]) -> None:
    low, middle, high = ends
    if not math.isnan(low):
        axes.plot([low, high], [y, y], color=style.STUDY, lw=1.4, zorder=2, solid_capstyle="butt")
    for at, out, direction in ((low, beyond[0], -1), (high, beyond[1], 1)):
        if out:
            points = [(at, y), (at - direction * 0.07, y - 0.045), (at - direction * 0.07, y + 0.045)]
            axes.add_patch(Polygon(points, closed=True, facecolor=style.STUDY, edgecolor="none", zorder=3))
    if not math.isnan(middle):
        axes.plot([middle], [y], "s", color=style.POOLED, markersize=6, zorder=4)
