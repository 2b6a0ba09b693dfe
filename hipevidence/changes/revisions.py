"""A state of the evidence: a folder, or the data folder as it was at a git revision."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.evidence.wording import plain, shown

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence


def state(name: str, data: Path) -> Evidence:
    """Read a state of the evidence.

    Parameters
    ----------
    name
        A folder, or a git revision (``HEAD``, a tag, ``main~3``) of the repository that the data folder is in.
    data
        The data folder.

    Returns
    -------
    Evidence
        As ``load_evidence`` gives it.

    Raises
    ------
    InputError
        If there is neither such a folder nor such a revision.
    EvidenceError
        If the tables of that state cannot be used.
    """
    with contextlib.suppress(OSError, ValueError):  # a name that no folder can have may still be a revision
        if name and Path(name).is_dir():
            return load_evidence(name)
    commit = _git(data, name, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
    files = _git(data, name, "ls-tree", "--name-only", "-z", commit.decode(), "./").split(b"\0")
    with tempfile.TemporaryDirectory(prefix="hipevidence-") as scratch:
        for file in files:
            if file.endswith((b".csv", b".toml", b".json")):
                content = _git(data, name, "cat-file", "blob", f"{commit.decode()}:./{file.decode()}")
                (Path(scratch) / Path(file.decode()).name).write_bytes(content)
        return load_evidence(scratch)


def _git(data: Path, name: str, *command: str) -> bytes:
    if not data.is_dir():
        raise InputError(f"found no folder {plain(str(data), 400)}; allowed: a data folder. Name it with --data.")
    try:
        run = ["git", "-C", str(data.resolve()), *command]
        done = subprocess.run(run, capture_output=True, check=True)  # noqa: S603 - git, with arguments as a list
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise InputError(
            f"found {shown(name)}; allowed: a data folder, or a git revision of the repository around "
            f"{plain(str(data), 400)}. Check the name."
        ) from error
    return done.stdout
