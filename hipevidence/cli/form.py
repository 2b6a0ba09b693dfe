"""The form of ``hipevidence add``: a question a cell, made from the schema; it can be left and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from hipevidence.cli.common import EXIT_FINDINGS
from hipevidence.evidence.wording import listed, plain, shown
from hipevidence.evidence.writing import form_fields, load_draft, save_draft, suggested_key, suggestions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.writing import Field

HELP: Final = """\
Enter takes what stands in brackets; a dot alone leaves the cell empty.
  ?  what may stand here     <  back     <column  back to that cell     >  on to the next cell that must be filled
  !  leave; what you typed is kept, and the next `hipevidence add` goes on from there
"""
BACK: Final = "<"
ONWARD: Final = ">"
LEAVE: Final = "!"
EXPLAIN: Final = "?"
EMPTY: Final = "."
#: Keys that are listed when somebody asks what may stand in a cell.
MANY: Final = 60


def ask_row(evidence: Evidence, table: str) -> dict[str, str]:
    """Return a row that somebody types, each answer checked at once; the draft is saved after each.

    Parameters
    ----------
    evidence
        The tables.
    table
        The table the row is meant for.

    Raises
    ------
    typer.Exit
        If they leave; what they typed is in the draft.
    """
    fields = _in_order(evidence, table)
    row = load_draft(evidence.folder, table)
    typer.echo(HELP)
    if row:
        typer.echo(f"Going on with the row you left: {len(row)} cells are filled.")
    columns = [field.column.name for field in fields]
    place = min(_next_open(fields, row), len(fields) - 1)  # a row that was full is taken up at its last cell
    while place < len(fields):
        answer = _ask(evidence, table, fields[place], row)
        if answer.startswith(BACK) and answer[1:] in columns:
            place = columns.index(answer[1:])
        elif answer == BACK:
            place = max(place - 1, 0)
        elif answer == ONWARD:
            place = _next_required(fields, row, place + 1)
        elif answer == LEAVE:
            _leave(evidence, table, row)
        else:
            row[fields[place].column.name] = answer
            save_draft(evidence.folder, table, row)
            place += 1
    return {field.column.name: row.get(field.column.name, "") for field in form_fields(evidence, table)}


def ask_reference(evidence: Evidence, table: str, row: Mapping[str, str]) -> str | None:
    """Return what somebody gives as the reference of a paper that the bibliography does not have yet."""
    for field in form_fields(evidence, table):
        key = row.get(field.column.name, "")
        if field.target == "references" and key and key not in evidence.references:
            typer.echo(f"\n{shown(key)} is not in references.json yet.")
            answer = _prompt(evidence, table, row, "Its DOI, or a file of RIS, BibTeX or CSL-JSON")
            return answer or None
    return None


def _in_order(evidence: Evidence, table: str) -> list[Field]:
    """Return the fields with the key of the row last: by then it can be suggested."""
    keys = evidence.schema.resource(table).table.primary_key
    fields = form_fields(evidence, table)
    if len(keys) != 1 or not any(field.target == "references" for field in fields):
        return list(fields)
    return sorted(fields, key=lambda field: field.column.name in keys)


def _ask(evidence: Evidence, table: str, field: Field, row: Mapping[str, str]) -> str:
    """Ask until the answer may stand there, or is a command."""
    column = field.column
    default = row.get(column.name) or suggestions(evidence, table, row).get(column.name, "")
    if not default and column.name in evidence.schema.resource(table).table.primary_key:
        default = suggested_key(evidence.schema.resource(table), row)
    typer.echo(f"\n{column.name}{' (must be filled)' if column.constraints.required else ''}: {column.description}")
    for word, offered in (("one of", field.choices), ("so far", field.earlier), ("known", field.first_keys)):
        if offered:
            typer.echo(f"    {word}: {listed(offered)}")
            break
    while True:
        answer = _prompt(evidence, table, row, column.name, default)
        if answer in {BACK, ONWARD, LEAVE} or (answer.startswith(BACK) and answer[1:] in evidence.printed[table]):
            return answer
        if answer == EXPLAIN:
            _explain(field)
            continue
        text = "" if answer == EMPTY else answer
        objection = field.objection(text)
        if objection is None:
            return text
        typer.echo(f"    found {objection.found}; allowed: {objection.allowed}. {objection.action}")


def _prompt(evidence: Evidence, table: str, row: Mapping[str, str], question: str, default: str = "") -> str:
    """Ask one question; the end of the input or Ctrl-C leaves the form."""
    offer = f" [{plain(default, 200)}]" if default else ""
    try:
        answer: str = typer.prompt(f"{question}{offer}", default=default, show_default=False)
    except typer.Abort:
        _leave(evidence, table, row)
    return answer.strip()


def _explain(field: Field) -> None:
    typer.echo(f"    allowed: {field.column.allowed}")
    if field.column.example:
        typer.echo(f"    such as: {plain(field.column.example, 200)}")
    for key, label in list(field.keys.items())[:MANY]:
        typer.echo(f"    {plain(key)}: {plain(label, 100)}")
    if len(field.keys) > MANY:
        typer.echo(f"    ... and {len(field.keys) - MANY} more")


def _leave(evidence: Evidence, table: str, row: Mapping[str, str]) -> None:
    path = save_draft(evidence.folder, table, row)
    typer.echo(f"\nKept in {path}. Nothing was written to the tables; `hipevidence add` goes on from here.")
    raise typer.Exit(EXIT_FINDINGS)


def _next_open(fields: list[Field], row: Mapping[str, str]) -> int:
    """Return the cell after the last one that the draft answers."""
    answered = [place for place, field in enumerate(fields) if row.get(field.column.name)]
    return max(answered, default=-1) + 1


def _next_required(fields: list[Field], row: Mapping[str, str], start: int) -> int:
    """Return the next cell that must be filled and is not, or the end."""
    for place in range(start, len(fields)):
        if fields[place].column.constraints.required and not row.get(fields[place].column.name):
            return place
    return len(fields)
