"""Text that came from a table, made safe to hand on: still the same words, but one line and visible.

Escaping for HTML, CSV or the typesetter is each printer's own duty; here only what no printer can show is dealt with.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

UNSEEN = "\N{REPLACEMENT CHARACTER}"
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def tidy(value: object) -> str:
    r"""Return a value of a table as one line of text.

    Parameters
    ----------
    value
        Cell or entry; ``None`` is empty.

    Returns
    -------
    str
        White space collapsed; control characters replaced by a mark, so that nothing hides.

    Examples
    --------
    >>> tidy("two\nlines"), tidy(None)
    ('two lines', '')
    >>> tidy("bell\x07") == "bell" + UNSEEN
    True
    """
    if value is None:
        return ""
    one_line = " ".join(str(value).split())
    return "".join(UNSEEN if unicodedata.category(mark) in {"Cc", "Cs", "Cn"} else mark for mark in one_line)


def capital(text: str) -> str:
    """Return text with its first letter large, the rest as it is.

    Examples
    --------
    >>> capital("pain on a VAS")
    'Pain on a VAS'
    """
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Return text with its first letter small, the rest as it is."""
    return text[:1].lower() + text[1:]


def web_address(*, url: str = "", doi: str = "", pmid: str = "") -> str:
    """Return where a source can be opened: its page, else its DOI, else its PubMed number.

    Parameters
    ----------
    url
        Address as in the table; anything but http and https is no address.
    doi, pmid
        Identifiers as in the table.

    Returns
    -------
    str
        An http(s) address, or ``""``.

    Examples
    --------
    >>> web_address(url="javascript:alert(1)", doi="10.1002/sim.1482")
    'https://doi.org/10.1002/sim.1482'
    """
    if re.fullmatch(r"https?://[^\s<>\"']+", url):
        return url
    if _DOI.fullmatch(doi):
        return "https://doi.org/" + quote(doi, safe="/().;:-_")
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isascii() and pmid.isdigit() else ""
