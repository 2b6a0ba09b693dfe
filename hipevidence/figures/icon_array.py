"""Icon array: two groups of 100 (or 1,000) side by side, the affected ones together, from the bottom row up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.risk.frequencies import choose_denominator, count_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.results import Interval

GRIDS: Final = {100: (10, 10, 0.22), 1000: (40, 25, 0.11)}
"""Denominator to columns, rows and the distance of icons in inches."""

_MARGIN: Final = 0.2
_GAP: Final = 0.45
_LINE: Final = 0.2
_LONGEST_LABEL: Final = 4
#: Share of its field that an icon fills.
_ICON: Final = 0.8
#: What an icon stands for (both groups, more, spared, nobody) to its face, edge, and width of the edge in points.
_LOOKS: Final = {
    "both": (style.STUDY, style.STUDY, 0.6),
    "more": (style.ALTERNATIVE, style.INK, 1.0),
    "spared": (style.PAPER, style.ALTERNATIVE, 1.0),
    "none": (style.BAND, style.RULE, 0.6),
}


@dataclass(frozen=True, slots=True)
class Group:
    """One panel.

    Attributes
    ----------
    label
        Whom it shows.
    risk
        Share with the outcome, 0 to 1.
    ci
        Interval of the share, or ``None`` for a baseline that was given.
    """

    label: str
    risk: float
    ci: Interval | None = None


def icon_array(
    without: Group, with_it: Group, *, outcome: str, denominator: int | None = None, ax: Axes | None = None
) -> Figure:
    """Draw the risks of two groups as icons out of one hundred or one thousand.

    Parameters
    ----------
    without
        The reference group; its icons have the first colour in both panels.
    with_it
        The exposed or treated group; what it has more, or is spared, has the second colour.
    outcome
        What happens to the icons that are filled.
    denominator
        100 or 1000, the same for both; the smaller one that shows both risks and their difference if left out.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Whole numbers of icons, contiguous, filled from the bottom row up, with the counts written below.

    Raises
    ------
    InputError
        If a risk is none, or smaller than 1 in 1,000, which icons cannot show.

    References
    ----------
    Trevena LJ et al. (2013). https://doi.org/10.1186/1472-6947-13-S2-S7
    """
    of = choose_denominator(without.risk, with_it.risk) if denominator is None else _checked(denominator)
    columns, rows, step = GRIDS[of]
    counts = (count_of(without.risk, of), count_of(with_it.risk, of))
    width = columns * step
    with style.in_house_style():
        labels = [style.wrap(group.label, width, bold=True, most=_LONGEST_LABEL) for group in (without, with_it)]
        head = _LINE * (max(map(len, labels)) + 0.6)
        height = _MARGIN + head + rows * step + 3.4 * _LINE + _MARGIN
    with style.drawing(2 * _MARGIN + 2 * width + _GAP, height, ax) as axes:
        top = _MARGIN + head
        for number, group in enumerate((without, with_it)):
            left = _MARGIN + number * (width + _GAP)
            for line, text in enumerate(labels[number]):
                style.write(axes, left, _MARGIN + _LINE * (line + 0.4), text, weight="bold")
            kinds = _kinds(counts[0], counts[number], of)
            _draw_icons(axes, kinds, left, top, (columns, rows, step))
            below = top + rows * step + 0.7 * _LINE
            style.write(axes, left, below, _said(group, counts[number], of))
        _draw_key(axes, counts, outcome, top + rows * step + 2.0 * _LINE)
        return style.figure_of(axes)


def icon_array_description(without: Group, with_it: Group, *, outcome: str, denominator: int | None = None) -> str:
    """Return in words what the icon array shows, for those who cannot see it."""
    of = choose_denominator(without.risk, with_it.risk) if denominator is None else _checked(denominator)
    counts = (count_of(without.risk, of), count_of(with_it.risk, of))
    parts = [
        f"{style.legible(group.label)}: {_said(group, count, of)}"
        for group, count in zip((without, with_it), counts, strict=True)
    ]
    return f"{style.legible(outcome)}. {'; '.join(parts)}. {_difference(counts, of)}"


def _checked(denominator: int) -> int:
    if denominator not in GRIDS:
        raise InputError(f"denominator is {denominator}; allowed: {', '.join(map(str, GRIDS))}. Choose one of them.")
    return denominator


def _kinds(baseline: int, count: int, of: int) -> list[str]:
    """Return what each icon is, from the first of the bottom row on: both, more, spared, none."""
    shared = min(baseline, count)
    more, spared = max(count - baseline, 0), max(baseline - count, 0)
    return ["both"] * shared + ["more"] * more + ["spared"] * spared + ["none"] * (of - shared - more - spared)


def _draw_icons(axes: Axes, kinds: list[str], left: float, top: float, grid: tuple[int, int, float]) -> None:
    """Draw icons from the first of the bottom row on, each kind as one marker that is only repeated."""
    columns, rows, step = grid
    for kind, (face, edge, width) in _LOOKS.items():
        index = np.flatnonzero([one == kind for one in kinds])
        axes.plot(
            left + step * (index % columns + 0.5),
            top + step * (rows - index // columns - 0.5),
            "o",
            markersize=72 * _ICON * step - width,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=width,
        )


def _draw_key(axes: Axes, counts: tuple[int, int], outcome: str, y: float) -> None:
    entries = [("both", style.drawable(outcome))]
    if counts[1] > counts[0]:
        entries.append(("more", "more than in the first group"))
    elif counts[1] < counts[0]:
        entries.append(("spared", "fewer than in the first group"))
    for number, (kind, text) in enumerate(entries):
        at = y + _LINE * number
        _draw_icons(axes, [kind], _MARGIN, at - 0.08, (1, 1, 0.16))
        room = axes.get_xlim()[1] - 2 * _MARGIN - 0.25
        style.write(axes, _MARGIN + 0.25, at, style.shorten(text, room))


def _said(group: Group, count: int, of: int) -> str:
    interval = ""
    if group.ci is not None:
        low, high = (fmt.count(count_of(limit, of)) for limit in (group.ci.low, group.ci.high))
        interval = f" ({fmt.coverage(group.ci.level)} CI {low} to {high})"
    return f"{fmt.count(count)} of {fmt.count(of)}{interval}"


def _difference(counts: tuple[int, int], of: int) -> str:
    change = counts[1] - counts[0]
    if change == 0:
        return "No difference."
    return f"{fmt.count(abs(change))} {'more' if change > 0 else 'fewer'} of {fmt.count(of)}."
