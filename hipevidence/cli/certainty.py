"""``hipevidence certainty``: how certain each answer is, why, and who stands for it."""

from __future__ import annotations

from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, EXIT_FINDINGS, AsJson, DataFolder, chosen, print_json


def certainty(
    questions: Annotated[list[str] | None, typer.Argument(help="Questions to rate; all when none is named.")] = None,
    entry: Annotated[bool, typer.Option(help="Print entries of certainty.toml to go through and sign.")] = False,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Rate the certainty of each answer (GRADE): suggested from the tables, with reasons, and as signed by a person."""
    from hipevidence.certainty import as_entry, as_record, as_text, rate
    from hipevidence.evidence import load_evidence
    from hipevidence.synthesis import synthesise

    evidence = load_evidence(data)
    ids = chosen(questions or [], [question.id for question in evidence.questions], "question")
    ratings = [rate(evidence, synthesise(evidence, question)) for question in ids]
    if as_json:
        print_json({"certainty": [as_record(rating) for rating in ratings]})
    else:
        nothing = "No question is asked yet: add an entry to questions.toml."
        typer.echo("\n\n".join((as_entry if entry else as_text)(rating) for rating in ratings) or nothing)
    if any(rating.is_stale for rating in ratings):
        raise typer.Exit(EXIT_FINDINGS)
