"""Funnel plot: effects by their standard error, contours of P values, filled studies, Egger's line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import Rectangle
from scipy import special

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.figures.axis import Scale, scale_between
from hipevidence.synthesis.wording import estimate_text, value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.bias import RegressionTest, TrimAndFill
    from hipevidence.synthesis import Synthesis

WIDTH: Final = 4.6
HEIGHT: Final = 3.1
_LEFT: Final = 0.45
_TOP: Final = 0.35
#: Inches between the plot and its key, from a mark of the key to its text, and right of that.
_KEY: Final = (0.2, 0.34, 0.15)
_FOOT: Final = 0.8
_POINTS: Final = 60
#: Two-sided P values whose contours are shaded, the palest first.
_CONTOURS: Final = ((0.1, "#eef1f5"), (0.05, "#dde3ea"), (0.01, "#c9d2dc"))


@dataclass(frozen=True, slots=True)
class _Funnel:
    """What is drawn: effects with standard errors, the centre, and the scales."""

    yi: tuple[float, ...]
    se: tuple[float, ...]
    filled: tuple[tuple[float, float], ...]
    centre: float
    level: float
    scale: Scale
    largest: float
    depths: tuple[tuple[float, str], ...]

    @property
    def left(self) -> float:
        """Where the plot starts: labels of standard errors stand before it."""
        return _LEFT + max(style.text_width(label, size=style.SMALL) for _, label in self.depths)

    @property
    def right(self) -> float:
        """Where the plot ends."""
        return self.left + WIDTH

    def x(self, value: float) -> float:
        """Return the horizontal place of an effect, cut at the ends of the scale."""
        return self.scale.position(min(max(value, self.scale.low), self.scale.high), self.left, WIDTH)

    def y(self, se: float) -> float:
        """Return the vertical place of a standard error; precise studies stand at the top."""
        return _TOP + se / self.largest * HEIGHT


def funnel(
    synthesis: Synthesis,
    *,
    filled: TrimAndFill | None = None,
    line: RegressionTest | None = None,
    contours: bool = True,
    ax: Axes | None = None,
) -> Figure:
    """Draw the funnel plot of a question's answer.

    Parameters
    ----------
    synthesis
        Answer with at least two rows.
    filled
        Trim and fill of the same effects, whose filled studies are shown as open circles.
    line
        Egger's regression of the same effects on the standard error or variance, drawn as a line.
    contours
        Whether to shade where the P value of one study alone would lie below a threshold.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Dotted: where studies of one true effect would lie in 95 of 100 cases (the pseudo-confidence limits).

    Raises
    ------
    InputError
        If there are fewer than two rows, nothing is pooled, or the line has another predictor.
    """
    result = synthesis.primary.result
    if result is None or len(synthesis.rows) < 2:
        raise InputError(
            f"{synthesis.question.id} has {len(synthesis.rows)} rows; allowed: two or more in a funnel plot. "
            "Read left_out for why others did not enter."
        )
    if line is not None and line.predictor not in _TO_PREDICTOR:
        raise InputError(f"line: found predictor {line.predictor!r}; allowed: 'se' or 'variance'.")
    with style.in_house_style():
        drawn = _prepare(synthesis, filled)
        key = _key(drawn, line, contours=contours and not synthesis.primary.is_proportion)
        texts = max(style.text_width(text, size=style.SMALL) for text, _ in key)
    with style.drawing(drawn.right + sum(_KEY) + texts, _TOP + HEIGHT + _FOOT, ax) as axes:
        if contours and not synthesis.primary.is_proportion:
            _draw_contours(axes, drawn)
        _draw_triangle(axes, drawn)
        if line is not None and math.isfinite(line.slope):
            _draw_line(axes, drawn, line)
        _draw_studies(axes, drawn)
        _draw_axes(axes, synthesis, drawn)
        _draw_key(axes, drawn, key)
        return style.figure_of(axes)


def funnel_description(
    synthesis: Synthesis, *, filled: TrimAndFill | None = None, line: RegressionTest | None = None
) -> str:
    """Return in words what the funnel plot shows, for those who cannot see it."""
    analysis, result = synthesis.primary, synthesis.primary.result
    points = "; ".join(
        f"{row.label} {value_text(analysis, row.yi)} and {fmt.number(math.sqrt(row.vi))}" for row in synthesis.rows
    )
    said = [f"Funnel plot of {fmt.plural(len(synthesis.rows), 'result')} ({synthesis.scale})"]
    said[0] += f", effect and standard error: {points}."
    if result is not None:
        said.append(f"Pooled: {estimate_text(analysis, result.estimate, result.ci)}.")
    if filled is not None:
        adjusted = estimate_text(analysis, filled.adjusted.estimate, filled.adjusted.ci)
        count = fmt.plural(len(filled.filled_yi), "study", "studies")
        said.append(f"Filled in by trim and fill: {count}; pooled with them: {adjusted}.")
    if line is not None:
        said.append(f"Egger's regression: P {fmt.p_value(line.p_value)}.")
    return style.legible(" ".join(said))


_TO_PREDICTOR: Final = {"se": 1.0, "variance": 2.0}
"""Power of the standard error that the predictor is."""


def _prepare(synthesis: Synthesis, filled: TrimAndFill | None) -> _Funnel:
    result = synthesis.primary.result
    yi, se = tuple(row.yi for row in synthesis.rows), tuple(math.sqrt(row.vi) for row in synthesis.rows)
    extra: tuple[tuple[float, float], ...] = ()
    centre = math.nan if result is None else result.estimate
    if filled is not None:
        pairs = zip(filled.filled_yi.tolist(), filled.filled_vi.tolist(), strict=True)
        extra = tuple((effect, math.sqrt(variance)) for effect, variance in pairs)
        centre = filled.adjusted.estimate
    largest = 1.08 * max(se)
    half = _normal(0.05) * largest
    values = [*yi, *(effect for effect, _ in extra), centre - half, centre + half]
    values += [] if synthesis.primary.is_proportion else [0.0]
    low, high = min(values), max(values)
    margin = 0.05 * (high - low)
    scale = scale_between(
        synthesis.primary, low - margin, high + margin, lambda text: style.text_width(text, size=style.SMALL) / WIDTH
    )
    return _Funnel(yi, se, extra, centre, synthesis.question.level, scale, largest, _depths(largest))


def _normal(p: float) -> float:
    """Return the two-sided critical value of the normal distribution."""
    return -float(special.ndtri(0.5 * p))


def _draw_contours(axes: Axes, drawn: _Funnel) -> None:
    """Shade where two-sided P lies below each threshold, on both sides of no difference."""
    depth = np.linspace(0.0, drawn.largest, _POINTS)
    for p, colour in _CONTOURS:
        for sign, edge in ((-1.0, drawn.scale.low), (1.0, drawn.scale.high)):
            inner = [drawn.x(sign * _normal(p) * se) for se in depth]
            axes.fill_betweenx([drawn.y(se) for se in depth], inner, drawn.x(edge), color=colour, lw=0, zorder=0)


def _draw_triangle(axes: Axes, drawn: _Funnel) -> None:
    half = _normal(1.0 - drawn.level) * drawn.largest
    bottom = drawn.y(drawn.largest)
    centre = drawn.x(drawn.centre)
    axes.plot([centre, centre], [_TOP, bottom], color=style.POOLED, lw=1.0, zorder=2)
    for end in (drawn.centre - half, drawn.centre + half):
        axes.plot([centre, drawn.x(end)], [_TOP, bottom], color=style.POOLED, lw=1.0, ls=(0, (1, 2)), zorder=2)


def _draw_line(axes: Axes, drawn: _Funnel, line: RegressionTest) -> None:
    depth = np.linspace(0.0, drawn.largest, _POINTS)
    effects = line.limit + line.slope * depth ** _TO_PREDICTOR[line.predictor]
    inside = (effects >= drawn.scale.low) & (effects <= drawn.scale.high)
    axes.plot(
        [drawn.x(float(effect)) for effect in effects[inside]],
        [drawn.y(float(se)) for se in depth[inside]],
        color=style.ALTERNATIVE,
        lw=1.4,
        zorder=3,
    )


def _draw_studies(axes: Axes, drawn: _Funnel) -> None:
    for effect, se in zip(drawn.yi, drawn.se, strict=True):
        axes.plot([drawn.x(effect)], [drawn.y(se)], "o", color=style.STUDY, ms=5.5, mec=style.PAPER, mew=0.6, zorder=4)
    for effect, se in drawn.filled:
        axes.plot([drawn.x(effect)], [drawn.y(se)], "o", color=style.PAPER, ms=5.5, mec=style.STUDY, mew=1.0, zorder=4)


def _draw_axes(axes: Axes, synthesis: Synthesis, drawn: _Funnel) -> None:
    bottom = _TOP + HEIGHT
    left, right = drawn.left, drawn.right
    axes.plot([left, left, right], [_TOP, bottom, bottom], color=style.INK, lw=0.9, zorder=5)
    for tick, label in zip(drawn.scale.ticks, drawn.scale.labels, strict=True):
        axes.plot([drawn.x(tick)] * 2, [bottom, bottom + 0.05], color=style.INK, lw=0.9)
        style.write(axes, drawn.x(tick), bottom + 0.16, label, ha="center", fontsize=style.SMALL)
    for se, label in drawn.depths:
        axes.plot([left - 0.05, left], [drawn.y(se)] * 2, color=style.INK, lw=0.9)
        style.write(axes, left - 0.09, drawn.y(se), label, ha="right", fontsize=style.SMALL)
    style.write(axes, 0.16, _TOP + HEIGHT / 2, "Standard error", ha="center", rotation=90, fontsize=style.SMALL)
    scale = style.shorten(synthesis.scale, WIDTH, size=style.SMALL)
    style.write(axes, left + WIDTH / 2, bottom + 0.38, scale, ha="center", fontsize=style.SMALL)
    lower, higher = (style.shorten(side, WIDTH / 2 - 0.3, size=style.SMALL) for side in synthesis.question.favours)
    style.write(axes, left, bottom + 0.58, f"← {lower}", ha="left", fontsize=style.SMALL, color=style.MUTED)
    style.write(axes, right, bottom + 0.58, f"{higher} →", ha="right", fontsize=style.SMALL, color=style.MUTED)


def _depths(largest: float) -> tuple[tuple[float, str], ...]:
    """Return the standard errors that are written beside the plot, two to five even steps."""
    step = 10.0 ** math.floor(math.log10(largest / 2.0))
    step *= next(factor for factor in (5.0, 2.0, 1.0) if factor * step * 2.0 <= largest)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple((number * step, fmt.number(number * step, digits)) for number in range(int(largest / step) + 1))


def _key(drawn: _Funnel, line: RegressionTest | None, *, contours: bool) -> list[tuple[str, dict[str, object]]]:
    """Return the lines of the key: a text and how its mark looks; a line that goes on has no mark."""
    pooled: dict[str, object] = {"color": style.POOLED, "lw": 1.0}
    key: list[tuple[str, dict[str, object]]] = [("study", {"marker": "o", "color": style.STUDY})]
    if drawn.filled:
        key.append(("filled in: no data", {"marker": "o", "color": style.PAPER, "mec": style.STUDY}))
    key.append(("pooled, filled in" if drawn.filled else "pooled effect", pooled))
    key += [(f"{fmt.coverage(drawn.level)} of studies if", pooled | {"ls": (0, (1, 2))}), ("one effect were true", {})]
    if line is not None:
        key.append((f"Egger, P {fmt.p_value(line.p_value)}", {"color": style.ALTERNATIVE, "lw": 1.4}))
    if contours:
        key += [(f"P < {fmt.exact(p)} alone", {"fill": colour}) for p, colour in _CONTOURS]
    return key


def _draw_key(axes: Axes, drawn: _Funnel, key: list[tuple[str, dict[str, object]]]) -> None:
    x, y = drawn.right + _KEY[0], _TOP + 0.1
    for text, look in key:
        if "fill" in look:
            axes.add_patch(Rectangle((x, y - 0.06), 0.24, 0.12, facecolor=str(look["fill"]), edgecolor="none"))
        elif look:
            ends = [x + 0.12] if "marker" in look else [x, x + 0.24]
            axes.plot(ends, [y] * len(ends), ms=5.5, **look)  # type: ignore[arg-type]  # checked by matplotlib
        style.write(axes, x + _KEY[1], y, text, ha="left", fontsize=style.SMALL)
        y += 0.2
