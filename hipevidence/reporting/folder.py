"""Replacing a folder of files whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hipevidence.errors import InputError
from hipevidence.reporting.manifest import NAME, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def foreign_files(target: Path) -> tuple[Path, ...]:
    """Return what lies in a report folder beside the report, relative to it.

    Parameters
    ----------
    target
        Folder that is to be replaced.

    Returns
    -------
    tuple of pathlib.Path
        Files that the report there did not write; empty for a new or empty folder.

    Raises
    ------
    InputError
        If there is no report in it but something else, which replacing it would destroy.
    """
    if not target.exists():
        return ()
    if not target.is_dir():
        raise InputError(f"{target} is a file; allowed: a folder. Choose another place with --out.")
    files = [path.relative_to(target) for path in sorted(target.rglob("*")) if path.is_symlink() or not path.is_dir()]
    if not files:
        return ()
    manifest = read_manifest(target)
    if manifest is None:
        raise InputError(
            f"{target} holds files, but no {NAME} of an earlier report; allowed: a new folder, an empty one, or one "
            "that holds a report. Choose another with --out, or empty it yourself."
        )
    ours = {*manifest["outputs"], NAME}
    return tuple(path for path in files if path.as_posix() not in ours)


def replace_folder(target: Path, files: Mapping[str, bytes], kept: Iterable[Path]) -> None:
    """Put files in place of a folder in one move; on any failure the folder stays as it was.

    Parameters
    ----------
    target
        The folder, which need not exist.
    files
        Path in the folder to content.
    kept
        Files of the folder to carry over, relative to it.

    Raises
    ------
    OSError
        If the file system refuses; the folder is then as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        for path, content in files.items():
            place = new / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        for relative in kept:
            (new / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(target / relative, new / relative, follow_symlinks=False)
        try:
            if target.exists():
                target.rename(old)
            new.rename(target)
        except BaseException:
            if old.exists() and not target.exists():
                old.rename(target)
            raise
