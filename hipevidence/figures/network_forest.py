"""Forest plot of a network: every treatment against the reference, the direct evidence, and known nulls as zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.comparisons.wording import against, with_nulls
from hipevidence.figures import style
from hipevidence.figures.forest_marks import draw_table
from hipevidence.figures.forest_table import Line, Table
from hipevidence.synthesis.wording import estimate_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.comparisons import Piece, TreatmentComparison
    from hipevidence.figures.forest_table import Kind
    from hipevidence.network import Comparison


def network_forest(found: TreatmentComparison, piece: Piece, *, ax: Axes | None = None) -> Figure:
    """Draw every treatment of a piece of a network against its reference.

    Parameters
    ----------
    found
        The comparison of treatments.
    piece
        One of its pieces.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Best P-score first: the network's estimate with its interval; below it the common-effect model and, where null
        results are known, the estimate with them as zero.
    """
    return draw_table(_table(found, piece), ax)


def network_forest_description(found: TreatmentComparison, piece: Piece) -> str:
    """Return in words what the forest plot shows, for those who cannot see it."""
    said = "; ".join(f"{one.treatment} {_text(found, one)}" for one in against(piece))
    reference = piece.result.reference
    return style.legible(f"Forest plot of treatments against {reference} ({found.scale}): {said}.")


def _table(found: TreatmentComparison, piece: Piece) -> Table:
    entry, reference = found.network, piece.result.reference
    better, worse = f"better than {reference}", f"worse than {reference}"
    shaded = "" if entry.mcid is None else f"Shaded: less than {fmt.exact(entry.mcid)} {entry.mcid_unit}."
    level = fmt.coverage(entry.level)
    return Table(
        analysis=found.shown,
        heads=(f"Against {reference}", ("Trials",), f"{entry.measure} [{level} CI]", ""),
        lines=tuple(line for one in against(piece) for line in _lines(found, piece, one)),
        favours=(better, worse) if entry.lower_is_better else (worse, better),
        mcid=math.nan if entry.mcid is None else entry.mcid,
        notes=tuple(note for note in ("Trials: those that compare the two directly.", shaded) if note),
    )


def _lines(found: TreatmentComparison, piece: Piece, one: Comparison) -> list[Line]:
    table = piece.league
    direct = table.trials[table.treatments.index(one.treatment), table.treatments.index(one.other)]
    lines = [_line(found, "step", one.treatment, one, (fmt.count(int(direct)),))]
    if piece.model == "random":
        common = piece.result.versus(one.treatment, one.other, "common")
        lines.append(_line(found, "note", "as if trials did not differ", common))
    moved = with_nulls(found, one)
    if moved is not None:
        lines.append(_line(found, "note", "with known nulls as zero", moved))
    return lines


def _line(found: TreatmentComparison, kind: Kind, label: str, one: Comparison, cells: tuple[str, ...] = ()) -> Line:
    return Line(kind, label, cells, _text(found, one), estimate=one.estimate, interval=one.ci)


def _text(found: TreatmentComparison, one: Comparison) -> str:
    return estimate_text(found.shown, one.estimate, one.ci)
