"""References in the Vancouver style (as PubMed prints them), from CSL-JSON entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hipevidence.reporting.model import Reference
from hipevidence.reporting.text import tidy, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTHORS_SHOWN = 6


def reference(key: str, entry: Mapping[str, Any]) -> Reference:
    """Return a CSL-JSON entry as one line of a reference list.

    Parameters
    ----------
    key
        Key of the entry.
    entry
        CSL-JSON; whatever is missing is left out, never guessed.

    Returns
    -------
    Reference
        Authors, title, journal, year, volume, pages and DOI or PMID, with the address of the paper.

    References
    ----------
    Patrias K, Wendling D, editors. Citing medicine. 2nd ed. Bethesda: National Library of Medicine; 2007.

    Examples
    --------
    >>> entry = {"author": [{"family": "Hedges", "given": "Larry V."}], "title": "Distribution theory",
    ...          "container-title": "J Educ Stat", "issued": {"date-parts": [[1981]]}, "volume": "6", "page": "107-28"}
    >>> reference("hedges1981", entry).text
    'Hedges LV. Distribution theory. J Educ Stat. 1981;6:107–28.'
    """
    parts = [_authors(entry), _sentence(entry.get("title")), _sentence(entry.get("container-title")), _issue(entry)]
    parts += _identifiers(entry) or [_without_identifier(key, entry)]
    return Reference(f"ref-{key}", " ".join(part for part in parts if part), _address(entry))


def short_name(entry: Mapping[str, Any]) -> str:
    """Return first author and year, as used in running text.

    Parameters
    ----------
    entry
        CSL-JSON.

    Returns
    -------
    str
        Such as ``Hedges 1981``.

    Examples
    --------
    >>> short_name({"author": [{"family": "Knapp"}, {"family": "Hartung"}], "issued": {"date-parts": [[2003]]}})
    'Knapp and Hartung 2003'
    """
    names = [_surname(author) for author in entry.get("author", [])]
    who = " and ".join(names) if len(names) <= 2 else f"{names[0]} et al."
    return " ".join(part for part in (who, _year(entry)) if part)


def _authors(entry: Mapping[str, Any]) -> str:
    names = [_name(author) for author in entry.get("author", [])]
    shown = [name for name in names if name][:AUTHORS_SHOWN]
    if len(names) > AUTHORS_SHOWN:
        shown.append("et al")
    return _sentence(", ".join(shown))


def _name(author: Mapping[str, Any]) -> str:
    given = tidy(author.get("given", "")).replace("-", " ").replace(".", " ")
    initials = "".join(part[0] for part in given.split())
    return " ".join(part for part in (_surname(author), initials) if part)


def _surname(author: Mapping[str, Any]) -> str:
    family = " ".join(tidy(author.get(part, "")) for part in ("non-dropping-particle", "family")).strip()
    return family or tidy(author.get("literal", ""))


def _year(entry: Mapping[str, Any]) -> str:
    dates = entry.get("issued", {}).get("date-parts") or [[]]
    return tidy(dates[0][0]) if dates[0] else ""


def _issue(entry: Mapping[str, Any]) -> str:
    volume = tidy(entry.get("volume", ""))
    issue = tidy(entry.get("issue", ""))
    page = tidy(entry.get("page", "")).replace("-", "–")
    where = volume + (f"({issue})" if issue else "") + (f":{page}" if page else "")
    return _sentence(";".join(part for part in (_year(entry), where) if part))


def _identifiers(entry: Mapping[str, Any]) -> list[str]:
    doi, pmid = tidy(entry.get("DOI", "")), tidy(entry.get("PMID", ""))
    return [_sentence(f"doi:{doi}")] if doi else [_sentence(f"PMID {pmid}")] if pmid else []


def _without_identifier(key: str, entry: Mapping[str, Any]) -> str:
    """Return what tells a paper apart that has no title, journal or number: what is noted about it, else its key."""
    return (
        ""
        if entry.get("title") or entry.get("container-title")
        else f"[{tidy(entry.get('note')).rstrip('.') or tidy(key)}]"
    )


def _address(entry: Mapping[str, Any]) -> str:
    doi, pmid = tidy(entry.get("DOI", "")), tidy(entry.get("PMID", ""))
    if doi:
        return web_address(doi=doi)
    return web_address(pmid=pmid) or web_address(url=tidy(entry.get("URL", "")))


def _sentence(value: object) -> str:
    text = tidy(value)
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
