"""Comparisons of the source that a statement names with the paper it turned out to be."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence import format as fmt
from hipevidence.claims.codes import Code
from hipevidence.claims.item import BASELINE
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.support import effect_homes
from hipevidence.claims.wording import names, plain_number, stated_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.relevance import Case
    from hipevidence.claims.support import Homes

TRIALS: Final = frozenset({"rct", "cluster_rct", "crossover_rct"})
# The design words a statement may use, and the designs they promise; a review is a pool, not a row.
DESIGN_WORDS: Final = (
    (re.compile(r"random|\brct", re.IGNORECASE), TRIALS),
    (re.compile(r"cohort|prospective|follow", re.IGNORECASE), frozenset({"cohort"})),
    (re.compile(r"case.?control", re.IGNORECASE), frozenset({"case_control"})),
)
REVIEW_WORDS: Final = re.compile(r"review|meta.?analy", re.IGNORECASE)
STUDIES_POOLED: Final = "studies pooled"  # unit of a number of studies that is said to have gone into the figure
FILL_WORDS: Final = frozenset({"of", "the", "and", "in", "for", "&"})


def source(case: Case, homes: Homes) -> list[Reason]:
    """Hold journal, year and design as named against the paper, and the figures' papers against the named one."""
    named = case.claim.source
    if not case.names_source or named.identified is None:
        return []
    entry = case.context.references.get(named.identified, {})
    items = tuple(item for item in case.items if case.from_named_source(item))
    wrong = [text for text in (_journal(case, entry), _year(case, entry, items), _design(case, items)) if text]
    strays = [home for home in effect_homes(homes) if home.item.source_id and not case.from_named_source(home.item)]
    wrong += [f"{stated_text(home.stated)} stands in {home.item.label}, not in the paper named" for home in strays]
    evidence = [*items[:1], *(home.item for home in strays)]
    sentence = "; ".join(wrong)
    return [reason(Code.SOURCE, f"{sentence[:1].upper()}{sentence[1:]}.", evidence)] if wrong else []


def _journal(case: Case, entry: Mapping[str, Any]) -> str:
    stated, printed = case.claim.source.journal, str(entry.get("container-title", ""))
    if not stated or not printed or same_journal(stated, printed):
        return ""
    return f"the paper appeared in {printed}, not in {stated}"


def _year(case: Case, entry: Mapping[str, Any], items: Iterable[EvidenceItem]) -> str:
    stated = case.claim.source.year
    parts = entry.get("issued", {}).get("date-parts", [[]])
    years = {int(part[0]) for part in parts if part} or {item.year for item in items if item.year is not None}
    if stated is None or not years or stated in years:
        return ""
    return f"the paper is from {', '.join(str(year) for year in sorted(years))}, not from {stated}"


def _design(case: Case, items: tuple[EvidenceItem, ...]) -> str:
    stated = case.claim.source.design
    if not stated or not items:
        return ""
    if REVIEW_WORDS.search(stated):
        return "" if any(item.kind == "pool" for item in items) else "the paper is not a review"
    rows = {design for item in items if item.kind == "row" for design in item.design}
    for pattern, promised in DESIGN_WORDS:
        if pattern.search(stated) and rows and not rows & promised:
            return f"the paper is a {' and '.join(sorted(rows)).replace('_', '-')} study, not what '{stated}' says"
    return ""


def same_journal(stated: str, printed: str) -> bool:
    """Return whether two names can be the same journal: in full, shortened word by word, or as initials.

    Examples
    --------
    >>> same_journal("Journal of Athletic Training", "J Athl Train")
    True
    >>> same_journal("JOSPT", "J Orthop Sports Phys Ther")
    True
    >>> same_journal("JOSPT", "J Athl Train")
    False
    """
    first, second = _words(stated), _words(printed)
    if _initials(first, second) or _initials(second, first):
        return True
    return len(first) == len(second) and all(
        one.startswith(other) or other.startswith(one) for one, other in zip(first, second, strict=True)
    )


def _words(name: str) -> list[str]:
    return [word for word in re.findall(r"[\w&]+", name.lower()) if word not in FILL_WORDS]


def _initials(short: list[str], full: list[str]) -> bool:
    return len(short) == 1 and len(full) > 1 and short[0] == "".join(word[0] for word in full)


def study_count(case: Case, homes: Homes) -> list[Reason]:
    """Hold the number of studies named against the number behind the figure and in the review."""
    stated = _stated_studies(case)
    if stated is None:
        return []
    carriers = tuple(home.item for home in effect_homes(homes))
    is_behind = bool(carriers) or any(one.unit == STUDIES_POOLED for one in case.claim.figures)
    pools = [item for item in (carriers or case.named_items) if _counts(item, behind_figure=is_behind)]
    if not pools or any(stated in _counts(item, behind_figure=is_behind) for item in pools):
        return []
    item = pools[0]
    if stated == item.k_review:
        sentence = (
            f"{item.label} has {fmt.plural(int(item.k_review), 'study', 'studies')}; "
            f"the figure rests on {fmt.count(item.k_pooled)} of them."
        )
    else:
        known = [fmt.count(k) for k in (item.k_pooled, item.k_review) if not math.isnan(k)]
        sentence = f"The statement says {plain_number(stated)} studies; {item.label} has {' pooled of '.join(known)}."
    return [reason(Code.STUDY_COUNT, sentence, pools)]


def _counts(item: EvidenceItem, *, behind_figure: bool) -> list[float]:
    """Return the numbers of studies that may be told: those behind the figure if known, else all that are known."""
    known = [k for k in (item.k_pooled, item.k_review) if not math.isnan(k)]
    return known[:1] if behind_figure else known


def unseen_study_count(case: Case, _homes: Homes) -> list[Reason]:
    """Say that the number of studies or people which the statement gives its source was not seen there."""
    named = case.claim.source
    unseen = []
    if named.studies is not None and not any(item.of_role("count_studies") for item in case.named_items):
        unseen.append(f"{fmt.count(named.studies)} studies")
    if named.participants is not None and not any(
        figure.value == named.participants for item in case.named_items for figure in item.of_role("count_people")
    ):
        unseen.append(f"{fmt.count(named.participants)} people")
    if not unseen:
        return []
    return [reason(Code.DETAIL_UNVERIFIED, f"{' and '.join(unseen)}: not seen in the source.", case.named_items)]


def _stated_studies(case: Case) -> float | None:
    counts = [stated.value for stated in case.claim.figures if stated.role == "count_studies"]
    return counts[0] if counts else case.claim.source.studies


def enrolled_for_analysed(case: Case, homes: Homes) -> list[Reason]:
    """Say where the number of people is the number enrolled and fewer were analysed."""
    people = [stated.value for stated in case.claim.figures if stated.role == "count_people"]
    people += [value for value in [case.claim.source.participants] if value is not None]
    found = [home.item for home in homes if home is not None and home.stated.role == "count_people"]
    papers = {item.source_id for item in (*found, *case.named_items)}
    for paper in sorted(papers - {""}):
        items = [item for item in case.verified if item.source_id == paper]
        enrolled = max((item.n_enrolled for item in items if not math.isnan(item.n_enrolled)), default=math.nan)
        analysed = max((item.n_analysed for item in items if not math.isnan(item.n_analysed)), default=math.nan)
        if enrolled in people and analysed < enrolled and _has_one_comparison(items):
            sentence = (
                f"{fmt.count(analysed)} of the {fmt.count(enrolled)} people enrolled were analysed ({names(items)})."
            )
            return [reason(Code.ENROLLED_FOR_ANALYSED, sentence, items)]
    return []


def _has_one_comparison(items: Iterable[EvidenceItem]) -> bool:
    """Return whether the arms of one row are the whole study; in a trial of three arms they are not."""
    return len({(item.intervention, item.comparator) for item in items if BASELINE not in item.comparator}) <= 1


def expired(case: Case, _homes: Homes) -> list[Reason]:
    """Say that the entry had to be read again by a day that has passed."""
    today = case.context.today
    if today is None or today <= case.claim.review_by:
        return []
    return [reason(Code.EXPIRED, f"This entry had to be read again by {case.claim.review_by}.")]
