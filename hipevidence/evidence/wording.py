"""How the content of a table is shown in a message: short, in quotes, and harmless to a terminal."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MAX_SHOWN = 60


class Words(NamedTuple):
    """The three parts of a problem that are sentences: what stands there, what may stand there, what to do."""

    found: str
    allowed: str
    action: str


def plain(text: str, limit: int = MAX_SHOWN) -> str:
    r"""Return text with everything unprintable escaped, cut at ``limit`` characters.

    Parameters
    ----------
    text
        Anything that stood in a file.
    limit
        Longest text that is shown whole, in characters.

    Returns
    -------
    str
        Text that moves no cursor, changes no colour and reverses no direction.

    Examples
    --------
    >>> print(plain("red \x1b[31m"))
    red \x1b[31m
    >>> plain("a" * 9, limit=4)
    'aaaa ... (9 characters)'
    """
    visible = "".join(sign if sign.isprintable() else _escaped(sign) for sign in text[:limit])
    return visible if len(text) <= limit else f"{visible} ... ({len(text)} characters)"


def shown(text: str) -> str:
    """Return text in quotes for a message, or ``nothing`` when it is empty.

    Examples
    --------
    >>> print(shown("2,6"), shown(""))
    "2,6" nothing
    """
    return f'"{plain(text)}"' if text else "nothing"


def listed(words: Iterable[object]) -> str:
    """Return words as a list for a message, each made harmless.

    Examples
    --------
    >>> listed(["female", "male"])
    'female, male'
    """
    return ", ".join(plain(str(word)) for word in words)


def did_you_mean(word: str, options: Collection[str]) -> str:
    """Return a question naming the closest option, or ``""`` when none is close.

    Examples
    --------
    >>> did_you_mean("chammomile", {"camomile", "mint"})
    'Did you mean camomile?'
    """
    close = difflib.get_close_matches(word[:MAX_SHOWN].lower(), sorted(options), n=1, cutoff=0.65)
    return f"Did you mean {plain(close[0])}?" if close else ""


def advice(*sentences: str) -> str:
    """Join the sentences that are not empty.

    Examples
    --------
    >>> advice("", "Fill it in.")
    'Fill it in.'
    """
    return " ".join(sentence for sentence in sentences if sentence)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
