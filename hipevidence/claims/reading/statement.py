"""One checkable statement of a text, as a record like those of ``claims.toml``."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.claims.item import BASELINE, RATIOS
from hipevidence.claims.reading import signals
from hipevidence.claims.reading.cited import Cited, identify
from hipevidence.claims.reading.directions import OPPOSITE, direction
from hipevidence.claims.reading.figure import ONE_GROUP, TIMES, UNPLACED
from hipevidence.claims.reading.relation import AROUND, has_unplaced, relation_of
from hipevidence.claims.reading.report import Report
from hipevidence.evidence.models import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.lexicon import Mention
    from hipevidence.claims.reading.quantities import Quantity
    from hipevidence.claims.reading.resources import Resources
    from hipevidence.evidence.models import Finding

UNNAMED: Final = "C00"  # a statement that no registry numbers
NEVER: Final = "9999-12-31"
UNSTATED: Final = "unstated"
LATER: Final = re.compile(
    r"\b(?:after|at|over|within|later|following|by|for|in|during|to|a year on|-week|-month|-year)\b", re.IGNORECASE
)
A_YEAR: Final = re.compile(
    r"\b(?:a|one)(?: full| whole)? year (?:on|later|after|of)\b|\bafter (?:a|one) year\b|\bwithin a year\b|"
    r"\bfor a year\b",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """A checkable statement, and what of its wording the judgement needs beside the record.

    Attributes
    ----------
    claim
        The statement as a record; ``id`` is a placeholder and no evidence is listed.
    text, sentence
        The words it was read from, and the sentence they stand in.
    line, column
        Where they begin in the file, from 1.
    passage, start, end
        Number of the passage, and the stretch of its text.
    figures
        Figures of the treated or exposed group, or of a comparison; those of ``claim``, with their places.
    others
        Figures that the text gives to the comparison group.
    unplaced
        Numbers of no known kind; each must stand somewhere in the evidence.
    admits
        Whether the text itself says that there was no comparison group.
    tells_both_sides
        Whether the passage tells of findings the other way itself.
    names_group
        Whether it names what the group is compared with.
    says_size
        Whether it calls the difference large or important.
    cited
        How it names its source.
    population_is_told
        Whether the people were said, here or before.
    comparator_is_told
        Whether the comparison was said, not filled in.
    intervention_is_told
        Whether the treatment or exposure was said.
    outcome_is_told
        Whether the outcome was said; "better" alone leaves it open.
    passage_text
        The whole passage.
    people
        Numbers of people that the passage tells.
    tells_null
        Whether the passage says of anything that it made no difference.
    says_small
        Whether the text says itself that this is one study, or a small one.
    is_loose
        Whether it asserts something of a treatment or exposure in words that say no more than that.
    acts
        The unknown that is said to bring the result about; ``""`` where none is.
    """

    claim: Claim
    text: str
    sentence: str
    line: int
    column: int
    passage: int
    start: int
    end: int
    figures: tuple[Figure, ...]
    others: tuple[Figure, ...]
    unplaced: tuple[Figure, ...]
    admits: bool
    tells_both_sides: bool
    names_group: bool
    says_size: bool
    cited: Cited
    population_is_told: bool
    comparator_is_told: bool
    intervention_is_told: bool
    outcome_is_told: bool
    passage_text: str
    people: tuple[float, ...]
    tells_null: bool
    says_small: bool
    is_loose: bool
    acts: str


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence as it was understood, before it is judged worth checking.

    Attributes
    ----------
    text, sentence
        The part, and the whole sentence.
    frame
        What it is about, with what the text around it says.
    numbers, figures
        Its numbers, and their roles.
    cited
        How it, or the text around it, names its source.
    lead
        The words that led in to it, if it is an item of a list; else ``""``.
    on_comparison
        Whether it only tells of the group that something is compared with.
    report
        What the passage around it reports.
    """

    text: str
    sentence: str
    frame: Frame
    numbers: tuple[Quantity, ...]
    figures: tuple[Figure, ...]
    cited: Cited
    lead: str = ""
    on_comparison: bool = False
    report: Report = dataclasses.field(default_factory=Report)


def record(part: Part, resources: Resources) -> tuple[Claim, tuple[Figure, ...]] | None:
    """Return the claim that a part of a sentence makes and the figures left in it; ``None`` where it makes none.

    Parameters
    ----------
    part
        What was understood.
    resources
        Words and evidence.
    """
    outcomes = _outcomes(part, resources)
    findings = {one.key: direction(part.text, one, part.frame, resources) for one in outcomes}
    told: dict[str, Finding] = {key: finding for key, finding in findings.items() if finding != "not_reported"}
    if any(one.role in RATIOS and one.value < 1 and not one.is_relative for one in part.figures):
        told = _by_ratio(part.text, told)
    if signals.NOT_SHOWN.search(part.sentence) and not signals.SURE.search(part.text):
        told = {}
    effects = tuple(one for one in part.figures if one.role not in {*AROUND, UNPLACED})
    if effects and all(one.role == "proportion_percent" for one in effects) and not part.frame.intervention:
        told = (
            told if part.report.generalises else {}
        )  # a share of people, without anything that was done to them, tells of no effect
    around = tuple(one for one in part.figures if one.role in AROUND)
    unplaced = has_unplaced(part)
    relation = relation_of(part, effects, around, resources)
    kept = _kept(part, effects, around, relation, directs=bool(told))
    if signals.NOT_SHOWN.search(part.sentence) and not effects:
        return None
    if not _is_checkable(part, told, effects, kept, relation) and not is_loose(part, told, resources):
        return None
    if _tells_of_start_only(part, told, effects):
        return None
    keys = tuple(told) or tuple(dict.fromkeys(one.key for one in outcomes)) or ("protocol",)
    common = next(iter(told.values()), "not_reported")
    source = _source(part, kept, resources, keys)
    entry: dict[str, Any] = {
        "id": UNNAMED,
        "section": "text",
        "statement": part.text,
        "population": part.frame.population or resources.open_term("population"),
        "sex": part.frame.sex,
        "intervention": part.frame.intervention or UNSTATED,
        "comparator": part.frame.comparator or _usual_comparator(part, effects, resources),
        "outcome": keys,
        "time_weeks": _time(part) if told or effects or unplaced else None,
        "finding": common,
        "findings": {key: finding for key, finding in told.items() if finding != common},
        "relation": relation,
        "certainty": _certainty(part),
        "needs_comparison": _needs_comparison(part, effects, relation),
        "figures": tuple(one.as_entry() for one in kept if one.arm != 2),
        "source": source,
        "carried": "",
        "review_by": NEVER,
    }
    return Claim.model_validate(entry), kept


def _by_ratio(text: str, told: Mapping[str, Finding]) -> dict[str, Finding]:
    """Return what happens where only a ratio says which way: 0.80 times the risk is less, whatever "risk" suggests."""
    if any(pattern.search(text) for pattern in (signals.DOWN, signals.BETTER, signals.WORSE)):
        return dict(told)
    return {key: OPPOSITE.get(finding, finding) for key, finding in told.items()}


def _tells_of_start_only(part: Part, told: Iterable[str], effects: Sequence[Figure]) -> bool:
    """Return whether a report only says that people were better than before, in nothing in particular."""
    named = [one for one in part.frame.outcomes if not signals.BETTER.fullmatch(one.text)]
    is_report = part.cited.is_one or bool(part.report.people)
    is_general = named or effects or part.report.generalises
    return bool(told) and is_report and not is_general and part.frame.comparator == BASELINE


def _outcomes(part: Part, resources: Resources) -> tuple[Mention, ...]:
    """Return the outcomes spoken of; "better" alone stands for those that the protocol asks about."""
    named = tuple(one for one in part.frame.outcomes if not signals.BETTER.fullmatch(one.text))
    named = tuple(
        one
        for one in named
        if not any(
            other is not one and other.start <= one.start and one.end <= other.end and len(other.text) > len(one.text)
            for other in named
        )
    )
    if named or signals.PROMISE.search(part.text):
        return named or part.frame.outcomes[:1]
    general = next(iter(part.frame.outcomes), None) or _generic(part)
    if general is None:
        return ()
    usual = resources.usual_outcomes.get(part.frame.intervention) or resources.asked
    asked = [key for key in usual if resources.context.vocabulary["outcome"][key].good][:2]
    return tuple(dataclasses.replace(general, key=key) for key in asked)


def _generic(part: Part) -> Mention | None:
    from hipevidence.claims.reading.lexicon import Mention  # noqa: PLC0415 - only needed here

    found = signals.BETTER.search(part.text) or (signals.NULL.search(part.text) if part.frame.comparator else None)
    return None if found is None else Mention("outcome", "", found.start(), found.end(), found[0].lower())


def _kept(
    part: Part, effects: tuple[Figure, ...], around: tuple[Figure, ...], relation: str, *, directs: bool
) -> tuple[Figure, ...]:
    """Return the figures that are held against evidence; how long it took only describes a result."""
    if relation == "recommends":
        return (*effects, *around)
    sizes = tuple(
        one for one in around if one.role in {"count_people", "count_studies"} and (part.cited.named or effects)
    )
    times = tuple(
        one
        for one in around
        if one.role in {"weeks", "months"} and part.cited.is_one and not (directs or effects)
        if not signals.NULL.search(part.text)  # "by ten weeks the groups were no different" is a result, not a length
    )
    if relation == "promises" and not effects and not part.cited.is_one:
        times = tuple(one for one in around if one.role in {"weeks", "months"})
    return (*effects, *sizes, *times)


def _is_checkable(
    part: Part,
    told: dict[str, Any],
    effects: Sequence[Figure],
    kept: Sequence[Figure],
    relation: str,
) -> bool:
    frame = part.frame
    on_topic = bool(frame.mentions or frame.outcomes or frame.intervention)
    if effects and on_topic:
        return True
    if has_unplaced(part) and frame.outcomes and (frame.intervention or part.cited.named):
        return True
    if relation == "recommends":
        return bool(kept)
    if told and (frame.intervention or relation == "promises" or part.cited.authors):
        return True
    sizes = [one for one in kept if one.role in {"count_people", "count_studies", "weeks", "months"}]
    is_on_topic = bool(frame.population or frame.intervention or part.cited.is_identifiable)
    names_paper = bool(part.cited.authors or part.cited.journal) and part.cited.year is not None
    return (bool(sizes) or names_paper) and part.cited.is_one and is_on_topic


def is_loose(part: Part, told: Iterable[str], resources: Resources) -> bool:
    """Return whether a part asserts something of a treatment or exposure and a condition, but not what happens.

    A reader of plain English never knows every way to say a thing; what it cannot place must not pass in silence.
    """
    frame, text = part.frame, part.text
    on_effect = bool(frame.outcomes) or resources.condition(frame.population)
    if list(told) or not frame.intervention or not on_effect or signals.UNKNOWN.search(text):
        return False
    spans = [(one.start, one.end) for one in frame.mentions]
    return any(
        not any(start <= match.start() < end for start, end in spans)
        for pattern in (signals.CAUSE, signals.TIE, signals.BETTER, signals.WORSE, signals.SURE)
        for match in pattern.finditer(text)
    )


def _usual_comparator(part: Part, effects: Sequence[Figure], resources: Resources) -> str:
    intervention = part.frame.intervention
    if intervention in resources.given or not intervention:
        alone = effects and all(one.role in ONE_GROUP for one in effects)
        return BASELINE if alone else resources.open_term("comparator")
    counts: dict[str, int] = {}
    for item in resources.items:
        if intervention in item.intervention:
            for key in item.comparator:
                counts[key] = counts.get(key, 0) + 1
    return max(counts, key=lambda key: counts[key], default=resources.open_term("comparator"))


def _certainty(part: Part) -> str:
    text = f"{part.lead} {part.text}"
    if signals.SURE.search(text) or signals.THAT_IS_SURE.search(part.sentence):
        return "always"
    return "may" if signals.MAY.search(text) else "does"


def _needs_comparison(part: Part, effects: Sequence[Figure], relation: str) -> bool:
    if signals.ADMITS.search(part.sentence) or (
        relation == "describes" and not effects and not part.frame.intervention
    ):
        return False
    return bool(part.frame.intervention)


def _time(part: Part) -> float | None:
    """Return the weeks from the start that a text speaks of; a time since the end of treatment does not say them."""
    if signals.AFTER_END.search(part.text):
        return None
    times = [
        (one.value if one.high is None else one.high) * TIMES[one.unit]
        for one in part.numbers
        if one.unit in TIMES
        and (
            LATER.search(part.text[max(one.start - 22, 0) : one.start])
            or re.search(r"[\s-](?:week|month|year)", part.text[one.start : one.end])
        )
    ]
    if A_YEAR.search(part.text):
        times.append(52.0)
    return max(times, default=None)


def _source(part: Part, kept: Sequence[Figure], resources: Resources, outcomes: Sequence[str]) -> dict[str, Any]:
    cited = part.cited
    report = part.report
    spoken = dataclasses.replace(
        part.frame,
        population=part.frame.population or report.population,
        intervention=part.frame.intervention or report.intervention,
        comparator=part.frame.comparator or report.comparator,
    )
    key, certainty = identify(cited, spoken, kept, resources, (*outcomes, *report.outcomes), report.people)
    return {
        "named": cited.named,
        "journal": cited.journal,
        "year": cited.year,
        "design": cited.design,
        "studies": None,
        "participants": None,
        "identified": key,
        "certainty": certainty,
    }
