"""``hipevidence init``: a new, empty, documented evidence base on any topic."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotation when the program runs
from typing import Annotated

import typer

from hipevidence.cli.common import AsJson, print_json


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not exist yet, or be empty.")],
    title: Annotated[str, typer.Option(help="What it is about.")] = "",
    as_json: AsJson = False,
) -> None:
    """Start a new evidence base: empty tables, and examples to take as a pattern."""
    from hipevidence.evidence.writing.start import start_folder

    written = start_folder(folder, title)
    if as_json:
        print_json({"written": [str(path) for path in written]})
        return
    typer.echo(f"Made {folder} with {len(written)} files. Begin with {folder / 'README.md'}.")
    typer.echo(f"Then: hipevidence add --data {folder}")
