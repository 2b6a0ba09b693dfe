"""RIS, the format of reference managers: one tag a line, ``ER`` at the end of an entry."""

from __future__ import annotations

import re
from typing import Any, Final

TAG: Final = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: (.*))?$")
TYPES: Final = {
    "JOUR": "article-journal",
    "EJOUR": "article-journal",
    "MGZN": "article-magazine",
    "BOOK": "book",
    "CHAP": "chapter",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "THES": "thesis",
    "RPRT": "report",
    "UNPB": "manuscript",
    "ELEC": "webpage",
}
#: CSL name to the tags that may hold it, the fullest first.
FIELDS: Final = {
    "title": ("TI", "T1", "CT"),
    "container-title": ("JO", "JF", "T2", "BT", "JA", "J2"),
    "volume": ("VL",),
    "issue": ("IS",),
    "publisher": ("PB",),
    "ISSN": ("SN",),
    "DOI": ("DO",),
    "URL": ("UR",),
}
_YEAR: Final = re.compile(r"\b(\d{4})\b")
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")


def from_ris(text: str) -> list[dict[str, Any]]:
    r"""Return the entries of a RIS text as CSL-JSON.

    Parameters
    ----------
    text
        Text of the file.

    Returns
    -------
    list of dict
        An entry for each ``TY``.

    Examples
    --------
    >>> (entry,) = from_ris("TY  - JOUR\nAU  - Doe, Ann\nTI  - On tea\nPY  - 2001\nER  - ")
    >>> entry["author"], entry["issued"]
    ([{'family': 'Doe', 'given': 'Ann'}], {'date-parts': [[2001]]})
    """
    return [_entry(tags) for tags in _records(text)]


def person(name: str) -> dict[str, str]:
    """Return a name as CSL has it; a name without a comma is taken whole.

    Examples
    --------
    >>> person("van der Doe, Ann B."), person("The Tea Group")
    ({'family': 'van der Doe', 'given': 'Ann B.'}, {'literal': 'The Tea Group'})
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma:
        return {"literal": family}
    return {"family": family, "given": given} if given else {"family": family}


def _records(text: str) -> list[dict[str, list[str]]]:
    records: list[dict[str, list[str]]] = []
    last: list[str] = []
    for line in text.splitlines():
        match = TAG.match(line.strip("\N{ZERO WIDTH NO-BREAK SPACE}").strip())
        if match is None:
            if last and line.strip():  # a long title goes on in the next line
                last[-1] = f"{last[-1]} {line.strip()}"
            continue
        tag, value = match[1], (match[2] or "").strip()
        if tag == "TY":
            records.append({})
        if records:
            last = records[-1].setdefault(tag, [])
            last.append(value)
    return records


def _entry(tags: dict[str, list[str]]) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": TYPES.get(tags["TY"][0], "article")}
    for name, options in FIELDS.items():
        if value := next((tags[tag][0] for tag in options if tags.get(tag) and tags[tag][0]), ""):
            entry[name] = value
    if "DOI" in entry:
        found = _DOI.search(entry["DOI"])
        entry["DOI"] = found[0] if found else entry["DOI"]
    if authors := [person(name) for tag in ("AU", "A1") for name in tags.get(tag, []) if name]:
        entry["author"] = authors
    if pages := [tags[tag][0] for tag in ("SP", "EP") if tags.get(tag) and tags[tag][0]]:
        entry["page"] = "-".join(pages)
    dates = " ".join(value for tag in ("PY", "Y1", "DA") for value in tags.get(tag, []))
    if year := _YEAR.search(dates):
        entry["issued"] = {"date-parts": [[int(year[1])]]}
    return entry
