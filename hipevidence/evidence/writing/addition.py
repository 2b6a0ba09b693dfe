"""What adding rows would do: the new files, what the checks say of them, and the evidence as it would then be."""

from __future__ import annotations

import contextlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError
from hipevidence.evidence.load import Evidence, load_evidence, validate
from hipevidence.evidence.wording import plain
from hipevidence.evidence.writing.bibliography import insert_reference
from hipevidence.evidence.writing.files import Change, write_files
from hipevidence.evidence.writing.layout import insert_rows, read_layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hipevidence.errors import Problem
    from hipevidence.evidence.schema import Resource

REFERENCES: Final = "references.json"
#: Files of a data folder that make up the evidence.
KINDS: Final = frozenset({".csv", ".toml", ".json"})
_LINE_NUMBER: Final = re.compile(r"\bline \d+")


@dataclass(frozen=True, slots=True)
class Addition:
    """Rows that are to be added, and what comes of it. Nothing is written yet.

    Attributes
    ----------
    table
        The table they go to.
    rows
        Column to text of each row, as it will stand.
    lines
        The text of each row as it will stand in the file.
    changes
        The files that change, those that others refer to first.
    findings
        What the checks say that they did not say before: of the new rows, and of others because of them.
    before
        The evidence as it is.
    after
        The evidence as it would be, ``None`` when a finding is an error.
    """

    table: str
    rows: tuple[Mapping[str, str], ...]
    lines: tuple[str, ...]
    changes: tuple[Change, ...]
    findings: tuple[Problem, ...]
    before: Evidence
    after: Evidence | None


def plan_addition(
    evidence: Evidence, table: str, rows: Sequence[Mapping[str, str]], references: Sequence[Mapping[str, Any]] = ()
) -> Addition:
    """Work out what adding rows would do.

    Parameters
    ----------
    evidence
        The tables as they are, read from their folder.
    table
        The table to add to, such as ``studies``.
    rows
        Column to text of each row; a column that is not named stays empty.
    references
        New entries for references.json.

    Returns
    -------
    Addition
        The new files, the findings, and the evidence before and after.

    Raises
    ------
    InputError
        If a text holds a line break, or the files are no longer those that were read.
    """
    resource = evidence.schema.resource(table)
    old = _content(evidence, resource.path)
    changes = [Change(resource.path, evidence.hashes.get(resource.path, ""), insert_rows(old, rows, _order(resource)))]
    if references:
        content = _content(evidence, REFERENCES)
        for entry in references:
            content = insert_reference(content, entry)
        changes.insert(0, Change(REFERENCES, evidence.hashes[REFERENCES], content))
    layout = read_layout(old)
    with candidate(evidence.folder, changes) as folder:
        findings = _new_findings(evidence.folder, folder)
        broken = any(problem.level == "error" for problem in findings)
        after = None if broken else load_evidence(folder)
    lines = tuple(layout.line(row) for row in rows)
    return Addition(table, tuple(rows), lines, tuple(changes), findings, evidence, after)


def write_addition(addition: Addition) -> None:
    """Write what was planned, whole or not at all.

    Raises
    ------
    InputError
        If an error stands against it, or somebody has changed one of the files since they were read.
    """
    if addition.after is None:
        raise InputError("found errors in the new row; allowed: none. Correct them; nothing was written.")
    write_files(addition.before.folder, addition.changes)


@contextlib.contextmanager
def candidate(folder: Path, changes: Sequence[Change]) -> Iterator[Path]:
    """Give a copy of a data folder with changes made to it, for as long as it is needed.

    Parameters
    ----------
    folder
        The data folder, which stays as it is.
    changes
        Files of the copy that differ.
    """
    with tempfile.TemporaryDirectory(prefix="hipevidence-") as scratch:
        copy = Path(scratch)
        for path in folder.iterdir():
            if path.suffix in KINDS and not path.name.startswith(".") and path.is_file():
                (copy / path.name).write_bytes(path.read_bytes())
        for change in changes:
            (copy / change.name).write_bytes(change.content)
        yield copy


def _content(evidence: Evidence, name: str) -> bytes:
    """Return a file as it was when the evidence was read; an optional table that does not exist is a header."""
    if name not in evidence.hashes:
        resource = next(resource for resource in evidence.schema.resources if resource.path == name)
        return (",".join(resource.columns) + "\n").encode()
    try:
        content = (evidence.folder / name).read_bytes()
    except OSError:
        content = b""
    if Change(name, "", content).after != evidence.hashes[name]:
        raise InputError(f"{plain(name)} was changed by somebody else just now; run the command again.")
    return content


def _order(resource: Resource) -> tuple[str, ...]:
    """Return the columns by which a table may be sorted: its key, and the paper a row is from."""
    papers = (key.fields[0] for key in resource.table.foreign_keys if key.reference.resource == "references")
    return (*resource.table.primary_key, *papers)


def _new_findings(old: Path, new: Path) -> tuple[Problem, ...]:
    known = {_without_lines(problem) for problem in validate(old)}
    return tuple(problem for problem in validate(new) if _without_lines(problem) not in known)


def _without_lines(problem: Problem) -> tuple[str, ...]:
    """Return what identifies a problem when rows above it have moved it down."""
    words = (problem.entry, problem.column, problem.found, problem.allowed, problem.rule, problem.level)
    return (problem.file, *(_LINE_NUMBER.sub("line", word) for word in words))
