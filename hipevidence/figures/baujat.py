"""Baujat plot: which studies make the results differ, and which move the pooled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence import format as fmt
from hipevidence.figures import plot, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import Influence
    from hipevidence.pooling.batch import Floats

X = "contribution to heterogeneity (squared Pearson residual)"
Y = "influence on the pooled result"


def baujat(result: Influence, labels: Sequence[str], *, ax: Axes | None = None) -> Figure:
    """Draw each study's influence on the pooled result over its contribution to heterogeneity.

    Parameters
    ----------
    result
        From :func:`hipevidence.pooling.influence`.
    labels
        Name of each study, shape (k,).
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The studies furthest from the corner are named, as many as there is room for.

    Raises
    ------
    InputError
        If there is not one label a study.

    References
    ----------
    Baujat et al. (2002), doi:10.1002/sim.1221.

    Examples
    --------
    >>> from hipevidence.pooling import influence
    >>> picture = baujat(influence([0.1, 0.3, 1.2], [0.02, 0.03, 0.02]), ["First", "Second", "Third"])
    """
    names = plot.check_names(labels, len(result.baujat_x))
    x, y = result.baujat_x, result.baujat_y
    known = np.isfinite(x) & np.isfinite(y)
    with plot.plotting(ax) as axes:
        axes.set(xlim=_from_zero(x[known]), ylim=_from_zero(y[known]))
        axes.plot(x[known], y[known], "o", color=style.STUDY, markersize=5, markeredgecolor=style.PAPER, clip_on=False)
        plot.title(axes, X, Y)
        places = list(zip(x[known].tolist(), y[known].tolist(), strict=True))
        plot.name_points(axes, places, [names[i] for i in np.flatnonzero(known)], _far_first(x[known], y[known]))
        lost = int((~known).sum())
        plot.notes(axes, f"{fmt.plural(lost, 'study', 'studies')} without a figure." if lost else "")
        return style.figure_of(axes)


def baujat_description(result: Influence, labels: Sequence[str]) -> str:
    """Return in words what the Baujat plot shows, for those who cannot see it."""
    names = plot.check_names(labels, len(result.baujat_x))
    said = "; ".join(
        f"{name} {fmt.number(x)} and {fmt.number(y)}"
        for name, x, y in zip(names, result.baujat_x.tolist(), result.baujat_y.tolist(), strict=True)
    )
    return f"Baujat plot of {fmt.plural(len(names), 'study', 'studies')}, {X} and {Y}: {said}."


def _from_zero(values: Floats) -> tuple[float, float]:
    top = float(values.max()) if len(values) else 1.0
    return 0.0, 1.12 * top if top > 0 else 1.0


def _far_first(x: Floats, y: Floats) -> list[int]:
    far = np.hypot(x / max(float(x.max(initial=0.0)), 1e-300), y / max(float(y.max(initial=0.0)), 1e-300))
    return [int(place) for place in np.argsort(-far, kind="stable")]
