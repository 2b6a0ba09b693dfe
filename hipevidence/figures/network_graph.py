"""Network graph: who was compared with whom, by how many people and how precisely; pieces side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import Circle, Polygon

from hipevidence import format as fmt
from hipevidence.figures import style
from hipevidence.network.pairs import direct_evidence, pairs_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.network import NetworkResult
    from hipevidence.network.pairs import Direct

SMALL: Final = 8.0
#: Names wider than this (inches) are cut; the description has them whole.
_LONGEST: Final = 2.4
_MARGIN: Final = 0.2
_GAP: Final = 0.5
_LINE_HEIGHT: Final = 0.18
_NODE: Final = (0.055, 0.2)
_EDGE: Final = (0.8, 7.0)
#: Soft tints that stay apart, for trials of three arms or more; one for each set of arms.
_TINTS: Final = ("#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442")

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Node:
    """One treatment: where it stands, how large, and where its name goes."""

    name: str
    x: float
    y: float
    radius: float
    label_x: float
    label_y: float
    align: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything stands, in inches from the top left corner."""

    nodes: dict[str, _Node]
    width: float
    height: float
    notes: tuple[str, ...]


def network_graph(result: NetworkResult, *, ax: Axes | None = None) -> Figure:
    """Draw the graph of a network.

    Parameters
    ----------
    result
        A network meta-analysis, connected or not.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Circles grow in area with the people treated, lines in width with the precision of direct evidence (one over
        its standard error by the random-effects model); the numbers on them count trials.
    """
    with style.in_house_style():
        layout = _lay_out(result)
    with style.drawing(layout.width, layout.height, ax) as axes:
        _draw_multi_arm(axes, result, layout)
        _draw_edges(axes, result, layout)
        for node in layout.nodes.values():
            axes.add_patch(Circle((node.x, node.y), node.radius, facecolor=style.POOLED, edgecolor="white", zorder=4))
            style.write(axes, node.label_x, node.label_y, style.shorten(node.name, _LONGEST), ha=node.align, zorder=5)
        top = layout.height - _MARGIN - _LINE_HEIGHT * (len(layout.notes) - 0.5)
        for line, note in enumerate(layout.notes):
            style.write(axes, _MARGIN, top + line * _LINE_HEIGHT, note, ha="left", fontsize=SMALL, color=style.MUTED)
        return style.figure_of(axes)


def network_graph_description(result: NetworkResult) -> str:
    """Return in words what the network graph shows, for those who cannot see it."""
    direct = _direct(result)
    first, second = np.nonzero(np.triu(direct.trials))
    compared = "; ".join(
        f"{result.treatments[i]} and {result.treatments[j]} ({fmt.plural(int(direct.trials[i, j]), 'trial')})"
        for i, j in zip(first.tolist(), second.tolist(), strict=True)
    )
    size = f"{fmt.plural(len(result.treatments), 'treatment')}, {fmt.plural(result.trials, 'trial')}"
    return f"Network graph of {size}. Compared directly: {compared}.{_pieces_text(result)}"


# ------------------------------------------------------------------ layout


def _lay_out(result: NetworkResult) -> _Layout:
    radii, people_known = _node_radii(result)
    nodes: dict[str, _Node] = {}
    left, tallest = _MARGIN, 0.0
    for piece in result.pieces:
        placed, width, height = _place_piece(piece, radii, left)
        nodes.update({node.name: node for node in placed})
        left += width + _GAP
        tallest = max(tallest, height)
    width = max(left - _GAP + _MARGIN, 4.2)
    notes = _wrapped(_notes(result, people_known=people_known), width - 2 * _MARGIN)
    return _Layout(nodes, width, tallest + _MARGIN * 3 + _LINE_HEIGHT * len(notes), notes)


def _node_radii(result: NetworkResult) -> tuple[dict[str, float], bool]:
    """Return a radius for each treatment, and whether it stands for people (it does if every arm says how many)."""
    people = dict.fromkeys(result.treatments, 0.0)
    for trial in result.data.trials:
        for arm, count in zip(trial.arms, trial.persons, strict=True):
            people[arm] += count
    small, large = _NODE
    if any(math.isnan(count) for count in people.values()):
        return dict.fromkeys(people, 0.1), False
    most = max(people.values())
    return {name: max(small, large * math.sqrt(count / most)) for name, count in people.items()}, True


def _place_piece(piece: tuple[str, ...], radii: dict[str, float], left: float) -> tuple[list[_Node], float, float]:
    """Stand the treatments of one piece on a circle; return them, and the width and height they take with names."""
    circle = 0.6 if len(piece) == 2 else max(0.85, 0.19 * len(piece))
    angles = [2 * math.pi * place / len(piece) - math.pi / 2 for place in range(len(piece))]
    reach = [_label_reach(name, angle, circle, radii[name]) for name, angle in zip(piece, angles, strict=True)]
    west, east = max(-low for low, _ in reach), max(high for _, high in reach)
    centre_x, centre_y = left + west, _MARGIN + _NODE[1] + _LINE_HEIGHT + circle
    nodes = []
    for name, angle in zip(piece, angles, strict=True):
        x, y = centre_x + circle * math.cos(angle), centre_y + circle * math.sin(angle)
        away = radii[name] + 0.07
        upright = abs(math.cos(angle)) < 0.15
        label_x = x if upright else x + away * math.copysign(1.0, math.cos(angle))
        label_y = y + math.copysign(away + 0.07, math.sin(angle)) if upright else y
        nodes.append(_Node(name, x, y, radii[name], label_x, label_y, _alignment(angle)))
    depth = max(node.y for node in nodes) - min(node.y for node in nodes)
    return nodes, west + east, depth + 2 * (_NODE[1] + _LINE_HEIGHT)


def _alignment(angle: float) -> str:
    if abs(math.cos(angle)) < 0.15:
        return "center"
    return "left" if math.cos(angle) > 0 else "right"


def _label_reach(name: str, angle: float, circle: float, radius: float) -> tuple[float, float]:
    """Return how far a treatment and its name reach to the left and right of the circle's centre."""
    x, text = circle * math.cos(angle), style.text_width(style.shorten(name, _LONGEST))
    away = radius + 0.07
    align = _alignment(angle)
    if align == "center":
        return min(x - radius, x - text / 2), max(x + radius, x + text / 2)
    return (x - radius, x + away + text) if align == "left" else (x - away - text, x + radius)


def _notes(result: NetworkResult, *, people_known: bool) -> str:
    circles = "Circle: people treated." if people_known else "Circles do not show people: not every arm says how many."
    shaded = " Shaded: trials with three arms or more." if any(len(t.arms) > 2 for t in result.data.trials) else ""
    return f"{circles} Line: precision of the direct comparison; number: trials.{shaded}{_pieces_text(result)}"


def _pieces_text(result: NetworkResult) -> str:
    if result.data.connected:
        return ""
    return f" Not connected: {fmt.plural(len(result.pieces), 'piece')} without any comparison between them."


def _wrapped(text: str, width: float) -> tuple[str, ...]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and style.text_width(longer, size=SMALL) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


# ------------------------------------------------------------------ drawing


def _direct(result: NetworkResult) -> Direct:
    tau2 = 0.0 if math.isnan(result.tau2) else result.tau2
    return direct_evidence(pairs_of(result.data), len(result.treatments), tau2)


def _draw_multi_arm(axes: Axes, result: NetworkResult, layout: _Layout) -> None:
    designs = sorted({tuple(sorted(trial.arms)) for trial in result.data.trials if len(trial.arms) > 2})
    for number, design in enumerate(designs):
        corners = [(layout.nodes[name].x, layout.nodes[name].y) for name in design]
        tint = _TINTS[number % len(_TINTS)]
        axes.add_patch(Polygon(corners, closed=True, facecolor=tint, alpha=0.22, edgecolor="none", zorder=1))


def _draw_edges(axes: Axes, result: NetworkResult, layout: _Layout) -> None:
    direct = _direct(result)
    first, second = np.nonzero(np.triu(direct.trials))
    precision = 1.0 / np.sqrt(direct.variance[first, second])
    thin, thick = _EDGE
    widths = np.maximum(thin, thick * precision / precision.max())
    for i, j, width in zip(first.tolist(), second.tolist(), widths.tolist(), strict=True):
        start, end = layout.nodes[result.treatments[i]], layout.nodes[result.treatments[j]]
        axes.plot([start.x, end.x], [start.y, end.y], color=style.STUDY, lw=width, solid_capstyle="butt", zorder=2)
        x, y = _between(start, end)
        style.write(
            axes,
            x,
            y,
            fmt.count(int(direct.trials[i, j])),
            ha="center",
            fontsize=SMALL,
            zorder=3,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
        )


def _between(start: _Node, end: _Node) -> Place:
    """Return where the number of a line stands: off its middle, where all lines across a circle would meet."""
    share = 0.4
    return start.x + share * (end.x - start.x), start.y + share * (end.y - start.y)
