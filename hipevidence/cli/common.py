"""What the commands share: options, exit codes, messages, JSON."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from hipevidence.errors import EvidenceError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.errors import HipEvidenceError, Problem

EXIT_FINDINGS: Final = 1
EXIT_UNUSABLE: Final = 2

DataFolder = Annotated[Path, typer.Option("--data", help="Folder with the tables.", show_default=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON instead of text.")]

DEFAULT_DATA: Final = Path("data")
NO_QUESTIONS: Final = "No question is asked yet: write the first into questions.toml."


def show_error(error: HipEvidenceError) -> None:
    """Print an error for a person, every problem on its own lines."""
    if isinstance(error, EvidenceError):
        count = len(error.problems)
        print_problems(error.problems)
        typer.echo(f"{count} problem{'' if count == 1 else 's'} found; nothing was changed.", err=True)
    else:
        typer.echo(f"hipevidence: {error}", err=True)


def show_system_error(error: OSError) -> None:
    """Print what the operating system refused, and what to do."""
    place = f" {error.filename}" if error.filename else ""
    typer.echo(
        f"hipevidence: the system refuses{place}: {error.strerror or error}; allowed: files and folders that this "
        "program may read and write. Check the name and the disk, or choose another place with --data or --out.",
        err=True,
    )


def print_problems(problems: Iterable[Problem], *, err: bool = True) -> None:
    """Print problems, each with its place, what was found, what is allowed and what to do."""
    for problem in problems:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        who = ", ".join(part for part in (problem.entry, problem.column) if part)
        typer.echo(f"{place}: {problem.level}: {who or 'whole file'} ({problem.rule})", err=err)
        typer.echo(f"    found:   {problem.found}", err=err)
        typer.echo(f"    allowed: {problem.allowed}", err=err)
        if problem.acknowledged:
            typer.echo(f"    stands:  {problem.acknowledged}", err=err)
        else:
            typer.echo(f"    do:      {problem.action}", err=err)


def print_json(payload: Any) -> None:
    """Print JSON with sorted, stable formatting; what is not a number becomes null."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    json.dump(json_safe(payload), sys.stdout, indent=2, ensure_ascii=not unicode, allow_nan=False)
    sys.stdout.write("\n")


def json_safe(value: Any) -> Any:
    """Return ``value`` with nan and infinity as null, tuples as lists and numpy numbers as Python's."""
    if isinstance(value, dict):
        return {str(key): json_safe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if hasattr(value, "tolist"):
        return json_safe(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)


def chosen(asked: list[str], allowed: Iterable[str], what: str) -> list[str]:
    """Return the ids asked for, or all of them; an unknown one is an error that names those there are."""
    known = list(allowed)
    unknown = [item for item in asked if item not in known]
    if unknown:
        raise InputError(f"no {what} {', '.join(unknown)}; there are: {', '.join(known)}. Choose among those.")
    return asked or known


def print_blocks(blocks: Iterable[str], nothing: str) -> None:
    """Print texts with an empty line between them, or what to do where there are none."""
    typer.echo("\n\n".join(block for block in blocks if block) or nothing)
