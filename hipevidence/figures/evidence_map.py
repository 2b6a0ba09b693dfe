"""Evidence map: which comparison was studied in whom, one dot a study, hollow where nobody has read its figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Circle

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style

if TYPE_CHECKING:
    from collections.abc import Collection

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.evidence import Evidence

_MARGIN: Final = 0.15
_DOT: Final = 0.14
_RADIUS: Final = 0.052
_ACROSS: Final = 6
_LONGEST_NAME: Final = 3.4
_STEP: Final = 0.16
_PAD: Final = 0.09

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """What an evidence map shows.

    Attributes
    ----------
    populations, comparisons
        Names of columns and rows, those with the most studies first.
    read, awaiting
        Studies by (comparison, population), both by position: those with figures in the table, and those whose figures
        nobody has read.
    """

    populations: tuple[str, ...]
    comparisons: tuple[str, ...]
    read: dict[Cell, tuple[str, ...]]
    awaiting: dict[Cell, tuple[str, ...]]

    def size(self, cell: Cell) -> int:
        """Return the number of studies in a cell."""
        return len(self.read.get(cell, ())) + len(self.awaiting.get(cell, ()))


def map_evidence(
    evidence: Evidence, *, interventions: Collection[str] = (), outcomes: Collection[str] = ()
) -> EvidenceMap:
    """Count studies by population and comparison; rows that were excluded do not count.

    Parameters
    ----------
    evidence
        From ``load_evidence``.
    interventions, outcomes
        Vocabulary keys: only rows about these or a kind of them; all rows if left out.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> found = map_evidence(load_evidence("data"), interventions=["hip_exercise"])
    """
    studies: dict[tuple[str, str], dict[str, bool]] = {}
    for row in evidence.records("studies"):
        asked = _is_asked(evidence, "intervention", row["intervention"], interventions)
        if row["status"] == "excluded" or not asked or not _is_asked(evidence, "outcome", row["outcome"], outcomes):
            continue
        comparison = f"{_label(evidence, 'intervention', row)} against {_label(evidence, 'comparator', row)}"
        cell = studies.setdefault((comparison, _label(evidence, "population", row)), {})
        name = str(row["study_id"])
        cell[name] = cell.get(name, False) or row["status"] == "extracted"
    comparisons = _by_size([(key[0], len(found)) for key, found in studies.items()])
    populations = _by_size([(key[1], len(found)) for key, found in studies.items()])
    places = {key: (comparisons.index(key[0]), populations.index(key[1])) for key in studies}
    return EvidenceMap(
        populations,
        comparisons,
        {places[key]: tuple(sorted(name for name, read in found.items() if read)) for key, found in studies.items()},
        {
            places[key]: tuple(sorted(name for name, read in found.items() if not read))
            for key, found in studies.items()
        },
    )


def _is_asked(evidence: Evidence, section: str, key: str, asked: Collection[str]) -> bool:
    return not asked or not evidence.vocabulary.broader(section, key).isdisjoint(asked)


def _label(evidence: Evidence, section: str, row: dict[str, str]) -> str:
    key = row[section]
    term = evidence.vocabulary[section].get(key) if section in evidence.vocabulary else None
    return style.legible(key if term is None else term.label)


def _by_size(found: list[tuple[str, int]]) -> tuple[str, ...]:
    sizes: dict[str, int] = {}
    for name, size in found:
        sizes[name] = sizes.get(name, 0) + size
    return tuple(sorted(sizes, key=lambda name: (-sizes[name], name)))


def evidence_map(found: EvidenceMap, *, ax: Axes | None = None) -> Figure:
    """Draw which comparison was studied in whom.

    Parameters
    ----------
    found
        From :func:`map_evidence`.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Comparisons down, populations across; a filled dot is a study with figures in the table, a hollow one awaits
        extraction, an empty cell was not studied.

    Raises
    ------
    InputError
        If there is no study.
    """
    if not found.comparisons:
        raise InputError("no study to map; allowed: one or more. Ask for fewer interventions or outcomes, or for none.")
    with style.in_house_style():
        names = [style.wrap(name, _LONGEST_NAME, most=4) for name in found.comparisons]
        lines = [line for name in names for line in name]
        left = _MARGIN + max(style.text_width("Comparison", bold=True), *map(style.text_width, lines)) + 0.15
        widths = [_cell_width(found, column) for column in range(len(found.populations))]
        pairs = zip(found.populations, widths, strict=True)
        heads = [style.wrap(name, width - 0.06, size=style.SMALL, most=6) for name, width in pairs]
    heights = [max(_cell_height(found, row), _STEP * len(name) + 0.1) for row, name in enumerate(names)]
    edges_x, edges_y = _edges(left, widths), _edges(_MARGIN + _STEP * max(map(len, heads)) + 0.1, heights)
    width = max(edges_x[-1], left + 2.6) + _MARGIN
    with style.drawing(width, edges_y[-1] + 0.45, ax) as axes:
        _draw_heads(axes, heads, names, edges_x, edges_y)
        for row in range(len(names)):
            for column in range(len(found.populations)):
                _draw_cell(axes, found, (row, column), edges_x[column], edges_y[row])
        _draw_key(axes, edges_y[-1] + 0.25)
        return style.figure_of(axes)


def evidence_map_description(found: EvidenceMap) -> str:
    """Return in words what the evidence map shows, for those who cannot see it."""
    said = "; ".join(
        f"{comparison} in {population}: {fmt.plural(found.size((row, column)), 'study', 'studies')}"
        f"{_awaiting_text(len(found.awaiting.get((row, column), ())))}"
        for row, comparison in enumerate(found.comparisons)
        for column, population in enumerate(found.populations)
        if found.size((row, column))
    )
    size = f"{fmt.plural(len(found.comparisons), 'comparison')} and {fmt.plural(len(found.populations), 'population')}"
    return style.legible(f"Evidence map of {size}. {said}.")


def _awaiting_text(number: int) -> str:
    return f", {fmt.count(number)} of them awaiting extraction" if number else ""


# ------------------------------------------------------------------ layout and drawing


def _edges(start: float, sizes: list[float]) -> list[float]:
    edges = [start]
    for size in sizes:
        edges.append(edges[-1] + size)
    return edges


def _cell_width(found: EvidenceMap, column: int) -> float:
    most = max(min(found.size((row, column)), _ACROSS) for row in range(len(found.comparisons)))
    return max(most * _DOT + 2 * _PAD, 0.98)


def _cell_height(found: EvidenceMap, row: int) -> float:
    most = max(math.ceil(found.size((row, column)) / _ACROSS) for column in range(len(found.populations)))
    return max(most, 1) * _DOT + 0.13


def _draw_heads(
    axes: Axes, heads: list[list[str]], names: list[list[str]], edges_x: list[float], edges_y: list[float]
) -> None:
    style.write(axes, _MARGIN, edges_y[0] - 0.13, "Comparison", weight="bold")
    for left, lines in zip(edges_x, heads, strict=False):
        for number, line in enumerate(reversed(lines)):
            style.write(axes, left + _PAD / 2, edges_y[0] - 0.13 - _STEP * number, line, fontsize=style.SMALL)
    for edge in edges_x:
        axes.plot([edge, edge], [edges_y[0], edges_y[-1]], color=style.RULE, lw=0.6)
    for edge in edges_y:
        axes.plot([_MARGIN, edges_x[-1]], [edge, edge], color=style.RULE, lw=0.6)
    for row, name in enumerate(names):
        style.write_lines(axes, _MARGIN, (edges_y[row] + edges_y[row + 1]) / 2, name, step=_STEP)


def _draw_cell(axes: Axes, found: EvidenceMap, cell: Cell, left: float, top: float) -> None:
    filled = len(found.read.get(cell, ()))
    for number in range(found.size(cell)):
        x = left + _PAD + _DOT * (number % _ACROSS + 0.5)
        y = top + 0.065 + _DOT * (number // _ACROSS + 0.5)
        _draw_dot(axes, x, y, filled=number < filled)


def _draw_dot(axes: Axes, x: float, y: float, *, filled: bool) -> None:
    face = style.STUDY if filled else style.PAPER
    axes.add_patch(Circle((x, y), _RADIUS, facecolor=face, edgecolor=style.STUDY, lw=1.1, zorder=2))


def _draw_key(axes: Axes, y: float) -> None:
    x = _MARGIN
    for filled, text in ((True, "study with figures read"), (False, "study awaiting extraction")):
        _draw_dot(axes, x + _RADIUS, y, filled=filled)
        style.write(axes, x + 0.17, y, text, fontsize=style.SMALL, color=style.MUTED)
        x += 0.35 + style.text_width(text, size=style.SMALL)
