"""One writer at a time: a lock that the operating system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING, Final

from hipevidence.errors import InputError
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME: Final = ".hipevidence.lock"
#: Seconds to wait for somebody else who is writing; writing takes a few hundredths of one.
PATIENCE: Final = 5.0
_PAUSE: Final = 0.02

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of a data folder.

    Parameters
    ----------
    folder
        The data folder.
    patience
        Seconds to wait for another writer.

    Raises
    ------
    InputError
        If the folder cannot be written, or another writer keeps the lock.
    """
    path = folder / NAME
    handle = _wait(path, patience)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no open file; an unlocked one does no harm
            path.unlink()
        os.close(handle)


def _wait(path: Path, patience: float) -> int:
    end = time.monotonic() + patience
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise InputError(
                f"found {plain(str(path.parent), 400)}, which cannot be written ({error.strerror}); "
                "allowed: a data folder that you may write. Check its rights; nothing was changed."
            ) from error
        if _is_ours(path, handle):
            return handle
        os.close(handle)
        if time.monotonic() > end:
            raise InputError(
                "somebody else is writing to the tables right now; allowed: one writer at a time. "
                "Try again in a moment; nothing was changed."
            )
        time.sleep(_PAUSE)


def _is_ours(path: Path, handle: int) -> bool:
    """Return whether the lock is held now, and on the file that the next writer would open."""
    try:
        _seize(handle)
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
