"""PRISMA 2020 flow diagram: how records became the studies of a review."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import FancyArrowPatch, Rectangle

from hipevidence import format as fmt
from hipevidence.figures import style
from hipevidence.figures.prisma import check_prisma, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.figures.prisma import Prisma, Reasons, Route

_MARGIN: Final = 0.15
_BOX: Final = 2.25
_GAP: Final = 0.3
_DOWN: Final = 0.28
_STEP: Final = 0.165
_PAD: Final = 0.1
_SIDE: Final = 0.26
_TITLE: Final = "#ffc125"
_STAGE: Final = "#bcd2ee"
_GREY: Final = "#dcdcdc"


@dataclass(frozen=True, slots=True)
class _Box:
    """One box: its lines, and its place from the top left corner of the picture."""

    x: float
    y: float
    lines: tuple[str, ...]
    height: float
    face: str
    width: float

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def prisma_flow(counts: Prisma, *, studies: int | None = None, ax: Axes | None = None) -> Figure:
    """Draw the PRISMA 2020 flow diagram of a search.

    Parameters
    ----------
    counts
        The search; its sums are checked first.
    studies
        Distinct studies in the tables, to hold against the total.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The way of databases and registers, other sources right of it and an earlier review left of it where they exist.

    Raises
    ------
    InputError
        If the counts do not add up; the message names every sum.

    References
    ----------
    Page et al. (2021), doi:10.1136/bmj.n71.
    """
    check_prisma(counts, studies=studies)
    with style.in_house_style():
        columns = _columns(counts)
        rows = _row_heights(columns)
        left = _MARGIN + _SIDE + 0.12
        width = left + len(columns) * (_BOX + _GAP) - _GAP + _MARGIN
        tops = [_MARGIN]
        for height in rows:
            tops.append(tops[-1] + height + _DOWN)
    with style.drawing(width, tops[-1] - _DOWN + _MARGIN, ax) as axes:
        placed = [_place(axes, column, left + number * (_BOX + _GAP), tops) for number, column in enumerate(columns)]
        _draw_arrows(axes, counts, placed)
        _draw_stages(axes, tops, rows)
        return style.figure_of(axes)


def prisma_flow_description(counts: Prisma) -> str:
    """Return in words what the flow diagram shows, for those who cannot see it."""
    check_prisma(counts)
    said = "; ".join(" ".join(line) for column in _columns(counts) for line in column.values() if line)
    return style.legible(f"PRISMA 2020 flow diagram. {said}.")


# ------------------------------------------------------------------ what stands in the boxes

_PREVIOUS: Final = "Previous studies"
_DATABASES: Final = "Identification of studies via databases and registers"
_OTHERS: Final = "Identification of studies via other methods"
#: Rows of the diagram: title, identified, screened, sought, assessed, included, total.
_ROWS: Final = 7
_Column = dict[int, list[str]]


def _columns(counts: Prisma) -> list[_Column]:
    """Return each column as row to text, one entry a paragraph."""
    columns = [_previous(counts)] if counts.has_previous else []
    columns += [_main(counts), _main_side(counts)]
    if counts.other_route is not None:
        columns += [_other(counts, counts.other_route), _other_side(counts.other_route)]
    return columns


def _previous(counts: Prisma) -> _Column:
    return {
        0: [_PREVIOUS],
        1: [
            f"Studies included in previous version of review (n = {fmt.count(counts.previous_studies)})",
            f"Reports of studies included in previous version of review (n = {fmt.count(counts.previous_reports)})",
        ],
    }


def _main(counts: Prisma) -> _Column:
    new = "new " if counts.has_previous else ""
    column = {
        0: [_DATABASES],
        1: [
            "Records identified from:",
            *_parts("Databases", counts.databases),
            *_parts("Registers", counts.registers),
        ],
        2: [f"Records screened (n = {fmt.count(counts.screened)})"],
        3: [f"Reports sought for retrieval (n = {fmt.count(counts.route.sought)})"],
        4: [f"Reports assessed for eligibility (n = {fmt.count(counts.route.assessed)})"],
        5: [
            f"{'New studies' if new else 'Studies'} included in review (n = {fmt.count(counts.new_studies)})",
            f"Reports of {new}included studies (n = {fmt.count(counts.new_reports)})",
        ],
    }
    if counts.has_previous:
        column[6] = [
            f"Total studies included in review (n = {fmt.count(counts.total_studies)})",
            f"Reports of total included studies (n = {fmt.count(counts.total_reports)})",
        ]
    return column


def _main_side(counts: Prisma) -> _Column:
    return {
        1: [
            "Records removed before screening:",
            f"Duplicate records (n = {fmt.count(counts.duplicates)})",
            f"Marked as ineligible by automation tools (n = {fmt.count(counts.removed_automatically)})",
            f"Removed for other reasons (n = {fmt.count(counts.removed_otherwise)})",
        ],
        2: [f"Records excluded (n = {fmt.count(counts.screened_out)})"],
        3: [f"Reports not retrieved (n = {fmt.count(counts.route.not_retrieved)})"],
        4: _excluded(counts.route.excluded),
    }


def _other(counts: Prisma, route: Route) -> _Column:
    return {
        0: [_OTHERS],
        1: ["Records identified from:", *(f"{name} (n = {fmt.count(n)})" for name, n in counts.others)],
        3: [f"Reports sought for retrieval (n = {fmt.count(route.sought)})"],
        4: [f"Reports assessed for eligibility (n = {fmt.count(route.assessed)})"],
    }


def _other_side(route: Route) -> _Column:
    return {3: [f"Reports not retrieved (n = {fmt.count(route.not_retrieved)})"], 4: _excluded(route.excluded)}


def _parts(kind: str, parts: Reasons) -> list[str]:
    named = [f"– {name} (n = {fmt.count(n)})" for name, n in parts] if len(parts) > 1 else []
    return [f"{kind} (n = {fmt.count(total(parts))})", *named]


def _excluded(reasons: Reasons) -> list[str]:
    if not reasons:
        return ["Reports excluded (n = 0)"]
    listed = [f"{name} (n = {fmt.count(n)})" for name, n in reasons]
    return [f"Reports excluded (n = {fmt.count(total(reasons))}):", *listed]


# ------------------------------------------------------------------ layout and drawing

#: Between words, but not inside "(n = 5)".
_WORDS: Final = re.compile(r" (?!=|[\d,]+\))")


def _wrapped(lines: Sequence[str], *, bold: bool) -> tuple[str, ...]:
    room = _width(lines) - 2 * _PAD
    return tuple(
        style.shorten(part, room, bold=bold, size=style.SMALL)
        for line in lines
        for part in style.wrap_words(_WORDS.split(style.drawable(line)), room, bold=bold, size=style.SMALL)
    )


def _width(lines: Sequence[str]) -> float:
    """Return the width of a box: titles of a way span the boxes beside it too."""
    return 2 * _BOX + _GAP if lines[0] in {_DATABASES, _OTHERS} else _BOX


def _height(lines: Sequence[str]) -> float:
    return len(lines) * _STEP + 2 * _PAD


def _row_heights(columns: list[_Column]) -> list[float]:
    """Return the height of each row that is there: its tallest box."""
    rows = [
        max((_height(_wrapped(column[row], bold=row == 0)) for column in columns if row in column), default=0.0)
        for row in range(_ROWS)
    ]
    # The names of the stages stand upright beside their rows.
    for row, name in ((1, _STAGES[0]), (5, _STAGES[2])):
        rows[row] = max(rows[row], style.text_width(name, bold=True, size=style.SMALL) + 0.12)
    return [height for height in rows if height > 0]


_STAGES: Final = ("Identification", "Screening", "Included")


def _place(axes: Axes, column: _Column, x: float, tops: list[float]) -> dict[int, _Box]:
    placed = {}
    for row, lines in column.items():
        shown = _wrapped(lines, bold=row == 0)
        face = {_DATABASES: _TITLE, _OTHERS: _GREY, _PREVIOUS: _GREY}.get(lines[0], style.PAPER)
        box = _Box(x, tops[row], shown, _height(shown), face, _width(lines))
        _draw_box(axes, box, bold=row == 0)
        placed[row] = box
    return placed


def _draw_box(axes: Axes, box: _Box, *, bold: bool) -> None:
    axes.add_patch(
        Rectangle((box.x, box.y), box.width, box.height, facecolor=box.face, edgecolor=style.INK, lw=0.9, zorder=1)
    )
    weight = "bold" if bold else "normal"
    for number, line in enumerate(box.lines):
        y = box.y + _PAD + _STEP * (number + 0.5)
        style.write(axes, box.x + _PAD, y, line, fontsize=style.SMALL, weight=weight, zorder=2)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=9, shrinkA=0, shrinkB=0, color=style.INK, lw=0.9, zorder=0
        )
    )


def _draw_arrows(axes: Axes, counts: Prisma, placed: list[dict[int, _Box]]) -> None:
    first = 1 if counts.has_previous else 0
    pairs = [(first, first + 1), *([(first + 2, first + 3)] if counts.other_route is not None else [])]
    for main, side in pairs:
        rows = [row for row in placed[main] if row > 0]
        for row, following in itertools.pairwise(rows):
            upper, lower = placed[main][row], placed[main][following]
            _arrow(axes, (upper.x + _BOX / 2, upper.bottom), (lower.x + _BOX / 2, lower.y))
        for row, box in placed[side].items():
            y = min(placed[main][row].middle, box.bottom - _PAD)
            _arrow(axes, (placed[main][row].x + _BOX, y), (box.x, y))
    if counts.other_route is not None:
        _into_included(axes, placed[first + 2][4], placed[first][5])
    if counts.has_previous:
        box, target = placed[0][1], placed[first][6]
        x, y = box.x + _BOX / 2, target.middle
        axes.plot([x, x], [box.bottom, y], color=style.INK, lw=0.9, zorder=0)
        _arrow(axes, (x, y), (target.x, y))


def _into_included(axes: Axes, assessed: _Box, included: _Box) -> None:
    """Lead reports of other sources down and to the left, into the studies included."""
    x, y = assessed.x + _BOX / 2, included.middle
    axes.plot([x, x], [assessed.bottom, y], color=style.INK, lw=0.9, zorder=0)
    _arrow(axes, (x, y), (included.x + _BOX, y))


def _draw_stages(axes: Axes, tops: list[float], rows: list[float]) -> None:
    """Draw the strips on the left that name the three stages."""
    for name, first, last in zip(_STAGES, (1, 2, 5), (1, 4, len(rows) - 1), strict=True):
        top, bottom = tops[first], tops[last] + rows[last]
        axes.add_patch(
            Rectangle((_MARGIN, top), _SIDE, bottom - top, facecolor=_STAGE, edgecolor=style.INK, lw=0.9, zorder=1)
        )
        look = {"ha": "center", "rotation": 90, "fontsize": style.SMALL, "weight": "bold", "zorder": 2}
        shown = style.shorten(name, bottom - top, bold=True, size=style.SMALL)
        style.write(axes, _MARGIN + _SIDE / 2, (top + bottom) / 2, shown, **look)
