"""Risk of bias: what the judgements in the table say of the results that carry the estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.certainty.result import Step
from hipevidence.evidence.bias_tools import SEVERITY
from hipevidence.evidence.judged import judged_rows

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import RowEffect, Synthesis

HALF: Final = 50.0
BY_TURNS: Final = "quasi_randomised"
NOBODY: Final = "Nobody has judged risk of bias yet (RoB 2 or ROBINS-I): a person's judgement."


def risk_of_bias(evidence: Evidence, synthesis: Synthesis) -> Step:
    """Return the levels down for the risk of bias in the results that carry at least half of the weight.

    Notes
    -----
    Overall judgements of RoB 2 and ROBINS-I count; a sum of points such as PEDro's is no judgement and takes nothing
    down. A trial that allotted people by turns and that nobody has judged counts as some concerns, because whoever
    enrols knows what comes next. Results without a judgement take nothing down; how many they are is said.

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 4. J Clin Epidemiol 2011;64:407-415. doi:10.1016/j.jclinepi.2010.07.017
    """
    rows = synthesis.rows
    judged = _judged(evidence, rows)
    turns = [row for row in rows if row.design == BY_TURNS and row.row_id not in judged]
    found = [(judged.get(row.row_id, 1 if row in turns else 0), row.weight) for row in rows]
    levels = max((level for level, _ in found if _at_least(found, level) >= HALF), default=0)
    said = [_by_turns(turns)] if turns else []
    if judged:
        said += [_share(levels, _at_least(found, levels)), _unjudged(rows, judged)]
    else:
        said.append(NOBODY)
    return Step("risk_of_bias", -levels, " ".join(text for text in said if text))


def is_judged_with_robins(evidence: Evidence, synthesis: Synthesis) -> bool:
    """Return whether every result was judged with ROBINS-I, so that its design need not be counted again.

    References
    ----------
    Schünemann HJ, et al. GRADE guidelines 18. J Clin Epidemiol 2019;111:105-114. doi:10.1016/j.jclinepi.2018.01.012
    """
    judged = judged_rows(evidence, (row.row_id for row in synthesis.rows))
    with_robins = [one for one in judged.values() if one.tool.name == "ROBINS-I" and one.overall in SEVERITY]
    return len(with_robins) == len(synthesis.rows)


def _judged(evidence: Evidence, rows: tuple[RowEffect, ...]) -> dict[str, int]:
    """Return row to the levels that its overall judgement is worth; one without information has none."""
    found = judged_rows(evidence, (row.row_id for row in rows))
    return {row_id: SEVERITY[one.overall] for row_id, one in found.items() if one.overall in SEVERITY}


def _at_least(found: list[tuple[int, float]], level: int) -> float:
    return sum(weight for own, weight in found if own >= level)


def _by_turns(rows: list[RowEffect]) -> str:
    names, weight = ", ".join(row.label for row in rows), fmt.percent(sum(row.weight for row in rows))
    return f"Allotted by turns, so that whoever enrols knows what comes next: {names} ({weight} of the weight)."


def _share(levels: int, share: float) -> str:
    words = {0: "Less than half of the weight comes from results at more than a low risk of bias."}
    worst = {1: "some concerns", 2: "a high risk of bias", 3: "a critical risk of bias"}
    return words.get(levels) or f"{fmt.percent(share)} of the weight comes from results with {worst[levels]} or worse."


def _unjudged(rows: tuple[RowEffect, ...], judged: dict[str, int]) -> str:
    names = [row.label for row in rows if row.row_id not in judged]
    return f"Not judged, or without information: {', '.join(names)}." if names else ""
