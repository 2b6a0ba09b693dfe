"""The answer to a question in one or two plain sentences, worded no stronger than the evidence allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.certainty import Certainty, rate
from hipevidence.claims.item import CONTROLLED
from hipevidence.synthesis.wording import interval_text, mid_sentence, value_text

if TYPE_CHECKING:
    from hipevidence.certainty import Rating
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.vocabulary import Vocabulary
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis


def wording(rating: Rating, synthesis: Synthesis) -> Certainty:
    """Return how sure the wording of an answer may be.

    Parameters
    ----------
    rating
        The certainty of the answer.
    synthesis
        The answer.

    Returns
    -------
    Certainty
        Never above the suggested certainty nor the signed one; a single study never passes for settled.

    References
    ----------
    Santesso N, et al. GRADE guidelines 26. J Clin Epidemiol 2020;119:126-135. doi:10.1016/j.jclinepi.2019.10.014
    """
    is_alone = len(synthesis.rows) == 1
    return min(rating.wording, Certainty.MODERATE) if is_alone else rating.wording


def plain_sentence(synthesis: Synthesis, evidence: Evidence) -> str:
    """Return the answer to a question in plain words, or why there is none.

    Parameters
    ----------
    synthesis
        The answer.
    evidence
        The tables: names of outcomes and which way is better, and what the certainty of the answer rests on.

    Returns
    -------
    str
        Who, what, against what, which way, how much and how sure; never surer than :func:`wording` allows.
    """
    lead, result = plain_lead(synthesis, evidence), synthesis.primary.result
    if not lead or result is None or math.isnan(synthesis.null_value):
        return lead
    return f"{lead} {_size(synthesis, result)}"


def plain_lead(synthesis: Synthesis, evidence: Evidence) -> str:
    """Return the first of the plain sentences: who, what, against what, which way and how sure."""
    result = synthesis.primary.result
    if result is None or math.isnan(result.estimate):
        return ""
    if math.isnan(synthesis.null_value):
        return _share(synthesis, result, evidence)
    return _lead(synthesis, result, evidence.vocabulary, wording(rate(evidence, synthesis), synthesis))


def _share(synthesis: Synthesis, result: PoolResult, evidence: Evidence) -> str:
    found = value_text(synthesis.primary, result.estimate)
    studies = "one study" if len(synthesis.rows) == 1 else fmt.plural(len(synthesis.rows), "study", "studies")
    outcome = mid_sentence(synthesis.question.arms[0])
    return (
        f"In {studies} of {_treatments(synthesis, evidence)}, {found} had {outcome}; no other group was followed, so "
        "nobody knows how many would have got better without it."
        if "single_group" in {row.design for row in synthesis.rows}
        else f"In {studies}, {found} had {outcome}."
    )


def _treatments(synthesis: Synthesis, evidence: Evidence) -> str:
    used = {row.row_id for row in synthesis.rows}
    keys = dict.fromkeys(str(row["intervention"]) for row in evidence.records("studies") if row["row_id"] in used)
    return " and ".join(evidence.vocabulary["intervention"][key].label for key in keys)


def _lead(synthesis: Synthesis, result: PoolResult, vocabulary: Vocabulary, sure: Certainty) -> str:
    question = synthesis.question
    first, second = map(mid_sentence, question.arms)
    who = question.plain.partition(",")[0] + ", " if question.plain.startswith("In ") else ""
    what = " and ".join(vocabulary["outcome"][key].label for key in question.outcome if key in vocabulary["outcome"])
    gave_out = {row.design for row in synthesis.rows} <= CONTROLLED
    way = _way(synthesis, result, vocabulary)
    if not who:
        found = f"studies point to {way} {what} ({first} against {second})"
        if sure is Certainty.VERY_LOW:
            return f"{question.plain} That is not known: the {found}, but with very low certainty."
        return f"{question.plain} The {found}, with {sure.word} certainty."
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
