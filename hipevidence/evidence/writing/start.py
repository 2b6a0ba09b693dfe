"""A new, empty, documented evidence base on any topic."""

from __future__ import annotations

import json
import re
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.load import SCHEMA_FILE
from hipevidence.evidence.schema import Schema
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Final = "hipevidence.evidence"
FOLDER: Final = "template"


def start_folder(folder: str | Path, title: str = "") -> tuple[Path, ...]:
    """Make a folder with every table of a new evidence base.

    Parameters
    ----------
    folder
        A folder that does not exist yet, or is empty.
    title
        What the evidence base is about; the name of the folder when empty.

    Returns
    -------
    tuple of pathlib.Path
        The files: tables with their header, the other files with examples to take as a pattern.

    Raises
    ------
    InputError
        If there is something in the folder already, or it cannot be made. Nothing is overwritten.
    """
    target = Path(folder)
    return write_new_folder(target, _files(title or target.resolve().name))


def write_new_folder(target: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Make a folder with these files in one move, where there is none or an empty one, and return their paths.

    Raises
    ------
    InputError
        If there is something in it already, or it cannot be made.
    """
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise InputError(
                f"{plain(str(target), 400)} is not empty; allowed: a new or an empty folder. Choose another name."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            new = Path(scratch, "new")
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
            if target.exists():
                target.rmdir()
            new.rename(target)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{plain(str(target), 400)} cannot be made ({reason}); allowed: a folder you may write. Choose another."
        ) from error
    return tuple(target / name for name in files)


def _files(title: str) -> dict[str, bytes]:
    folder = resources.files(TEMPLATE) / FOLDER
    files = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
    described = json.loads(files[SCHEMA_FILE])
    described |= {"name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "evidence", "title": title}
    files[SCHEMA_FILE] = (json.dumps(described, indent=2, ensure_ascii=False) + "\n").encode()
    for resource in Schema.model_validate(described).resources:
        files[resource.path] = (",".join(resource.columns) + "\n").encode()
    files["references.json"] = b"[]\n"
    return dict(sorted(files.items()))
