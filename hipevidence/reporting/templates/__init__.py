"""Layout and prose of the report: page, style sheet, print template, methods."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources


def template(name: str) -> str:
    """Return the text of a file of this folder."""
    return (resources.files(__name__) / name).read_text(encoding="utf-8")


def script(*names: str) -> tuple[str, str]:
    """Return files of this folder as one inline script, and the hash by which a content policy lets it run."""
    text = "".join(template(name) for name in names).strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"sha256-{digest}"
