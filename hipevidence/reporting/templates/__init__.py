"""Layout and prose of the report: page, style sheet, print template, methods."""

from __future__ import annotations

from importlib import resources


def template(name: str) -> str:
    """Return the text of a file of this folder."""
    return (resources.files(__name__) / name).read_text(encoding="utf-8")
