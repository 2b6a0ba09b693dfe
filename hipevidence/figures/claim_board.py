"""Claim board: every statement and where its verdict stands, from supported to contradicted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.patches import Circle, Rectangle

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.claims import Verdict

_MARGIN: Final = 0.15
_STEP: Final = 0.17
_LONGEST: Final = 5.2
_STRIPE: Final = "#f4f6f8"
#: Verdict to sign and colour (Okabe and Ito), the best first.
LOOKS: Final = {
    "supported": ("✓", "#009E73"),
    "supported with qualifier": ("✓", "#56B4E9"),
    "overstated": ("▲", "#E69F00"),
    "not verifiable": ("?", "#c5cad1"),
    "misattributed": ("→", "#CC79A7"),
    "contradicted": ("×", "#D55E00"),
}


def claim_board(verdicts: Sequence[Verdict], *, ax: Axes | None = None) -> Figure:
    """Draw the verdict on every statement.

    Parameters
    ----------
    verdicts
        From :func:`hipevidence.claims.verdicts`.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Statements down, by section; verdicts across with a sign as well as a colour, and their counts.

    Raises
    ------
    InputError
        If there is no verdict.
    """
    if not verdicts:
        raise InputError("no verdict to show; allowed: one or more. Register a statement in claims.toml.")
    lines = _lines(verdicts)
    with style.in_house_style():
        texts = [style.wrap(text, _LONGEST, bold=found is None, most=4) for text, found in lines]
        widest = max(style.text_width(part, bold=True) for text in texts for part in text)
        words = [word for name in LOOKS for word in name.split()]
        column = max(style.text_width(word, bold=True, size=style.SMALL) for word in words) + 0.12
        heads = [style.wrap(name, column - 0.06, bold=True, size=style.SMALL) for name in LOOKS]
    left = _MARGIN + widest + 0.2
    right = left + column * len(LOOKS)
    top = _MARGIN + 0.16 * (max(map(len, heads)) + 1) + 0.12
    heights = [_STEP * len(text) + 0.08 for text in texts]
    with style.drawing(right + _MARGIN, top + sum(heights) + 0.12, ax) as axes:
        centres = [left + column * (number + 0.5) for number in range(len(LOOKS))]
        _draw_heads(axes, verdicts, heads, centres, top)
        axes.plot([_MARGIN, right], [top, top], color=style.INK, lw=0.9)
        y = top
        for number, (text, (_, found), height) in enumerate(zip(texts, lines, heights, strict=True)):
            middle = y + height / 2
            style.write_lines(axes, _MARGIN, middle, text, step=_STEP, weight="bold" if found is None else "normal")
            if found is not None:
                _draw_mark(axes, found.verdict, centres[list(LOOKS).index(found.verdict)], middle)
                if number % 2:
                    box = Rectangle(
                        (_MARGIN, y), right - _MARGIN, height, facecolor=_STRIPE, edgecolor="none", zorder=0
                    )
                    axes.add_patch(box)
            y += height
        return style.figure_of(axes)


def claim_board_description(verdicts: Sequence[Verdict]) -> str:
    """Return in words what the claim board shows, for those who cannot see it."""
    parts = []
    for name in LOOKS:
        held = [found.claim.id for found in verdicts if found.verdict == name]
        if held:
            parts.append(f"{name} {fmt.count(len(held))} ({', '.join(held)})")
    return f"Claim board of {fmt.plural(len(verdicts), 'statement')}: {'; '.join(parts)}."


def _lines(verdicts: Sequence[Verdict]) -> list[tuple[str, Verdict | None]]:
    """Return the heads of the sections and below each its statements."""
    lines: list[tuple[str, Verdict | None]] = []
    for section in dict.fromkeys(found.claim.section for found in verdicts):
        name = style.legible(section)
        lines.append((name[:1].upper() + name[1:], None))
        lines += [
            (f"{found.claim.id} {found.claim.statement}", found) for found in verdicts if found.claim.section == section
        ]
    return lines


def _draw_heads(
    axes: Axes, verdicts: Sequence[Verdict], heads: list[list[str]], centres: list[float], top: float
) -> None:
    for name, lines, x in zip(LOOKS, heads, centres, strict=True):
        count = fmt.count(sum(found.verdict == name for found in verdicts))
        style.write(axes, x, top - 0.12, count, ha="center", fontsize=style.SMALL)
        for number, text in enumerate(reversed(lines)):
            y = top - 0.12 - 0.16 * (number + 1)
            style.write(axes, x, y, text, ha="center", fontsize=style.SMALL, weight="bold")


def _draw_mark(axes: Axes, verdict: str, x: float, y: float) -> None:
    sign, colour = LOOKS[verdict]
    axes.add_patch(Circle((x, y), 0.1, facecolor=colour, edgecolor=style.INK, lw=0.6, zorder=2))
    if verdict == "supported with qualifier":
        axes.add_patch(Circle((x, y), 0.1, facecolor="none", edgecolor=style.INK, lw=1.2, ls=(0, (2, 1.2)), zorder=3))
    style.write(axes, x, y, sign, ha="center", va="center_baseline", fontsize=9.5, weight="bold", zorder=4)
