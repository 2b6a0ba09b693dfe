"""Pictures with two scales: a frame around them, ticks as readers know them, names that never run into each other."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, MaxNLocator

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.axis import scale_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from hipevidence.synthesis import Analysis

SIZE: Final = (4.4, 3.3)
_MARGIN: Final = 0.12
_LONGEST_NAME: Final = 1.5
_MOST_NAMES: Final = 15
#: Where a name is tried beside its point: shares of its own width and height, from the point.
_PLACES: Final = (
    (0.0, -0.5),
    (-1.0, -0.5),
    (-0.5, 0.35),
    (-0.5, -1.35),
    (0.0, 0.2),
    (-1.0, 0.2),
    (0.0, -1.2),
    (-1.0, -1.2),
)

#: Around names, so that they can be read where they lie on a line.
_HALO: Final = (withStroke(linewidth=2.2, foreground=style.PAPER),)

Box = tuple[float, float, float, float]


@contextlib.contextmanager
def plotting(ax: Axes | None, size: tuple[float, float] = SIZE) -> Iterator[Axes]:
    """Give axes ``size`` inches large in a figure that fits around them, or ``ax`` where that is given.

    What ``ax`` holds is cleared.
    """
    with style.in_house_style():
        if ax is None:
            figure = style.new_figure(size[0] / 0.5, size[1] / 0.5)
            axes = figure.add_axes((0.25, 0.25, 0.5, 0.5))
        else:
            ax.clear()
            axes = ax
        yield axes
        _tidy(axes)
        if ax is None:
            _fit(axes)


def _tidy(axes: Axes) -> None:
    """Leave out the frame's upper and right side, and write the ticks inside the scales as house numbers."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=3, colors=style.MUTED, labelcolor=style.INK, labelsize=style.SMALL)
    for axis in (axes.xaxis, axes.yaxis):
        if not isinstance(axis.get_major_locator(), FixedLocator):
            plain_ticks(axis)


def plain_ticks(axis: Axis, *, whole: bool = False) -> None:
    """Put ticks at round numbers inside the scale, in whole numbers only where that is asked."""
    low, high = sorted(axis.get_view_interval())
    places = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(low, high)
    gap = float(places[1] - places[0])
    inside = [0.0 if abs(place) < 1e-9 * gap else float(place) for place in places if low <= place <= high]
    axis.set_ticks(inside, labels=[fmt.exact(place) for place in inside])


def effect_ticks(axis: Axis, analysis: Analysis, low: float, high: float, inches: float) -> None:
    """Let an axis run from ``low`` to ``high`` of the analysis scale, with ticks on the scale readers know."""
    upright = axis is axis.axes.yaxis
    scale = scale_between(
        analysis, low, high, lambda text: (0.15 if upright else style.text_width(text, size=style.SMALL)) / inches
    )
    axis.set_ticks(scale.ticks, labels=scale.labels)
    if upright:
        axis.axes.set_ylim(low, high)
    else:
        axis.axes.set_xlim(low, high)


def _fit(axes: Axes) -> None:
    """Cut the figure to what the axes and everything around them need."""
    figure = style.figure_of(axes)
    figure.draw_without_rendering()
    box = axes.get_window_extent()
    tight = axes.get_tightbbox()
    if tight is None:
        return
    around = (box.x0 - tight.x0, box.y0 - tight.y0, tight.x1 - box.x1, tight.y1 - box.y1)
    left, low, right, high = (math.ceil(20 * extra / figure.dpi) / 20 + _MARGIN for extra in around)
    inner_width, inner_height = box.width / figure.dpi, box.height / figure.dpi
    width, height = left + inner_width + right, low + inner_height + high
    figure.set_size_inches(width, height)
    axes.set_position((left / width, low / height, inner_width / width, inner_height / height))


def title(axes: Axes, x: str, y: str, head: str = "") -> None:
    """Write what the two scales are, and a head above them, each cut to the room it has."""
    box, dpi = axes.get_window_extent(), style.figure_of(axes).dpi
    width, height = box.width / dpi, box.height / dpi
    axes.set_xlabel(style.shorten(x, width), fontsize=style.FONT_SIZE, parse_math=False)
    axes.set_ylabel(style.shorten(y, height), fontsize=style.FONT_SIZE, parse_math=False)
    if head:
        shown = style.shorten(head, width, bold=True)
        axes.set_title(shown, loc="left", fontsize=style.FONT_SIZE, weight="bold", parse_math=False)


def notes(axes: Axes, text: str) -> None:
    """Write notes below the lower scale, as many lines as they need."""
    if not text:
        return
    box, dpi = axes.get_window_extent(), style.figure_of(axes).dpi
    for number, line in enumerate(style.wrap(text, box.width / dpi, size=style.SMALL)):
        y = -(0.56 + 0.16 * number) / (box.height / dpi)
        look = {"transform": axes.transAxes, "fontsize": style.SMALL, "color": style.MUTED, "va": "top"}
        style.write(axes, 0.0, y, line, **look)


def name_points(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    order: Sequence[int],
    *,
    radii: Sequence[float] | None = None,
    avoid: Sequence[Box] = (),
    most: int = _MOST_NAMES,
) -> list[int]:
    """Write names beside points where there is room, and return which ones were written.

    Parameters
    ----------
    axes
        Its limits have to be final.
    points, names
        Places in data coordinates, and the name of each.
    order
        Points in the order in which they deserve a name.
    radii
        Radius of each point's mark in typographic points; names keep clear of all marks.
    avoid
        Further boxes in pixels that names keep clear of: left, lower, right and upper side.
    most
        Names to write at most.
    """
    dpi = style.figure_of(axes).dpi
    pixels = axes.transData.transform(np.asarray(points, dtype=np.float64).reshape(-1, 2))
    reach = np.asarray([3.0] * len(pixels) if radii is None else radii) * dpi / 72
    marks: list[Box] = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(pixels.tolist(), reach, strict=True)]
    page, taken = axes.get_window_extent(), [*marks, *avoid]
    written: list[int] = []
    inverse = axes.transData.inverted()
    for number in order:
        if len(written) == most:
            break
        text = style.shorten(names[number], _LONGEST_NAME, size=style.SMALL)
        width, height = style.text_width(text, size=style.SMALL) * dpi + 2, 0.145 * dpi
        for box in _places(pixels[number].tolist(), float(reach[number]) + 1.5, width, height):
            inside = box[0] >= page.x0 and box[1] >= page.y0 and box[2] <= page.x1 and box[3] <= page.y1
            if inside and not any(_meet(box, other) for other in taken):
                x, y = inverse.transform((box[0], (box[1] + box[3]) / 2))
                style.write(axes, float(x), float(y), text, fontsize=style.SMALL, zorder=6, path_effects=_HALO)
                _lead(axes, pixels[number].tolist(), float(reach[number]), box)
                taken.append(box)
                written.append(number)
                break
    return written


def _lead(axes: Axes, point: list[float], reach: float, box: Box) -> None:
    """Draw a short line from a mark to a name that does not stand right beside it."""
    near = np.array([min(max(point[0], box[0]), box[2]), min(max(point[1], box[1] + 2), box[3] - 2)])
    way = near - point
    length = float(np.hypot(*way))
    if way[1] == 0.0 or length <= reach:
        return
    ends = axes.transData.inverted().transform([np.array(point) + way * reach / length, near])
    axes.plot(ends[:, 0], ends[:, 1], color=style.MUTED, lw=0.6, zorder=5)


def _places(point: list[float], away: float, width: float, height: float) -> Iterator[Box]:
    for across, up in _PLACES:
        x = point[0] + across * width + (away if across == 0.0 else -away if across == -1.0 else 0.0)
        y = point[1] + up * height + (0.0 if up == -0.5 else away if up > 0 else -away)
        yield x, y, x + width, y + height


def _meet(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def check_names(labels: Sequence[str], k: int) -> list[str]:
    """Return the names of k studies, ready to draw.

    Raises
    ------
    InputError
        If there are more or fewer.
    """
    if len(labels) != k:
        raise InputError(
            f"{fmt.plural(len(labels), 'label')} for {fmt.plural(k, 'study', 'studies')}; allowed: one label a study."
        )
    return [style.drawable(label) for label in labels]


def radii_of(weights: npt.ArrayLike, *, smallest: float = 2.5, largest: float = 9.0) -> npt.NDArray[np.float64]:
    """Return radii in points whose areas grow with the weights; the largest weight has the largest radius."""
    values = np.asarray(weights, dtype=np.float64)
    most = float(np.nanmax(values)) if np.isfinite(values).any() else math.nan
    share = np.sqrt(values / most) if most > 0 else np.zeros(len(values))
    return np.where(np.isfinite(share), np.maximum(smallest, largest * share), smallest)


def limits_of(values: npt.ArrayLike, *, margin: float = 0.06, least: float = 1e-9) -> tuple[float, float]:
    """Return limits that show all finite values with some room beside them."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = max(margin * (high - low), least, 1e-9 * max(abs(low), abs(high)))
    return low - room, high + room
