"""Every defensible analysis of a question: what holds in all of them, the picture, and which choice does what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.figures.multiverse import specification_curve, specification_curve_description
from hipevidence.multiverse import multiverse
from hipevidence.multiverse.wording import CHOICE_TITLES
from hipevidence.reporting.anchors import studies_anchor
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.pictures import embed
from hipevidence.reporting.text import tidy
from hipevidence.synthesis.wording import value_text

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.multiverse import Multiverse, Specification
    from hipevidence.synthesis import Synthesis

TITLE: Final = "Every defensible analysis"
WARNING: Final = (
    "Analyses of the same data are no independent evidence: their number shows how far the answer hangs on choices, "
    "not how likely it is."
)


def multiverse_part(evidence: Evidence, synthesis: Synthesis) -> Part | None:
    """Return the multiverse of one question, or ``None`` where there are no two ways of analysing it."""
    question = synthesis.question
    result = multiverse(evidence, question)
    if result.size < 2:
        return None
    key = f"multiverse-{question.id}"
    title = f"Specification curve: {tidy(question.title)}"
    picture = embed(specification_curve(result), key, title, specification_curve_description(result))
    table = _choices(result, key).resting_on(studies_anchor(question.id), 2)
    return Part(key, TITLE, (tidy(result.sentence), WARNING), (picture,), (table,))


def _choices(result: Multiverse, key: str) -> Table:
    directed = not result.primary.is_proportion
    return Table(
        id=f"choices-{key}",
        caption="What each choice does",
        columns=(
            Column("Choice", "label", 2.2),
            Column("Analyses", "number", 0.8),
            Column("Estimates", "number", 1.4),
            *((Column("Interval excludes no difference", "number", 1.2),) if directed else ()),
        ),
        rows=tuple(
            _choice(result, f"{CHOICE_TITLES[name]}: {tidy(option)}", found, directed=directed)
            for name in result.varying()
            for option, found in _by_option(result, name).items()
        ),
    )


def _by_option(result: Multiverse, name: str) -> dict[str, list[Specification]]:
    found: dict[str, list[Specification]] = {}
    for one in result.specifications:
        found.setdefault(str(getattr(one, name)), []).append(one)
    return found


def _choice(result: Multiverse, label: str, found: list[Specification], *, directed: bool) -> Row:
    values = [one.estimate for one in found]
    ends = " to ".join(value_text(result.primary, end) for end in (min(values), max(values)))
    clear = sum(one.ci.exists and not one.ci.contains(0.0) for one in found)
    cells = (label, fmt.count(len(found)), ends, *((fmt.count(clear),) if directed else ()))
    return Row(tuple(Cell(text) for text in cells))
