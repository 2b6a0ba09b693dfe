"""What stands in a drawn figure, read back from it: texts with their boxes, squares, diamonds, arrow heads."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.colors import same_color
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from hipevidence.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

SLACK = 0.4  # points; boxes that touch by less do not look as if they touched


def texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is not empty, with its box in points as outlines are drawn (not rounded to pixels)."""
    with mpl.rc_context({"text.hinting": "none"}):
        renderer = figure.canvas.get_renderer()
        found = [text for text in figure.axes[0].texts if text.get_text()]
        return [(text.get_text(), text.get_window_extent(renderer)) for text in found]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that run into each other, and texts that run into a square, diamond or arrow head."""
    boxes = texts(figure)
    shapes = [(type(p).__name__, p.get_window_extent()) for p in figure.axes[0].patches if p.get_zorder() > 0]
    pairs = [*combinations(boxes, 2), *((text, shape) for text in boxes for shape in shapes)]
    return [(one, other) for (one, a), (other, b) in pairs if _meet(a, b)]


def outside(figure: Figure) -> list[str]:
    """Texts and shapes that leave the figure."""
    page = figure.bbox
    shapes = [(type(p).__name__, p.get_window_extent()) for p in figure.axes[0].patches]
    return [
        name
        for name, box in [*texts(figure), *shapes]
        if box.x0 < page.x0 or box.y0 < page.y0 or box.x1 > page.x1 or box.y1 > page.y1
    ]


def squares(figure: Figure) -> list[Rectangle]:
    return [p for p in _patches(figure, style.STUDY) if isinstance(p, Rectangle)]


def polygons(figure: Figure, colour: str) -> list[Polygon]:
    """Diamonds (four corners) and arrow heads (three) with that edge or face."""
    return [p for p in figure.axes[0].patches if isinstance(p, Polygon) and _has(p, colour)]


def centre(square: Rectangle) -> float:
    return square.get_x() + square.get_width() / 2


def ticks(figure: Figure) -> list[tuple[float, str]]:
    """(place, label) of each tick of the scale, by the labels set in the middle of their place."""
    return [(text.get_position()[0], text.get_text()) for text in figure.axes[0].texts if text.get_ha() == "center"]


def read(label: str) -> float:
    """Read a number as the picture writes it."""
    return float(label.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def _patches(figure: Figure, colour: str) -> list[object]:
    return [p for p in figure.axes[0].patches if _has(p, colour)]


def _has(patch: object, colour: str) -> bool:
    return same_color(patch.get_facecolor(), colour) or same_color(patch.get_edgecolor(), colour)


def _meet(a: Bbox, b: Bbox) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK


def every_text(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that can be seen, in all axes and beside them (ticks, titles), with its box in points."""
    with mpl.rc_context({"text.hinting": "none"}):
        figure.draw_without_rendering()
        renderer = figure.canvas.get_renderer()
        found = [text for text in figure.findobj(Text) if text.get_text() and _seen(text)]
        return [(text.get_text(), text.get_window_extent(renderer)) for text in found]


def colliding_texts(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts, anywhere in the figure, that run into each other."""
    return [(one, other) for (one, a), (other, b) in combinations(every_text(figure), 2) if _meet(a, b)]


def leaving(figure: Figure) -> list[str]:
    """Texts, anywhere in the figure, that leave it."""
    page = figure.bbox
    boxes = every_text(figure)
    return [
        text
        for text, box in boxes
        if min(box.x0, box.y0) < -SLACK or box.x1 > page.x1 + SLACK or box.y1 > page.y1 + SLACK
    ]


def written(figure: Figure) -> list[str]:
    return [text for text, _ in every_text(figure)]


def _seen(text: Text) -> bool:
    axes = text.axes
    hidden = axes is not None and not axes.axison and text not in axes.texts
    return text.get_visible() and not hidden
