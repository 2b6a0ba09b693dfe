"""Imprecision: what the interval includes, and whether as many people were studied as one good trial would need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scipy import special

from hipevidence import format as fmt
from hipevidence.certainty.result import Step
from hipevidence.synthesis.nulls import implied_spread
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis

#: People, and people with an event, below which a mean and a ratio rest on little, whatever difference matters.
ENOUGH_PEOPLE: Final = 400
ENOUGH_EVENTS: Final = 300
#: Ratio of the upper to the lower limit above which too few events stand behind a ratio.
WIDE_RATIO: Final = {"OR": 2.5, "RR": 3.0, "HR": 3.0}
#: Ratios that would be an appreciable benefit or harm where the protocol names no smallest difference that matters.
APPRECIABLE: Final = (0.75, 1.25)
#: Two-sided level and power of the trial whose size is taken as enough.
ALPHA: Final = 0.05
POWER: Final = 0.80
MOST: Final = 2

Found = tuple[int, str]


def imprecision(evidence: Evidence, synthesis: Synthesis, result: PoolResult) -> Step:
    """Return the levels down for what the interval includes and for how few people were studied.

    Parameters
    ----------
    evidence
        The tables, for counts of events.
    synthesis, result
        The answer and its pooled result.

    Returns
    -------
    Step
        Two levels at most.

    Notes
    -----
    One level where the interval includes no difference, or differences on both sides of the smallest one that matters;
    two where it includes differences that matter in both directions; none where all of it is too small to matter.
    Then one level where fewer people were studied than the optimal information size, two where fewer than half.

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 6. J Clin Epidemiol 2011;64:1283-1293. doi:10.1016/j.jclinepi.2011.01.012
    Zeng L, et al. GRADE Guidance 34. J Clin Epidemiol 2022;150:216-224. doi:10.1016/j.jclinepi.2022.07.014
    """
    found = [_interval(synthesis, result), _size(evidence, synthesis, result)]
    levels = min(sum(down for down, _ in found), MOST)
    said = [reason for down, reason in found if down or not levels]
    return Step("imprecision", -levels, " ".join(said))


def _interval(synthesis: Synthesis, result: PoolResult) -> Found:
    ci, null = result.ci, synthesis.null_value
    if not ci.exists:
        return MOST, "No interval could be computed."
    text = f"The interval ({interval_text(synthesis.primary, ci)})"
    if math.isnan(null):
        return 0, f"{text} has no difference to be held against."
    low, high, matters = _thresholds(synthesis)
    if synthesis.question.mcid is not None and low < ci.low and ci.high < high:
        return 0, f"{text} includes only differences too small to matter (less than {matters})."
    if ci.contains(null):
        both = ci.low < low and ci.high > high
        also = f", and differences that matter either way ({matters})" if both else ""
        return 1 + both, f"{text} includes no difference{also}."
    if ci.contains(low) or ci.contains(high):
        return 1, f"{text} includes differences that matter ({matters}) and smaller ones."
    return 0, f"{text} leaves no difference out."


def _thresholds(synthesis: Synthesis) -> tuple[float, float, str]:
    """Return the two differences from which on it matters, and how they are called; nan where nobody has said."""
    question = synthesis.question
    if question.mcid is not None:
        unit = f" {question.mcid_unit}" if question.mcid_unit else ""
        return -question.mcid, question.mcid, f"{fmt.exact(question.mcid)}{unit}"
    if question.measure in WIDE_RATIO:
        low, high = (math.log(ratio) for ratio in APPRECIABLE)
        return low, high, "a ratio of " + " or ".join(value_text(synthesis.primary, limit) for limit in (low, high))
    return math.nan, math.nan, ""


def _size(evidence: Evidence, synthesis: Synthesis, result: PoolResult) -> Found:
    if synthesis.question.measure not in WIDE_RATIO:
        return _against([row.people for row in synthesis.primary.rows], _people_needed(synthesis), "people")
    records = [row for row in evidence.records("studies") if row["row_id"] in synthesis.primary.row_ids]
    events = [row["events1"] + row["events2"] for row in records]
    if not any(math.isnan(count) for count in events):
        return _against(events, ENOUGH_EVENTS, "people with an event")
    ratio, allowed = math.exp(result.ci.high - result.ci.low), WIDE_RATIO[synthesis.question.measure]
    text = (
        f"How many had the event is not printed everywhere; the upper limit is {fmt.number(ratio, 1)} times the lower "
        f"one, and more than {fmt.exact(allowed)} times would speak of too few."
    )
    return (0 if ratio <= allowed else 1), text


def _against(counts: list[float], needed: int, what: str) -> Found:
    """Hold what the rows count against what is needed; a row that prints no count is said, and taken for none."""
    known = [count for count in counts if not math.isnan(count)]
    counted, silent = sum(known), len(counts) - len(known)
    text = f"{fmt.count(counted)} {what}"
    if silent:
        text += f" (not counting {fmt.plural(silent, 'result')} that {'prints' if silent == 1 else 'print'} no number)"
    if counted >= needed:
        return 0, f"{text} are enough ({fmt.count(needed)})."
    if 2 * counted < needed and not silent:
        return 2, f"{text} are fewer than half of the {fmt.count(needed)} that would be enough."
    return 1, f"{text} are fewer than the {fmt.count(needed)} that would be enough."


def _people_needed(synthesis: Synthesis) -> int:
    """Return the people of a trial that finds the smallest difference that matters, and never less than 400.

    4 (z(1 - alpha / 2) + z(power))² / d², with d the difference in standard deviations: 785 for d = 0.2.
    """
    question = synthesis.question
    spread = implied_spread(synthesis.rows) if question.measure == "MD" else 1.0
    if question.mcid is None or not math.isfinite(spread):
        return ENOUGH_PEOPLE
    z = float(special.ndtri(1.0 - ALPHA / 2.0) + special.ndtri(POWER))
    return max(ENOUGH_PEOPLE, math.ceil(4.0 * (z * spread / question.mcid) ** 2))
