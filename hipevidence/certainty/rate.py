"""From an answer and the tables to a rating: one domain after another, then what a person has signed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.certainty.bias import is_judged_with_robins, risk_of_bias
from hipevidence.certainty.imprecision import imprecision
from hipevidence.certainty.inconsistency import inconsistency
from hipevidence.certainty.levels import Certainty
from hipevidence.certainty.missing import missing_results
from hipevidence.certainty.result import Rating, Step
from hipevidence.certainty.signature import fingerprint

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis

RANDOMISED: Final = frozenset({"rct", "cluster_rct", "crossover_rct", "quasi_randomised"})
NO_COMPARISON: Final = "single_group"
INDIRECTNESS: Final = Step(
    "indirectness", 0, "A person's judgement: whether people, treatments and outcomes are those that are asked about."
)
#: Risk ratios that are called large and very large, and the levels they can raise.
LARGE: Final = ((5.0, 2), (2.0, 1))


def rate(evidence: Evidence, synthesis: Synthesis) -> Rating:
    """Return how certain the answer to a question is: suggested from the tables, and as signed by a person.

    Parameters
    ----------
    evidence
        The tables.
    synthesis
        The answer.

    Returns
    -------
    Rating
        Start, one step a domain with its reason, and the entry of certainty.toml on this question, if there is one.

    Notes
    -----
    A suggestion is no GRADE assessment: it holds what can be computed, and what it cannot (indirectness, risk of bias
    that nobody has judged) takes no level down. So it is an upper limit for wording, and a person signs.

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 1. J Clin Epidemiol 2011;64:383-394. doi:10.1016/j.jclinepi.2010.04.026

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> from hipevidence.synthesis import synthesise
    >>> tables = load_evidence("data")
    >>> rate(tables, synthesise(tables, "oa.mixed.pain")).suggested.word
    'very low'
    """
    question = synthesis.question
    start, why = _start(evidence, synthesis)
    steps = _steps(evidence, synthesis, start)
    return Rating(
        question=question.id,
        title=question.title,
        start=start,
        start_reason=why,
        steps=steps,
        signed=next((entry for entry in evidence.certainty if entry.id == question.id), None),
        basis=fingerprint(evidence, synthesis, start, steps),
    )


def _start(evidence: Evidence, synthesis: Synthesis) -> tuple[Certainty, str]:
    designs = {row.design for row in synthesis.rows}
    if synthesis.primary.result is None or not designs:
        return Certainty.VERY_LOW, "no result could be read"
    if designs <= RANDOMISED:
        return Certainty.HIGH, "all results are from trials that allotted people"
    if NO_COMPARISON in designs:
        return Certainty.VERY_LOW, "nobody without the treatment was followed"
    if is_judged_with_robins(evidence, synthesis):
        return Certainty.HIGH, "not randomised, but judged with ROBINS-I, which itself takes levels down for that"
    return Certainty.LOW, "people were not allotted by chance"


def _steps(evidence: Evidence, synthesis: Synthesis, start: Certainty) -> tuple[Step, ...]:
    result = synthesis.primary.result
    if result is None or not synthesis.rows:
        return ()
    down = (
        risk_of_bias(evidence, synthesis),
        inconsistency(synthesis, result),
        INDIRECTNESS,
        imprecision(evidence, synthesis, result),
        missing_results(evidence, synthesis),
    )
    may_rise = start is Certainty.LOW and not any(step.levels for step in down)
    return (*down, *((large_effect(synthesis, result),) if may_rise else ()))


def large_effect(synthesis: Synthesis, result: PoolResult) -> Step:
    """Return the levels up for a ratio whose whole interval lies beyond 2 (or 0.5), or beyond 5 (or 0.2).

    Only risk and rate ratios are asked: an odds ratio is further from 1 than the risk ratio it stands for.

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 9. J Clin Epidemiol 2011;64:1311-1316. doi:10.1016/j.jclinepi.2011.06.004
    """
    nearest = min(abs(result.ci.low), abs(result.ci.high))
    if synthesis.question.measure in {"RR", "HR"} and result.ci.exists and not result.ci.contains(0.0):
        for ratio, levels in LARGE:
            if nearest >= math.log(ratio):
                return Step("large_effect", levels, f"The whole interval lies beyond a ratio of {fmt.exact(ratio)}.")
    return Step("large_effect", 0, "Not large enough to raise certainty by itself.")
