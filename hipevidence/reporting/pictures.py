"""Drawings as pictures of the report: named, described, small enough to stand in the page."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from hipevidence.figures import forest, forest_description, risk_of_bias, svg
from hipevidence.reporting.model import Figure
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure as Drawing

    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

#: Inches below which a picture is not drawn as wide as the page, and its class there; the first that fits is taken.
CLASSES: Final = ((3.5, "narrow"), (5.5, "small"), (7.0, "medium"))
_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
#: A hundredth of a point is finer than any screen or printer.
_TOO_FINE: Final = re.compile(r"(\d\.\d\d)\d+")
_STROKE: Final = re.compile(r"M ?([-\d.]+) ([-\d.]+) ?L ?([-\d.]+) ([-\d.]+)(?= ?M|$)")
_ASIDE: Final = re.compile(r"translate\((\S+) 0\)")
_PLACES: Final = ("x", "y")


def picture(evidence: Evidence, synthesis: Synthesis) -> Figure:
    """Return the forest plot of a question with at least one row, with the risk of bias where one tool judged it.

    Parameters
    ----------
    evidence
        The tables, for the judgements.
    synthesis
        The question's answer.

    Returns
    -------
    Figure
        The same answer gives the same markup.
    """
    question = synthesis.question
    title = f"Forest plot: {tidy(question.title)}"
    tables = risk_of_bias(evidence, synthesis.rows)
    judged = tables[0] if len(tables) == 1 else None
    said = forest_description(synthesis, judgements=judged)
    return embed(forest(synthesis, judgements=judged), question.id, title, said)


def embed(figure: Drawing, key: str, title: str, alt: str) -> Figure:
    """Return a drawing as a picture of the report.

    Parameters
    ----------
    figure
        The drawing.
    key
        Its name, each once in a report: anchor, file name and ids inside come from it.
    title, alt
        Its caption, and what it shows in words.
    """
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", key)
    said = tidy(alt)
    prefix = "p" + hashlib.sha256(key.encode()).hexdigest()[:6]
    markup = compact(svg(figure, title, said, key=key).decode(), prefix)
    found = next((name for width, name in CLASSES if figure.get_figwidth() < width), None)
    if found is not None:
        markup = markup.replace("<svg ", f'<svg class="{found}" ', 1)
    return Figure(f"figure-{key}", title, said, f"figures/{name}.svg", markup)


def compact(markup: str, prefix: str) -> str:
    """Return SVG with short ids, without comments and without what nobody refers to.

    Parameters
    ----------
    markup
        SVG as matplotlib writes it: one element, and one long id, for each letter drawn.
    prefix
        Begins every id, so that many pictures can stand in one page.

    Returns
    -------
    str
        The same picture in about half the length, places cut to a hundredth of a point.

    Examples
    --------
    >>> compact('<svg xmlns="http://www.w3.org/2000/svg"><!-- a --><g id="unused"><path id="long-name"/></g>'
    ...         '<use href="#long-name"/></svg>', "p1")
    '<svg xmlns="http://www.w3.org/2000/svg"><g><path id="p1-0" /></g><use href="#p1-0" /></svg>'
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(markup)  # noqa: S314 - drawn by this program a moment ago
    elements = list(root.iter())
    short = {name: f"{prefix}-{index:x}" for index, name in enumerate(_referred_to(elements))}
    for element in elements:
        _rename(element, short)
        if element.tag not in {f"{{{_SVG}}}title", f"{{{_SVG}}}desc", f"{{{_SVG}}}style"}:
            element.text = element.text and element.text.strip()
        element.tail = None
    return ET.tostring(root, encoding="unicode")


def _referred_to(elements: Iterable[ET.Element]) -> list[str]:
    """Return the ids that something refers to, in the order of the first reference."""
    found: dict[str, None] = {}
    for element in elements:
        for key, value in element.attrib.items():
            if key in {_XLINK_HREF, "href"}:
                found[value.removeprefix("#")] = None
            elif key != "aria-label":  # the only attribute that holds text of the tables
                found |= dict.fromkeys(_REFERENCE.findall(value))
    return list(found)


def _rename(element: ET.Element, short: dict[str, str]) -> None:
    attributes = dict(element.attrib)
    element.attrib.clear()
    for key, value in attributes.items():
        if key == "id":
            if value in short:
                element.set("id", short[value])
        elif key in {_XLINK_HREF, "href"}:
            element.set("href", f"#{short[value.removeprefix('#')]}")
        elif key == "aria-label":
            element.set(key, value)
        elif key == "transform" and element.tag == f"{{{_SVG}}}use" and (moved := _ASIDE.fullmatch(value)):
            element.set("x", _shorter("x", moved[1]))  # the same place in fewer characters
        else:
            shorter = _shorter(key, value)
            element.set(key, _REFERENCE.sub(lambda match: f"url(#{short[match.group(1)]})", shorter))


def _shorter(key: str, value: str) -> str:
    """Return a path or a place without what nobody can see; upright and level strokes by their end alone."""
    if key == "d":
        fine = _TOO_FINE.sub(r"\1", " ".join(value.split()))
        return _STROKE.sub(_level_or_upright, fine).replace(" M", "M")
    if key == "transform":  # a scale is left as it is: it multiplies
        return re.sub(r"translate\([^)]*\)", lambda found: _TOO_FINE.sub(r"\1", found[0]), value)
    return _TOO_FINE.sub(r"\1", value) if key in _PLACES else value


def _level_or_upright(stroke: re.Match[str]) -> str:
    x, y, end_x, end_y = stroke.groups()
    if y == end_y:
        return f"M{x} {y}H{end_x}"
    return f"M{x} {y}V{end_y}" if x == end_x else stroke[0]
