"""Files of a data folder replaced whole: each is the old one or the new one, and several change together.

The new contents are written beside the old files and flushed to the disk, then moved in their place. Where there is
more than one, a journal is written first: whoever writes next finishes what a crash interrupted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.writing.lock import NAME as LOCK
from hipevidence.evidence.writing.lock import PATIENCE, locked

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX: Final = ".hipevidence-"
SUFFIX: Final = ".tmp"
JOURNAL: Final = ".hipevidence-journal.json"


@dataclass(frozen=True, slots=True)
class Change:
    """The new content of one file.

    Attributes
    ----------
    name
        File name relative to the data folder.
    before
        SHA-256 of the content it replaces, in hexadecimal; ``""`` for a new file.
    content
        The new content.
    """

    name: str
    before: str
    content: bytes

    @property
    def after(self) -> str:
        """SHA-256 of the new content."""
        return hashlib.sha256(self.content).hexdigest()


def write_files(folder: Path, changes: Sequence[Change], *, patience: float = PATIENCE) -> None:
    """Replace files of a data folder, all or none.

    Parameters
    ----------
    folder
        The data folder.
    changes
        New contents; the first is moved first.
    patience
        Seconds to wait for another writer.

    Raises
    ------
    InputError
        If a file is no longer what it was when the change was made, or the folder cannot be written. Nothing is
        changed then.
    """
    with locked(folder, patience):
        _finish(folder)
        for change in changes:
            if _digest(folder / change.name) != change.before:
                raise InputError(
                    f"{change.name} was changed by somebody else meanwhile; allowed: adding to the tables you saw."
                    " Nothing was overwritten: run the command again to add to the tables as they are now."
                )
        made: list[Path] = []
        try:
            made.extend(_beside(folder / change.name, change.content) for change in changes)
        except OSError as error:
            for path in made:
                path.unlink(missing_ok=True)
            raise InputError(
                f"the tables cannot be written ({error.strerror or error}); allowed: a folder with room that you may "
                "write. Nothing was changed."
            ) from error
        _move(folder, changes, made)


def finish_interrupted(folder: Path) -> None:
    """Finish what an interrupted writer began, and remove what it left behind.

    Parameters
    ----------
    folder
        The data folder.

    Notes
    -----
    A file that somebody has changed since is left as it is.
    """
    if any(folder.glob(f"{PREFIX}*")) or (folder / LOCK).exists():
        with locked(folder):
            _finish(folder)


def _move(folder: Path, changes: Sequence[Change], made: Sequence[Path]) -> None:
    several = len(changes) > 1
    if several:
        entries = [
            {"name": change.name, "new": path.name, "before": change.before, "after": change.after}
            for change, path in zip(changes, made, strict=True)
        ]
        _beside(folder / JOURNAL, json.dumps(entries).encode()).replace(folder / JOURNAL)
        _flush_folder(folder)
    for number, (change, path) in enumerate(zip(changes, made, strict=True)):
        try:
            path.replace(_target(folder / change.name))
        except OSError as error:  # on Windows: a spreadsheet has the file open
            if number == 0:
                _forget(folder, made)
            raise InputError(_refused(change.name, error, begun=number > 0)) from error
    _flush_folder(folder)
    if several:
        (folder / JOURNAL).unlink()


def _forget(folder: Path, made: Sequence[Path]) -> None:
    (folder / JOURNAL).unlink(missing_ok=True)
    for path in made:
        path.unlink(missing_ok=True)


def _refused(name: str, error: OSError, *, begun: bool) -> str:
    cause = f"{name} cannot be replaced ({error.strerror or error}); allowed: a file that no other program has open."
    if begun:
        return f"{cause} Close it there and run the command again: it first finishes what was begun."
    return f"{cause} Close it there and try again; nothing was changed."


def _finish(folder: Path) -> None:
    for entry in _interrupted(folder):
        target = _target(folder / entry["name"])
        new = target.parent / entry["new"]
        if _digest(target) == entry["before"] and _digest(new) == entry["after"]:
            new.replace(target)
    _flush_folder(folder)
    (folder / JOURNAL).unlink(missing_ok=True)
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        path.unlink(missing_ok=True)


def _interrupted(folder: Path) -> list[dict[str, str]]:
    try:
        entries: list[dict[str, str]] = json.loads((folder / JOURNAL).read_bytes())
    except (OSError, ValueError):  # none, or not from us: it was moved in place whole
        return []
    return entries


def _beside(path: Path, content: bytes) -> Path:
    """Write and flush the new content of a file beside it and return its path."""
    target = _target(path)
    handle, name = tempfile.mkstemp(suffix=SUFFIX, prefix=f"{PREFIX}{target.name}-", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, new)
        else:
            new.chmod(0o644)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


def _target(path: Path) -> Path:
    """Return the file itself where the folder holds a link to it; replacing the link would leave the file behind."""
    return path.resolve() if path.is_symlink() else path


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _flush_folder(folder: Path) -> None:
    """Make moves inside a folder last through a power cut, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
