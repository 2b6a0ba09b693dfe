"""What one part of a sentence is about: who, what, compared with what, and which way it goes."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.item import BASELINE
from hipevidence.claims.reading import signals
from hipevidence.claims.reading.lexicon import Mention, of_section
from hipevidence.claims.reading.resources import BROAD, ONSET
from hipevidence.claims.reading.sex import sex_of
from hipevidence.claims.reading.turned import HEALTHY, as_deficit, as_exposure, canonical, holds_against_healthy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.reading.resources import Resources
    from hipevidence.evidence.models import Sex

PROTOCOL: Final = "protocol"  # what a study consisted of; nothing happens to it
UNRECOGNISED: Final = "unrecognised"  # compared with something that the vocabulary does not name
#: Behind one of these a number belongs to the other group: "against 9% under usual care".
NAMES_OTHER: Final = re.compile(r"(?:compared|in comparison|versus|vs|against)\b", re.IGNORECASE)
COUNTED: Final = re.compile(
    r"\s*(?:about |just |only )?(?:\d[\d,.]*(?!\d* (?:of|who|in|without|\w+ (?:who|without|with)))\b|"
    r"half|one|two|three|"
    r"a (?:third|quarter|half|few)|ever|expected|usual\b(?! )|before\b)",
    re.IGNORECASE,
)
#: Behind one of these stands what something is compared with.
AGAINST: Final = re.compile(
    r"\b(?:compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?|against|"
    r"than|rather than|superior to|better off than|"
    r"inferior to|unlike|outperforms?|outperformed|outdid|outdoes|bested|trumps|trumped|ahead of|"
    r"beats?|times (?:that|those) (?:of|in)|as (?:that|those) of|"
    r"(?:did|do|does|works?|worked|about|just|at least|almost|nearly) (?:\w+ ){0,2}?as (?:well|"
    r"good|effective|much|important|effectively) as|"
    r"as (?=(?:the|those|women|men|people) (?:\w+ )?(?:strong|who|with|in the|without))|"
    r"over (?=(?:doing|no|the|knee|quad|other|usual|another)))(?!\w)",
    re.IGNORECASE,
)
WITH: Final = re.compile(
    r"\b(?:with|have|has|had|having|from|gets?|patients?|who) (?:(?:a|an|the|their|chronic|"
    r"current(?:ly)?|long-standing) )*$",
    re.IGNORECASE,
)
CHANGING: Final = re.compile(
    r"\b(?:reduc|eas|reliev|lower|cut|less|fewer|decreas|improv|more|relief from|relief of|off|"
    r"falls? in|drops? in|rise in)\w*\s+(?:(?:in|of)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
IN: Final = re.compile(
    r"\b(?:in|among|for) (?:(?:people|patients|women|men|adults|runners|female|male) )?(?:(?:with|the) )?$",
    re.IGNORECASE,
)
PATIENTS: Final = re.compile(
    r"\s*(?:trials?|stud(?:y|ies)|reviews?|research|patients|sufferers|group|people|runners|women|men|cases)\b",
    re.IGNORECASE,
)
WITHOUT: Final = re.compile(
    r"\b(?:people|controls?|runners|those|group|women|men|adults|peers|person|persons|anyone) (?:with no|"
    r"without)\s*(?:any |knee |kneecap )?$",
    re.IGNORECASE,
)
#: Behind one of these a condition is what people get, not who they are.
GETTING: Final = re.compile(
    r"\b(?:develop\w*|gets?|getting|got|prevent\w*|avoid\w*|ward\w* off|stav\w* off|fend\w* off|"
    r"(?:protect|guard|safeguard|shield)\w* (?:\w+ ){0,3}?(?:from|against)|"
    r"(?:incidence|onset|cases?|risks?|odds|chances?|likelihood|rates?) of|prone to|free (?:of|from)|first-time|"
    r"ends? up with|ended up with|comes? down with|came down with|spare[ds]?(?: from)?)\s+(?:[\w-]+\s+){0,2}?$",
    re.IGNORECASE,
)
#: So many of so many people: of whom a condition is what they got.
OF_PEOPLE: Final = re.compile(r"\b\d[\d,]*\s+(?:out\s+)?of\s+(?:the\s+)?\d[\d,]*\b")
#: Two of these tell of two groups.
GROUPS: Final = re.compile(r"\b(?:who|those|group|arm|the other half)\b(?! with\b)", re.IGNORECASE)
HAD: Final = re.compile(
    r"\b(?:had|got|gets?|have|less|fewer|more|developed|suffered)\s+(?:\w+\s+){0,2}?$", re.IGNORECASE
)
#: Behind one of these stands what was not done.
INSTEAD: Final = re.compile(r"\b(?:short of|instead of|without (?:any )?)\s*$", re.IGNORECASE)
NONE: Final = re.compile(r"\b(?:no|without an?|without any|lacked an?|had no)\s+(?:\w+\s+){0,4}$", re.IGNORECASE)
#: What became of people is a result, not an exposure: "the hips became stronger".
BECAME: Final = re.compile(r"\b(?:became|becomes?|becoming|got|gets?|getting|grew|grows?|made|makes?)\b", re.IGNORECASE)
ONCE: Final = re.compile(r"\b(?:once|when|whenever|if|as|until|after|because|since)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
#: The words for a group to which nothing, or nothing special, was done.
NOT_TREATED: Final = re.compile(
    r"\b(?:no|not|nothing|none|without|un\w+|usual|wait\w*|placebo|sham)\b|n't\b", re.IGNORECASE
)
BOTH: Final = re.compile(r"\b(?:between|both|either|neither|whether)\s+(?:\w+\s+)?$", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """The parts of the question that a stretch of text is about; ``""`` or empty where it does not say.

    Attributes
    ----------
    population, intervention, comparator
        Keys of the vocabulary.
    outcomes
        Mentions of outcomes, in order.
    sex
        Whom it is about.
    inverted
        Whether the text speaks of the other end of the exposure (strong instead of weak).
    names_group
        Whether it names a group that something is compared with.
    zones
        Stretches that tell what is compared with.
    mentions
        All terms found.
    """

    population: str = ""
    intervention: str = ""
    comparator: str = ""
    outcomes: tuple[Mention, ...] = ()
    sex: Sex = "mixed"
    inverted: bool = False
    names_group: bool = False
    zones: tuple[tuple[int, int], ...] = ()
    mentions: tuple[Mention, ...] = ()


def frame(text: str, resources: Resources) -> Frame:
    """Return what a part of a sentence is about.

    Parameters
    ----------
    text
        The part.
    resources
        Words and evidence.
    """
    mentions = _with_onsets(text, _decomposed(text, resources.lexicon.find(text), resources), resources)
    zones = tuple(_zones(text))
    outcomes = _outcomes(text, mentions, resources)
    onsets = [one for one in outcomes if one.key.startswith((ONSET, "worse_"))]
    whole = [
        one
        for one in of_section(mentions, "population")
        if not any(one.overlaps(other.start, other.end) for other in onsets)
        if not any(one.overlaps(other.start, other.end) and _is_only_in(one, other, resources) for other in outcomes)
    ]
    people = [one for one in whole if not _in(one, zones) and one.key != BROAD] or whole
    exposure, inverted = _intervention(text, mentions, outcomes, zones, resources)
    groups_by_condition = holds_against_healthy(mentions, whole, resources)
    if exposure is not None and exposure.key not in resources.given and not groups_by_condition:
        outcomes = tuple(one for one in outcomes if not one.overlaps(exposure.start, exposure.end))
    elif exposure is not None and len(outcomes) > 1 and not groups_by_condition:
        outcomes = tuple(one for one in outcomes if not (exposure.start <= one.start and one.end <= exposure.end))
    comparator = _comparator(text, mentions, zones, exposure, resources)
    if exposure is None and not zones:
        exposure = _as_treatment(mentions, outcomes, comparator, resources)
        comparator = "" if exposure is not None else comparator
    if exposure is None and zones and comparator in resources.exposures_of:
        exposure = Mention("intervention", resources.exposures_of[comparator], 0, 0, "")
    if exposure is None:
        exposure = _hinted(text, mentions, outcomes, resources)
    if not comparator and zones and exposure is not None and exposure.key in resources.given:
        comparator = UNRECOGNISED
    found = Frame(
        population=resources.narrowest(one.key for one in people) if any(one.key != BROAD for one in people) else "",
        intervention=exposure.key if exposure else "",
        comparator=comparator,
        outcomes=outcomes,
        sex=sex_of(text, zones, is_given=exposure is not None and exposure.key in resources.given),
        inverted=inverted,
        names_group=_names_group(comparator, mentions, zones, resources),
        zones=zones,
        mentions=mentions,
    )
    return canonical(as_exposure(as_deficit(text, found, people, resources), people, resources), resources)


def _names_group(
    comparator: str, mentions: Iterable[Mention], zones: tuple[tuple[int, int], ...], resources: Resources
) -> bool:
    """Return whether a group is named to compare with; "the controls" name one only where something is compared."""
    if comparator == resources.open_term("comparator"):
        return any(one.key == comparator and _in(one, zones) for one in of_section(mentions, "comparator"))
    return comparator not in {"", BASELINE}


def _with_onsets(text: str, mentions: tuple[Mention, ...], resources: Resources) -> tuple[Mention, ...]:
    """Return mentions with a condition that people are said to get as an outcome as well."""
    found = list(mentions)
    for who in of_section(mentions, "population"):
        onset = resources.named_after(ONSET, who.key, "outcome") if resources.condition(who.key) else ""
        told = any(
            one.key.startswith((ONSET, "worse_")) and one.start <= who.end and who.start - one.end < len(" of the ")
            for one in of_section(mentions, "outcome")
        )
        is_share = OF_PEOPLE.search(text) is not None and HAD.search(text[: who.start]) and not _is_name(text, who)
        if not onset or told or not (GETTING.search(text[: who.start]) or is_share):
            continue
        found = [one for one in found if one.section != "outcome" or not one.overlaps(who.start, who.end)]
        found.append(dataclasses.replace(who, section="outcome", key=onset))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _zones(text: str) -> Iterable[tuple[int, int]]:
    for match in AGAINST.finditer(text):
        rest = text[match.end() :]
        if COUNTED.match(rest) and not NAMES_OTHER.match(match[0]):
            continue
        stop = re.search(r"[;()]|\.\s|,(?=\s)", rest)
        yield match.start(), match.end() + (stop.start() if stop else len(rest))


def _in(mention: Mention, zones: Iterable[tuple[int, int]]) -> bool:
    return any(start <= mention.start < end for start, end in zones)


def _decomposed(text: str, mentions: tuple[Mention, ...], resources: Resources) -> tuple[Mention, ...]:
    """Return mentions with "between hip and knee exercise" taken apart into its two sides."""
    found: list[Mention] = []
    equal = signals.EQUAL.search(text) is not None and not list(_zones(text))
    for mention in mentions:
        sides = re.split(r"\s+(?:and|or|nor)\s+", text[mention.start : mention.end])
        is_two = len(sides) == 2 and mention.section == "intervention" and mention.key in resources.given
        if not is_two or not (equal or BOTH.search(text[: mention.start])):
            found.append(mention)
            continue
        last = sides[1].split()[-1]
        first = sides[0] if len(sides[0].split()) > 1 else f"{sides[0]} {last}"
        one = of_section(resources.lexicon.find(first), "intervention")
        other = of_section(resources.lexicon.find(sides[1]), "comparator")
        middle = mention.start + len(sides[0])
        if not one or not other:
            found.append(mention)
            continue
        found.append(dataclasses.replace(one[0], start=mention.start, end=middle))
        found.append(dataclasses.replace(other[0], start=middle, end=mention.end))
    return tuple(found)


def _outcomes(text: str, mentions: tuple[Mention, ...], resources: Resources) -> tuple[Mention, ...]:
    """Return the outcomes; the "pain" in the name of a condition is none where it only says who the people are."""
    found = tuple(
        one for one in of_section(mentions, "outcome") if one.key != PROTOCOL and not INSTEAD.search(text[: one.start])
    )
    people = [one for one in of_section(mentions, "population") if resources.condition(one.key)]
    names = [
        one
        for one in found
        if any(one.overlaps(who.start, who.end) and len(who.text) > len(one.text) for who in people)
    ]
    found = tuple(
        one for one in found if not WITHOUT.search(text[: one.start]) or one.text.startswith(("ran", "run", "back"))
    )
    groups = [one for one in of_section(mentions, "comparator") if one.key == HEALTHY]
    ends = [one for one in of_section(mentions, "comparator") if one.key in resources.exposures_of]
    other = [one for one in found if not any(one.overlaps(end.start, end.end) for end in ends)]
    groups += ends if other else []
    found = tuple(
        one for one in found if not any(group.start <= one.start and one.end <= group.end for group in groups)
    )
    names = [one for one in names if one in found]
    free = [one for one in found if one not in names and not signals.BETTER.fullmatch(one.text)]
    return tuple(
        one
        for one in found
        if one not in names
        or not _only_names(text, next(who for who in people if one.overlaps(who.start, who.end)), free)
    )


def _only_names(text: str, who: Mention, others: list[Mention]) -> bool:
    """Return whether the "pain" of a condition only names it: something else is measured, or people have it."""
    return _is_name(text, who) or (bool(others) and CHANGING.search(text[: who.start]) is None)


def _is_name(text: str, who: Mention) -> bool:
    """Return whether a condition only says who the people are: "with kneecap pain", "kneecap pain patients"."""
    return " with " in who.text or bool(WITH.search(text[: who.start])) or bool(PATIENTS.match(text[who.end :]))


def _intervention(
    text: str,
    mentions: tuple[Mention, ...],
    outcomes: tuple[Mention, ...],
    zones: Iterable[tuple[int, int]],
    resources: Resources,
) -> tuple[Mention | None, bool]:
    """Return the treatment or exposure that is spoken of, and whether as its other end."""
    groups = of_section(mentions, "comparator")
    people = [one for one in of_section(mentions, "population") if resources.condition(one.key)]
    free = [
        one
        for one in of_section(mentions, "intervention")
        if not _in(one, zones)
        if not any(who.start <= one.start and one.end <= who.end for who in people)
        if not any(other.overlaps(one.start, one.end) and len(other.text) > len(one.text) for other in groups)
    ]
    ends = [
        one for one in of_section(mentions, "comparator") if one.key in resources.exposures_of and not _in(one, zones)
    ]
    covers = resources.context.vocabulary.covers
    exact = [
        one
        for one in free
        if not any(
            other is not one and one.key != other.key and covers("intervention", one.key, other.key) for other in free
        )
    ]
    conditions = [
        one
        for one in of_section(mentions, "population")
        if resources.condition(one.key) and not _is_name(text, one) and not IN.search(text[: one.start])
    ]
    effects = [*outcomes, *conditions]
    exposures = [one for one in exact if one.key not in resources.given and _has_effect(one, effects)]
    ends = [one for one in ends if _has_effect(one, effects) and not _became(text, one)]
    treatments = [one for one in exact if one.key in resources.given]
    if ends and not treatments and not [one for one in exposures if not _same_place(one, ends)]:
        end = ends[0]
        return dataclasses.replace(end, section="intervention", key=resources.exposures_of[end.key]), True
    known = [one for one in [*treatments, *exposures] if one.key in resources.outcomes_of]
    chosen = sorted(known or [*treatments, *exposures], key=lambda one: one.start)
    return (chosen[0] if chosen else None), False


def _is_only_in(who: Mention, outcome: Mention, resources: Resources) -> bool:
    """Return whether people are only part of the name of an outcome: the runners in "running mechanics"."""
    return who.start == outcome.start and len(who.text) < len(outcome.text) and not resources.condition(who.key)


def _became(text: str, end: Mention) -> bool:
    """Return whether stronger hips are what came about; "once the hips get stronger" is the exposure all the same."""
    return bool(BECAME.search(end.text)) and not ONCE.search(text[: end.start])


def _hinted(
    text: str, mentions: tuple[Mention, ...], outcomes: tuple[Mention, ...], resources: Resources
) -> Mention | None:
    """Return what a text brings to mind as the cause of a condition or of what the protocol asks about."""
    asked = {key for keys in resources.usual_outcomes.values() for key in keys}
    on_effect = any(one.key in asked or one.key.startswith((ONSET, "worse_")) for one in outcomes)
    on_effect = on_effect or any(resources.condition(one.key) for one in of_section(mentions, "population"))
    if not on_effect or not (signals.CAUSE.search(text) or signals.TIE.search(text)):
        return None
    found = resources.lexicon.hint(text)
    return None if found is None or any(one.overlaps(found.start, found.end) for one in mentions) else found


def _has_effect(exposure: Mention, effects: Iterable[Mention]) -> bool:
    """Return whether anything but the exposure itself can be its effect; one that is no outcome itself always may."""
    others = list(effects)
    is_outcome = any(one.overlaps(exposure.start, exposure.end) for one in others)
    return not is_outcome or any(not one.overlaps(exposure.start, exposure.end) for one in others)


def _as_treatment(
    mentions: tuple[Mention, ...], outcomes: tuple[Mention, ...], comparator: str, resources: Resources
) -> Mention | None:
    """Return what other evidence uses as a comparison where a text speaks of it as the treatment itself."""
    others = {BASELINE, HEALTHY, resources.open_term("comparator"), *resources.exposures_of}
    named = [one for one in of_section(mentions, "comparator") if one.key == comparator and one.key not in others]
    if not named or not outcomes or named[0].start > outcomes[0].start or NOT_TREATED.search(named[0].text):
        return None
    return dataclasses.replace(named[0], section="intervention")


def _same_place(one: Mention, others: Iterable[Mention]) -> bool:
    return any(one.overlaps(other.start, other.end) for other in others)


def _is_part_of_treatment(text: str, one: Mention, mentions: Iterable[Mention]) -> bool:
    """Return whether a comparison is named only as part of what was done: "stretching and hip strengthening"."""
    return any(
        (other.start <= one.start and one.end <= other.end and len(other.text) > len(one.text))
        or (one.end < other.start and re.fullmatch(r"\s+(?:and|plus|with)\s+", text[one.end : other.start]))
        for other in of_section(mentions, "intervention")
    )


def _comparator(
    text: str,
    mentions: tuple[Mention, ...],
    zones: tuple[tuple[int, int], ...],
    exposure: Mention | None,
    resources: Resources,
) -> str:
    people = [one for one in of_section(mentions, "population") if one.key != "people"]
    comparators = [
        one
        for one in of_section(mentions, "comparator")
        if not NONE.search(text[: one.start])
        if _in(one, zones) or not any(one.overlaps(who.start, who.end) for who in people)
        if _in(one, zones) or not _is_part_of_treatment(text, one, mentions)
    ]
    inside = [one for one in comparators if _in(one, zones)]
    wider = [
        one
        for one in of_section(mentions, "intervention")
        if any(one.overlaps(other.start, other.end) and len(one.text) > len(other.text) for other in inside)
    ]
    if wider:
        return wider[0].key
    if inside:
        return inside[0].key
    covers = resources.context.vocabulary.covers
    for one in of_section(mentions, "intervention"):
        if _in(one, zones) and one.key in resources.context.vocabulary.get("comparator", {}):
            return one.key
    known = set(resources.context.vocabulary.get("intervention", {}))
    alone = [one for one in comparators if one.key not in known and one.key not in resources.exposures_of]
    weighed = signals.EQUAL.search(text) or signals.RIVALS.search(text) or len(GROUPS.findall(text)) > 1
    if exposure is not None and weighed:
        alone += [
            one
            for one in comparators
            if one.key in known and one.start >= exposure.end and not covers("intervention", one.key, exposure.key)
        ]
    return alone[0].key if alone else ""
