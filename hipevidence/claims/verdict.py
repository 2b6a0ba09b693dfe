"""From failed comparisons to a verdict, by one table of precedence."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal

from hipevidence.claims import numbers, placement, precision, sources, strength
from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.lookup import Home, home_of, rivals
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.relevance import Case
from hipevidence.claims.support import effect_homes
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hipevidence.claims.context import Context
    from hipevidence.claims.item import EvidenceItem, ItemFigure
    from hipevidence.claims.support import Homes
    from hipevidence.evidence.models import Claim, ClaimFigure

VerdictName = Literal[
    "supported", "supported with qualifier", "overstated", "contradicted", "misattributed", "not verifiable"
]

#: The heaviest reason decides; a statement without any reason is ``supported``.
PRECEDENCE: Final[dict[Severity, VerdictName]] = {
    Severity.CONTRADICTS: "contradicted",
    Severity.MISPLACES: "misattributed",
    Severity.UNTRACEABLE: "not verifiable",
    Severity.OVERREACHES: "overstated",
    Severity.QUALIFIES: "supported with qualifier",
}

#: Every comparison, in the order in which readers see the reasons of one weight.
COMPARISONS: Final[tuple[Callable[[Case, Homes], list[Reason]], ...]] = (
    placement.population,
    placement.intervention,
    placement.comparator,
    placement.outcome,
    precision.timing,
    sources.source,
    sources.study_count,
    sources.enrolled_for_analysed,
    numbers.number,
    numbers.figure_unverified,
    numbers.figure_disagrees_with_source,
    numbers.untraced,
    numbers.composite,
    strength.direction,
    strength.null_or_contrary_left_out,
    strength.causal_from_observational,
    strength.no_comparison_group,
    strength.within_group_change,
    strength.certainty_too_strong,
    numbers.odds_read_as_risk,
    placement.subgroup,
    precision.ci_includes_no_difference,
    precision.below_mcid,
    precision.prediction_interval_crosses_zero,
    precision.single_small_study,
    numbers.relative_without_baseline,
    numbers.rounded,
    numbers.detail_unverified,
    sources.unseen_study_count,
    precision.awaiting_extraction,
    sources.expired,
)


@dataclasses.dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure of a statement and the one that belongs in its place.

    Attributes
    ----------
    stated
        The figure of the statement.
    carried
        The figure of the evidence, with its interval.
    item_id
        The row, pool or question it comes from.
    """

    stated: ClaimFigure
    carried: ItemFigure
    item_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement(Result):
    """What comparing one statement with its evidence gave.

    Attributes
    ----------
    verdict
        One of the six verdicts.
    reasons
        Every failed comparison, heaviest first.
    homes
        For each figure of the statement the ids of the items that carry it; empty where none does.
    changed
        Figures that have to be replaced, and by what.
    """

    verdict: VerdictName
    reasons: tuple[Reason, ...]
    homes: tuple[tuple[str, ...], ...]
    changed: tuple[ChangedFigure, ...]

    @property
    def codes(self) -> tuple[Code, ...]:
        """Codes of the reasons, each once, heaviest first."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))


def judge(claim: Claim, items: Sequence[EvidenceItem], context: Context) -> Judgement:
    """Hold one statement against its evidence.

    Parameters
    ----------
    claim
        The statement.
    items
        All evidence it should rest on, for and against.
    context
        Vocabulary, references, and the day if expiry counts.

    Returns
    -------
    Judgement
        Verdict, reasons, where each figure comes from, and what has to change.

    Notes
    -----
    ``supported`` is never a default: it needs verified evidence that carries every part of the statement. Where no
    comparison failed and such evidence is missing all the same, the statement is ``untraced``.
    """
    case = Case(claim, tuple(items), context)
    homes = tuple(home_of(stated, case) for stated in claim.figures)
    reasons = [found for compare in COMPARISONS for found in compare(case, homes)]
    if all(found.severity <= Severity.QUALIFIES for found in reasons):
        reasons += _uncarried(case, homes)
    reasons.sort(key=lambda found: -found.severity)
    heaviest = reasons[0].severity if reasons else None
    return Judgement(
        verdict="supported" if heaviest is None else PRECEDENCE[heaviest],
        reasons=tuple(reasons),
        homes=tuple(() if home is None else tuple(item.id for item in home.items) for home in homes),
        changed=_changed(case, homes),
    )


def _uncarried(case: Case, homes: Homes) -> list[Reason]:
    """Return what no verified evidence carries, part by part."""
    if not case.says_direction:
        seen = [home for home in homes if home is not None and home.item.verified]
        if seen or case.named_items:
            return []
        return [reason(Code.UNTRACED, "No verified evidence carries what is said.")]
    lost = [outcome for outcome in case.directed if not _is_carried(case, homes, outcome)]
    if not lost:
        return []
    words = case.context.label("outcome", *lost)
    return [reason(Code.UNTRACED, f"No verified evidence on exactly this carries what is said of {words}.")]


def _is_carried(case: Case, homes: Homes, outcome: str) -> bool:
    if case.carrying(outcome):
        return True
    return any(
        case.same_outcome(home.item, outcome) and case.agrees(home.item, outcome) for home in effect_homes(homes)
    )


def _changed(case: Case, homes: Homes) -> tuple[ChangedFigure, ...]:
    """Return figures that the evidence prints otherwise for what the statement is about."""
    found = []
    for stated, home in zip(case.claim.figures, homes, strict=True):
        if home is not None and _is_at_home(case, home):
            continue
        for item, figure in rivals(stated, case):
            if case.same_comparator(item) and (home is None or item.id != home.item.id):
                found.append(ChangedFigure(stated, figure, item.id))
                break
    return tuple(found)


def _is_at_home(case: Case, home: Home) -> bool:
    return home.figure.scope != "between" or case.same_comparator(home.item)
