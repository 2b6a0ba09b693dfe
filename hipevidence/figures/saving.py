"""A picture as a file: SVG with a description, PDF with its fonts, the same bytes on every run."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from hipevidence.figures.style import in_house_style, legible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Decimals of a coordinate in an SVG file: hundredths of a point are finer than any printer.
_DECIMALS: Final = 2
#: A group of one mark repeated, which is all that a scatter of hundreds of points consists of.
_MARKS: Final = re.compile(r"<g(?P<head>[^>]*)>(?P<marks>(?:<use [^>]*/>)+)</g>")


def svg(figure: Figure, title: str, description: str, *, key: str) -> bytes:
    """Return the figure as SVG with a title and a description for those who cannot see it.

    Parameters
    ----------
    figure
        The picture.
    title, description
        Read out by screen readers; escaped here.
    key
        Put before every id inside, so that many pictures can stand in one page.

    Returns
    -------
    bytes
        UTF-8; the same figure gives the same bytes.
    """
    buffer = io.StringIO()
    with in_house_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    markup = buffer.getvalue()
    markup = _lean(markup[markup.index("<svg") :])
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", key)
    markup = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', markup)
    markup = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}-", markup)
    title, description = legible(title), legible(description)
    label = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    head_end = markup.index(">") + 1
    head = markup[: head_end - 1] + f' role="img" aria-label={quoteattr(title + ". " + description)}>'
    return (head + label + markup[head_end:]).encode()


def _lean(markup: str) -> str:
    """Return matplotlib's SVG without what nobody sees: comments, spare ids, indents, decimals beyond a printer's."""
    markup = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", markup, flags=re.DOTALL)
    used = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', markup))
    markup = re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in used else "", markup)
    markup = re.sub(r' d="([^"]+)"', lambda found: f' d="{_lean_path(found[1])}"', markup)
    markup = re.sub(r"translate\([^)]*\)", lambda found: _rounded(found[0]), markup)
    markup = re.sub(r">\s+<", "><", markup)
    return _MARKS.sub(_with_one_style, markup)


def _with_one_style(group: re.Match[str]) -> str:
    """Return a group of marks that look alike with their look said once."""
    marks = group["marks"]
    styles = re.findall(r' style="[^"]*"', marks)
    if len(set(styles)) != 1 or len(styles) != marks.count("<use ") or " style=" in group["head"]:
        return group[0]
    return f"<g{group['head']}{styles[0]}>{marks.replace(styles[0], '')}</g>"


def _lean_path(path: str) -> str:
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", _rounded(path)).strip()


def _rounded(numbers: str) -> str:
    return re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), _DECIMALS):g}", numbers)


def pdf(figure: Figure, title: str) -> bytes:
    """Return the figure as PDF with the fonts embedded; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        The picture.
    title
        Title of the document.
    """
    buffer = io.BytesIO()
    information = {"Title": legible(title), "CreationDate": None, "Creator": None, "Producer": None}
    with in_house_style():
        figure.savefig(buffer, format="pdf", metadata=information)
    return buffer.getvalue()
