"""Drapery plot: the P value of every effect one could test, for each study and for the pooled result."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import LineCollection
from scipy import special

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import plot, style
from hipevidence.figures.axis import choose_scale, null_value, shown_as
from hipevidence.results import Interval
from hipevidence.synthesis.wording import estimate_text, interval_text

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import PoolResult
    from hipevidence.pooling.batch import Floats

_POINTS: Final = 401
_LEVELS: Final = (0.5, 0.8, 0.9, 0.95)
#: Inches that one label of a level takes; in low axes those that would run into the one below are left out.
_LINE: Final = 0.145


def drapery(
    yi: npt.ArrayLike, vi: npt.ArrayLike, result: PoolResult, *, measure: str = "SMD", ax: Axes | None = None
) -> Figure:
    """Draw P value functions: every confidence interval of every study at once.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    result
        Their pooled effect; its curve uses the standard error and degrees of freedom of its interval.
    measure
        Effect size code, which decides how effects are shown.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        A horizontal cut at P gives the interval of coverage 1 - P, which the right side names. Thin: studies, the more
        weight the darker; bold: pooled; shaded: prediction interval.

    Raises
    ------
    InputError
        If the lengths differ.

    References
    ----------
    Rücker & Schwarzer (2021), doi:10.1002/jrsm.1410.
    """
    effects, errors = _usable(yi, vi, result)
    analysis = shown_as(measure)
    with plot.plotting(ax) as axes:
        width = axes.get_window_extent().width / style.figure_of(axes).dpi
        critical = float(special.ndtri(0.995))
        alone = [(y, Interval(y - critical * s, y + critical * s)) for y, s in zip(effects, errors, strict=True)]
        scale = choose_scale(
            analysis, alone, [result.ci, result.prediction], lambda text: style.text_width(text, size=8.0) / width
        )
        plot.effect_ticks(axes.xaxis, analysis, scale.low, scale.high, width)
        _level_ticks(axes)
        grid = np.linspace(scale.low, scale.high, _POINTS)
        if result.k > 1 and result.prediction.exists:
            axes.axvspan(
                max(result.prediction.low, scale.low), min(result.prediction.high, scale.high), color=style.BAND, lw=0
            )
        axes.axvline(null_value(analysis), color=style.MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        _draw_studies(axes, effects, errors, result.weights, grid)
        if result.k > 1 and math.isfinite(result.se) and result.se > 0:
            bold = np.sort(np.append(grid, result.estimate))
            axes.plot(bold, _p_of(result, bold), color=style.POOLED, lw=2.2, zorder=4)
        plot.title(axes, measure, "P value")
        plot.notes(axes, _legend(result, measure))
        return style.figure_of(axes)


def drapery_description(yi: npt.ArrayLike, vi: npt.ArrayLike, result: PoolResult, *, measure: str = "SMD") -> str:
    """Return in words what the drapery plot shows, for those who cannot see it."""
    effects, _ = _usable(yi, vi, result)
    null = null_value(shown_as(measure))
    at_null = "" if math.isnan(null) else f" P value of no difference: {fmt.p_value(result.p_value)}."
    return f"P value functions of {fmt.plural(len(effects), 'study', 'studies')}. {_legend(result, measure)}{at_null}"


def _usable(yi: npt.ArrayLike, vi: npt.ArrayLike, result: PoolResult) -> tuple[list[float], list[float]]:
    effects, variances = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    if effects.shape != variances.shape or effects.shape != result.weights.shape:
        raise InputError("effects, variances and weights of different lengths; allowed: one of each a study.")
    return effects.tolist(), np.sqrt(variances).tolist()


def _level_ticks(axes: Axes) -> None:
    """Write P values on the left and the coverage of the intervals they cut out on the right."""
    axes.set_ylim(0, 1.02)
    places = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    axes.set_yticks(places, labels=[fmt.exact(place) for place in places])
    x = axes.get_xlim()[1]
    inch = axes.get_window_extent().height / style.figure_of(axes).dpi / 1.02
    last = -1.0
    for level in reversed(_LEVELS):
        axes.axhline(1 - level, color=style.RULE, lw=0.7, zorder=0.5)
        if (1 - level - last) * inch < _LINE:
            continue
        last = 1 - level
        axes.annotate(
            f"{fmt.coverage(level)} interval",
            (x, 1 - level),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
            color=style.MUTED,
            annotation_clip=False,
        )


def _draw_studies(axes: Axes, effects: list[float], errors: list[float], weights: Floats, grid: Floats) -> None:
    curves, colours = [], []
    shade = 0.25 + 0.6 * np.sqrt(weights / np.nanmax(weights)) if np.isfinite(weights).any() else [0.5] * len(effects)
    for y, s, depth in zip(effects, errors, shade, strict=True):
        near = np.append(grid, y)
        near = np.sort(near[(near >= grid[0]) & (near <= grid[-1])])
        curves.append(np.column_stack([near, 2 * special.ndtr(-np.abs(near - y) / s)]))
        colours.append((0.0, 0.447, 0.698, float(depth) * (1.0 if len(effects) < 30 else 0.6)))
    axes.add_collection(LineCollection(curves, colors=colours, linewidths=0.9, zorder=2))


def _p_of(result: PoolResult, values: Floats) -> Floats:
    """Return the two-sided P value of each effect under the pooled result."""
    statistic = np.abs(values - result.estimate) / result.se
    if math.isinf(result.df):
        return np.asarray(2 * special.ndtr(-statistic))
    return np.asarray(2 * special.stdtr(result.df, -statistic))


def _legend(result: PoolResult, measure: str) -> str:
    if result.k < 2:
        return "One study only: nothing is pooled."
    analysis = shown_as(measure)
    pooled = f"Bold: pooled {measure} {estimate_text(analysis, result.estimate, result.ci)}."
    if not result.prediction.exists:
        return pooled
    return f"{pooled} Shaded: prediction interval {interval_text(analysis, result.prediction)}."
