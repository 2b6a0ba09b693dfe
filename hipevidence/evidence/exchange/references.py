"""A bibliography entry from whatever a researcher has at hand: a DOI, RIS, BibTeX or CSL-JSON, as CSL-JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.bibtex import from_bibtex
from hipevidence.evidence.exchange.ris import from_ris
from hipevidence.evidence.wording import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = dict[str, Any]
DOI: Final = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}]+")
_RIS: Final = re.compile(r"^\s*TY  ?- ", re.MULTILINE)
_BIBTEX: Final = re.compile(r"^\s*@\w+\s*[{(]", re.MULTILINE)


def read_references(text: str) -> list[Entry]:
    """Return the bibliography entries in a text.

    Parameters
    ----------
    text
        CSL-JSON (one entry or a list), RIS, BibTeX, or any text with a DOI in it.

    Returns
    -------
    list of dict
        CSL-JSON entries; their ``id`` is that of the source, or missing.

    Raises
    ------
    InputError
        If there is none of these in it.

    Examples
    --------
    >>> read_references("see https://doi.org/10.1002/sim.1482.")
    [{'type': 'article-journal', 'DOI': '10.1002/sim.1482'}]
    """
    stripped = text.strip()
    if stripped.startswith(("{", "[")) and (entries := _from_json(stripped)):
        return entries
    if _RIS.search(text):
        return from_ris(text)
    if _BIBTEX.search(text):
        return from_bibtex(text)
    if found := find_doi(text):
        return [{"type": "article-journal", "DOI": found}]
    raise InputError(
        f"found {shown(stripped)}; allowed: a DOI, RIS, BibTeX or CSL-JSON, as text or as the name of a file. "
        "Copy the DOI from the first page of the paper."
    )


def find_doi(text: str) -> str:
    """Return the first DOI in a text, without the punctuation around it, or ``""``.

    Examples
    --------
    >>> find_doi("(doi:10.1016/S0033-0620(85)80003-7).")
    '10.1016/S0033-0620(85)80003-7'
    """
    match = DOI.search(text)
    if match is None:
        return ""
    doi = match[0].rstrip(".,;:'*_]")
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1].rstrip(".,;:'*_]")
    return doi


def same_work(entry: Mapping[str, Any], references: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the id under which a work stands in a bibliography already, judged by its DOI, or ``""``."""
    doi = str(entry.get("DOI", "")).lower()
    return next((key for key, other in references.items() if doi and str(other.get("DOI", "")).lower() == doi), "")


def _from_json(text: str) -> list[Entry]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return []
    entries = data if isinstance(data, list) else [data]
    return entries if entries and all(isinstance(entry, dict) for entry in entries) else []
