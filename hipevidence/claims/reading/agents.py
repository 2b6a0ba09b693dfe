"""What is said to bring a result about, where the vocabulary does not name it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading import signals

if TYPE_CHECKING:
    from hipevidence.claims.reading.statement import Part

ACTS: Final = re.compile(
    r"\b(?:improv|reduc|lower|cut|eas|reliev|decreas|rais|increas|boost|help|bring|brought|"
    r"mak|giv|gave|get|fix|cur|heal)\w*\b",
    re.IGNORECASE,
)
THROUGH: Final = re.compile(
    r"\b(?:after|through|using|thanks to|following)\s+(?P<what>(?:[\w-]+\s*){1,4})", re.IGNORECASE
)
TIME_WORDS: Final = re.compile(
    r"\d|\b(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twelve)? ?(?:weeks?|months?|"
    r"years?|days?|minutes?|hours?|time|that|this|it|their|being|treatment|they|programme|program)\b",
    re.IGNORECASE,
)


def unknown_agent(part: Part) -> str:
    """Return the words for a treatment that the vocabulary does not name; ``""`` where the text names none.

    They stand before the word that says what happens, or behind "after", "thanks to" and the like, and hold no term.
    """
    if part.frame.intervention:
        return ""
    told = [one for one in part.frame.outcomes if one.start >= 0 and not signals.BETTER.fullmatch(one.text)]
    outcomes = [one.start for one in told]
    verb = ACTS.search(part.text)
    if verb is not None and outcomes and verb.start() < min(outcomes):
        subject = part.text[: verb.start()]
        if not any(one.start < verb.start() for one in part.frame.mentions) and not signals.RESEARCH.search(subject):
            return subject.strip(" ,;:")[-60:]
    for match in THROUGH.finditer(part.text):
        span = match.span("what")
        if not any(one.overlaps(*span) for one in part.frame.mentions) and not TIME_WORDS.search(match["what"]):
            return match["what"].strip()
    return ""
