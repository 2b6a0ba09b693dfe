"""The paper that a text names or leans on, and which one of the references it is."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.claims.lookup import rounds_to
from hipevidence.claims.reading import signals
from hipevidence.claims.sources import REVIEW_WORDS, same_journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.quantities import Quantity
    from hipevidence.claims.reading.resources import Resources

DESIGNS: Final = (
    (
        "systematic review",
        re.compile(r"\b(?:systematic\s+)?reviews?\b|meta[\s,-]*analys[ie]s|\bpooled\b(?! studies)", re.IGNORECASE),
    ),
    ("randomised trial", re.compile(r"\brandomi[sz]ed\b|\brct\b", re.IGNORECASE)),
    ("cohort", re.compile(r"\bcohort\b|\bprospective\b|\bfollowed (?!by\b|for comparison)", re.IGNORECASE)),
    ("case-control study", re.compile(r"\bcase[\s-]control\b", re.IGNORECASE)),
    ("trial", re.compile(r"\btrials?\b", re.IGNORECASE)),
    ("study", re.compile(r"\b(?:study|studies|series|paper|research|researchers?|analysis|data)\b", re.IGNORECASE)),
)
TITLE: Final = re.compile(
    r"\b(?:in|by|from|published in|[Tt]he)\s+(?:the\s+)?((?:[A-Z][\w.]*|&|of|and|in)(?:\s+(?:[A-Z][\w.]*|"
    r"&|of|and|in|the)){1,8})"
)
#: A source in front of what it found: "Journal of Athletic Training, 2011: three weeks of ..."
LEADING_TITLE: Final = re.compile(
    r"(?:^|[(;])\s*(?:The\s+)?((?:[A-Z][\w.]*|&|of|and|in|the)(?:\s+(?:[A-Z][\w.]*|&|of|and|in|"
    r"the)){1,8}),?\s+\(?(?:19|20)\d\d"
)
#: One study, not research at large.
ONE_STUDY: Final = re.compile(
    r"\b(?:researchers?|scientists?|team)\s+(?:in|from|at)\b|"
    r"^\W*(?:When\s+)?(?:[A-Z]\w+\s+)?(?:researchers|scientists|doctors)\b(?! (?:agree|know|say|think|believe))|"
    r"\b(?:a|an|one|the|another|this|that|single)\s+(?:[\w-]+\s+){0,4}?(?:study|"
    r"trial|review|cohort|series|paper|meta-analysis|analysis|rct)\b",
    re.IGNORECASE,
)
#: Before the day on which a review stopped searching, which is not its year.
SEARCHED: Final = re.compile(r"\b(?:search\w*|until|up to|through|closed|as of)\b[^.;]{0,30}$", re.IGNORECASE)
INITIALS: Final = re.compile(r"\b[A-Z]{3,6}\b")
JOURNAL_WORD: Final = re.compile(r"\b(?:Journal|Lancet|JAMA|BMJ|Annals|Archives)\b")
CITING: Final = (
    r"(?:\s+(?:et\s+al|(?:and|&)\s+(?:colleagues|co-?workers|others|team|(?-i:[A-Z][a-z]+)))|\s*,?\s*\(?\d{4}\)?"
    r"|\s+(?:found|followed|showed|shows|reported|tested|trained|compared|measured|studied|put|asked|"
    r"saw|proved|concluded)\b"
    r"|(?:'s?)?\s+(?:\d{4}\s+)?(?:trial|study|review|paper|group|team|data)"
    r"|'s?\s+(?:\d{4}\s+)?(?:[\w-]+\s+){1,3}(?:trial|study|review|paper|group|team|data|series|cohort|meta-analysis|analysis)"
    r"|'s\s+(?:\d+|[\w-]+)\s+(?:people|patients|women|men|runners|adults|recruits))"
)
BY_AUTHOR: Final = r"(?:by|of|from|study|trial|review)\s+"
ENOUGH: Final = 4
ENOUGH_ALONE: Final = 2  # where no other study has so many people


@dataclasses.dataclass(frozen=True, slots=True)
class Cited:
    """How a text names its source.

    Attributes
    ----------
    named
        The words that name it; ``""`` where the text leans on none.
    journal, authors, design
        As written; ``""`` or empty where not said.
    year
        Year of publication; ``None`` where not said.
    is_one
        Whether it is one paper, not research in general.
    """

    named: str = ""
    journal: str = ""
    authors: tuple[str, ...] = ()
    design: str = ""
    year: int | None = None
    is_one: bool = False

    @property
    def is_identifiable(self) -> bool:
        """Whether anything says which paper it is."""
        return bool(self.journal or self.authors or self.year)


def cited(text: str, numbers: Sequence[Quantity], resources: Resources) -> Cited:
    """Return how a sentence names its source.

    Parameters
    ----------
    text
        The sentence.
    numbers
        Its numbers.
    resources
        Words and evidence.
    """
    authors = tuple(_authors(text, resources))
    journal = _journal(text, resources)
    research = signals.RESEARCH.search(text)
    studied = research or signals.TOOK_PART.search(text) or _two_groups(text, numbers)
    if studied is None and not authors and not journal:
        return Cited()
    year = next(
        (int(one.value) for one in numbers if one.unit == "year" and not SEARCHED.search(text[: one.start])), None
    )
    design = next((name for name, pattern in DESIGNS if pattern.search(text)), "")
    units = {one.unit for one in numbers if one.value > 1}
    is_review = {"studies", "people"} <= units
    is_one = bool(year or authors or journal or research is None or is_review or ONE_STUDY.search(text))
    return Cited(studied[0] if studied else " ".join(authors) or journal, journal, authors, design, year, is_one)


def _two_groups(text: str, numbers: Sequence[Quantity]) -> re.Match[str] | None:
    """Return a match where a text tells in the past tense of two groups of people, as only a study does."""
    groups = [one for one in numbers if one.unit == "people" and one.value > 1]
    return signals.PAST.search(text) if len(groups) > 1 and not signals.CLINIC.search(text) else None


def _authors(text: str, resources: Resources) -> Iterable[str]:
    for entry in resources.references.values():
        for author in entry.get("author", [])[:1]:
            family = str(author.get("family", ""))
            if len(family) < 2 or family not in text:
                continue
            name = re.escape(family)
            if re.search(rf"\b{name}{CITING}|\b{BY_AUTHOR}{name}\b|\({name}\b", text):
                yield family


def _journal(text: str, resources: Resources) -> str:
    titles = {str(entry["container-title"]) for entry in resources.references.values() if entry.get("container-title")}
    for match in (*TITLE.finditer(text), *LEADING_TITLE.finditer(text)):
        words = match[1].split()
        for length in range(len(words), 1, -1):
            name = " ".join(words[:length]).rstrip(".,")
            if any(same_journal(name, title) for title in titles):
                return name
        if JOURNAL_WORD.search(match[1]):
            return match[1].strip(" .,")
    for match in INITIALS.finditer(text):
        if any(same_journal(match[0], title) for title in titles):
            return match[0]
    return ""


def identify(
    source: Cited,
    frame: Frame,
    told: Sequence[Figure],
    resources: Resources,
    outcomes: Sequence[str],
    people: Sequence[float] = (),
) -> tuple[str | None, str]:
    """Return the reference that a source is, and how sure that is (as in ``ClaimSource.certainty``).

    Parameters
    ----------
    source
        How the text names it.
    frame
        What the text is about.
    told
        Its figures.
    resources
        Words and evidence.
    outcomes
        Keys of the outcomes it speaks of.
    people
        Numbers of people that the text around it tells.

    Notes
    -----
    A paper must agree with at least one of author, year and journal, and be about the same; where none does, the one
    paper that prints the very figure about the very comparison is taken, so that a wrong year is found out.
    """
    if not source.is_identifiable:
        sizes = set(people) or {figure.value for figure in told if figure.role == "count_people"}
        results = [figure for figure in told if figure.role not in {"count_people", "count_studies", "weeks", "months"}]
        return _by_size(frame, sizes, results, resources, outcomes) if source.is_one else (None, "none")
    scored = []
    for key, items in resources.by_source.items():
        agreement = _agreement(source, key, items, resources)
        if agreement <= 0:
            continue
        about = _about(items, frame, outcomes, resources)
        figure = _prints(items, told)
        if about + figure >= 2 or (source.authors and agreement >= 5):
            scored.append((agreement + about + 3 * figure, figure, key))
    scored.sort(key=lambda one: (-one[0], one[2]))
    if source.authors and scored:
        return scored[0][2], "certain"
    if scored and scored[0][0] >= ENOUGH and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        return scored[0][2], "very_likely" if scored[0][1] or len(scored) == 1 else "likely"
    return _by_figure(source, frame, told, resources, outcomes)


def _agreement(source: Cited, key: str, items: Sequence[EvidenceItem], resources: Resources) -> int:
    entry = resources.references.get(key, {})
    family = str((entry.get("author") or [{}])[0].get("family", ""))
    if source.authors and family not in source.authors:
        return 0
    score = 5 if source.authors else 0
    if source.year is not None:
        score += 3 if source.year in _years(entry, items) else 0
    title = str(entry.get("container-title", ""))
    if source.journal and title:
        score += 2 if same_journal(source.journal, title) else -1
    is_review = any(item.kind == "pool" for item in items)
    if REVIEW_WORDS.search(source.design):
        score += 1 if is_review else -3
    elif source.design in {"trial", "cohort", "randomised trial", "case-control study"}:
        score += -3 if is_review else 0
    return score


def _years(entry: Any, items: Iterable[EvidenceItem]) -> set[int]:
    parts = entry.get("issued", {}).get("date-parts", [[]])
    return {int(part[0]) for part in parts if part} or {item.year for item in items if item.year is not None}


def _about(items: Sequence[EvidenceItem], frame: Frame, outcomes: Sequence[str], resources: Resources) -> int:
    touches = resources.context.touches
    best = 0
    for item in items:
        score = sum(
            [
                bool(frame.population) and touches("population", item.population, frame.population),
                2 * (bool(frame.intervention) and touches("intervention", item.intervention, frame.intervention)),
                any(touches("outcome", item.outcome, key) for key in outcomes),
                bool(frame.comparator) and touches("comparator", item.comparator, frame.comparator),
                frame.sex != "mixed" and item.sex == frame.sex,
            ]
        )
        best = max(best, int(score))
    return best


def _prints(items: Iterable[EvidenceItem], told: Sequence[Figure]) -> int:
    """Return how many of the figures a paper prints."""
    return sum(
        any(rounds_to(one.value, figure.value, figure.decimals) for item in items for one in item.of_role(figure.role))
        for figure in told
        if figure.role not in {"weeks", "months"}
    )


def _by_size(
    frame: Frame, sizes: set[float], results: Sequence[Figure], resources: Resources, outcomes: Sequence[str]
) -> tuple[str | None, str]:
    """Return the one study of so many people that fits best, where a text names a study by its size only.

    What else the text says need not fit in every part, or a wrong part would never be found out.
    """
    scores: dict[str, int] = {}
    for item in resources.items:
        if item.source_id and item.verified and _is_of_size(item, sizes):
            both = len({one.value for one in item.of_role("count_people")} & sizes) > 1
            score = _about([item], frame, outcomes, resources) + 3 * min(_prints([item], results), 1) + 2 * both
            scores[item.source_id] = max(score, scores.get(item.source_id, 0))
    enough = ENOUGH if len(scores) > 1 else ENOUGH_ALONE
    best = [key for key, score in scores.items() if score == max(scores.values()) and score >= enough]
    return (best[0], "likely") if len(best) == 1 else (None, "none")


def _is_of_size(item: EvidenceItem, sizes: set[float]) -> bool:
    """Return whether a study had so many people, in all or in both of its groups."""
    if {item.n_enrolled, item.n_analysed} & sizes:
        return True
    told = {one.value for one in item.of_role("count_people")} & sizes
    return len(told) >= 2 or (item.kind == "pool" and bool(told))


def _by_figure(
    source: Cited, frame: Frame, told: Sequence[Figure], resources: Resources, outcomes: Sequence[str]
) -> tuple[str | None, str]:
    found = {
        key
        for key, items in resources.by_source.items()
        for item in items
        if item.verified
        if (bool(REVIEW_WORDS.search(source.design)) == (item.kind == "pool"))
        if _fits(item, frame, outcomes, resources)
        if any(figure.role not in {"weeks", "months", "count_studies"} and _prints([item], [figure]) for figure in told)
    }
    return (found.pop(), "likely") if len(found) == 1 else (None, "none")


def _fits(item: EvidenceItem, frame: Frame, outcomes: Sequence[str], resources: Resources) -> bool:
    touches = resources.context.touches
    return (
        (not frame.population or touches("population", item.population, frame.population))
        and (not frame.intervention or touches("intervention", item.intervention, frame.intervention))
        and (not frame.comparator or touches("comparator", item.comparator, frame.comparator))
        and (not outcomes or any(touches("outcome", item.outcome, key) for key in outcomes))
    )
