"""Risk of bias, study by study: a disc with a sign for every domain, and the overall judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.judgements import OVERALL, draw_disc, draw_legend, legend_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.figures.judgements import RiskOfBias

_MARGIN: Final = 0.15
_ROW: Final = 0.3
_CELL: Final = 0.42
_STEP: Final = 0.17
_LONGEST_NAME: Final = 3.0
_STRIP: Final = "#a9a9a9"
_SHADE: Final = "#d3d3d3"


def traffic_light(table: RiskOfBias, *, safe: bool = False, ax: Axes | None = None) -> Figure:
    """Draw the judgements of risk of bias as a traffic light plot.

    Parameters
    ----------
    table
        Judgements by study and domain.
    safe
        Shades from light to dark instead of green to red; the signs are the same.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Studies down, domains across, the overall judgement on a grey ground, what D1, D2 … are below.

    Raises
    ------
    InputError
        If there is no study.

    References
    ----------
    McGuinness & Higgins (2021), doi:10.1002/jrsm.1411.
    """
    if not table.studies:
        raise InputError("no study was judged; allowed: one or more. Judge the studies first.")
    with style.in_house_style():
        names = [style.shorten(study, _LONGEST_NAME) for study in table.studies]
        left = _MARGIN + max(style.text_width("Study", bold=True), *map(style.text_width, names)) + 0.2
        wide = style.text_width(OVERALL, bold=True) + 0.16
        right = left + _CELL * len(table.domains) + wide
        width = max(right, _MARGIN + legend_width(table), 4.2) + _MARGIN
        key = _key(table, width - 2 * _MARGIN)
    top = _MARGIN + _ROW
    bottom = top + _ROW * len(names)
    with style.drawing(width, bottom + 0.45 + _STEP * len(key) + _MARGIN, ax) as axes:
        axes.add_patch(Rectangle((left, _MARGIN), right - left, _ROW, facecolor=_STRIP, edgecolor="none", zorder=0))
        shade = (right - wide, top)
        axes.add_patch(Rectangle(shade, wide, bottom - top, facecolor=_SHADE, edgecolor="none", zorder=0))
        centres = [*(left + _CELL * (i + 0.5) for i in range(len(table.domains))), right - wide / 2]
        style.write(axes, _MARGIN, _MARGIN + _ROW / 2, "Study", weight="bold")
        for x, head in zip(centres, table.heads, strict=True):
            style.write(axes, x, _MARGIN + _ROW / 2, head, ha="center", weight="bold")
        for number, (name, row) in enumerate(zip(names, table.judgements, strict=True)):
            y = top + _ROW * (number + 0.5)
            axes.plot([_MARGIN, right], [y + _ROW / 2] * 2, color=style.RULE, lw=0.6, zorder=1)
            style.write(axes, _MARGIN, y, name)
            for x, word in zip(centres, row, strict=True):
                draw_disc(axes, x, y, word, radius=0.11, safe=safe)
        draw_legend(axes, _MARGIN, bottom + 0.24, table, safe=safe)
        for number, line in enumerate(key):
            y = bottom + 0.5 + _STEP * number
            style.write(axes, _MARGIN, y, line, fontsize=style.SMALL, color=style.MUTED)
        return style.figure_of(axes)


def traffic_light_description(table: RiskOfBias) -> str:
    """Return in words what the traffic light plot shows, for those who cannot see it."""
    rows = "; ".join(
        f"{study}: "
        + ", ".join(f"{head} {word.lower() or 'not judged'}" for head, word in zip(table.heads, row, strict=True))
        for study, row in zip(table.studies, table.judgements, strict=True)
    )
    domains = "; ".join(table.key)
    size = fmt.plural(len(table.studies), "study", "studies")
    return style.legible(f"Risk of bias ({table.tool}) of {size}. {rows}. {domains}.")


def _key(table: RiskOfBias, width: float) -> list[str]:
    lines = [f"{table.tool}. A place without a disc: not judged." if _has_gaps(table) else f"{table.tool}."]
    return [part for line in (*lines, *table.key) for part in style.wrap(line, width, size=style.SMALL)]


def _has_gaps(table: RiskOfBias) -> bool:
    return any(not word.strip() for row in table.judgements for word in row)
