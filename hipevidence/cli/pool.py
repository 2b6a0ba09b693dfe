"""``hipevidence pool``: the pooled estimates of the protocol's questions."""

from __future__ import annotations

from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, AsJson, DataFolder, chosen, print_json


def pool(
    questions: Annotated[list[str] | None, typer.Argument(help="Questions to pool; all when none is named.")] = None,
    method: Annotated[str | None, typer.Option(help="Another estimator of tau²: EE, DL, PM, REML ...")] = None,
    ci: Annotated[str | None, typer.Option(help="Another interval: wald, t, HKSJ, HKSJ-modified.")] = None,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Pool the results that answer each question and show the estimate, its interval and what is missing."""
    from hipevidence.evidence import load_evidence
    from hipevidence.synthesis import as_record, as_text, synthesise

    evidence = load_evidence(data)
    ids = chosen(questions or [], [question.id for question in evidence.questions], "question")
    syntheses = [synthesise(evidence, question, method=method, ci=ci) for question in ids]
    if as_json:
        print_json({"questions": [as_record(synthesis) for synthesis in syntheses]})
        return
    nothing = "No question is asked yet: add an entry to questions.toml."
    typer.echo("\n\n".join(as_text(synthesis) for synthesis in syntheses) or nothing)
