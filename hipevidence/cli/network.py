"""``hipevidence network``: several treatments compared at once, directly and through each other."""

from __future__ import annotations

from typing import Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, AsJson, DataFolder, chosen, print_json


def network(
    names: Annotated[list[str] | None, typer.Argument(help="Networks to show; all when none is named.")] = None,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Compare all treatments of a network of networks.toml, and show what is missing from it."""
    from hipevidence.comparisons import as_record, as_text, compare_treatments
    from hipevidence.evidence import load_evidence

    evidence = load_evidence(data)
    ids = chosen(names or [], [entry.id for entry in evidence.networks], "network")
    found = [compare_treatments(evidence, name) for name in ids]
    if as_json:
        print_json({"networks": [as_record(one) for one in found]})
        return
    nothing = "No network is asked about: add an entry to networks.toml."
    typer.echo("\n\n".join(as_text(one) for one in found) or nothing)
