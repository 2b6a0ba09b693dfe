"""The answer to a question in one or two plain sentences, worded no stronger than the evidence allows."""

from __future__ import annotations

import enum
import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.claims.item import CONTROLLED
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from hipevidence.evidence.vocabulary import Vocabulary
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis

ENOUGH_PEOPLE: Final = 400  # the optimal information size that GRADE's guidance uses as a rule of thumb for means
MUCH_SPREAD: Final = 50.0  # I² in percent from which results are called inconsistent


class Certainty(enum.IntEnum):
    """How sure the wording may be, after GRADE's four levels."""

    VERY_LOW = 1
    LOW = 2
    MODERATE = 3
    HIGH = 4


def certainty(synthesis: Synthesis) -> Certainty:
    """Return how sure the wording of an answer may be.

    Parameters
    ----------
    synthesis
        An answer with a pooled result.

    Returns
    -------
    Certainty
        Trials start high, studies that only watched people low, a series without comparison very low. One step down
        each for an interval that includes no difference, for fewer than 400 people, for a single study, for results
        that differ (I² above 50 % or a prediction interval that includes no difference), and for eligible results that
        are known to have found no difference but print no figure.

    Notes
    -----
    This grades wording from what the tables hold. It is no GRADE assessment: risk of bias and indirectness are judged
    by people, and could only lower it further.

    References
    ----------
    Santesso N, et al. GRADE guidelines 26. J Clin Epidemiol 2020;119:126-135. doi:10.1016/j.jclinepi.2019.10.014
    """
    result = synthesis.primary.result
    if result is None:
        return Certainty.VERY_LOW
    designs = {row.design for row in synthesis.rows}
    start = 4 if designs <= CONTROLLED else 1 if "single_group" in designs else 2
    crosses = result.ci.contains(synthesis.null_value)
    people = sum(size for row in synthesis.rows for size in (row.n1, row.n2) if not math.isnan(size))
    differs = result.i2 > MUCH_SPREAD or (result.prediction.contains(synthesis.null_value) and not crosses)
    is_alone = len(synthesis.rows) == 1
    steps = sum([crosses, people < ENOUGH_PEOPLE, differs, bool(synthesis.nulls), is_alone])
    return Certainty(max(start - steps, 1))


def plain_sentence(synthesis: Synthesis, vocabulary: Vocabulary) -> str:
    """Return the answer to a question in plain words, or why there is none.

    Parameters
    ----------
    synthesis
        The answer.
    vocabulary
        Names of outcomes, and which way is better.

    Returns
    -------
    str
        Who, what, against what, which way, how much and how sure; never surer than :func:`certainty` allows.
    """
    result = synthesis.primary.result
    if result is None or math.isnan(result.estimate):
        return ""
    if math.isnan(synthesis.null_value):
        return _share(synthesis, result)
    return f"{_lead(synthesis, result, vocabulary)} {_size(synthesis, result)}"


def _share(synthesis: Synthesis, result: PoolResult) -> str:
    found = value_text(synthesis.primary, result.estimate)
    studies = "one study" if len(synthesis.rows) == 1 else fmt.plural(len(synthesis.rows), "study", "studies")
    outcome = synthesis.question.arms[0].lower()
    return (
        f"In {studies} of a programme with hip exercise, {found} had {outcome}; no other group was followed, so nobody "
        "knows how many would have got better without it."
        if "single_group" in {row.design for row in synthesis.rows}
        else f"In {studies}, {found} had {outcome}."
    )


def _lead(synthesis: Synthesis, result: PoolResult, vocabulary: Vocabulary) -> str:
    question = synthesis.question
    sure = certainty(synthesis)
    first, second = (arm[:1].lower() + arm[1:] for arm in question.arms)
    who = question.plain.partition(",")[0] + ", " if question.plain.startswith("In ") else ""
    what = " and ".join(vocabulary["outcome"][key].label for key in question.outcome if key in vocabulary["outcome"])
    gave_out = {row.design for row in synthesis.rows} <= CONTROLLED
    way = _way(synthesis, result, vocabulary)
    if not who:
        found = f"The studies point to {way} {what} ({first} against {second}); how sure that is stays low."
        return f"{question.plain} {found}"
    if sure is Certainty.VERY_LOW:
        verb = "leads to" if gave_out else "goes with"
        text = f"{who}it is not known whether {first} {verb} {way} {what} than {second}."
    elif _is_trivial(synthesis, result):
        text = f"{who}{first} {_verb(sure, 'makes', 'make')} little or no difference to {what}, compared with {second}."
    elif gave_out:
        text = f"{who}{first} {_verb(sure, 'leads', 'lead')} to {_adverb(synthesis, result)}{way} {what} than {second}."
    else:
        text = (
            f"{who}{first} {_verb(sure, 'goes', 'go')} with {way} {what} than {second}; what causes what is not shown."
        )
    return text[:1].upper() + text[1:]


def _verb(sure: Certainty, plain: str, bare: str) -> str:
    return {Certainty.HIGH: plain, Certainty.MODERATE: f"probably {plain}"}.get(sure, f"may {bare}")


def _way(synthesis: Synthesis, result: PoolResult, vocabulary: Vocabulary) -> str:
    """Return whether the estimate means more or less of the outcome."""
    goods = [vocabulary["outcome"][key].good for key in synthesis.question.outcome if key in vocabulary["outcome"]]
    better = (result.estimate < synthesis.null_value) == synthesis.lower_is_better
    if goods and goods[0] == "less":
        return "less" if better else "more"
    return "more" if better else "less"


def _is_trivial(synthesis: Synthesis, result: PoolResult) -> bool:
    mcid, null = synthesis.question.mcid, synthesis.null_value
    return mcid is not None and max(abs(result.ci.low - null), abs(result.ci.high - null)) < mcid


def _adverb(synthesis: Synthesis, result: PoolResult) -> str:
    mcid = synthesis.question.mcid
    return "slightly " if mcid is not None and abs(result.estimate - synthesis.null_value) < mcid else ""


def _size(synthesis: Synthesis, result: PoolResult) -> str:
    studies = "One study" if len(synthesis.rows) == 1 else fmt.plural(len(synthesis.rows), "study", "studies")
    found = value_text(synthesis.primary, result.estimate)
    interval = interval_text(synthesis.primary, result.ci)
    is_named = synthesis.question.mcid_unit and synthesis.question.measure == "MD"
    unit = f" {synthesis.question.mcid_unit}" if is_named else ""
    average = "found" if len(synthesis.rows) == 1 else "found on average"
    tail = " That includes no difference." if result.ci.contains(synthesis.null_value) else ""
    return f"{studies} {average} a {_kind(synthesis)} of {found}{unit}; values from {interval} fit.{tail}"


def _kind(synthesis: Synthesis) -> str:
    return {
        "OR": "ratio of odds",
        "RR": "ratio of risks",
        "HR": "ratio of rates",
        "SMD": "difference (in standard units)",
    }.get(synthesis.question.measure, "difference")
