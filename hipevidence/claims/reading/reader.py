"""The checkable statements of a document, each understood with what stands before it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading import signals
from hipevidence.claims.reading.agents import unknown_agent
from hipevidence.claims.reading.cited import Cited, cited
from hipevidence.claims.reading.figure import ONE_GROUP, UNPLACED
from hipevidence.claims.reading.frame import Frame, frame
from hipevidence.claims.reading.lexicon import of_section
from hipevidence.claims.reading.quantities import quantities
from hipevidence.claims.reading.relation import AROUND
from hipevidence.claims.reading.report import Report, masked, report_of
from hipevidence.claims.reading.resources import BROAD
from hipevidence.claims.reading.roles import figures
from hipevidence.claims.reading.sentences import clauses, sentences
from hipevidence.claims.reading.sex import names_both_sexes
from hipevidence.claims.reading.statement import UNSTATED, Part, Statement, is_loose, record
from hipevidence.claims.sources import REVIEW_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.documents import Document, Passage
    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.reading.resources import Resources
    from hipevidence.evidence.models import ClaimSource

ITEM_LENGTH: Final = 130
FRAGMENT: Final = 6  # words
RESULTS: Final = frozenset({"percent", "points", "effect", "odds", "risk", "hazard", "likely", "on_line"})
ASSERTS: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|can|will|does|do|causes?|reduces?|improves?|prevents?|beats?|"
    r"relieves?|eases?|cuts?|works?|fixe[sd]|means?|cures?|leads?|raises?|lowers?|need|needs|"
    r"protects?|\d)\b",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Around:
    """What the text before a part has said.

    Attributes
    ----------
    frame
        Of the part before, in the same passage; empty at its beginning.
    cited
        Source of the sentence before, in the same passage.
    heading
        What the last heading is about.
    lead, lead_frame, lead_cited
        The line that led in to a list.
    in_bullets
        Whether the passage before was a bullet, so that a plain line ends the list.
    report
        What this passage as a whole reports.
    """

    frame: Frame = dataclasses.field(default_factory=Frame)
    cited: Cited = dataclasses.field(default_factory=Cited)
    heading: Frame = dataclasses.field(default_factory=Frame)
    lead: str = ""
    lead_frame: Frame = dataclasses.field(default_factory=Frame)
    lead_cited: Cited = dataclasses.field(default_factory=Cited)
    in_bullets: bool = False
    report: Report = dataclasses.field(default_factory=Report)


def read_statements(document: Document, resources: Resources) -> tuple[Statement, ...]:
    """Return the checkable statements of a document.

    Parameters
    ----------
    document
        The text.
    resources
        Words and evidence.

    Returns
    -------
    tuple of Statement
        In the order of the text; what makes no checkable statement leaves none.
    """
    found: list[Statement] = []
    around = _Around()
    for number, passage in enumerate(document.passages):
        around = _without_lead(around, passage)
        statements, around = _of_passage(passage, number, around, resources)
        found += statements
    return tuple(found)


def _without_lead(around: _Around, passage: Passage) -> _Around:
    """Return the surroundings at the beginning of a passage: a list ends with its last short item."""
    is_item = passage.kind in {"item", "cell"} or (
        passage.kind == "paragraph" and len(passage.text) <= ITEM_LENGTH and len(sentences(passage.text)) == 1
    )
    fresh = dataclasses.replace(around, frame=Frame(), cited=Cited(), in_bullets=passage.kind == "item")
    ends = passage.kind == "heading" or (around.in_bullets and passage.kind != "item")
    if is_item and not ends:
        return fresh
    return dataclasses.replace(fresh, lead="", lead_frame=Frame(), lead_cited=Cited())


def _of_passage(
    passage: Passage, number: int, around: _Around, resources: Resources
) -> tuple[list[Statement], _Around]:
    found: list[Statement] = []
    spans = sentences(passage.text)
    told = [passage.text[start:end] for start, end in spans]
    sources = [cited(sentence, quantities(sentence), resources) for sentence in told]
    around = dataclasses.replace(around, report=report_of(passage.text, told, sources, resources))
    for (start, _), sentence, own in zip(spans, told, sources, strict=True):
        if sentence.rstrip().endswith("?") and not signals.RHETORICAL.search(
            sentence
        ):  # asks nothing of the evidence, but says what the answer is about
            asked = frame(sentence, resources)
            around = dataclasses.replace(around, frame=asked if asked.mentions else around.frame)
            continue
        source = _source(sentence, own, around)
        for first, last in clauses(sentence):
            part = _part(sentence, sentence[first:last], source, around, resources)
            around = dataclasses.replace(around, frame=part.frame if part.frame.mentions else around.frame)
            if _is_silent(part, passage):
                continue
            statement = _statement(part, passage, number, start + first, resources)
            if statement is not None:
                found.append(statement)
        around = dataclasses.replace(around, cited=source if source.named else Cited())
    return _with_shared_source(found, resources), _after(passage, around, resources)


def _with_shared_source(found: list[Statement], resources: Resources) -> list[Statement]:
    """Return the statements of a passage that reports one study with its paper, where one of them found it."""
    best = [one for one in found if any(figure.role not in AROUND for figure in one.figures)] or found
    sources = {one.claim.source.identified: one.claim.source for one in best if one.claim.source.identified}
    if len(sources) != 1:
        return found
    (source,) = sources.values()
    items = resources.by_source.get(source.identified or "", ())
    return [
        _with_source(one, source) if _may_borrow(one, source) and _is_about(one, items, resources) else one
        for one in found
    ]


def _is_about(statement: Statement, items: Iterable[EvidenceItem], resources: Resources) -> bool:
    """Return whether a paper is about the treatment or exposure of a statement, if that names one."""
    told, touches = statement.claim.intervention, resources.context.touches
    return told == UNSTATED or any(touches("intervention", item.intervention, told) for item in items)


def _may_borrow(statement: Statement, source: ClaimSource) -> bool:
    """Return whether a statement names no paper of its own, or names it by its size or by the same year only."""
    cites, own = statement.cited, statement.claim.source
    if cites.authors or cites.journal or not cites.is_one:
        return False
    return own.identified is None or cites.year in {None, source.year}


def _with_source(statement: Statement, source: ClaimSource) -> Statement:
    lent = {"identified": source.identified, "certainty": source.certainty}
    own = statement.claim.source.model_copy(update=lent)
    return dataclasses.replace(statement, claim=statement.claim.model_copy(update={"source": own}))


def _source(sentence: str, own: Cited, around: _Around) -> Cited:
    """Return the source of a sentence: its own, or the one that the text around it is about."""
    points = signals.POINTING.search(sentence) is not None
    past = signals.PAST.search(sentence) is not None
    told = around.report.cited
    for other in (around.cited, told):
        inherits = not own.named and bool(other.named) and (points or past)
        if inherits or (own.named and not own.is_identifiable and other.is_identifiable and points):
            return other
    if own.named and not own.is_identifiable and (own.is_one or past) and told.is_identifiable and told.is_one:
        return told
    return own if own.named or not around.lead_cited.named else around.lead_cited


def _after(passage: Passage, around: _Around, resources: Resources) -> _Around:
    """Return what the next passage should know of this one."""
    if passage.kind == "heading" and not re.search(r"\d", passage.text):
        return dataclasses.replace(around, heading=frame(passage.text, resources))
    if passage.text.rstrip().endswith(":"):
        lends = not signals.CLINIC.search(passage.text) and not signals.INSTRUCTION.match(passage.text)
        about = frame(passage.text, resources) if lends else Frame()
        return dataclasses.replace(
            around, lead=passage.text if lends else "", lead_frame=about, lead_cited=around.cited
        )
    return around


def _part(sentence: str, text: str, source: Cited, around: _Around, resources: Resources) -> Part:
    """Return a part of a sentence with what it leaves to the text before it."""
    text = masked(text, source.journal)
    own = frame(text, resources)
    on_comparison = bool(own.comparator) and not own.intervention and not own.zones and bool(around.frame.intervention)
    if not own.intervention and own.outcomes and text != sentence:
        own = _from_rest(own, frame(sentence, resources))
    whole = _filled(own, text, around, resources)
    numbers = quantities(text)
    is_review = source.is_one and REVIEW_WORDS.search(source.design) is not None
    compares = (whole.names_group or is_review) and own.comparator != "baseline"
    found = figures(text, numbers, whole, compares=compares, unexposed=resources.exposures_of)
    if on_comparison:
        found = tuple(dataclasses.replace(one, arm=2) if one.role in ONE_GROUP else one for one in found)
    return Part(text, sentence, whole, numbers, found, source, around.lead, on_comparison, around.report)


def _filled(own: Frame, text: str, around: _Around, resources: Resources) -> Frame:
    """Return a frame whose missing parts come from the part before, the line that led in, or the heading."""
    changes: dict[str, object] = {}
    before = around.frame if around.frame.mentions else around.lead_frame
    if not own.population:
        spoken = (before, around.lead_frame, around.report, around.heading)
        population = next((one.population for one in spoken if one.population), "")
        changes["population"] = "" if _is_outcome(own, population, resources) else population
    elif _may_be_the_same(own.population, before.population, resources):
        changes["population"] = before.population
    if own.sex == "mixed" and not names_both_sexes(text):
        changes["sex"] = before.sex if before.sex != "mixed" and not own.population else around.report.sex
    if not own.intervention and (own.outcomes or own.comparator or signals.SURE.search(text)):
        known = before.intervention or _exposure(before, resources) or around.report.intervention
        changes |= {"intervention": known, "inverted": before.inverted}
        if not own.comparator and before.intervention:
            changes |= {"comparator": before.comparator, "names_group": before.names_group}
    told = changes.get("comparator") or own.comparator
    if not told and around.report.names_group and around.report.comparator and (own.outcomes or own.intervention):
        changes["comparator"] = around.report.comparator
    if _is_fragment(own, text):
        changes["outcomes"] = tuple(dataclasses.replace(one, start=-1, end=-1) for one in before.outcomes)
        changes |= {"intervention": before.intervention, "comparator": before.comparator}
    elif (
        not own.outcomes
        and before.outcomes
        and (own.zones or any(one.search(text) for one in (signals.POINTING, signals.AFFECTED, signals.BECAUSE)))
    ):
        changes["outcomes"] = tuple(dataclasses.replace(one, start=-1, end=-1) for one in before.outcomes)
    return dataclasses.replace(own, **changes)  # type: ignore[arg-type]  # fields of Frame by name


def _may_be_the_same(people: str, before: str, resources: Resources) -> bool:
    """Return whether people may be those told of before: a wider name for them, or another name for people not ill."""
    if not before or resources.context.vocabulary.covers("population", people, before):
        return bool(before)
    return not any(resources.condition(one) or one == BROAD for one in (people, before))


def _is_fragment(own: Frame, text: str) -> bool:
    """Return whether a part tells a result that the one before leads up to: "How much? 28%."."""
    results = [one for one in quantities(text) if one.unit in RESULTS or one.decimals]
    is_short = not own.mentions and len(text.split()) <= FRAGMENT
    return bool(results) and (is_short or not (own.outcomes or own.intervention or own.comparator))


def _exposure(before: Frame, resources: Resources) -> str:
    """Return the exposure that a text spoke of without an effect yet: "when the hips are weak, ..."."""
    spoken = (one.key for one in of_section(before.mentions, "intervention") if one.key not in resources.given)
    return next(spoken, "")


def _from_rest(own: Frame, sentence: Frame) -> Frame:
    """Return a frame whose missing treatment or exposure another part of the sentence names."""
    changes: dict[str, object] = {"intervention": sentence.intervention, "inverted": sentence.inverted}
    if not own.population:
        changes |= {"population": sentence.population, "sex": sentence.sex if own.sex == "mixed" else own.sex}
    return dataclasses.replace(own, **changes)  # type: ignore[arg-type]  # fields of Frame by name


def _is_outcome(own: Frame, population: str, resources: Resources) -> bool:
    """Return whether people with a condition before would now be the ones who get it."""
    return any(one.key.startswith("new_") for one in own.outcomes) and resources.condition(population)


def _is_silent(part: Part, passage: Passage) -> bool:
    """Return whether a sentence asks, instructs, tells of the clinic or only names a topic."""
    sentence = part.sentence
    is_result = any(one.role not in AROUND for one in part.figures)
    if part.on_comparison and not is_result and signals.NULL.search(part.text):
        return True
    if passage.kind == "heading" and (signals.ASKING.match(sentence) or not ASSERTS.search(sentence)):
        return True
    if signals.SUPPORTED_DOSE.search(f"{part.lead} {sentence}"):
        return False
    if signals.INSTRUCTION.match(sentence) and not signals.AND_THEN.search(sentence):
        return not is_result
    if signals.CLINIC.search(sentence) or signals.RULE.search(sentence):
        return not is_result
    return bool(passage.kind == "heading" and signals.ASKING.match(sentence))


def _statement(part: Part, passage: Passage, number: int, start: int, resources: Resources) -> Statement | None:
    made = record(part, resources)
    if made is None:
        return None
    claim, kept = made
    offset = len(part.text) - len(part.text.lstrip())
    line, column = passage.place(start + offset)
    return Statement(
        claim=claim,
        text=passage.text[start + offset : start + len(part.text.rstrip())],
        sentence=part.sentence,
        line=line,
        column=column,
        passage=number,
        start=start + offset,
        end=start + len(part.text.rstrip()),
        figures=tuple(one for one in kept if one.arm != 2),
        others=tuple(one for one in kept if one.arm == 2),
        unplaced=tuple(one for one in part.figures if one.role == UNPLACED),
        admits=signals.ADMITS.search(passage.text) is not None,
        tells_both_sides=signals.BOTH_SIDES.search(passage.text) is not None,
        names_group=_names_group(part, resources) or part.report.names_group,
        says_size=_says_size(part, passage),
        cited=part.cited,
        population_is_told=bool(part.frame.population),
        comparator_is_told=bool(part.frame.comparator),
        intervention_is_told=bool(part.frame.intervention),
        outcome_is_told=any(not signals.BETTER.fullmatch(one.text) for one in part.frame.outcomes),
        passage_text=passage.text,
        people=part.report.people,
        tells_null=signals.NULL.search(passage.text) is not None,
        says_small=part.report.says_small,
        is_loose=claim.finding == "not_reported" and not kept and is_loose(part, (), resources),
        acts=unknown_agent(part),
    )


def _says_size(part: Part, passage: Passage) -> bool:
    """Return whether the difference is called large, here or in a sentence that judges it."""
    judged = any(pattern.search(passage.text) for pattern in (signals.MCID_PASSED, signals.NOTICED))
    return judged or signals.BIG.search(part.sentence) is not None


def _names_group(part: Part, resources: Resources) -> bool:
    """Return whether the sentence names a group beside the treated one, in whatever part of it."""
    if part.frame.names_group:
        return True
    known = set(resources.context.vocabulary.get("intervention", {}))
    return any(
        one.key not in known and one.key not in {"baseline", resources.open_term("comparator")}
        for one in of_section(resources.lexicon.find(part.sentence), "comparator")
    )
