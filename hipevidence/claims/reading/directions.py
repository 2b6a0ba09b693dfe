"""What a part of a sentence says happens to each outcome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading import signals
from hipevidence.claims.reading.resources import ONSET

if TYPE_CHECKING:
    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.lexicon import Mention
    from hipevidence.claims.reading.resources import Resources
    from hipevidence.evidence.models import Finding

SIGNS: Final = (
    ("increases", signals.UP),
    ("decreases", signals.DOWN),
    ("better", signals.BETTER),
    ("worse", signals.WORSE),
)
OPPOSITE: Final[dict[Finding, Finding]] = {"increases": "decreases", "decreases": "increases"}
NEAR: Final = 70  # characters between an outcome and the word that says which way it goes
JOINED: Final = re.compile(r"[,;]|\b(?:and|while|but|whereas)\b", re.IGNORECASE)
NEAR_JOINT: Final = 25  # characters between "and" and the group it goes on with
EVENT: Final = re.compile(
    r"\b(?:los|wear|wor[ns]|damag|destroy|drop|collaps|cav|valgus|inward|overload|stress|strain|pressure)",
    re.IGNORECASE,
)


def direction(text: str, mention: Mention, frame: Frame, resources: Resources) -> Finding:
    """Return what a text says happens to an outcome with the treatment or exposure of the frame.

    Parameters
    ----------
    text
        The part of the sentence.
    mention
        The outcome.
    frame
        What the text is about.
    resources
        Words and evidence.

    Returns
    -------
    str
        A finding; ``not_reported`` where the text says nothing.
    """
    if mention.start < 0 and not any(
        one.search(text) for one in (*(sign for _, sign in SIGNS), signals.LINK, signals.NULL)
    ):
        return "not_reported"  # an outcome that stands in the sentence before
    if signals.UNKNOWN.search(text) and not signals.SURE.search(text):
        return "not_reported"
    text = _without_the_others(text, frame)
    for elsewhere in (signals.NULL_ELSEWHERE, signals.DID_NOT):
        text = elsewhere.sub(lambda match: " " * len(match[0]), text)
    better = signals.EVEN_BETTER.search(text) is not None and signals.BETTER.search(text) is not None
    if signals.NULL.search(text) and not better and not _contrast(text):
        return "no_difference"
    blank = signals.DENIED.sub(lambda match: " " * len(match[0]), text)
    found: Finding = "decreases" if _taken_off(text, mention) else _told(blank, mention, frame, resources)
    return OPPOSITE.get(found, found) if frame.inverted else found


def _without_the_others(text: str, frame: Frame) -> str:
    """Return a text without what it says of those not treated: "and women who did no exercise felt no change"."""
    for group in frame.mentions:
        is_it = group.section == "comparator" and group.key == frame.comparator
        if not is_it or group.start < 0 or signals.EQUAL.search(text[group.end :]):
            continue
        joined = max(JOINED.finditer(text[: group.start]), key=re.Match.start, default=None)
        stop = re.search(r"[,;]", text[group.end :])
        end = group.end + stop.start() if stop else len(text)
        if (
            joined is not None
            and signals.NULL.search(text[group.end : end])
            and group.start - joined.end() <= NEAR_JOINT
        ):
            return text[: joined.start()] + " " * (end - joined.start()) + text[end:]
    return text


def _taken_off(text: str, mention: Mention) -> bool:
    return any(0 <= mention.start - match.end() < len(" their kneecap ") for match in signals.TAKEN_OFF.finditer(text))


def _contrast(text: str) -> bool:
    """Return whether a "without" or "do not" belongs to the people, not to the result."""
    hits = list(signals.NULL.finditer(text))
    return all(match[0].lower().startswith(("the same", "don't")) for match in hits) and bool(
        re.search(
            r"\bthe same (?:study|trial|paper|review|time|programme|program)\b|\bdon't let\b", text, re.IGNORECASE
        )
    )


def _told(  # noqa: PLR0911 - a table of cases, the first that fits
    text: str, mention: Mention, frame: Frame, resources: Resources
) -> Finding:
    good = resources.context.vocabulary["outcome"][mention.key].good
    inside = _inside(mention)
    if inside:
        return inside
    sign = _nearest(text, mention, frame)
    if sign in {"increases", "decreases"}:
        return sign  # type: ignore[return-value]  # narrowed to two findings above
    if sign == "better":
        return "increases" if good in {"more", None} else "decreases"
    if sign == "worse":
        return "decreases" if good == "more" else "increases"
    if frame.intervention not in resources.given and (causes(text, frame) or signals.LINK.search(text)):
        is_event = mention.key.startswith((ONSET, "worse_")) or good == "less" or EVENT.search(mention.text)
        return "increases" if is_event else "not_reported"
    if mention.key.startswith((ONSET, "worse_")) and frame.intervention and frame.intervention not in resources.given:
        return "increases" if re.search(r"\b(?:more often|get|gets|got|develop)", text) else "not_reported"
    if EVENT.search(mention.text) and frame.intervention and frame.intervention not in resources.given:
        return "increases"
    differs = frame.comparator and re.search(r"\bdifference\b", text, re.IGNORECASE)
    if differs and good and frame.intervention in resources.given:
        return "increases" if good == "more" else "decreases"  # a difference told without a way is told as a gain
    return "not_reported"


def causes(text: str, frame: Frame) -> bool:
    """Return whether a text says that one thing brings about another; "damage" as the name of an outcome does not."""
    inside = [one for one in frame.mentions if one.section in {"intervention", "outcome"}]
    return any(
        not any(one.start + (one.section == "outcome") <= match.start() < one.end for one in inside)
        for match in signals.CAUSE.finditer(text)
    )


def _inside(mention: Mention) -> Finding | None:
    """Return the direction that the words of an outcome hold themselves: "weaker hips", "back to running"."""
    words = mention.text
    if re.search(r"\b(?:stop|stops|stopped|stopping|prevents?|from)\b", words):
        return "decreases"
    if signals.BETTER.fullmatch(words) and not mention.key.endswith(("recovery", "return_to_running")):
        return None
    if re.search(
        r"\b(?:relief|neglect\w*|weak|weaker|weakest|weakness|undertrained|inactive|idle|"
        r"asleep|forget\w*|amnesia|off|lower|lowest|less|reduced|low|poor|poorer)\b",
        words,
    ):
        return "decreases"
    if re.search(r"\b(?:stronger|longer|further|farther|faster|got stronger|switching them on)\b", words):
        return "increases"
    if re.search(
        r"\b(?:pain-free|pain free|cured|recovered|back to|ran|run|runs|running without|"
        r"returned|improved|better|improvement|improvements)\b",
        words,
    ):
        return "increases"
    return None


def _nearest(text: str, mention: Mention, frame: Frame) -> str:
    """Return the sign whose word stands nearest to an outcome; words of other terms do not count."""
    taken = [
        one
        for one in frame.mentions
        if one.section in {"intervention", "comparator", "population"} and one is not mention
    ]
    other = [one for one in frame.outcomes if one is not mention]
    best: tuple[int, str] | None = None
    for sign, pattern in SIGNS:
        for match in pattern.finditer(text):
            if any(one.start <= match.start() and match.end() <= one.end for one in taken):
                continue
            is_generic = signals.BETTER.fullmatch(mention.text) is not None
            if mention.start <= match.start() < mention.end and not mention.key.startswith("worse_") and not is_generic:
                continue
            distance = _distance(match.start(), match.end(), mention)
            crossed = sum(
                1 for one in other if min(match.end(), mention.end) <= one.start < max(match.start(), mention.start)
            )
            distance += 12 * crossed + (4 if match.start() > mention.start else 0)
            if any(match[0].lower() == word for word in ("off", "works", "work", "brought", "took", "idle", "longer")):
                distance += 15
            if distance <= NEAR + 12 * crossed and (best is None or distance < best[0]):
                best = distance, sign
    if best is None:
        return ""
    return best[1]


def _distance(start: int, end: int, mention: Mention) -> int:
    return max(mention.start - end, start - mention.end, 0)
