"""``hipevidence bias``: which results were judged for risk of bias, and rows to fill in for the others."""

from __future__ import annotations

from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, NO_QUESTIONS, AsJson, DataFolder, chosen, print_blocks, print_json


def bias(
    questions: Annotated[list[str] | None, typer.Argument(help="Questions to look at; all when none is named.")] = None,
    entry: Annotated[
        bool, typer.Option(help="Print rows to fill in, for: add --table risk_of_bias --from FILE.csv.")
    ] = False,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show which results were judged for risk of bias (RoB 2, ROBINS-I), and print rows to fill in for the others."""
    from hipevidence import certainty
    from hipevidence.evidence import load_evidence
    from hipevidence.synthesis import synthesise

    evidence = load_evidence(data)
    ids = chosen(questions or [], [question.id for question in evidence.questions], "question")
    answers = [synthesise(evidence, question) for question in ids]
    found = [(answer, certainty.results_to_judge(evidence, answer)) for answer in answers]
    results = [one for _, each in found for one in each]
    if as_json:
        print_json({"bias": [certainty.judgements_record(*each) for each in found]})
    elif entry:
        typer.echo(certainty.judgements_to_fill(evidence, results), nl=False)
    else:
        blocks = [*(certainty.judgements_text(*each) for each in found), certainty.domains_text(results)]
        print_blocks(blocks, NO_QUESTIONS)
