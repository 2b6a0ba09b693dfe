"""``hipevidence render``: fill the figure slots of a piece of copy, or say why not."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, EXIT_FINDINGS, DataFolder, print_problems


def render(
    copy: Annotated[Path, typer.Argument(help='Text with slots such as {{ figure("ID") }}.')],
    approve: Annotated[
        str, typer.Option("--approve", help="Approve every slot as it stands today, under this name.")
    ] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Do not mark what the slots wrote.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the terminal.")] = None,
    today: Annotated[
        str | None, typer.Option(help="Refuse what is valid until an earlier day, as in 2027-01-31.")
    ] = None,
    data: DataFolder = DEFAULT_DATA,
) -> None:
    """Fill the slots of a text with figures the evidence carries; exit code 1 when one is refused."""
    from hipevidence.claims import render as slots
    from hipevidence.claims import verdicts
    from hipevidence.claims.documents.read import read_text
    from hipevidence.evidence import load_evidence
    from hipevidence.reporting import verified_figures
    from hipevidence.synthesis import synthesise

    text = read_text(copy)
    evidence = load_evidence(data)
    answers = tuple(synthesise(evidence, question) for question in evidence.questions)
    found = verdicts(evidence, answers)
    carried = slots.by_id(verified_figures(evidence, answers, found))
    record = copy.with_name(copy.name + ".approved.json")
    if approve:
        approved = slots.approvals(text, carried, approve)
        record.write_text(json.dumps({"approvals": approved}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        approved = slots.read_approvals(read_text(record), record.name) if record.exists() else {}
    named = {verdict.claim.id: str(verdict.verdict) for verdict in found}
    wrong = slots.problems(text, carried, approved, named, name=copy.name, today=today)
    if wrong:
        print_problems(wrong)
        typer.echo("Nothing was written.", err=True)
        raise typer.Exit(EXIT_FINDINGS)
    filled = slots.fill(text, carried, marked=not plain)
    if out is None:
        typer.echo(filled, nl=not filled.endswith("\n"))
    else:
        out.write_text(filled, encoding="utf-8")
