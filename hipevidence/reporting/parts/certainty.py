"""How certain the answer to a question is, domain by domain, and who stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.certainty import Certainty, rate
from hipevidence.certainty.record import levels_text
from hipevidence.certainty.result import DOMAINS
from hipevidence.reporting.anchors import certainty_anchor, studies_anchor
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.certainty import Rating, Step
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.certainty import SignedCertainty, SignedStep
    from hipevidence.synthesis import Synthesis

TITLE: Final = "How certain this is"
UNSIGNED: Final = (
    "The suggestion is computed from the tables: what only a person can judge takes no level down in it, so the true "
    "certainty may be lower. The sentence in plain words among the verified figures is never surer than this."
)


def certainty_part(evidence: Evidence, synthesis: Synthesis) -> Part | None:
    """Return the certainty of one answer with the reasons, or ``None`` where there is no answer."""
    rating = rate(evidence, synthesis)
    if not rating.steps:
        return None
    key = certainty_anchor(rating.question)
    said = [f"{rating.level.signs} {rating.level.word} certainty: {rating.state}."]
    said += [] if rating.is_signed else [UNSIGNED]
    rows = studies_anchor(rating.question)
    tables = [_suggested(rating, key).resting_on(rows, 1)]
    if rating.signed is not None:
        tables.append(_signed(rating.signed, key).resting_on(rows, 1))
    return Part(key, TITLE, tuple(tidy(text) for text in said), tables=tuple(tables))


def _suggested(rating: Rating, key: str) -> Table:
    caption = f"Suggested: {rating.suggested.word}. It starts {rating.start.word}, because {rating.start_reason}"
    return _table(f"suggested-{key}", caption, rating.steps)


def _signed(signed: SignedCertainty, key: str) -> Table:
    level, start = (Certainty.of(word).word for word in (signed.level, signed.start))
    caption = f"Signed by {signed.signed_by} on {signed.signed_on}: {level}. It starts {start}"
    return _table(f"signed-{key}", caption, signed.steps)


def _table(key: str, caption: str, steps: Iterable[Step | SignedStep]) -> Table:
    return Table(
        id=key,
        caption=tidy(caption),
        columns=(Column("Domain", "label", 1.0), Column("Levels", "number", 0.4), Column("Why", "text", 4.0)),
        rows=tuple(
            Row((Cell(DOMAINS[step.domain]), Cell(levels_text(step.levels).strip()), Cell(tidy(step.reason))))
            for step in steps
        ),
    )
