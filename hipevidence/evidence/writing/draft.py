"""A half-typed row, kept in a file of its own until it is finished: never in the tables."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.writing.files import Change, write_files
from hipevidence.evidence.writing.row import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME: Final = ".draft-row.toml"


def save_draft(folder: Path, table: str, row: Mapping[str, str]) -> Path:
    """Keep a row for later and return the file it is in.

    Parameters
    ----------
    folder
        The data folder.
    table
        The table the row is meant for.
    row
        Column to text.
    """
    path = folder / NAME
    lines = [f"{name} = {_quoted(text)}" for name, text in row.items() if text]
    body = "\n".join(["# A row that is not finished. It is in no table yet.", f"[{table}]", *lines, ""])
    before = _digest(path)
    write_files(folder, [Change(NAME, before, body.encode())])
    return path


def load_draft(folder: Path, table: str) -> dict[str, str]:
    """Return the row that was kept, empty when there is none.

    Raises
    ------
    InputError
        If somebody has changed the draft so that it cannot be read.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        kept = tomllib.loads(read_text(path)).get(table, {})
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{NAME} cannot be read ({error}); allowed: the draft as saved. Correct or delete it."
        ) from error
    return {str(name): str(text) for name, text in kept.items()} if isinstance(kept, dict) else {}


def discard_draft(folder: Path) -> None:
    """Forget the row that was kept."""
    (folder / NAME).unlink(missing_ok=True)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's strings are TOML's but for this one


def _digest(path: Path) -> str:
    return Change(NAME, "", path.read_bytes()).after if path.exists() else ""
