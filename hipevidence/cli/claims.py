"""``hipevidence claims``: each statement with its verdict and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, AsJson, DataFolder, chosen, print_blocks, print_json

if TYPE_CHECKING:
    from hipevidence.claims import Verdict


def claims(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Claims to show, such as C19; all when none is named.")
    ] = None,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Hold every registered statement against the evidence and show the verdict and the reasons."""
    from hipevidence.claims import verdicts
    from hipevidence.evidence import load_evidence

    evidence = load_evidence(data)
    wanted = chosen(ids or [], [claim.id for claim in evidence.claims], "claim")
    found = [verdict for verdict in verdicts(evidence) if verdict.claim.id in wanted]
    if as_json:
        print_json({"claims": [verdict.as_dict() for verdict in found]})
        return
    print_blocks(map(_text, found), "No statement is registered yet: write the first into claims.toml.")


def _text(verdict: Verdict) -> str:
    lines = [f"{verdict.claim.id}  {verdict.verdict.upper()}", f"  says:    {verdict.claim.statement}"]
    lines += [f"  because: {reason.sentence} ({reason.code})" for reason in verdict.reasons]
    lines += [f"  carried: {verdict.carried}" if verdict.carried else f"  withheld: {verdict.withheld}"]
    rests_on = [*verdict.rows, *verdict.pools, *verdict.questions]
    return "\n".join([*lines, f"  held against: {', '.join(rests_on) or 'nothing; no source was found'}"])
