"""Risk of bias, domain by domain: the share of studies (or of weight) with each judgement as stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import Rectangle

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.judgements import JUDGEMENTS, OVERALL, draw_legend, judgement, legend_width

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.figures.judgements import Judgement, RiskOfBias

_MARGIN: Final = 0.15
_ROW: Final = 0.34
_BAR: Final = 0.23
_WIDTH: Final = 4.0
_LONGEST_NAME: Final = 3.2
_NOT_JUDGED: Final = "not judged"


def risk_of_bias_bars(
    table: RiskOfBias, *, weights: npt.ArrayLike | None = None, safe: bool = False, ax: Axes | None = None
) -> Figure:
    """Draw the share of each judgement in every domain.

    Parameters
    ----------
    table
        Judgements by study and domain.
    weights
        Weight of each study in the pooled result, shape (n,); each counts the same if left out.
    safe
        Shades from light to dark instead of green to red; the signs are the same.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        One bar a domain, the overall judgement last and in bold; below, whether studies or weights were counted.

    Raises
    ------
    InputError
        If there is no study, or not one weight above 0 a study.

    References
    ----------
    McGuinness & Higgins (2021), doi:10.1002/jrsm.1411.
    """
    shares = _shares(table, weights)
    with style.in_house_style():
        rows = [*table.domains.values(), OVERALL]
        names = [style.shorten(name, _LONGEST_NAME, bold=name == OVERALL) for name in rows]
        left = _MARGIN + max(style.text_width(name, bold=True) for name in names) + 0.15
    width = max(left + _WIDTH, _MARGIN + legend_width(table)) + _MARGIN + 0.15
    bottom = _MARGIN + _ROW * len(rows)
    with style.drawing(width, bottom + 0.72 + _MARGIN, ax) as axes:
        for number, (name, parts) in enumerate(zip(names, shares, strict=True)):
            y = _MARGIN + _ROW * (number + 0.5)
            weight = "bold" if number == len(rows) - 1 else "normal"
            style.write(axes, left - 0.12, y, name, ha="right", weight=weight)
            _draw_bar(axes, parts, left, y, safe=safe)
        _draw_scale(axes, left, bottom)
        draw_legend(axes, _MARGIN, bottom + 0.44, table, safe=safe)
        style.write(axes, _MARGIN, bottom + 0.7, _note(table, weights), fontsize=style.SMALL, color=style.MUTED)
        return style.figure_of(axes)


def risk_of_bias_bars_description(table: RiskOfBias, *, weights: npt.ArrayLike | None = None) -> str:
    """Return in words what the bars show, for those who cannot see them."""
    rows = "; ".join(
        f"{name}: " + ", ".join(f"{_name(found)} {fmt.proportion(share)}" for found, share in parts)
        for name, parts in zip((*table.domains.values(), OVERALL), _shares(table, weights), strict=True)
    )
    return style.legible(f"Risk of bias ({table.tool}) by domain. {_note(table, weights)} {rows}.")


def _name(found: Judgement | None) -> str:
    return _NOT_JUDGED if found is None else found.name.lower()


def _note(table: RiskOfBias, weights: npt.ArrayLike | None) -> str:
    size = fmt.plural(len(table.studies), "study", "studies")
    counted = "each counts the same" if weights is None else "each counts by its weight in the pooled result"
    gaps = " Hatched: not judged." if any(not word.strip() for row in table.judgements for word in row) else ""
    return f"{size}; {counted}.{gaps}"


def _shares(table: RiskOfBias, weights: npt.ArrayLike | None) -> list[list[tuple[Judgement | None, float]]]:
    """Return the judgements that occur in each domain with their share, in the order of risk; not judged last."""
    values = np.ones(len(table.studies)) if weights is None else np.asarray(weights, dtype=np.float64)
    if values.shape != (len(table.studies),) or not len(values) or not (np.isfinite(values) & (values > 0)).all():
        raise InputError(
            f"{fmt.plural(len(table.studies), 'study', 'studies')} and weights {values.tolist()[:5]}; allowed: one "
            "study or more, each with one weight above 0."
        )
    found = []
    for domain in range(len(table.domains) + 1):
        words = [judgement(row[domain]) for row in table.judgements]
        parts = [(kind, float(values[[word is kind for word in words]].sum())) for kind in (*JUDGEMENTS.values(), None)]
        found.append([(kind, part / float(values.sum())) for kind, part in parts if part > 0])
    return found


def _draw_bar(axes: Axes, parts: list[tuple[Judgement | None, float]], left: float, y: float, *, safe: bool) -> None:
    x = left
    for found, share in parts:
        width = share * _WIDTH
        colour = style.BAND if found is None else found.safe_colour if safe else found.colour
        corner, hatch = (x, y - _BAR / 2), "////" if found is None else ""
        axes.add_patch(
            Rectangle(corner, width, _BAR, facecolor=colour, edgecolor=style.INK, lw=0.6, hatch=hatch, zorder=2)
        )
        sign = "" if found is None else found.sign
        if sign and width > 0.16:
            # The sign stands on a white disc, so that it reads on every colour.
            look = {"ha": "center", "va": "center_baseline", "weight": "bold", "fontsize": style.SMALL, "zorder": 4}
            axes.plot([x + width / 2], [y], "o", color=style.PAPER, markersize=10, zorder=3)
            style.write(axes, x + width / 2, y, sign, **look)
        x += width


def _draw_scale(axes: Axes, left: float, bottom: float) -> None:
    axes.plot([left, left + _WIDTH], [bottom, bottom], color=style.INK, lw=0.8)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + share * _WIDTH
        axes.plot([x, x], [bottom, bottom + 0.05], color=style.INK, lw=0.8)
        style.write(axes, x, bottom + 0.15, fmt.proportion(share), ha="center", fontsize=style.SMALL)
