"""``hipevidence risk``: what an exposure means for people like these, as far as the tables reach."""

from __future__ import annotations

from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, AsJson, DataFolder, print_json


def risk(
    sex: Annotated[str, typer.Option(help="female, male, mixed or not_reported.")],
    outcome: Annotated[str, typer.Option(help="Outcome of the model, such as worsening or new.")],
    quartile: Annotated[str, typer.Option(help="Group of the exposure, such as lowest.")],
    population: Annotated[
        str | None,
        typer.Option(help="Other people than the model's: a key or label of the vocabulary."),
    ] = None,
    stratum: Annotated[str | None, typer.Option(help="A part of these people, such as strong_knee_extensors.")] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            help="Risk of the reference group (the highest quarter), as in 0.20, or the name of an observed one. "
            "Without it only ratios are given."
        ),
    ] = None,
    scenario: Annotated[
        bool, typer.Option("--scenario", help="Print the model's grid of assumed baselines, named as a scenario.")
    ] = False,
    model: Annotated[str | None, typer.Option(help="Model of risk_models.toml; the only one if left out.")] = None,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show the risk of people like these with and without the exposure, or say why there is no estimate."""
    from hipevidence.evidence import load_evidence
    from hipevidence.personal_risk import as_record, as_text, personal_risk

    found = personal_risk(
        load_evidence(data),
        model,
        sex=sex,
        outcome=outcome,
        quartile=quartile,
        population=population,
        stratum=stratum,
        baseline=_number_or_name(baseline),
        scenario="grid" if scenario else None,
    )
    if as_json:
        print_json({"risk": as_record(found)})
        return
    typer.echo(as_text(found))


def _number_or_name(text: str | None) -> float | str | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text
