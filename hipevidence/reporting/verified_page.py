"""The verified figures as a table for spreadsheets and as a page to search and copy from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, StrictUndefined

from hipevidence.reporting.tables import as_csv
from hipevidence.reporting.templates import script, template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLUMNS: Final = (
    "kind", "id", "slot", "sentence", "figure", "interval", "source", "qualifier", "do_not_say", "valid_until", "hash",
    "people_of_100",
)  # fmt: skip


def verified_csv(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the entries as a table; a cell that a spreadsheet would run as a formula is defused."""
    rows = [{name: str(entry[name]) for name in COLUMNS} for entry in entries]
    return as_csv(rows or [dict.fromkeys(COLUMNS, "")])


def verified_html(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the entries as one self-contained page.

    Parameters
    ----------
    entries
        As ``verified_figures`` gives them.

    Returns
    -------
    bytes
        UTF-8. Everything is readable without a script; the one inline script, which the content policy names by its
        hash, adds searching and copying.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(template("verified.html.j2"))
    code, digest = script("shared.js", "verified.js")
    style = template("report.css") + template("copy.css")
    return (page.render(entries=list(entries), style=style, script=code, digest=digest).strip() + "\n").encode()
