"""What stands in a forest plot, line by line, and where: the part that all forest plots share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hipevidence import format as fmt
from hipevidence.figures import style
from hipevidence.figures.axis import Scale, choose_scale, null_value
from hipevidence.figures.judgements import OVERALL

if TYPE_CHECKING:
    from hipevidence.figures.judgements import RiskOfBias
    from hipevidence.results import Interval
    from hipevidence.synthesis import Analysis

ROW_HEIGHT: Final = 0.25
PLOT_WIDTH: Final = 3.1
MARGIN: Final = 0.15
GAP: Final = 0.2
DISC: Final = 0.25
SIDES_Y: Final = 0.37
NOTES_GAP: Final = 0.3
NOTE_STEP: Final = 0.18
#: Texts wider than this (inches) are cut; the description for screen readers has them whole.
LONGEST_NAME: Final = 2.8
LONGEST_CELL: Final = 1.8
LONGEST_LINE: Final = 4.2
LONGEST_SIDE: Final = 3.4

Kind = Literal["study", "heading", "note", "group", "pooled", "prediction", "alternative", "step", "space"]
_HEIGHTS: Final[dict[Kind, float]] = {"space": 0.5, "note": 0.8}
#: Lines that set how far the scale reaches.
_REACHING: Final[frozenset[Kind]] = frozenset({"study", "step"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a forest plot.

    Attributes
    ----------
    kind
        How it is drawn.
    label
        First column.
    cells
        Columns between the label and the plot; empty for lines that have none.
    effect, weight
        Columns right of the plot.
    estimate, interval
        On the analysis scale; nan and ``None`` where there is nothing to draw.
    share
        Share of the weight, 0 to 1; nan where there is none.
    judgements
        Risk of bias, one a column of discs.
    """

    kind: Kind
    label: str
    cells: tuple[str, ...] = ()
    effect: str = ""
    weight: str = ""
    estimate: float = math.nan
    interval: Interval | None = None
    share: float = math.nan
    judgements: tuple[str, ...] = ()

    @property
    def bold(self) -> bool:
        """Whether its texts are set in bold."""
        return self.kind in {"pooled", "heading"}

    @property
    def height(self) -> float:
        """Inches it takes."""
        return ROW_HEIGHT * _HEIGHTS.get(self.kind, 1.0)


@dataclass(frozen=True, slots=True)
class Table:
    """Everything a forest plot says.

    Attributes
    ----------
    analysis
        How values of the analysis scale are shown.
    heads
        Head of the first column, of the columns between it and the plot, of the effects and of the weights (``""``
        leaves the weights out).
    lines
        From top to bottom; a rule with the scale is drawn below the last one.
    favours
        What each side of no difference means, the lower side first.
    mcid
        Half width of the band of differences that do not matter, on the analysis scale; nan for none.
    notes
        Below the scale, one a line.
    risk_of_bias
        Judgements whose discs stand right of the weights, or ``None``.
    """

    analysis: Analysis
    heads: tuple[str, tuple[str, ...], str, str]
    lines: tuple[Line, ...]
    favours: tuple[str, str]
    mcid: float
    notes: tuple[str, ...]
    risk_of_bias: RiskOfBias | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of text: where it starts or ends, how it is set, and its head."""

    x: float
    align: str
    head: str


@dataclass(frozen=True, slots=True)
class Sides:
    """What each side of the line of no difference means, and where that is written."""

    lower: str
    higher: str
    left_end: float
    right_start: float
    drop: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands, in inches from the top left corner; ``largest`` is the largest share of the weight."""

    name: Column
    cells: tuple[Column | None, ...]
    plot_left: float
    effect: Column
    weight: Column | None
    discs: tuple[float, ...]
    width: float
    top: float
    tops: tuple[float, ...]
    bottom: float
    height: float
    scale: Scale
    sides: Sides
    notes: tuple[str, ...]
    largest: float

    def x(self, value: float) -> float:
        """Return the horizontal place of a value of the analysis scale."""
        return self.scale.position(value, self.plot_left, PLOT_WIDTH)


def lay_out(table: Table) -> Layout:
    """Measure every text of a table and return where everything stands."""
    scale = _scale(table)
    cells, x = _cells(table)
    # The names of the pooled lines may run on under the columns of the arms, which are empty there.
    labels = [_label_width(line) for line in table.lines]
    plot_left = max(x, MARGIN + max(labels)) + GAP * 1.3
    effect = _right_column(table, table.heads[2], [line.effect for line in table.lines], plot_left + PLOT_WIDTH)
    weight = None
    if table.heads[3]:
        weight = _right_column(table, table.heads[3], [line.weight for line in table.lines], effect.x, GAP)
    right = effect.x if weight is None else weight.x
    discs = _disc_places(table, right)
    width = (discs[-1] + style.text_width(OVERALL, bold=True) / 2 if discs else right) + MARGIN
    sides = _sides(table, scale, plot_left, width)
    tops, bottom = _row_places(table)
    notes = tuple(part for note in table.notes for part in style.wrap(note, width - 2 * MARGIN, size=style.SMALL))
    foot = SIDES_Y + sides.drop + (NOTES_GAP + NOTE_STEP * (len(notes) - 1) if notes else 0.0) + 0.08
    return Layout(
        name=Column(MARGIN, "left", table.heads[0]),
        cells=cells,
        plot_left=plot_left,
        effect=effect,
        weight=weight,
        discs=discs,
        width=width,
        top=MARGIN + ROW_HEIGHT,
        tops=tops,
        bottom=bottom,
        height=bottom + foot + (NOTES_GAP if discs else 0.0) + MARGIN,
        scale=scale,
        sides=sides,
        notes=notes,
        largest=max([line.share for line in table.lines if line.share > 0], default=1.0),
    )


def _cells(table: Table) -> tuple[tuple[Column | None, ...], float]:
    """Return the columns between the names and the plot, ``None`` for empty ones, and where they end."""
    lines = [line for line in table.lines if line.cells]
    x = MARGIN + max([style.text_width(table.heads[0], bold=True), *map(_label_width, lines)])
    columns: list[Column | None] = []
    for number, head in enumerate(table.heads[1]):
        texts = [style.shorten(line.cells[number], LONGEST_CELL) for line in lines]
        if not any(texts):
            columns.append(None)
            continue
        shown = style.shorten(head, LONGEST_CELL, bold=True)
        x += GAP + max([style.text_width(shown, bold=True), *map(style.text_width, texts)])
        columns.append(Column(x, "right", shown))
    return tuple(columns), x


def _right_column(table: Table, head: str, texts: list[str], left: float, gap: float = GAP * 1.3) -> Column:
    """Return a column right of the plot, as wide as its widest text."""
    pairs = zip(table.lines, texts, strict=True)
    widths = [style.text_width(text, bold=line.bold) for line, text in pairs]
    return Column(left + gap + max([style.text_width(head, bold=True), *widths]), "right", head)


def _row_places(table: Table) -> tuple[tuple[float, ...], float]:
    """Return where each line starts, and where the scale stands below the last one."""
    tops = [MARGIN + ROW_HEIGHT * 1.1]
    for line in table.lines:
        tops.append(tops[-1] + line.height)
    return tuple(tops[:-1]), tops[-1] + ROW_HEIGHT * 0.15


def shown_label(line: Line) -> str:
    """Return the label of a line, cut where it is too long."""
    longest = LONGEST_NAME if line.cells or line.kind == "study" else LONGEST_LINE
    size = style.SMALL if line.kind == "note" else style.FONT_SIZE
    return style.shorten(line.label, longest, bold=line.bold, size=size)


def _label_width(line: Line) -> float:
    size = style.SMALL if line.kind == "note" else style.FONT_SIZE
    return style.text_width(shown_label(line), bold=line.bold, size=size)


def _disc_places(table: Table, right: float) -> tuple[float, ...]:
    if table.risk_of_bias is None:
        return ()
    count = len(table.risk_of_bias.heads)
    first = right + GAP * 1.5 + DISC / 2
    overall = first + DISC * (count - 2) + (DISC + style.text_width(OVERALL, bold=True)) / 2 + 0.08
    return (*(first + DISC * number for number in range(count - 1)), overall)


def _scale(table: Table) -> Scale:
    effects = [
        (line.estimate, line.interval) for line in table.lines if line.kind in _REACHING and line.interval is not None
    ]
    others = [line.interval for line in table.lines if line.kind not in _REACHING and line.interval is not None]
    return choose_scale(
        table.analysis, effects, others, lambda text: style.text_width(text, size=style.SMALL) / PLOT_WIDTH
    )


def _sides(table: Table, scale: Scale, plot_left: float, width: float) -> Sides:
    """Return the two sides, moved inwards where they would leave the picture, one lower where they would meet."""
    null = null_value(table.analysis)
    anchor = plot_left + PLOT_WIDTH / 2 if math.isnan(null) else scale.position(null, plot_left, PLOT_WIDTH)
    lower, higher = (style.shorten(text, LONGEST_SIDE, size=style.SMALL) for text in table.favours)
    lower = f"\N{LEFTWARDS ARROW} {lower}" if lower else ""
    higher = f"{higher} \N{RIGHTWARDS ARROW}" if higher else ""
    left_end = max(anchor - 0.06, MARGIN + style.text_width(lower, size=style.SMALL))
    right_start = min(anchor + 0.06, width - MARGIN - style.text_width(higher, size=style.SMALL))
    return Sides(lower, higher, left_end, right_start, 0.0 if left_end < right_start else 0.17)


def weight_text(percent: float) -> str:
    """Return a weight in percent, a dash where there is none."""
    return fmt.DASH if math.isnan(percent) else fmt.percent(percent, 1)
