"""Comparisons of what a statement says with how sure, how large and how timely its evidence is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.claims.codes import Code, Severity
from hipevidence.claims.item import BASELINE
from hipevidence.claims.lookup import ONE_GROUP
from hipevidence.claims.reason import Reason, reason
from hipevidence.claims.relevance import DIRECTIONS
from hipevidence.claims.support import Homes, carriers, distinct
from hipevidence.claims.wording import absolute_limits, figure_text, names, plain_number

if TYPE_CHECKING:
    from hipevidence.claims.item import EvidenceItem
    from hipevidence.claims.relevance import Case

NEAR: Final = 0.25  # a measurement within a quarter of the stated time counts as that time
SMALL: Final = 100  # people; under this one study rarely settles anything


def timing(case: Case, homes: Homes) -> list[Reason]:
    """Hold the time of the measurements against the time that the statement speaks of; those of the paper named."""
    stated = case.claim.time_weeks
    base = carriers(case, homes)
    if case.named_items:
        base = tuple(item for item in base if case.from_named_source(item)) or case.named_items
    times = {item.time_weeks: item for item in base if not math.isnan(item.time_weeks)}
    if stated is None or not times or any(abs(weeks - stated) <= NEAR * stated for weeks in times):
        return []
    nearest = min(times, key=lambda weeks: abs(weeks - stated))
    sentence = (
        f"The evidence was measured at {fmt.weeks(nearest)} ({times[nearest].label}); "
        f"the statement speaks of {fmt.weeks(stated)}."
    )
    return [reason(Code.TIME, sentence, times.values())]


def single_small_study(case: Case, homes: Homes) -> list[Reason]:
    """Say where one small study is all there is."""
    base = [item for item in carriers(case, homes) if item.kind != "question"]
    if not case.is_general or not base:
        return []
    is_many = any(item.kind == "pool" and item.k_pooled != 1 for item in base)
    sizes = [size for item in base for size in (item.n_analysed, item.n_enrolled) if not math.isnan(size)]
    if is_many or len({item.sample_id or item.id for item in base}) > 1 or max(sizes, default=SMALL) >= SMALL:
        return []
    sentence = f"Only one study carries it, of {fmt.count(max(sizes))} people ({names(base)})."
    return [reason(Code.SINGLE_SMALL_STUDY, sentence, base)]


def ci_includes_no_difference(case: Case, homes: Homes) -> list[Reason]:
    """Say where the interval behind a stated difference includes none."""
    if not any(case.claim.finding_on(outcome) in DIRECTIONS for outcome in case.directed):
        return []
    told = [home for home in homes if home is not None and home.is_effect]
    if case.claim.comparator == BASELINE and told and all(home.stated.role in ONE_GROUP for home in told):
        return []  # what happened in one group; whether that was the treatment, another comparison asks
    base = carriers(case, homes)
    judged = [item for item in base if item.interval_includes_no_effect is not None]
    wide = [item for item in judged if item.interval_includes_no_effect]
    own = [item for item in wide if item.kind == "question"]
    if not own and len(wide) < max(len(judged), 1):
        return []
    shown = own or wide
    item = shown[0]
    figure = next(figure for figure in item.figures if figure.ci.exists)
    stands_there = any(home is not None and home.item is item for home in homes)
    is_reported = case.claim.relation == "describes" and not case.from_named_source(item) and not stands_there
    is_mild = case.claim.certainty == "may" or is_reported
    severity = Severity.QUALIFIES if is_mild else Severity.OVERREACHES
    sentence = f"The interval includes no difference: {figure_text(figure)} ({item.label})."
    return [reason(Code.CI_INCLUDES_NO_DIFFERENCE, sentence, shown, severity)]


def below_mcid(case: Case, homes: Homes) -> list[Reason]:
    """Say where the difference is smaller than the smallest one that matters."""
    if not any(case.claim.finding_on(outcome) in DIRECTIONS for outcome in case.directed):
        return []
    for item in carriers(case, homes):
        for figure in item.of_role("mean_difference"):
            if figure.scope == "between" and abs(figure.value) < item.mcid:
                reaches = figure.ci.exists and max(map(abs, absolute_limits(figure))) >= item.mcid
                sentence = (
                    f"The difference of {figure_text(figure)} ({item.label}) is smaller than the smallest one "
                    f"that matters ({plain_number(item.mcid)})"
                    f"{', though its interval reaches beyond that' if reaches else ''}."
                )
                return [reason(Code.BELOW_MCID, sentence, [item])]
    return []


def prediction_interval_crosses_zero(case: Case, homes: Homes) -> list[Reason]:
    """Say where a new study could well find no difference."""
    answers = [item for item in carriers(case, homes) if item.kind == "question"]
    wide = [item for item in answers if item.could_vanish]
    if not wide:
        return []
    interval = fmt.interval(*_turned(wide[0]))
    sentence = f"A new study could find no difference: prediction interval {interval} ({wide[0].label})."
    return [reason(Code.PREDICTION_INTERVAL_CROSSES_ZERO, sentence, wide)]


def _turned(item: EvidenceItem) -> tuple[float, float]:
    """Return the prediction interval turned round as the estimate beside it is told."""
    prediction = item.prediction
    is_turned = bool(item.figures) and item.figures[0].value < 0
    return (-prediction.high, -prediction.low) if is_turned else (prediction.low, prediction.high)


def awaiting_extraction(case: Case, _homes: Homes) -> list[Reason]:
    """Say which eligible studies on the topic nobody has read yet."""
    if not case.is_general:
        return []
    unread = distinct(
        item
        for item in case.items
        if item.status == "awaiting_extraction" and item.kind == "row"
        if any(case.is_on_topic(item, outcome) for outcome in case.claim.outcome)
    )
    if not unread:
        return []
    return [reason(Code.AWAITING_EXTRACTION, f"Figures not read yet: {names(unread)}.", unread)]
