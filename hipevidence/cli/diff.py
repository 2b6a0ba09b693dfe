"""``hipevidence diff``: what differs between two states of the evidence, and how much it matters."""

from __future__ import annotations

from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, EXIT_FINDINGS, AsJson, DataFolder, print_json


def diff(
    old: Annotated[str, typer.Argument(help="Data folder or git revision to compare with.")] = "HEAD",
    new: Annotated[str | None, typer.Argument(help="Data folder or git revision; the tables as they are now.")] = None,
    data: DataFolder = DEFAULT_DATA,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown for a pull request.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare two states of the evidence: rows cell by cell, estimates, verdicts. Exit 0 if nothing differs, else 1."""
    from hipevidence.changes import as_markdown, as_record, as_text, compare, state

    changes = compare(state(old, data), state(str(data) if new is None else new, data))
    if as_json:
        print_json(as_record(changes))
    else:
        typer.echo(as_markdown(changes).rstrip("\n") if markdown else as_text(changes))
    if changes.any:
        raise typer.Exit(EXIT_FINDINGS)
