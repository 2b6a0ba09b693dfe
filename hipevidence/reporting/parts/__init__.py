"""What other rooms add to the report, one part a module; a part that has nothing to say is not printed.

A part of one question is a function from the evidence and the question's answer to a ``Part`` or ``None``; a part
of the whole report takes all answers and all verdicts. The lists below are the page order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.reporting.anchors import ROWS_ANCHOR, studies_anchor
from hipevidence.reporting.numbers import leading_part
from hipevidence.reporting.parts.bias import bias_part, bias_section
from hipevidence.reporting.parts.certainty import certainty_part
from hipevidence.reporting.parts.findings import findings_part
from hipevidence.reporting.parts.multiverse import multiverse_part
from hipevidence.reporting.parts.network import network_section
from hipevidence.reporting.parts.people import people_part
from hipevidence.reporting.parts.search import search_section
from hipevidence.reporting.parts.small_studies import small_studies_part
from hipevidence.reporting.parts.write_up import write_up_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Part
    from hipevidence.synthesis import Synthesis

    QuestionPart = Callable[[Evidence, Synthesis], Part | None]
    Section = Callable[[Evidence, tuple[Synthesis, ...], tuple[Verdict, ...]], Part | None]

QUESTION_PARTS: Final[tuple[QuestionPart, ...]] = (
    certainty_part,
    bias_part,
    people_part,
    multiverse_part,
    small_studies_part,
    write_up_part,
)
#: Before the statements.
OPENING: Final[tuple[Section, ...]] = (findings_part,)
SECTIONS: Final[tuple[Section, ...]] = (network_section, search_section, bias_section)


def question_parts(evidence: Evidence, synthesis: Synthesis) -> tuple[Part, ...]:
    """Return what other rooms add to the answer of one question, in page order."""
    found = (build(evidence, synthesis) for build in QUESTION_PARTS)
    rows = studies_anchor(synthesis.question.id) if synthesis.rows else ""
    return tuple(leading_part(part, rows) for part in found if part is not None)


def sections(
    evidence: Evidence, syntheses: tuple[Synthesis, ...], verdicts: tuple[Verdict, ...], which: tuple[Section, ...]
) -> tuple[Part, ...]:
    """Return what concerns more than one question, ``OPENING`` or ``SECTIONS``, in page order."""
    found = (build(evidence, syntheses, verdicts) for build in which)
    rows = "" if evidence.studies.empty else ROWS_ANCHOR
    return tuple(leading_part(part, rows) for part in found if part is not None)
