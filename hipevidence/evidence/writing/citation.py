"""The reference that belongs to a new row: taken from what somebody gave, under the key the row names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.references import find_doi, read_references, same_work
from hipevidence.evidence.wording import listed, shown
from hipevidence.evidence.writing.row import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hipevidence.evidence.load import Evidence


def new_references(
    evidence: Evidence, table: str, rows: Sequence[Mapping[str, str]], given: str | Mapping[str, Any] | None
) -> tuple[dict[str, Any], ...]:
    """Return the bibliography entries to add with new rows.

    Parameters
    ----------
    evidence
        The tables.
    table
        The table of the rows.
    rows
        The new rows.
    given
        A DOI, the name of a file or its text, an entry, or ``None``.

    Returns
    -------
    tuple of dict
        One entry for one paper gets the key that the rows name. Of several entries, those whose id is the key of a row
        and is not in the bibliography yet.

    Raises
    ------
    InputError
        If the entries cannot be told apart, the key has an entry already, or the work stands under another key.
    """
    if not given:
        return ()
    entries = read_references(_text(given)) if isinstance(given, str) else [dict(given)]
    resource = evidence.schema.resource(table)
    papers = {key.fields[0] for key in resource.table.foreign_keys if key.reference.resource == "references"}
    keys = sorted({row[column] for row in rows for column in papers if row.get(column)})
    if len(keys) == len(entries) == 1:
        return (_entry(evidence, keys[0], entries[0]),)
    chosen = {str(entry["id"]): entry for entry in entries if entry.get("id") in keys}
    if not chosen:
        raise InputError(
            f"found {len(entries)} references for the rows of {listed(keys) or 'no paper'}; allowed: one for one paper,"
            " or several whose ids are the keys in the rows. Give each its id, or add the papers one by one."
        )
    return tuple(_entry(evidence, key, entry) for key, entry in chosen.items() if key not in evidence.references)


def _entry(evidence: Evidence, key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if key in evidence.references:
        raise InputError(f"{shown(key)} is in references.json already; allowed: new papers. Leave it out.")
    if other := same_work(entry, evidence.references):
        raise InputError(f"this DOI stands in references.json as {shown(other)}. Use that key in the row.")
    return {"id": key, **{name: value for name, value in entry.items() if name != "id"}}


def _text(given: str) -> str:
    """Return the text that is meant: of the file of that name, or the text itself."""
    one_line = "\n" not in given and len(given) < 4096
    if one_line and not given.lstrip().startswith(("{", "[", "@")) and not find_doi(given):
        return read_text(given)
    try:
        return read_text(given) if one_line and Path(given).is_file() else given
    except OSError:
        return given
