"""Radial (Galbraith) plot: standardised effects over precision, so that every effect is a slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import plot, style
from hipevidence.figures.axis import scale_between, shown_as
from hipevidence.pooling.tau2 import COMMON_EFFECT
from hipevidence.synthesis.wording import estimate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import PoolResult
    from hipevidence.pooling.batch import Floats

_SIZE: Final = (4.2, 3.6)
_ARC: Final = 0.86
_REACH: Final = 1.1


def radial(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    result: PoolResult,
    labels: Sequence[str],
    *,
    measure: str = "SMD",
    ax: Axes | None = None,
) -> Figure:
    """Draw each study's standardised effect over its precision.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    result
        Their pooled effect; its tau² is part of every study's variance here.
    labels
        Name of each study, shape (k,).
    measure
        Effect size code, which decides how effects are shown on the arc.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The line from the origin through a point meets the arc at the study's effect; 95 % of studies are expected in
        the band around the pooled line.

    Raises
    ------
    InputError
        If the lengths differ.

    References
    ----------
    Galbraith (1988), doi:10.1002/sim.4780070807.
    """
    x, z = _standardised(yi, vi, result)
    names = plot.check_names(labels, len(x))
    critical = float(special.ndtri(0.5 + result.level / 2))
    with plot.plotting(ax, _SIZE) as axes:
        far = float(x.max()) * 1.05
        reach = _REACH * max(critical, float(np.abs(z).max()), critical + abs(result.estimate) * far)
        axes.set(xlim=(0, far / 0.8), ylim=(-reach, reach))
        ends = np.array([0.0, far])
        line = result.estimate * ends
        axes.fill_between(ends, line - critical, line + critical, color=style.BAND, lw=0, zorder=0)
        axes.plot(ends, line, color=style.POOLED, lw=1.5, zorder=2)
        axes.plot(x, z, "o", color=style.STUDY, markersize=5, markeredgecolor=style.PAPER, zorder=3)
        arc = _draw_arc(axes, (z / x, (line - critical)[1] / far, (line + critical)[1] / far), measure)
        root = "√v" if result.method in COMMON_EFFECT else "√(v + tau²)"
        plot.title(axes, f"precision, 1 / {root}", f"effect / {root}")
        off = np.argsort(-np.abs(z - result.estimate * x), kind="stable")
        places = list(zip(x.tolist(), z.tolist(), strict=True))
        plot.name_points(axes, places, names, [int(place) for place in off], avoid=arc)
        said = f"pooled {estimate_text(shown_as(measure), result.estimate, result.ci)}" if result.k > 1 else "the study"
        plot.notes(axes, f"Arc: {measure}. Line: {said}; band: ±{fmt.number(critical)}.")
        return style.figure_of(axes)


def radial_description(
    yi: npt.ArrayLike, vi: npt.ArrayLike, result: PoolResult, labels: Sequence[str], *, measure: str = "SMD"
) -> str:
    """Return in words what the radial plot shows, for those who cannot see it."""
    x, z = _standardised(yi, vi, result)
    names = plot.check_names(labels, len(x))
    critical = float(special.ndtri(0.5 + result.level / 2))
    outside = [name for name, off in zip(names, np.abs(z - result.estimate * x), strict=True) if off > critical]
    said = estimate_text(shown_as(measure), result.estimate, result.ci)
    beyond = f"Outside the band: {', '.join(outside)}." if outside else "No study lies outside the band."
    points = "; ".join(
        f"{name} {fmt.number(one)} and {fmt.number(other)}"
        for name, one, other in zip(names, x.tolist(), z.tolist(), strict=True)
    )
    return (
        f"Radial plot of {fmt.plural(len(names), 'study', 'studies')}, precision and standardised effect: {points}. "
        f"Pooled {measure} {said}. {beyond}"
    )


def _standardised(yi: npt.ArrayLike, vi: npt.ArrayLike, result: PoolResult) -> tuple[Floats, Floats]:
    """Return the precision and the standardised effect of each study."""
    effects, variances = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    if effects.shape != variances.shape or effects.shape != result.weights.shape:
        raise InputError("effects, variances and weights of different lengths; allowed: one of each a study.")
    root = np.sqrt(variances + np.nan_to_num(result.tau2))
    return 1.0 / root, effects / root


def _draw_arc(axes: Axes, slopes: tuple[Floats, float, float], measure: str) -> list[plot.Box]:
    """Draw the arc on which slopes are read as effects, and return what it covers, in pixels.

    It looks round whatever the two scales are.
    """
    (_, far), (low, high) = axes.get_xlim(), axes.get_ylim()
    box, dpi = axes.get_window_extent(), style.figure_of(axes).dpi
    per_x, per_y = box.width / far, box.height / (high - low)
    radius = _ARC * far * per_x

    def place(slope: float, out: float = 0.0) -> tuple[float, float]:
        angle = np.arctan2(slope * per_y, per_x)
        return float((radius + out) * np.cos(angle) / per_x), float((radius + out) * np.sin(angle) / per_y)

    half = high * per_y
    steepest = half / np.sqrt(max(radius**2 - half**2, 1.0)) * per_x / per_y
    values = np.clip(np.array([*slopes[0], *slopes[1:]]), -steepest, steepest)
    first, last = (float(np.clip(limit, -steepest, steepest)) for limit in plot.limits_of(values, margin=0.03))
    points = np.array([place(slope) for slope in np.linspace(first, last, 181)])
    axes.plot(points[:, 0], points[:, 1], color=style.INK, lw=0.9)
    length = float(np.hypot(np.diff(points[:, 0]) * per_x, np.diff(points[:, 1]) * per_y).sum())
    scale = scale_between(shown_as(measure), first, last, lambda _: 0.2 * dpi / max(length, 1e-9))
    covered = [(x - 2, y - 2, x + 2, y + 2) for x, y in axes.transData.transform(points).tolist()]
    for tick, label in zip(scale.ticks, scale.labels, strict=True):
        (x0, y0), (x1, y1) = place(tick), place(tick, 0.05 * dpi)
        axes.plot([x0, x1], [y0, y1], color=style.INK, lw=0.9)
        style.write(axes, *place(tick, 0.09 * dpi), label, fontsize=style.SMALL, ha="left")
        x, y = axes.transData.transform(place(tick, 0.05 * dpi)).tolist()
        covered.append((x - 2, y - 0.08 * dpi, x + style.text_width(label, size=style.SMALL) * dpi + 8, y + 0.08 * dpi))
    return covered
