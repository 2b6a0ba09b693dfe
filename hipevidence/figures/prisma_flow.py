"""PRISMA 2020 flow diagram: how records became the studies of a review."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import FancyArrowPatch, Rectangle

from hipevidence import format as fmt
from hipevidence.evidence.flow import records, total
from hipevidence.evidence.flow_sums import wrong_sums
from hipevidence.figures import style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.evidence.flow import Flow, Previous, Route, SearchSource

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


def prisma_flow(flow: Flow, *, ax: Axes | None = None) -> Figure:
    """Draw the PRISMA 2020 flow diagram of a search.

    Parameters
    ----------
    flow
        Its counts; one that is ``None`` is printed as "not recorded".
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The way of databases and registers, other sources right of it and an earlier review left of it where they exist.
        Counts that do not add up are named below.

    References
    ----------
    Page et al. (2021), doi:10.1136/bmj.n71.
    """
    with style.in_house_style():
        columns = _columns(flow)
        rows = _row_heights(columns)
        left = _MARGIN + _SIDE + 0.12
        width = left + len(columns) * (_BOX + _GAP) - _GAP + _MARGIN
        tops = [_MARGIN]
        for height in rows:
            tops.append(tops[-1] + height + _DOWN)
        bottom = tops[-1] - _DOWN
        said = style.wrap(style.drawable(_note(flow)), width - 2 * _MARGIN, size=style.SMALL)
    with style.drawing(width, bottom + _STEP * len(said) + _MARGIN * (1 + bool(said)), ax) as axes:
        placed = [_place(axes, column, left + number * (_BOX + _GAP), tops) for number, column in enumerate(columns)]
        _draw_arrows(axes, flow, placed)
        _draw_stages(axes, tops, rows)
        for number, line in enumerate(said):
            style.write(axes, _MARGIN, bottom + _MARGIN + _STEP * (number + 0.5), line, fontsize=style.SMALL)
        return style.figure_of(axes)


def prisma_flow_description(flow: Flow) -> str:
    """Return in words what the flow diagram shows, for those who cannot see it."""
    said = "; ".join(" ".join(line) for column in _columns(flow) for line in column.values() if line)
    return style.legible(f"PRISMA 2020 flow diagram. {said}. {_note(flow)}".rstrip())


def _note(flow: Flow) -> str:
    """Name the counts that do not follow from the others, with what a person has written about that."""
    wrong = "; ".join(
        f"{name} is {found}, where the others allow {allowed}" for name, found, allowed in wrong_sums(flow)
    )
    return f"Counts that do not add up: {wrong}. {flow.acknowledged}".rstrip() if wrong else ""


# ------------------------------------------------------------------ what stands in the boxes

_PREVIOUS: Final = "Previous studies"
_DATABASES: Final = "Identification of studies via databases and registers"
_OTHERS: Final = "Identification of studies via other methods"
#: Rows of the diagram: title, identified, screened, sought, assessed, included, total.
_ROWS: Final = 7
_Column = dict[int, list[str]]


def _columns(flow: Flow) -> list[_Column]:
    """Return each column as row to text, one entry a paragraph."""
    columns = [_earlier(flow.previous)] if flow.previous is not None else []
    columns += [_main(flow), _main_side(flow)]
    if flow.other is not None:
        columns += [_other(flow.other, flow.of_kind("other")), _other_side(flow.other)]
    return columns


def _n(what: str, count: int | None) -> str:
    return f"{what} (not recorded)" if count is None else f"{what} (n = {fmt.count(count)})"


def _earlier(previous: Previous) -> _Column:
    return {
        0: [_PREVIOUS],
        1: [
            _n("Studies included in previous version of review", previous.studies),
            _n("Reports of studies included in previous version of review", previous.reports),
        ],
    }


def _main(flow: Flow) -> _Column:
    column = {
        0: [_DATABASES],
        1: _identified(flow),
        2: [_n("Records screened", flow.screened)],
        3: [_n("Reports sought for retrieval", flow.sought)],
        4: [_n("Reports assessed for eligibility", flow.assessed)],
    }
    if flow.previous is None:
        column[5] = [
            _n("Studies included in review", flow.included),
            _n("Reports of included studies", flow.included_reports),
        ]
        return column
    column[5] = [
        _n("New studies included in review", _new(flow.included, flow.previous.studies)),
        _n("Reports of new included studies", _new(flow.included_reports, flow.previous.reports)),
    ]
    column[6] = [
        _n("Total studies included in review", flow.included),
        _n("Reports of total included studies", flow.included_reports),
    ]
    return column


def _identified(flow: Flow) -> list[str]:
    searched = flow.of_kind("database", "register")
    if not searched:
        return ["Records identified (not recorded)"]
    return [
        "Records identified from:",
        *_parts("Databases", flow.of_kind("database")),
        *_parts("Registers", flow.of_kind("register")),
    ]


def _new(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before


def _main_side(flow: Flow) -> _Column:
    return {
        1: [
            "Records removed before screening:",
            _n("Duplicate records", flow.duplicates_removed),
            _n("Marked as ineligible by automation tools", flow.removed_automatically),
            _n("Removed for other reasons", flow.removed_otherwise),
        ],
        2: [_n("Records excluded", flow.screened_out)],
        3: [_n("Reports not retrieved", flow.not_retrieved)],
        4: _excluded(flow.excluded),
    }


def _other(route: Route, sources: tuple[SearchSource, ...]) -> _Column:
    named = [_n(source.name, source.records) for source in sources]
    return {
        0: [_OTHERS],
        1: ["Records identified from:", *named] if named else ["Records identified (not recorded)"],
        3: [_n("Reports sought for retrieval", route.sought)],
        4: [_n("Reports assessed for eligibility", route.assessed)],
    }


def _other_side(route: Route) -> _Column:
    return {3: [_n("Reports not retrieved", route.not_retrieved)], 4: _excluded(route.excluded)}


def _parts(kind: str, sources: tuple[SearchSource, ...]) -> list[str]:
    named = [_n(f"– {source.name}", source.records) for source in sources] if len(sources) > 1 else []
    return [_n(kind, records(sources) if sources else 0), *named]


def _excluded(reasons: Mapping[str, int] | None) -> list[str]:
    if not reasons:
        return [_n("Reports excluded", None if reasons is None else 0)]
    return [f"{_n('Reports excluded', total(reasons.values()))}:", *(_n(name, n) for name, n in reasons.items())]


# ------------------------------------------------------------------ layout and drawing

#: Between words, but not inside "(n = 5)" and "(not recorded)".
_WORDS: Final = re.compile(r" (?!=|[\d,]+\)|recorded\))")


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


def _draw_arrows(axes: Axes, flow: Flow, placed: list[dict[int, _Box]]) -> None:
    first = 0 if flow.previous is None else 1
    pairs = [(first, first + 1), *([(first + 2, first + 3)] if flow.other is not None else [])]
    for main, side in pairs:
        rows = [row for row in placed[main] if row > 0]
        for row, following in itertools.pairwise(rows):
            upper, lower = placed[main][row], placed[main][following]
            _arrow(axes, (upper.x + _BOX / 2, upper.bottom), (lower.x + _BOX / 2, lower.y))
        for row, box in placed[side].items():
            y = min(placed[main][row].middle, box.bottom - _PAD)
            _arrow(axes, (placed[main][row].x + _BOX, y), (box.x, y))
    if flow.other is not None:
        _into_included(axes, placed[first + 2][4], placed[first][5])
    if flow.previous is not None:
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
