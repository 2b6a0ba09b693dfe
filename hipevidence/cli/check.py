"""``hipevidence check``: what the evidence does not carry in a text, like a linter."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, EXIT_FINDINGS, AsJson, DataFolder, print_json
from hipevidence.cli.findings import as_lines, as_sarif


def check(
    files: Annotated[list[str], typer.Argument(help="Texts: .txt, .md, .html, .docx; - is standard input.")],
    form: Annotated[
        str | None, typer.Option("--format", help="txt, md, html or docx; from the name where left out.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the texts with their findings as a web page.")
    ] = None,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code hosts and editors.")] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="Show also what should stand beside a carried statement.")
    ] = False,
    today: Annotated[
        str | None, typer.Option(help="Report entries that had to be read again by this day, as in 2027-01-31.")
    ] = None,
    copy: Annotated[
        bool,
        typer.Option(
            "--copy", help="Report figures typed by hand; done without asking where 'render' has filled a slot."
        ),
    ] = False,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Hold every statement of a text against all evidence; exit code 1 when there are findings."""
    from hipevidence.claims.check import check_text, is_rendered, typed_figures
    from hipevidence.claims.checking import prepare
    from hipevidence.claims.documents import read_document
    from hipevidence.evidence import load_evidence

    documents = [read_document(file, form) for file in files]
    desk = prepare(load_evidence(data))
    found = {document.name: check_text(document, desk, today=today, notes=True) for document in documents}
    for document in documents:
        if copy or is_rendered(document):
            found[document.name] = (*found[document.name], *typed_figures(document))
    everything = [one for findings in found.values() for one in findings]
    errors = [one for one in everything if one.level == "error"]
    if html is not None:
        from hipevidence.reporting.annotated import write_annotated

        write_annotated(html, documents, everything if notes else errors)
    if as_json:
        others = [one.as_dict() for one in everything if one.level == "note"]
        print_json({"findings": [one.as_dict() for one in errors], "notes": others})
    elif sarif:
        print_json(as_sarif(everything if notes else errors))
    else:
        for line in as_lines(documents, everything if notes else errors):
            typer.echo(line)
    if errors:
        raise typer.Exit(EXIT_FINDINGS)
