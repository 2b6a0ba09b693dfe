"""manifest.json: what the report was made from and with. No clock time, so that the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Analysis, Synthesis

NAME: Final = "manifest.json"
GENERATOR: Final = "hipevidence"
#: Programs whose version can change a byte of the report.
PROGRAMS: Final = ("hipevidence", "jinja2", "matplotlib", "numpy", "pandas", "scipy", "typst")
#: The same of the Word document, which is made only when asked for.
WORD_PROGRAMS: Final = ("lxml", "python-docx")


def manifest(evidence: Evidence, syntheses: tuple[Synthesis, ...], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest of a report.

    Parameters
    ----------
    evidence
        The tables.
    syntheses
        The answers.
    files
        Path in the report folder to content, the manifest itself not among them.

    Returns
    -------
    dict
        Input and output files with their SHA-256, versions, and for each question the rows used and left out.
    """
    return {
        "generator": GENERATOR,
        "versions": versions(PROGRAMS + (WORD_PROGRAMS if any(path.endswith(".docx") for path in files) else ())),
        "inputs": dict(sorted(evidence.hashes.items())),
        "questions": {each.question.id: _question(each) for each in syntheses},
        "outputs": {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())},
    }


def versions(programs: tuple[str, ...] = PROGRAMS) -> dict[str, str]:
    """Return the versions of Python and of programs whose version can change a byte of the report."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in programs}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest in a folder, or ``None`` when there is none that this package wrote."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(content, dict) and content.get("generator") == GENERATOR
    return content if ours and isinstance(content.get("outputs"), dict) else None


def to_json(content: Any) -> bytes:
    """Return data as indented JSON, UTF-8, LF line ends."""
    return (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _question(synthesis: Synthesis) -> dict[str, Any]:
    return {
        "analyses": {one.id: _rows(one) for one in (synthesis.primary, *synthesis.sensitivity)},
        "left_out": [{"row": row.row_id, "kind": row.kind, "reason": row.reason} for row in synthesis.left_out],
    }


def _rows(analysis: Analysis) -> dict[str, list[str]]:
    return {"rows": list(analysis.row_ids), "rows_as_zero": list(analysis.zero_rows)}
