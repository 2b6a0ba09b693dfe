"""Rows and entries that were added, removed or changed, cell by cell."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Final, Literal

from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Record

Kind = Literal["added", "removed", "changed"]
Records = dict[str, dict[str, str]]
#: The tables first, in this order; then what they refer to.
TABLES: Final = ("studies", "published_pools", "instruments", "reported_quality", "risk_of_bias")
ENTRIES: Final = ("questions", "networks", "claims", "risk_models", "certainty")


@dataclasses.dataclass(frozen=True, slots=True)
class CellChange:
    """One cell, or one key of an entry, with another text.

    Attributes
    ----------
    column
        Its column or key.
    old, new
        The text before and after, as printed; ``""`` for an empty cell.
    """

    column: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True, slots=True)
class RowChange(Result):
    """A row or entry that is not what it was.

    Attributes
    ----------
    table
        Its table, or ``questions``, ``networks``, ``claims``, ``risk_models``, ``certainty``, ``flow``, ``references``,
        ``vocabulary.<section>``.
    key
        Its key.
    kind
        ``added``, ``removed`` or ``changed``.
    cells
        The cells that differ; every filled cell of a row that is new or gone.
    """

    table: str
    key: str
    kind: Kind
    cells: tuple[CellChange, ...]


def row_changes(old: Evidence, new: Evidence) -> tuple[RowChange, ...]:
    """Return every row and entry that differs.

    Parameters
    ----------
    old, new
        The two states.

    Returns
    -------
    tuple of RowChange
        Table by table, in the order of the files; rows that are gone come last. The order of rows and columns does
        not count, nor does an empty column more.
    """
    before, after = _all(old), _all(new)
    names = dict.fromkeys((*after, *before))
    return tuple(change for name in names for change in _table(name, before.get(name, {}), after.get(name, {})))


def _table(table: str, old: Records, new: Records) -> Iterator[RowChange]:
    for key in dict.fromkeys((*new, *old)):
        cells = _cells(old.get(key, {}), new.get(key, {}))
        if key not in old or key not in new:
            yield RowChange(table, key, "removed" if key in old else "added", cells)
        elif cells:
            yield RowChange(table, key, "changed", cells)


def _cells(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*new, *old))
        if old.get(name, "") != new.get(name, "")
    )


def _all(evidence: Evidence) -> dict[str, Records]:
    found = {name: _rows(evidence, name) for name in TABLES}
    found |= {name: {entry.id: _entry(entry) for entry in getattr(evidence, name)} for name in ENTRIES}
    found["flow"] = {"flow.toml": _entry(evidence.flow)} if evidence.flow.is_recorded else {}
    for section, terms in evidence.vocabulary.items():
        found[f"vocabulary.{section}"] = {key: _entry(term) for key, term in terms.items()}
    found["references"] = {
        key: {str(name): _text(value) for name, value in entry.items()} for key, entry in evidence.references.items()
    }
    return found


def _rows(evidence: Evidence, table: str) -> Records:
    keys = evidence.schema.resource(table).table.primary_key
    printed = evidence.printed[table].to_dict("records")
    return {" / ".join(str(row[key]) for key in keys): {str(name): str(row[name]) for name in row} for row in printed}


def _entry(record: Record) -> dict[str, str]:
    return {name: _text(value) for name, value in record.model_dump(mode="json", exclude_defaults=True).items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
