"""Keys: each once in its own table, and existing where another table or entry refers to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from hipevidence.evidence.wording import Words, advice, did_you_mean, plain, shown

if TYPE_CHECKING:
    from hipevidence.errors import Problem
    from hipevidence.evidence.schema import ForeignKey
    from hipevidence.evidence.tables import Row, Table

# (table, column) to the keys that exist; a pair is absent when its file could not be read
Targets = Mapping[tuple[str, str], Collection[str]]

WHERE_TO_ADD = {"references": "references.json"}


def column_keys(table: Table) -> dict[tuple[str, str], frozenset[str]]:
    """Return the texts of each column that was read, for those who refer to them."""
    name = table.resource.name
    return {
        (name, column): frozenset(row.printed.get(column, "") for row in table.rows) - {""} for column in table.read
    }


def check_unique(table: Table) -> Iterator[Problem]:
    """Yield a problem for each row that repeats a key."""
    columns = table.resource.columns
    keys: set[tuple[str, ...]] = {(name,) for name, column in columns.items() if column.constraints.unique}
    if table.resource.table.primary_key:
        keys.add(table.resource.table.primary_key)
    for key in sorted(keys):
        yield from _repeated(table, key)


def check_foreign_keys(table: Table, targets: Targets) -> Iterator[Problem]:
    """Yield a problem for each cell that refers to something that does not exist."""
    for key in table.resource.table.foreign_keys:
        known = targets.get((key.reference.resource, key.reference.fields[0]))
        if known is None:
            continue
        for row in table.rows:
            if row.cells.get(key.fields[0]) is not None and row.printed[key.fields[0]] not in known:
                yield _unknown(table, row, key, known)


def unknown_key(key: str, target: str, known: Collection[str]) -> Words:
    """Return what was found, what is allowed and what to do, for a key that does not exist.

    Parameters
    ----------
    key
        The key that was used.
    target
        Table it should exist in: the name of a table, ``references``, ``questions`` or ``vocabulary.<section>``.
    known
        The keys that exist there.

    Returns
    -------
    Words
        Found, allowed, action.
    """
    if target.startswith("vocabulary."):
        section = target.removeprefix("vocabulary.")
        where = f"vocabulary.toml as [{section}.{plain(key)}]"
    else:
        where = WHERE_TO_ADD.get(target, f"{target}.toml" if target == "questions" else f"{target}.csv")
    allowed = f"a key of {target} ({len(known)} are known)"
    action = advice(did_you_mean(key, known), f"Correct it, or add it to {where}.")
    return Words(f"unknown key {shown(key)}", allowed, action)


def _repeated(table: Table, key: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        if any(column in row.bad or not row.printed.get(column) for column in key):
            continue
        value = tuple(row.printed[column] for column in key)
        if value in first:
            found = f"{shown(' / '.join(value))} again, first in line {first[value]}"
            action = "Give this row a key of its own, or delete it if it is a copy."
            yield table.problem(row, ", ".join(key), Words(found, "each key once", action), "duplicate_key")
        first.setdefault(value, row.line)


def _unknown(table: Table, row: Row, key: ForeignKey, known: Collection[str]) -> Problem:
    column = key.fields[0]
    words = unknown_key(row.printed[column], key.reference.resource, known)
    return table.problem(row, column, words, "unknown_key")
