"""Sentences that assert something on the topic and in which no checkable statement was recognised.

A reader of plain English never knows every way to say a thing. What names a treatment or exposure and an outcome or a
condition, and says what the one does to the other, must not pass in silence because its words were not foreseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading import signals
from hipevidence.claims.reading.quantities import quantities
from hipevidence.claims.reading.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.documents import Document, Passage
    from hipevidence.claims.reading.lexicon import Mention
    from hipevidence.claims.reading.resources import Resources
    from hipevidence.claims.reading.statement import Statement

RESULTS: Final = frozenset(
    {"percent", "points", "effect", "odds", "risk", "hazard", "likely", "times", "part", "part_word"}
)
ASSERTS: Final = (signals.CAUSE, signals.TIE, signals.BETTER, signals.WORSE, signals.UP, signals.DOWN, signals.LINK)
TALKS_OF_THE_CLINIC: Final = (signals.INSTRUCTION, signals.CLINIC, signals.RULE)
SETTLES_NOTHING: Final = (signals.UNKNOWN, signals.NOT_SHOWN, signals.NULL)


def unread(document: Document, statements: Iterable[Statement], resources: Resources) -> Iterable[tuple[int, int, int]]:
    """Yield the number of a passage and the stretch of a sentence in it that asserts something nobody could check.

    Parameters
    ----------
    document
        The text.
    statements
        Those that were recognised.
    resources
        Words and evidence.
    """
    read = {statement.passage for statement in statements}
    for number, passage in enumerate(document.passages):
        if number in read or passage.kind == "heading":
            continue
        for start, end in sentences(passage.text):
            if _asserts(passage, passage.text[start:end], resources):
                yield number, start, end


def _asserts(passage: Passage, sentence: str, resources: Resources) -> bool:
    if sentence.rstrip().endswith("?") or any(one.search(sentence) for one in TALKS_OF_THE_CLINIC):
        return False
    if any(pattern.search(passage.text) for pattern in SETTLES_NOTHING):
        return False
    mentions = resources.lexicon.find(sentence)
    causes = [one for one in mentions if one.section == "intervention"]
    effects = [
        one
        for one in mentions
        if one.section == "outcome" or (one.section == "population" and resources.condition(one.key))
    ]
    results = any(one.unit in RESULTS for one in quantities(sentence))
    tied = any(not one.overlaps(other.start, other.end) for one in causes for other in effects)
    says_what = _says_what(sentence, mentions)
    return (tied and (results or says_what)) or (results and says_what and bool(effects))


def _says_what(sentence: str, mentions: Iterable[Mention]) -> bool:
    spans = [(one.start, one.end) for one in mentions]
    return any(
        not any(start <= match.start() < end for start, end in spans)
        for pattern in ASSERTS
        for match in pattern.finditer(sentence)
    )
