"""``hipevidence report``: the whole report, or whether the committed one still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, EXIT_FINDINGS, AsJson, DataFolder, print_json

DEFAULT_OUT = Path("reports")


def report(
    data: DataFolder = DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder to write the report to.")] = DEFAULT_OUT,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if the report there is not what the data give.")
    ] = False,
    docx: Annotated[
        bool, typer.Option("--docx", help="Write a Word document too, for people who edit (needs hipevidence[word]).")
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="Add a section on what changed since a git revision or another data folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report: HTML page, PDF, figures, tables, verified figures and manifest."""
    from rich.console import Console
    from rich.progress import Progress

    from hipevidence.changes import state
    from hipevidence.evidence import load_evidence
    from hipevidence.reporting import Since, check_report, write_report

    evidence = load_evidence(data)
    earlier = None if since is None else Since(since, state(since, data))
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Report", total=None)

        def progress(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        if check:
            different = check_report(evidence, out, since=earlier, progress=progress)
        else:
            written = write_report(evidence, out, docx=docx, since=earlier, progress=progress)
    if check:
        _say_check(different, out, as_json=as_json)
        return
    if as_json:
        print_json({"written": [str(path) for path in written]})
    else:
        word = f", {out / 'report.docx'} (Word)" if docx else ""
        typer.echo(f"Report written: {out / 'index.html'} (page), {out / 'report.pdf'} (print){word}")


def _say_check(different: list[str], out: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"different": different})
    elif different:
        typer.echo(f"{out} is not what the data give. Different or missing: {', '.join(different)}.")
        typer.echo("Run: hipevidence report, look at the change, and commit it.")
    else:
        typer.echo(f"{out} is what the data give.")
    if different:
        raise typer.Exit(EXIT_FINDINGS)
