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

GRIDS: Final = {100: (10, 10), 1000: (25, 40)}
"""Denominator to columns and rows."""

#: No wider than a phone shows at the size of its own text.
_WIDTH: Final = 3.36
_MARGIN: Final = 0.18
_GAP: Final = 0.26
_PANEL: Final = (_WIDTH - 2 * _MARGIN - _GAP) / 2
_LINE: Final = 0.17
_LONGEST_LABEL: Final = 6
_KEY: Final = 0.22
#: Share of its field that an icon fills.
_ICON: Final = 0.8
#: Distance of icons in inches from which on edges have their full width; on smaller ones they would hide the face.
_FULL_EDGE: Final = 0.13
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
    columns, rows = GRIDS[of]
    step = _PANEL / columns
    groups = (without, with_it)
    counts = tuple(count_of(group.risk, of) for group in groups)
    with style.in_house_style():
        labels = [style.wrap(group.label, _PANEL, bold=True, most=_LONGEST_LABEL) for group in groups]
        said = [style.wrap_words(_said(group, count, of), _PANEL) for group, count in zip(groups, counts, strict=True)]
        key = [
            (kind, style.wrap(text, _WIDTH - 2 * _MARGIN - _KEY, most=3)) for kind, text in _key_texts(counts, outcome)
        ]
    top = _MARGIN + _LINE * (max(map(len, labels)) + 0.3)
    below = top + rows * step + 0.3 * _LINE
    foot = below + _LINE * (max(map(len, said)) + 0.5)
    height = foot + _LINE * sum(len(lines) for _, lines in key) + _MARGIN
    with style.drawing(_WIDTH, height, ax) as axes:
        for number, count in enumerate(counts):
            left = _MARGIN + number * (_PANEL + _GAP)
            style.write_down(axes, left, _MARGIN, labels[number], weight="bold")
            _draw_icons(axes, _kinds(counts[0], count, of), left, top, (columns, rows, step))
            style.write_down(axes, left, below, said[number])
        for kind, lines in key:
            _draw_icons(axes, [kind], _MARGIN, foot + 0.01, (1, 1, 0.16))
            style.write_down(axes, _MARGIN + _KEY, foot, lines)
            foot += _LINE * len(lines)
        return style.figure_of(axes)


def icon_array_description(without: Group, with_it: Group, *, outcome: str, denominator: int | None = None) -> str:
    """Return in words what the icon array shows, for those who cannot see it."""
    of = choose_denominator(without.risk, with_it.risk) if denominator is None else _checked(denominator)
    counts = (count_of(without.risk, of), count_of(with_it.risk, of))
    parts = [
        f"{style.legible(group.label)}: {' '.join(_said(group, count, of))}"
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
    for kind, (face, edge, bold) in _LOOKS.items():
        width = bold * min(1.0, step / _FULL_EDGE)
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


def _key_texts(counts: tuple[int, ...], outcome: str) -> list[tuple[str, str]]:
    entries = [("both", outcome)]
    if counts[1] > counts[0]:
        entries.append(("more", "more than in the first group"))
    elif counts[1] < counts[0]:
        entries.append(("spared", "fewer than in the first group"))
    return entries


def _said(group: Group, count: int, of: int) -> list[str]:
    """Return the count and its interval, which stay whole where a line ends."""
    parts = [f"{fmt.count(count)} of {fmt.count(of)}"]
    if group.ci is not None:
        low, high = (fmt.count(count_of(limit, of)) for limit in (group.ci.low, group.ci.high))
        parts.append(f"({fmt.coverage(group.ci.level)} CI {low} to {high})")
    return parts


def _difference(counts: tuple[int, int], of: int) -> str:
    change = counts[1] - counts[0]
    if change == 0:
        return "No difference."
    return f"{fmt.count(abs(change))} {'more' if change > 0 else 'fewer'} of {fmt.count(of)}."
