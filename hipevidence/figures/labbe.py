"""L'Abbé plot: the risk in one arm over the risk in the other, study by study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import plot, style
from hipevidence.figures.axis import shown_as
from hipevidence.synthesis.wording import estimate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.pooling import PoolResult
    from hipevidence.pooling.batch import Floats

MEASURES: Final = ("OR", "RR", "RD")
_SIZE: Final = (3.4, 3.4)


def labbe(
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    *,
    labels: Sequence[str],
    arms: tuple[str, str],
    result: PoolResult | None = None,
    measure: str = "RR",
    ax: Axes | None = None,
) -> Figure:
    """Draw the risk in arm 1 over the risk in arm 2.

    Parameters
    ----------
    events1, n1, events2, n2
        People with the event, and people, in each arm of each study, shape (k,); nan where not printed.
    labels
        Name of each study, shape (k,).
    arms
        Names of arm 1 and arm 2.
    result
        Pooled effect (ratios as logarithms), drawn as a curve with its interval as a band.
    measure
        Measure of ``result``: OR, RR or RD.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Circles grow in area with the people in a study; on the dashed line the risks are equal.

    Raises
    ------
    InputError
        If the lengths differ, there are more events than people, or the measure is none of these.

    References
    ----------
    L'Abbé, Detsky & O'Rourke (1987), doi:10.7326/0003-4819-107-2-224.
    """
    first, second, people = _risks(events1, n1, events2, n2)
    names = plot.check_names(labels, len(first))
    if measure not in MEASURES:
        raise InputError(f"measure is {measure!r}; allowed: {', '.join(MEASURES)}. Choose one of them.")
    known = np.isfinite(first) & np.isfinite(second)
    with plot.plotting(ax, _SIZE) as axes:
        top = _top(np.concatenate([first[known], second[known]]))
        axes.set(xlim=(0, top), ylim=(0, top), aspect="equal")
        _percent_ticks(axes, top)
        axes.plot([0, top], [0, top], color=style.MUTED, lw=1, ls=(0, (4, 3)), zorder=1)
        if result is not None and result.k > 1:
            _draw_pooled(axes, result, measure, top)
        x, y = second[known], first[known]
        radii = plot.radii_of(people[known])
        axes.scatter(
            x, y, s=(2 * radii) ** 2, facecolor=style.STUDY, alpha=0.55, edgecolor=style.POOLED, lw=0.7, clip_on=False
        )
        plot.title(axes, f"events in {style.legible(arms[1])}", f"events in {style.legible(arms[0])}")
        order = [int(place) for place in np.argsort(-np.abs(y - x), kind="stable")]
        found = [names[place] for place in np.flatnonzero(known)]
        plot.name_points(axes, list(zip(x.tolist(), y.tolist(), strict=True)), found, order, radii=radii.tolist())
        plot.notes(axes, _legend(result, measure, int((~known).sum())))
        return style.figure_of(axes)


def labbe_description(
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    *,
    labels: Sequence[str],
    arms: tuple[str, str],
) -> str:
    """Return in words what the L'Abbé plot shows, for those who cannot see it."""
    first, second, _ = _risks(events1, n1, events2, n2)
    names = plot.check_names(labels, len(first))
    said = "; ".join(
        f"{name} {fmt.proportion(one, 1)} and {fmt.proportion(other, 1)}"
        for name, one, other in zip(names, first.tolist(), second.tolist(), strict=True)
    )
    shown = f"{style.legible(arms[0])} and {style.legible(arms[1])}"
    return f"L'Abbé plot of {fmt.plural(len(names), 'study', 'studies')}, share with the event in {shown}: {said}."


def _risks(*given: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return the risks in both arms and the people in both, nan where a count is missing."""
    columns = [np.asarray(column, dtype=np.float64) for column in given]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1:
        raise InputError("counts of different lengths; allowed: four lists with one count a study.")
    events1, n1, events2, n2 = columns
    wrong = (events1 > n1) | (events2 > n2) | (events1 < 0) | (events2 < 0)
    if wrong.any():
        raise InputError(
            f"study {int(np.argmax(wrong)) + 1} has events outside 0 to its people; allowed: 0 to n. Correct them."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return events1 / n1, events2 / n2, n1 + n2


def _top(risks: Floats) -> float:
    return float(min(1.0, 1.15 * max(risks.max(initial=0.0), 0.01)))


def _percent_ticks(axes: Axes, top: float) -> None:
    steps = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
    step = next((step for step in steps if top / step <= 6), 0.25)
    places = [step * number for number in range(int(top / step + 1e-9) + 1)]
    shown = [f"{fmt.exact(100 * place)}%" for place in places]
    axes.set_xticks(places, labels=shown)
    axes.set_yticks(places, labels=shown)


def _draw_pooled(axes: Axes, result: PoolResult, measure: str, top: float) -> None:
    control = np.linspace(0, top, 201)
    if math.isfinite(result.ci.low) and math.isfinite(result.ci.high):
        low, high = (_treated(measure, control, limit) for limit in (result.ci.low, result.ci.high))
        axes.fill_between(control, np.minimum(low, top), np.minimum(high, top), color=style.POOLED, alpha=0.14, lw=0)
    axes.plot(control, _treated(measure, control, result.estimate), color=style.POOLED, lw=1.6, zorder=2)


def _treated(measure: str, control: Floats, effect: float) -> Floats:
    """Return the risk in arm 1 that an effect makes of the risk in arm 2, between 0 and 1."""
    if measure == "OR":
        return np.asarray(special.expit(special.logit(control) + effect))
    if measure == "RR":
        return np.asarray(np.clip(control * np.exp(effect), 0.0, 1.0))
    return np.clip(control + effect, 0.0, 1.0)


def _legend(result: PoolResult | None, measure: str, lost: int) -> str:
    pooled = ""
    if result is not None and result.k > 1:
        said = estimate_text(shown_as(measure), result.estimate, result.ci)
        pooled = f" Line: pooled {measure} {said}."
    missing = f" Not drawn, counts missing: {fmt.plural(lost, 'study', 'studies')}." if lost else ""
    return f"Circle: people. Dashed: equal risks.{pooled}{missing}"
