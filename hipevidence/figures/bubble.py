"""Bubble plot: effects over a moderator, with the line of the meta-regression, its interval and prediction band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import plot, style
from hipevidence.figures.axis import choose_scale, null_value, shown_as
from hipevidence.results import Interval
from hipevidence.synthesis.wording import value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import RegressionResult
    from hipevidence.pooling.batch import Floats
    from hipevidence.synthesis import Analysis

_POINTS: Final = 101


def bubble(
    result: RegressionResult,
    yi: npt.ArrayLike,
    *,
    labels: Sequence[str],
    moderator: str,
    measure: str = "SMD",
    unit: str = "",
    ax: Axes | None = None,
) -> Figure:
    """Draw effects over one moderator of a meta-regression.

    Parameters
    ----------
    result
        From :func:`hipevidence.pooling.regress`.
    yi
        The effects it was fitted to, shape (k,).
    labels
        Name of each study, shape (k,).
    moderator
        Name of a column of the design; the other moderators are held at their means.
    measure
        Effect size code, which decides how effects are shown.
    unit
        Written behind the moderator's name.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Bubbles grow in area with the weight; dark band: confidence interval of the mean effect, light band: prediction
        interval of the effect of a new study.

    Raises
    ------
    InputError
        If the moderator is no column of the design, or the lengths differ.

    References
    ----------
    Thompson & Higgins (2002), doi:10.1002/sim.1187.
    """
    effects, x = np.asarray(yi, dtype=np.float64), _column(result, moderator)
    if effects.shape != x.shape:
        raise InputError(f"{len(effects)} effects for {result.k} studies; allowed: one a study, as they were fitted.")
    names = plot.check_names(labels, result.k)
    analysis = shown_as(measure)
    low, high = plot.limits_of(x, least=0.05)
    grid = np.linspace(low, high, _POINTS)
    middle, ci, prediction = _forecasts(result, moderator, grid)
    with plot.plotting(ax) as axes:
        height = axes.get_window_extent().height / style.figure_of(axes).dpi
        bottom, top = _reach(effects, ci, analysis, height)
        axes.set_xlim(low, high)
        plot.effect_ticks(axes.yaxis, analysis, bottom, top, height)
        axes.axhline(null_value(analysis), color=style.MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        axes.fill_between(grid, *prediction, color=style.BAND, lw=0, zorder=0)
        axes.fill_between(grid, *ci, color=style.POOLED, alpha=0.18, lw=0, zorder=0.5)
        axes.plot(grid, middle, color=style.POOLED, lw=1.6, zorder=2)
        radii = plot.radii_of(result.weights)
        axes.scatter(
            x, effects, s=(2 * radii) ** 2, facecolor=style.STUDY, alpha=0.55, edgecolor=style.POOLED, lw=0.7, zorder=3
        )
        head = f"{moderator} ({unit})" if unit else moderator
        plot.title(axes, style.legible(head), measure)
        order = np.argsort(-np.abs(effects - result.fitted) * np.sqrt(result.weights), kind="stable")
        places = list(zip(x.tolist(), effects.tolist(), strict=True))
        plot.name_points(axes, places, names, [int(place) for place in order], radii=radii.tolist())
        plot.notes(axes, _legend(result, moderator, ci, prediction, (bottom, top)))
        return style.figure_of(axes)


def bubble_description(
    result: RegressionResult, yi: npt.ArrayLike, *, labels: Sequence[str], moderator: str, measure: str = "SMD"
) -> str:
    """Return in words what the bubble plot shows, for those who cannot see it."""
    x = _column(result, moderator)
    names = plot.check_names(labels, result.k)
    analysis = shown_as(measure)
    said = "; ".join(
        f"{name} {fmt.exact(place)} and {value_text(analysis, value)}"
        for name, place, value in zip(names, x.tolist(), np.asarray(yi, dtype=np.float64).tolist(), strict=True)
    )
    return (
        f"Bubble plot of {fmt.plural(result.k, 'study', 'studies')}, {style.legible(moderator)} and {measure}: {said}. "
        f"{_slope_text(result, moderator)}"
    )


def _reach(effects: Floats, ci: tuple[Floats, Floats], analysis: Analysis, height: float) -> tuple[float, float]:
    """Return the limits of the effects: all of them, and the band of the mean where it would not squeeze them."""
    room = max(float(np.ptp(effects)), 1e-6) / 8
    alone = [(float(value), Interval(float(value) - room, float(value) + room)) for value in effects]
    band = Interval(float(np.nanmin(ci[0])), float(np.nanmax(ci[1])))
    scale = choose_scale(analysis, alone, [band], lambda _: 0.15 / height)
    return scale.low, scale.high


def _column(result: RegressionResult, moderator: str) -> Floats:
    names = result.design.names
    if moderator not in names:
        raise InputError(
            f"moderator is {style.legible(moderator)!r}; allowed: {', '.join(names)}. Name a column of the design."
        )
    return np.asarray(result.design.matrix[:, names.index(moderator)])


def _forecasts(
    result: RegressionResult, moderator: str, grid: Floats
) -> tuple[Floats, tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the mean effect and the limits of its two bands along the moderator."""
    design = np.tile(result.design.matrix.mean(axis=0), (len(grid), 1))
    design[:, result.design.names.index(moderator)] = grid
    found = result.predict(design)
    limits = [
        tuple(np.array([getattr(getattr(one, band), end) for one in found]) for end in ("low", "high"))
        for band in ("ci", "prediction")
    ]
    return np.array([one.estimate for one in found]), (limits[0][0], limits[0][1]), (limits[1][0], limits[1][1])


def _slope_text(result: RegressionResult, moderator: str) -> str:
    slope = result.coefficients[result.design.names.index(moderator)]
    r2 = "" if np.isnan(result.r2) else f" R² {fmt.percent(result.r2)}."
    return (
        f"Change for one more unit of {style.legible(moderator)}, on the analysis scale: "
        f"{fmt.estimate(slope.estimate, slope.ci, 3)}.{r2}"
    )


def _legend(
    result: RegressionResult,
    moderator: str,
    ci: tuple[Floats, Floats],
    prediction: tuple[Floats, Floats],
    limits: tuple[float, float],
) -> str:
    cut = any((band[0] < limits[0]).any() or (band[1] > limits[1]).any() for band in (ci, prediction))
    beyond = " Bands go on beyond the picture." if cut else ""
    level = fmt.coverage(result.level)
    return (
        f"{_slope_text(result, moderator)} Dark band: {level} CI of the mean; light band: {level} prediction.{beyond}"
    )
