"""``hipevidence add``: a new row, checked, shown with what it changes, and written whole or not at all."""

from __future__ import annotations

import dataclasses
from pathlib import Path  # noqa: TC003 - typer reads the annotation when the program runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hipevidence.cli.common import (
    DEFAULT_DATA,
    EXIT_FINDINGS,
    EXIT_UNUSABLE,
    AsJson,
    DataFolder,
    print_json,
    print_problems,
)
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from hipevidence.changes import Changes
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.writing import Addition

    Rows = list[dict[str, str]]
    References = tuple[dict[str, Any], ...]


def add(
    source: Annotated[Path | None, typer.Option("--from", help="A row as TOML, or rows as CSV.")] = None,
    cells: Annotated[list[str] | None, typer.Option("--set", help="A cell, as column=value. Repeatable.")] = None,
    reference: Annotated[
        str | None,
        typer.Option(help="Its reference: a DOI, or a file of RIS, BibTeX or CSL-JSON (with ids for several)."),
    ] = None,
    table: Annotated[str, typer.Option(help="The table to add to.")] = "studies",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show everything, write nothing.")] = False,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Add a row: from a file, from the command line, or answer by answer when neither is given."""
    from hipevidence.changes import compare
    from hipevidence.evidence import load_evidence
    from hipevidence.evidence.writing import finish_interrupted, plan_addition, write_addition

    if not dry_run:
        finish_interrupted(data)
    evidence = load_evidence(data)
    asking = source is None and not cells
    if asking and as_json:
        raise InputError("nothing to add; allowed with --json: --from or --set. Say what to add.")
    rows, references = (
        _asked(evidence, table, reference) if asking else _given(evidence, table, source, cells, reference)
    )
    addition = plan_addition(evidence, table, rows, references)
    changes = None if addition.after is None else compare(addition.before, addition.after)
    if not as_json:
        _show(addition, changes)
    written = changes is not None and not dry_run and (not asking or typer.confirm("Write it?", default=True))
    if written:
        write_addition(addition)
        _done(evidence, asking=asking, as_json=as_json, rows=len(rows))
    elif asking:
        typer.echo("Not written. What you typed is kept; `hipevidence add` takes it up again.")
    if as_json:
        print_json(_record(addition, changes, written=written))
    if changes is None:
        raise typer.Exit(EXIT_UNUSABLE)
    if addition.findings:
        raise typer.Exit(EXIT_FINDINGS)


def _given(
    evidence: Evidence, table: str, source: Path | None, cells: list[str] | None, reference: str | None
) -> tuple[Rows, References]:
    """Return the rows that a file and the command line give, and the references that are new."""
    from hipevidence.evidence.writing import new_references, row_from_pairs, rows_from_file

    resource = evidence.schema.resource(table)
    rows, entry = rows_from_file(source, resource) if source is not None else ([{}], None)
    typed = row_from_pairs(cells or [], resource)
    complete = [row | typed for row in rows]
    return complete, new_references(evidence, table, complete, reference or entry)


def _asked(evidence: Evidence, table: str, reference: str | None) -> tuple[Rows, References]:
    """Return the row that somebody types, and the references that are new."""
    from hipevidence.cli.form import ask_reference, ask_row
    from hipevidence.evidence.writing import new_references

    row = ask_row(evidence, table)
    return [row], new_references(evidence, table, [row], reference or ask_reference(evidence, table, row))


def _show(addition: Addition, changes: Changes | None) -> None:
    from hipevidence.changes import as_text
    from hipevidence.evidence.wording import plain, shown

    for row, line in zip(addition.rows, addition.lines, strict=True):
        typer.echo(f"The new row of {addition.table}:")
        for name, text in row.items():
            if text:
                typer.echo(f"    {name}: {shown(text)}")
        typer.echo(f"As it will stand: {plain(line, 2000)}\n")
    if addition.findings:
        typer.echo("What the checks ask about it:")
        print_problems(addition.findings, err=False)
        typer.echo("")
    if changes is None:
        typer.echo("An error stands against it: nothing was written.", err=True)
    else:
        typer.echo("What it changes:")
        typer.echo(as_text(changes, rows=False) + "\n")


def _done(evidence: Evidence, *, asking: bool, as_json: bool, rows: int) -> None:
    from hipevidence.evidence.writing import discard_draft

    if asking:
        discard_draft(evidence.folder)
    if not as_json:
        typer.echo(f"Written: {rows} row{'' if rows == 1 else 's'}. Look at it with: git diff")


def _record(addition: Addition, changes: Changes | None, *, written: bool) -> dict[str, Any]:
    from hipevidence.changes import as_record

    return {
        "table": addition.table,
        "rows": [dict(row) for row in addition.rows],
        "lines": list(addition.lines),
        "findings": [dataclasses.asdict(problem) for problem in addition.findings],
        "changes": None if changes is None else as_record(changes),
        "written": written,
    }
