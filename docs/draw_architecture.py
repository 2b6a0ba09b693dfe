# ruff: noqa: INP001 - a script beside the pages, not a package
"""Draw the rooms of the house from the rule that keeps their imports pointing down, so that picture and rule agree.

``python docs/draw_architecture.py`` writes ``docs/images/architecture.svg``. What stands in a box is the first sentence
of the room's own docstring.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = ROOT / "docs" / "images" / "architecture.svg"

WIDTH: Final = 1000
MARGIN: Final = 14
GAP: Final = 12
LINE: Final = 15
HEAD: Final = 24
#: Average width of a letter of the small type, so that a sentence breaks before the edge of its box.
LETTER: Final = 6.3
NOTE: Final = (
    "Each layer may import from those below it, never from above. Sand: knows the tables. Blue: arrays only. "
    "Grey: what all stand on."
)
INK: Final = "#1b2a41"
MUTED: Final = "#44546a"
FILL: Final = {"numbers": "#e3eefa", "words": "#f6efe0", "base": "#eeeeee"}
#: Layers that know nothing but arrays, and those that everything stands on; the others know the tables.
NUMBERS: Final = frozenset({"bias", "multilevel", "rare", "bayes", "network", "risk", "pooling", "effects"})
BASE: Final = frozenset({"results", "sheet", "format", "interval", "errors"})


def layers() -> list[list[str]]:
    """Return the rooms from the top down, those of one layer together."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    return [[name.strip().removeprefix("hipevidence.") for name in line.split("|")] for line in contract["layers"]]


def purpose(room: str) -> str:
    """Return the first sentence of a room's docstring."""
    folder = ROOT / "hipevidence" / room
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("``", "")


def picture() -> str:
    """Return the picture as SVG."""
    boxes: list[str] = []
    y = MARGIN + 26
    for layer in layers():
        width = (WIDTH - 2 * MARGIN - GAP * (len(layer) - 1)) / len(layer)
        texts = {room: textwrap.wrap(purpose(room), int((width - 20) / LETTER)) for room in layer}
        height = HEAD + LINE * max(map(len, texts.values())) + 10
        for number, room in enumerate(layer):
            boxes.append(_box(room, texts[room], MARGIN + number * (width + GAP), y, width, height))
        y += height + GAP
    title = "The rooms of hipevidence"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:g}" width="{WIDTH}" height="{y:g}" '
        f'role="img" aria-labelledby="title description">\n<title id="title">{title}</title>\n'
        f'<desc id="description">{escape(_described())}</desc>\n<style>{_STYLE}</style>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
        f'<text x="{MARGIN}" y="{MARGIN + 8}" class="note">{NOTE}</text>\n' + "\n".join(boxes) + "\n</svg>\n"
    )


def _described() -> str:
    lines = [", ".join(layer) for layer in layers()]
    return f"Layers from top to bottom, each importing from those below only: {'; '.join(lines)}."


def _box(room: str, lines: list[str], x: float, y: float, width: float, height: float) -> str:
    kind = "numbers" if room in NUMBERS else "base" if room in BASE else "words"
    texts = [
        f'<text x="{x + 10:g}" y="{y + HEAD + 2 + LINE * (number + 0.6):g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" fill="{FILL[kind]}" '
        f'stroke="{MUTED}"/>\n'
        f'<text x="{x + 10:g}" y="{y + 18:g}" class="room">{escape(room)}</text>\n' + "\n".join(texts)
    )


_STYLE: Final = (
    f"text{{font:12px Helvetica,Arial,sans-serif;fill:{INK}}}"
    f".room{{font-weight:bold;font-size:14px}}.note{{font-size:13px;fill:{MUTED}}}"
)


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
