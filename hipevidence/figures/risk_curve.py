"""Risk curve: what a ratio makes of every baseline risk, with its band, beside the line of no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import plot, style
from hipevidence.risk import absolute_risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.results import Interval

_POINTS: Final = 201
_CUT: Final = "Curve and band end where the ratio would give more than 100 of 100."
_SIZE: Final = (2.55, 2.3)


def risk_curve(
    measure: str,
    effect: float,
    ci: Interval,
    *,
    reference: str,
    exposed: str,
    highest: float = 0.5,
    marked: Sequence[float] = (),
    ax: Axes | None = None,
) -> Figure:
    """Draw the risk of the exposed over the risk of the reference group.

    Parameters
    ----------
    measure, effect, ci
        OR, RR or HR with its interval, as ratios.
    reference, exposed
        Names of the two groups.
    highest
        Where the axis of baselines ends, above 0 and at most 1.
    marked
        Baselines that get a point each, such as those of a scenario.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Both axes in numbers out of 100; the dashed line is a risk that the exposure does not change.

    Raises
    ------
    InputError
        If the range is none or a marked baseline lies outside it.
    """
    if not 0 < highest <= 1:
        raise InputError(f"highest is {highest}; allowed: above 0 and at most 1. Give the greatest baseline to draw.")
    if any(not 0 <= baseline <= highest for baseline in marked):
        raise InputError(f"marked is {list(marked)}; allowed: 0 to {highest}. Leave out what lies beyond the axis.")
    found = absolute_risk(measure, effect, ci.low, ci.high, baseline=np.linspace(0, highest, _POINTS), level=ci.level)
    points = absolute_risk(measure, effect, baseline=np.asarray(marked, dtype=np.float64))
    with plot.plotting(ax, _SIZE) as axes:
        x, risk = 100 * np.asarray(found.baseline), 100 * np.asarray(found.risk)
        low, high = 100 * np.asarray(found.ci.low), 100 * np.asarray(found.ci.high)
        top = float(np.nanmax([*risk, *high]))
        axes.set(xlim=(0, 100 * highest), ylim=(0, min(100.0, 1.06 * top)))
        axes.fill_between(x, low, high, color=style.STUDY, alpha=0.18, linewidth=0)
        axes.plot(x, x, color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.plot(x, risk, color=style.STUDY, linewidth=1.8)
        axes.plot(100 * np.asarray(marked), 100 * np.asarray(points.risk), "o", color=style.ALTERNATIVE, markersize=5)
        style.write(axes, 98 * highest, 56 * highest, "no difference", ha="right", va="top", color=style.MUTED)
        head = f"{measure} {fmt.estimate(effect, ci)}"
        plot.title(axes, f"of 100 {style.legible(reference)}", f"of 100 {style.legible(exposed)}", head)
        cut = bool(np.isnan(risk).any() or np.isnan(high).any())
        plot.notes(axes, _CUT if cut else "")
        return style.figure_of(axes)


def risk_curve_description(
    measure: str, effect: float, ci: Interval, *, reference: str, exposed: str, marked: Sequence[float]
) -> str:
    """Return in words what the risk curve shows, for those who cannot see it."""
    found = absolute_risk(measure, effect, ci.low, ci.high, baseline=np.asarray(marked, dtype=np.float64))
    columns = (found.baseline, found.risk, found.ci.low, found.ci.high)
    values = zip(*(np.atleast_1d(100 * np.asarray(column)) for column in columns), strict=True)
    points = [
        f"{fmt.number(base, 0)} of 100 becomes {fmt.number(risk, 0)} ({fmt.number(low, 0)} to {fmt.number(high, 0)})"
        for base, risk, low, high in values
    ]
    return (
        f"Risk of {style.legible(exposed)} over that of {style.legible(reference)}, "
        f"{measure} {fmt.estimate(effect, ci)}: {'; '.join(points)}."
    )
