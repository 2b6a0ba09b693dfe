"""The scale of effects: how far it reaches, where its ticks stand, what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from hipevidence import format as fmt
from hipevidence.synthesis import Analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hipevidence.results import Interval

_RATIO_TICKS: Final = (1, 0.1, 10, 0.01, 100, 0.5, 2, 0.2, 5, 0.05, 20, 0.02, 50)  # the dearest first
_PROPORTION_TICKS: Final = (0.5, 0.1, 0.9, 0.25, 0.75, 0.01, 0.99, 0.05, 0.95)
#: Fewer familiar ticks than this on the scale, and evenly spaced ones take their place.
_ENOUGH: Final = 3
#: Empty space between the labels of two ticks, as a share of the axis.
_APART: Final = 0.03
#: A row's interval may reach this many typical half-widths beyond the outermost estimate before it is cut.
_REACH: Final = 2.5


@dataclass(frozen=True, slots=True)
class Scale:
    """The horizontal axis.

    Attributes
    ----------
    low, high
        Limits on the analysis scale.
    ticks
        Tick positions on the analysis scale.
    labels
        What is written at each, on the scale readers know.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    def position(self, value: float, left: float, width: float) -> float:
        """Return where ``value`` lies in an area that starts at ``left`` and is ``width`` wide."""
        return left + (value - self.low) / (self.high - self.low) * width


def shown_as(measure: str) -> Analysis:
    """Return an analysis without a result, which knows how values of a measure are shown."""
    return Analysis("shown", "", measure, None, ())


def null_value(analysis: Analysis) -> float:
    """Return the value of no difference on the analysis scale; nan where there is none (a proportion)."""
    return math.nan if analysis.is_proportion else 0.0


def choose_scale(
    analysis: Analysis,
    effects: Sequence[tuple[float, Interval]],
    intervals: Iterable[Interval],
    measure: Callable[[str], float],
) -> Scale:
    """Return a scale that shows every estimate, cutting only intervals that would squeeze the rest.

    Parameters
    ----------
    analysis
        How values of the analysis scale are shown.
    effects
        Estimates with their intervals, which set the reach; those that are nan set nothing.
    intervals
        Further intervals to show as far as that reach allows (pooled, prediction).
    measure
        Width of a tick's label as a share of the axis; labels never run into each other.
    """
    known = [(value, ci) for value, ci in effects if math.isfinite(value)]
    estimates = np.array([value for value, _ in known] or [0.0])
    halves = np.array([(ci.high - ci.low) / 2 if ci.exists else 0.0 for _, ci in known] or [1.0])
    finite = halves[np.isfinite(halves)]
    reach = _REACH * float(np.median(finite)) if len(finite) else max(1.0, float(np.ptp(estimates)))
    low = max(float(np.min(estimates - halves)), float(estimates.min()) - reach)
    high = min(float(np.max(estimates + halves)), float(estimates.max()) + reach)
    span = max(high - low, 1e-9)
    for interval in intervals:
        if interval.exists:
            low = min(low, max(interval.low, low - 0.35 * span))
            high = max(high, min(interval.high, high + 0.35 * span))
    null = null_value(analysis)
    if not math.isnan(null):
        low, high = min(low, null), max(high, null)
    margin = 0.04 * max(high - low, 1e-9)
    return scale_between(analysis, low - margin, high + margin, measure)


def scale_between(analysis: Analysis, low: float, high: float, measure: Callable[[str], float]) -> Scale:
    """Return the scale from ``low`` to ``high`` with ticks on the scale readers know."""
    pairs: list[tuple[float, str]] = []
    if analysis.transform != "identity":
        pairs = _apart(_familiar(analysis, low, high), low, high, measure)
    for bins in range(6, 0, -1):
        if len(pairs) >= _ENOUGH:
            break
        even = _even(analysis, low, high, bins)
        pairs = max(pairs, even if _apart(even, low, high, measure) == even else [], key=len)
    pairs.sort()
    return Scale(low, high, tuple(tick for tick, _ in pairs), tuple(label for _, label in pairs))


def _familiar(analysis: Analysis, low: float, high: float) -> list[tuple[float, str]]:
    """Return the ticks that readers of ratios and percentages expect, the dearest first."""
    if analysis.transform == "exp":
        pairs = [(_position(analysis, tick, low, high), fmt.exact(tick)) for tick in _RATIO_TICKS]
    else:
        pairs = [(_position(analysis, tick, low, high), fmt.proportion(tick)) for tick in _PROPORTION_TICKS]
    return [(tick, label) for tick, label in pairs if low <= tick <= high]


def _even(analysis: Analysis, low: float, high: float, bins: int) -> list[tuple[float, str]]:
    """Return ticks at even steps on the scale readers know."""
    steps = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(analysis.display(low), analysis.display(high))
    digits = _digits(float(steps[1] - steps[0]))
    percent = analysis.is_proportion
    pairs = [
        (
            _position(analysis, float(step), low, high),
            fmt.proportion(float(step), max(digits - 2, 0)) if percent else fmt.number(float(step), digits),
        )
        for step in steps
    ]
    return [(tick, label) for tick, label in pairs if low <= tick <= high]


def _position(analysis: Analysis, shown: float, low: float, high: float) -> float:
    """Return where a value that readers know lies on the analysis scale; nan where it lies nowhere."""
    transform = analysis.transform
    if transform == "identity":
        return shown
    if transform == "exp":
        return math.log(shown) if shown > 0 else math.nan
    if transform == "logit":
        return math.log(shown / (1 - shown)) if 0 < shown < 1 else math.nan
    # The Freeman-Tukey scale is turned back with the group sizes of the answer: read the inverse off a fine grid.
    grid = np.linspace(low, high, 4001)
    values = [analysis.display(float(value)) for value in grid]
    return float(np.interp(shown, values, grid, left=math.nan, right=math.nan))


def _apart(
    pairs: list[tuple[float, str]], low: float, high: float, measure: Callable[[str], float]
) -> list[tuple[float, str]]:
    """Return the ticks, in their order, whose labels do not run into those kept before."""
    kept: list[tuple[float, str]] = []
    for tick, label in pairs:
        place = (tick - low) / (high - low)
        clear = (
            abs(place - (other - low) / (high - low)) >= (measure(label) + measure(text)) / 2 + _APART
            for other, text in kept
        )
        if all(clear):
            kept.append((tick, label))
    return kept


def _digits(step: float) -> int:
    """Return how many decimals tell neighbouring ticks apart."""
    return next(digits for digits in range(16) if math.isclose(round(step, digits), step, rel_tol=1e-9))
