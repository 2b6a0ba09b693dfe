"""Text for a terminal, pipe or file that cannot show every character."""

from __future__ import annotations

import codecs
import io
import sys
from typing import Final

_PLAIN: Final = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{SUPERSCRIPT TWO}": "2",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{CIRCLED PLUS}": "+",
    "\N{LARGE CIRCLE}": "o",
}
_HANDLER: Final = "hipevidence.plain"


def plain_where_needed(error: UnicodeError) -> tuple[str, int]:
    """Return the nearest plain text for what an encoding lacks, and where to go on.

    A minus sign that became a question mark would turn a result round, so signs have their own replacement.

    Examples
    --------
    >>> _ = register()
    >>> "tau² is −0.5 ☃".encode("ascii", "hipevidence.plain")
    b'tau2 is -0.5 ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in missing), error.end


def register() -> str:
    """Make the replacement known to Python's encoders and return its name."""
    codecs.register_error(_HANDLER, plain_where_needed)
    return _HANDLER


def prepare_streams() -> None:
    """Let standard output and error write anything, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=register())
