"""What a signature was given for: a fingerprint that changes when the suggestion or the data behind it change."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hipevidence.certainty.levels import Certainty
    from hipevidence.certainty.result import Step
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis


def fingerprint(evidence: Evidence, synthesis: Synthesis, start: Certainty, steps: tuple[Step, ...]) -> str:
    """Return 16 hexadecimal digits that stand for all a person could look at when signing.

    They cover the question, its rows as printed, the rows left out and why, the judgements of risk of bias on its
    studies and what was reported of their quality, and the suggested levels. Texts only: a number that another computer
    rounds in the last bit plays no part.
    """
    studies = {row.study_id for row in synthesis.rows}
    used = {row.row_id for row in synthesis.rows}
    seen: list[Any] = [
        synthesis.question.model_dump(mode="json"),
        _printed(evidence, "studies", "row_id", used),
        [[row.row_id, row.kind, row.reason] for row in synthesis.left_out],
        _printed(evidence, "reported_quality", "study_id", studies),
        _printed(evidence, "risk_of_bias", "study_id", studies),
        [int(start), *([step.domain, step.levels] for step in steps)],
    ]
    text = json.dumps(seen, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _printed(evidence: Evidence, table: str, column: str, keys: set[str]) -> list[dict[str, str]]:
    """Return rows as printed, empty cells left out, so that a new column changes nothing until it is filled."""
    rows = evidence.printed[table].to_dict("records")
    return [{str(name): text for name, text in row.items() if text} for row in rows if row[column] in keys]
