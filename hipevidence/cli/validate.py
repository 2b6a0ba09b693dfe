"""``hipevidence validate``: everything that is wrong or odd in the tables, at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from hipevidence.errors import Level


ListAll = Annotated[bool, typer.Option("--all", help="List also what somebody acknowledged in the table, and why.")]


def validate(data: DataFolder = DEFAULT_DATA, as_json: AsJson = False, list_all: ListAll = False) -> None:
    """Check the tables and show every problem: where, what was found, what is allowed, what to do."""
    from hipevidence.evidence import validate as check

    problems = check(data, acknowledged=list_all)
    levels = [problem.level for problem in problems if not problem.acknowledged]
    if as_json:
        print_json({"problems": [dataclasses.asdict(problem) for problem in problems]})
    else:
        print_problems(problems, err=False)
        typer.echo(_summary(levels))
    if "error" in levels:
        raise typer.Exit(EXIT_UNUSABLE)
    if levels:
        raise typer.Exit(EXIT_FINDINGS)


def _summary(levels: list[Level]) -> str:
    if not levels:
        return "The tables are in order."
    counts = {level: levels.count(level) for level in ("error", "warning", "query") if level in levels}
    words = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "query": ("query", "queries")}
    return ", ".join(f"{n} {words[level][n > 1]}" for level, n in counts.items()) + "."
