"""GOSH plot: what every subset of the studies says, as a density with its two margins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import plot, style
from hipevidence.figures.axis import shown_as
from hipevidence.synthesis.wording import value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import Gosh
    from hipevidence.pooling.batch import Booleans, Floats
    from hipevidence.synthesis import Analysis

_CELLS: Final = (56, 42)
_SHARE: Final = 0.22
#: From subsets without the study, over a grey where both lie, to subsets with it.
_HUES: Final = LinearSegmentedColormap.from_list("share", [style.STUDY, "#8a8f96", style.ALTERNATIVE])


def gosh_plot(
    result: Gosh, *, measure: str = "SMD", study: int | None = None, name: str = "", ax: Axes | None = None
) -> Figure:
    """Draw I² over the pooled effect of every subset, with the density of each beside it.

    Parameters
    ----------
    result
        From :func:`hipevidence.pooling.gosh`.
    measure
        Effect size code, which decides how effects are shown.
    study
        Position of a study: subsets with it are drawn in another colour than those without.
    name
        Name of that study.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The darker a cell, the more subsets fall into it, on a logarithmic scale.

    Raises
    ------
    InputError
        If no subset has a result, or ``study`` is none of the studies.

    References
    ----------
    Olkin, Dahabreh & Trikalinos (2012), doi:10.1002/jrsm.1053.
    """
    known = np.isfinite(result.estimate) & np.isfinite(result.i2)
    if not known.any():
        raise InputError("no subset with a result; allowed: one or more. Pool at least two studies.")
    x, y = result.estimate[known], result.i2[known]
    inside = _holds(result, study)[known]
    analysis = shown_as(measure)
    with plot.plotting(ax) as axes:
        # Half of all subsets often have an I² of exactly 0: the lowest row of cells is centred on it.
        low, high = plot.limits_of(x, margin=0.04)
        edges = (np.linspace(low, high, _CELLS[0] + 1), np.linspace(-1.25, 101.25, _CELLS[1] + 1))
        box, dpi = axes.get_window_extent(), style.figure_of(axes).dpi
        axes.set(ylim=(-2, 102))
        plot.effect_ticks(axes.xaxis, analysis, low, high, box.width / dpi)
        axes.set_yticks([0, 25, 50, 75, 100], labels=[fmt.percent(tick) for tick in (0, 25, 50, 75, 100)])
        _draw_cells(axes, (x, y), inside, edges, coloured=study is not None)
        _draw_margin(axes, x, inside, edges[0], study, above=True)
        _draw_margin(axes, y, inside, edges[1], study, above=False)
        plot.title(axes, f"pooled effect ({measure})", "I²")
        plot.notes(axes, _legend(result, study, name))
        return style.figure_of(axes)


def gosh_description(result: Gosh, *, measure: str = "SMD", study: int | None = None, name: str = "") -> str:
    """Return in words what the GOSH plot shows, for those who cannot see it."""
    analysis = shown_as(measure)
    inside = _holds(result, study)
    parts = [("all subsets", np.ones(len(inside), dtype=np.bool_))]
    if study is not None:
        shown = style.legible(name) or f"study {study + 1}"
        parts += [(f"subsets with {shown}", inside), (f"subsets without {shown}", ~inside)]
    said = "; ".join(f"{words}: {_range(analysis, result, which)}" for words, which in parts)
    size = fmt.plural(len(result.estimate), "subset")
    return f"GOSH plot of {size}{_sampled(result)}, I² over the pooled effect. {said}."


def _range(analysis: Analysis, result: Gosh, which: Booleans) -> str:
    estimates, i2 = result.estimate[which], result.i2[which]
    if not np.isfinite(estimates).any():
        return "none"
    quartiles = np.nanquantile(estimates, [0.05, 0.5, 0.95]).tolist()
    low, middle, high = (value_text(analysis, value) for value in quartiles)
    return f"median {middle}, nine in ten from {low} to {high}, median I² {fmt.i2(float(np.nanmedian(i2)))}"


def _holds(result: Gosh, study: int | None) -> Booleans:
    if study is None:
        return np.zeros(len(result.code), dtype=np.bool_)
    k = int(result.k.max())
    if not 0 <= study < max(k, 1):
        raise InputError(f"study is {study}; allowed: 0 to {k - 1}, its position. Count from 0.")
    return result.contains(study)


def _draw_cells(
    axes: Axes, places: tuple[Floats, Floats], inside: Booleans, edges: tuple[Floats, Floats], *, coloured: bool
) -> None:
    """Draw one rectangle for every cell that holds a subset: light for few, dark for many."""
    counts, _, _ = np.histogram2d(*places, bins=edges)
    held, _, _ = np.histogram2d(places[0][inside], places[1][inside], bins=edges)
    columns, rows = np.nonzero(counts)
    number = counts[columns, rows]
    depth = 0.25 + 0.75 * np.log1p(number) / math.log1p(float(number.max()))
    share = held[columns, rows] / number if coloured else np.zeros(len(number))
    faces = _HUES(share)
    faces[:, 3] = depth
    left, right = edges[0][columns], edges[0][columns + 1]
    low, high = edges[1][rows], edges[1][rows + 1]
    corners = np.stack(
        [np.column_stack(pair) for pair in ((left, low), (right, low), (right, high), (left, high))], axis=1
    )
    axes.add_collection(
        PolyCollection(list(corners), facecolors=faces, edgecolors="none", linewidths=0, antialiased=False)
    )


def _draw_margin(
    axes: Axes, values: Floats, inside: Booleans, edges: Floats, study: int | None, *, above: bool
) -> None:
    """Draw the density of one scale in a strip beside the picture."""
    place = (0.0, 1.02, 1.0, _SHARE) if above else (1.02, 0.0, _SHARE, 1.0)
    strip = axes.inset_axes(place)
    strip.axis("off")
    parts = (
        [(values, style.STUDY)]
        if study is None
        else [(values[~inside], style.STUDY), (values[inside], style.ALTERNATIVE)]
    )
    for part, colour in parts:
        counts, _ = np.histogram(part, bins=edges)
        orientation: Literal["vertical", "horizontal"] = "vertical" if above else "horizontal"
        strip.stairs(counts, edges, orientation=orientation, fill=True, color=colour, alpha=0.25)
        strip.stairs(counts, edges, orientation=orientation, color=colour, lw=1.1)
    (strip.set_xlim if above else strip.set_ylim)(*(axes.get_xlim() if above else axes.get_ylim()))
    (strip.set_ylim if above else strip.set_xlim)(0, None)


def _legend(result: Gosh, study: int | None, name: str) -> str:
    size = f"{fmt.plural(len(result.estimate), 'subset')}{_sampled(result)}; darker: more of them."
    if study is None:
        return size
    shown = style.shorten(name, 2.0, size=style.SMALL) or f"study {study + 1}"
    return f"{size} Orange: with {shown}; blue: without it."


def _sampled(result: Gosh) -> str:
    return "" if result.complete else f" (a sample, seed {result.seed})"
