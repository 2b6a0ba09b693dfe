"""What kind of statement a part of a sentence makes: it describes, associates, says a cause, promises, recommends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.context import HAVING
from hipevidence.claims.reading import signals
from hipevidence.claims.reading.directions import causes
from hipevidence.claims.reading.figure import DOSES, UNPLACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.reading.resources import Resources
    from hipevidence.claims.reading.statement import Part

#: Figures that describe a study or a dose, not a result.
AROUND: Final = frozenset({"count_people", "count_studies", "weeks", "months", *DOSES.values(), "intensity_percent"})
DOSE_ROLES: Final = frozenset({*DOSES.values(), "intensity_percent"})
STRONG_CAUSE: Final = re.compile(
    r"\b(?:makes?|caus(?:e|es|ed|ing)|lead(?:s|ing)? to|led to|results? (?:in|of)|because|thanks to|"
    r"due to|root cause|triggers?|shields?|shielded|protects?|protected|prevents?|prevented|guards?|spares?|spared)\b",
    re.IGNORECASE,
)


def has_unplaced(part: Part) -> bool:
    """Return whether a part holds a number of no known kind."""
    return any(one.role == UNPLACED for one in part.figures)


def _does(text: str) -> bool:
    """Return whether a treatment is said to do something to anyone, also as what "a trial showed"."""
    found = signals.DOES.search(text)
    if found is None:
        return False
    return not signals.PAST.search(text) or re.search(r"\bthat\b[^,.;]*$", text[: found.start()]) is not None


def relation_of(  # noqa: C901, PLR0911 - a table of cases, the first that fits
    part: Part, effects: Sequence[Figure], around: Sequence[Figure], resources: Resources
) -> str:
    """Return the kind of statement, as in ``Claim.relation``.

    Parameters
    ----------
    part
        What was understood.
    effects, around
        Its figures that tell a result, and those that describe a study or a dose.
    resources
        Words and evidence.
    """
    frame, text = part.frame, part.text
    is_dose = any(one.role in DOSE_ROLES for one in around) or "research" in part.lead.lower()
    is_dose = is_dose or (bool(around) and signals.NEEDED.search(text) is not None)
    if is_dose and not effects and signals.SUPPORTED_DOSE.search(f"{part.lead} {part.sentence}"):
        return "recommends"
    if (
        signals.PROMISE.search(f"{part.lead} {text}")
        and not part.cited.is_one
        and frame.intervention in {*resources.given, ""}
    ):
        return "promises"
    is_given = frame.intervention in resources.given
    people = any(one.role == "count_people" for one in around)
    if is_given and (effects or has_unplaced(part)) and _does(text):
        return "causes"
    is_report = part.cited.is_one or effects or (signals.PAST.search(text) and not signals.SURE.search(text))
    if is_given and signals.LINK.search(text) and resources.across_trials(frame.intervention):
        return "associates"
    if is_given and effects and not part.cited.is_one and signals.AT_LARGE.search(text):
        return "causes"
    if part.report.generalises and (frame.intervention or effects):
        is_cause = is_given or not frame.intervention or causes(text, frame)
        return "causes" if is_cause else "associates"
    compared_then = frame.names_group and signals.THEN.search(text) and not signals.SURE.search(text)
    if (compared_then or (part.cited.named and is_report) or (people and signals.PAST.search(text))) and not (
        STRONG_CAUSE.search(text) and not is_given
    ):
        return "describes"
    if is_given:
        return "causes"
    if frame.intervention.startswith(HAVING):
        return "causes" if STRONG_CAUSE.search(text) else "associates"
    hedged = signals.HEDGED.search(text) and signals.WEAK_LINK.search(text)
    if causes(text, frame) and not hedged and not signals.NULL.search(text):
        return "causes"
    return "associates"
