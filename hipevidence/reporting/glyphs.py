"""Letters that many pictures of one page share, drawn once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFINITION: Final = re.compile(r'<path id="([^"]+)" d="([^"]*)"( transform="[^"]*")? />')
_EMPTY: Final = "<defs></defs>"


def share_glyphs(pictures: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return one picture without area that holds every letter, and the pictures that refer to it.

    Parameters
    ----------
    pictures
        SVG as ``compact`` leaves it: a ``<path id=... d=... />`` for each letter, used by reference; ids are different
        between pictures.

    Returns
    -------
    tuple
        Markup of the letters (``""`` where there is none), and of each picture, in order. They hold only on the page
        on which the letters stand too.

    Examples
    --------
    >>> letter = '<svg><defs><path id="p{0}-1" d="M 0 0" /></defs><use href="#p{0}-1" /></svg>'
    >>> letters, pages = share_glyphs([letter.format(1), letter.format(2)])
    >>> letters
    '<svg width="0" height="0" aria-hidden="true"><defs><path id="g0" d="M 0 0" /></defs></svg>'
    >>> pages
    ('<svg><use href="#g0" /></svg>', '<svg><use href="#g0" /></svg>')
    """
    shapes: dict[str, str] = {}
    changed = tuple(_without_letters(picture, shapes) for picture in pictures)
    if not shapes:
        return "", changed
    letters = "".join(f'<path id="{name}" {shape} />' for shape, name in shapes.items())
    return f'<svg width="0" height="0" aria-hidden="true"><defs>{letters}</defs></svg>', changed


def _without_letters(picture: str, shapes: dict[str, str]) -> str:
    names: dict[str, str] = {}

    def collect(found: re.Match[str]) -> str:
        shape = f'd="{found[2]}"{found[3] or ""}'
        names[found[1]] = shapes.setdefault(shape, f"g{len(shapes)}")
        return ""

    lean = _DEFINITION.sub(collect, picture).replace(_EMPTY, "")
    return re.sub(r'href="#([^"]+)"', lambda found: f'href="#{names.get(found[1], found[1])}"', lean)
