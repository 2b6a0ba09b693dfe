"""Colours, type and axes: what all pictures share."""

from __future__ import annotations

import contextlib
import functools
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from matplotlib.text import Text

#: Colours that stay apart for colour-blind readers (Okabe and Ito).
INK: Final = "#1a1a1a"
MUTED: Final = "#5f6670"
RULE: Final = "#c5cad1"
STUDY: Final = "#0072B2"
POOLED: Final = "#16324f"
ALTERNATIVE: Final = "#D55E00"
BAND: Final = "#e8eef4"
GROUP: Final = "#5c7f9e"
PAPER: Final = "#ffffff"

FONT: Final = "DejaVu Sans"  # ships with matplotlib, so a picture is the same on every machine
FONT_SIZE: Final = 9.0
SMALL: Final = 8.0
_RC: Final[dict[Any, Any]] = {
    "font.family": FONT,
    "font.size": FONT_SIZE,
    "text.hinting": "none",  # in pixels as wide as measured: hinted letters run on
    "svg.fonttype": "path",  # letters are drawn, so no reader needs the font
    "svg.hashsalt": "hipevidence",
    "pdf.fonttype": 42,  # letters are text in an embedded font, as journals ask
    "text.parse_math": False,  # what comes from a table is never read as mathematics
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "axes.linewidth": 0.8,
}


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of ``width`` by ``height`` inches that belongs to no window."""
    figure = Figure(figsize=(width, height), dpi=72)
    FigureCanvasAgg(figure)
    return figure


def blank_axes(figure: Figure) -> Axes:
    """Return axes over the whole figure whose coordinates are inches from the top left corner."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return axes


@contextlib.contextmanager
def drawing(width: float, height: float, ax: Axes | None = None) -> Iterator[Axes]:
    """Give axes whose coordinates are inches from the top left corner, and fit them into ``ax`` where that is given.

    Parameters
    ----------
    width, height
        Inches that the picture needs.
    ax
        Axes to draw into; what they hold is cleared. Where they are smaller than the picture, everything in it (type
        and lines too) shrinks in proportion, so nothing runs into anything. A new figure is made if left out.
    """
    with in_house_style():
        if ax is None:
            yield blank_axes(new_figure(width, height))
            return
        share = _share(ax, width, height)
        box = ax.get_window_extent()
        dpi = figure_of(ax).dpi
        ax.clear()
        ax.set(xlim=(0, box.width / dpi / share), ylim=(box.height / dpi / share, 0))
        ax.axis("off")
        yield ax
        _shrink(ax, share)


def _share(ax: Axes, width: float, height: float) -> float:
    """Return how much of its size the picture keeps inside ``ax``, at most all."""
    box, dpi = ax.get_window_extent(), figure_of(ax).dpi
    return float(min(1.0, box.width / dpi / width, box.height / dpi / height))


def _shrink(ax: Axes, share: float) -> None:
    for text in ax.texts:
        text.set_fontsize(float(text.get_fontsize()) * share)
    for line in ax.lines:
        line.set_linewidth(line.get_linewidth() * share)
        line.set_markersize(line.get_markersize() * share)
    for patch in ax.patches:
        patch.set_linewidth(patch.get_linewidth() * share)
    for collection in ax.collections:
        collection.set_linewidth([width * share for width in np.atleast_1d(collection.get_linewidth())])
        if isinstance(collection, PathCollection):
            collection.set_sizes([size * share**2 for size in collection.get_sizes()])


def figure_of(axes: Axes) -> Figure:
    """Return the figure that the axes belong to, through any subfigures."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise InputError("axes of no figure; allowed: axes of a figure. Make them with Figure.add_axes or subplots.")
    return figure


def write(axes: Axes, x: float, y: float, text: str, **look: object) -> Text:
    """Write ``text`` at (x, y); what comes from a table is never read as mathematics."""
    settings: dict[str, object] = {"va": "center", "fontsize": FONT_SIZE, "color": INK, "parse_math": False, **look}
    return axes.text(x, y, drawable(text), **settings)  # type: ignore[arg-type]  # settings are checked by matplotlib


def legible(text: str) -> str:
    r"""Return ``text`` on one line, without signs that draw nothing or turn the reading direction.

    Examples
    --------
    >>> legible("two\nlines \u202ereversed\u202c")
    'two lines reversed'
    """
    return "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})


def drawable(text: str) -> str:
    """Return ``text`` as it can be drawn: legible, and with a question mark in a diamond for what the font lacks."""
    return "".join(sign if _in_font(sign) else "\N{REPLACEMENT CHARACTER}" for sign in legible(text))


@functools.cache
def _in_font(sign: str) -> bool:
    return bool(get_font(findfont(FontProperties(family=FONT))).get_char_index(ord(sign)))


@functools.lru_cache(maxsize=4096)
def text_width(text: str, *, bold: bool = False, size: float = FONT_SIZE) -> float:
    """Return the width of ``text`` in inches, measured on the outlines that are drawn, not on a screen's pixels."""
    font = FontProperties(family=FONT, weight="bold" if bold else "normal", size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(drawable(text), font, ismath=False)
    return float(width) / 72


def shorten(text: str, width: float, *, bold: bool = False, size: float = FONT_SIZE) -> str:
    """Return ``text``, cut with an ellipsis where it is wider than ``width`` inches.

    Examples
    --------
    >>> shorten("A collaborative group without end", 1.0)
    'A collaborativ…'
    """
    text = drawable(text)
    if text_width(text, bold=bold, size=size) <= width:
        return text
    kept = next(
        (n for n in range(len(text) - 1, 0, -1) if text_width(f"{text[:n].rstrip()}…", bold=bold, size=size) <= width),
        0,
    )
    return f"{text[:kept].rstrip()}…"


def wrap(text: str, width: float, *, bold: bool = False, size: float = FONT_SIZE, most: int = 99) -> list[str]:
    """Return ``text`` in at most ``most`` lines of at most ``width`` inches, the last one cut where it goes on.

    Examples
    --------
    >>> wrap("Records identified from registers", 1.4)
    ['Records identified', 'from registers']
    """
    lines = wrap_words(drawable(text).split(), width, bold=bold, size=size)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shorten(line, width, bold=bold, size=size) for line in lines]


def wrap_words(words: Sequence[str], width: float, *, bold: bool = False, size: float = FONT_SIZE) -> list[str]:
    """Return words in lines of at most ``width`` inches; a word that is wider alone stands alone.

    Examples
    --------
    >>> wrap_words(["Records", "screened", "(n = 1,024)"], 1.4)
    ['Records screened', '(n = 1,024)']
    """
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or text_width(longer, bold=bold, size=size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def write_lines(axes: Axes, x: float, y: float, lines: Sequence[str], *, step: float = 0.17, **look: object) -> None:
    """Write lines below each other, the block centred on ``y``."""
    write_down(axes, x, y - step * len(lines) / 2, lines, step=step, **look)


def write_down(axes: Axes, x: float, y: float, lines: Sequence[str], *, step: float = 0.17, **look: object) -> None:
    """Write lines below each other, the first one just below ``y``."""
    for number, line in enumerate(lines):
        write(axes, x, y + step * (number + 0.5), line, **look)


def in_house_style() -> AbstractContextManager[None]:
    """Return the context in which pictures are drawn and saved."""
    return mpl.rc_context(_RC)
