"""What a passage as a whole tells of the one study or comparison that it reports.

People rarely say everything in one sentence: who took part stands in the first, the result in the second, the size of
the study in the last. What each sentence leaves unsaid is taken from here, unless the passage speaks of several
studies.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.item import BASELINE
from hipevidence.claims.reading import signals
from hipevidence.claims.reading.cited import Cited
from hipevidence.claims.reading.frame import Frame, frame
from hipevidence.claims.reading.quantities import quantities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hipevidence.claims.reading.resources import Resources
    from hipevidence.evidence.models import Sex

SMALL: Final = re.compile(
    r"\b(?:one|a|single|only|just|this|the|its|was|is|but) (?:\w+ ){0,2}?(?:small|single|tiny|little|"
    r"pilot|feasibility)\b"
    r"|\b(?:one|single|lone) (?:[\w-]+ ){0,3}?(?:trial|study|series|experiment)\b|"
    r"\bonly \w+ (?:people|women|men|patients)\b"
    r"|\bsmall (?:[\w-]+ ){0,2}?(?:trial|study|series|sample|experiment)\b",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """The study that a passage reports; empty where it reports none or several.

    Attributes
    ----------
    population, intervention, comparator
        Keys of the vocabulary; ``""`` where the passage names none or several that do not belong together.
    outcomes
        Keys of every outcome it speaks of.
    sex
        Whom it is about.
    cited
        How the passage names its source, wherever it does.
    people
        Numbers of people that it tells.
    names_group
        Whether it names what the treated are compared with.
    generalises
        Whether it takes the study as the answer for everybody.
    says_small
        Whether it says itself that this is one study, or a small one.
    """

    population: str = ""
    intervention: str = ""
    comparator: str = ""
    outcomes: tuple[str, ...] = ()
    sex: Sex = "mixed"
    cited: Cited = dataclasses.field(default_factory=Cited)
    people: tuple[float, ...] = ()
    names_group: bool = False
    generalises: bool = False
    says_small: bool = False


def report_of(text: str, told: Sequence[str], sources: Sequence[Cited], resources: Resources) -> Report:
    """Return what a passage as a whole reports.

    Parameters
    ----------
    text
        The passage.
    told
        Its sentences.
    sources
        How each of them names its source.
    resources
        Words and evidence.
    """
    if len({(one.authors, one.journal, one.year) for one in sources if one.is_identifiable}) > 1:
        return Report()
    frames = [frame(masked(one, source.journal), resources) for one, source in zip(told, sources, strict=True)]
    population = _population((one.population for one in frames), resources)
    people = tuple(
        number.whole if number.unit == "part" and number.whole else number.value
        for one in told
        for number in quantities(one)
        if number.unit in {"people", "part"} and (number.whole or number.value) > 1
    )
    return Report(
        population=population,
        intervention=_only(one.intervention for one in frames),
        comparator=_only(one.comparator for one in frames if one.comparator != BASELINE),
        outcomes=tuple(dict.fromkeys(outcome.key for one in frames for outcome in one.outcomes)),
        sex=_sex(frames),
        cited=_source(sources),
        people=people,
        names_group=any(one.names_group for one in frames) or signals.DID_NOT.search(text) is not None,
        generalises=signals.GENERALISES.search(text) is not None,
        says_small=SMALL.search(text) is not None,
    )


def masked(text: str, journal: str) -> str:
    """Return a text with blanks for what says nothing of what was done or found: the name of a journal, a scale."""
    if journal:
        text = text.replace(journal, " " * len(journal))
    for pattern in (signals.SCALE_NOTE, signals.DENIED_END, signals.QUOTE):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def _only(keys: Iterable[str]) -> str:
    found = {key for key in keys if key}
    return found.pop() if len(found) == 1 else ""


def _population(keys: Iterable[str], resources: Resources) -> str:
    """Return the people a passage is about, where all it names can be the same people."""
    found = list(dict.fromkeys(key for key in keys if key))
    if not found:
        return ""
    narrowest = resources.narrowest(found)
    covers = resources.context.vocabulary.covers
    return narrowest if all(covers("population", key, narrowest) for key in found) else ""


def _sex(frames: Sequence[Frame]) -> Sex:
    found = {one.sex for one in frames} - {"mixed"}
    return found.pop() if len(found) == 1 else "mixed"


def _source(sources: Sequence[Cited]) -> Cited:
    """Return the source that says most of which paper it is."""
    named = [one for one in sources if one.named]
    return max(named, key=lambda one: (one.is_identifiable, one.is_one), default=Cited())
