"""Each question before and after: its pooled estimate, how much each row moved it, and how certain it is."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Final

from hipevidence.changes.certainty import certainty_severity, same_certainty
from hipevidence.changes.severity import Severity, crossed
from hipevidence.pooling import pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.certainty import Rating
    from hipevidence.evidence.models import Question
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis

#: Relative difference below which two estimates are the same number computed twice.
SAME: Final = 1e-12


@dataclasses.dataclass(frozen=True, slots=True)
class Attribution:
    """How much one row moved an estimate.

    Attributes
    ----------
    row_id
        The row.
    kind
        ``entered`` the pool, ``left`` it, or ``changed`` its effect inside it.
    shift
        What the row pulls the estimate by after, minus what it pulled it by before, on the analysis scale. The pull is
        the estimate minus the estimate without the row. Where one row alone differs, this is the whole change; shifts
        of several rows need not add up. nan where nothing is left to compare with.
    reason
        Why there is no shift, or ``""``.
    """

    row_id: str
    kind: str
    shift: float
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question whose answer is not what it was.

    Attributes
    ----------
    question
        The question, as it is after (before, if it is gone).
    old, new
        The primary analysis before and after; ``None`` where there was no such question.
    rating_old, rating_new
        How certain the answer was and is; ``None`` where there was no such question.
    n_old, n_new
        People analysed in it, rows that print no group size not counted.
    attributions
        How much each row that entered, left or changed moved the estimate.
    left_out
        Rows listed beside the answer after and not before, with the reason; or the other way round.
    crossed
        Marks (no effect, the smallest difference that matters) that the estimate or its interval passed, on the
        analysis scale.
    severity
        How much it matters.
    """

    question: Question
    old: Analysis | None
    new: Analysis | None
    rating_old: Rating | None
    rating_new: Rating | None
    n_old: float
    n_new: float
    attributions: tuple[Attribution, ...]
    left_out: tuple[tuple[str, str, str], ...]
    crossed: tuple[float, ...]
    severity: Severity


def question_change(
    old: Synthesis | None, new: Synthesis | None, ratings: tuple[Rating | None, Rating | None]
) -> QuestionChange | None:
    """Return what is different about the answer to a question, ``None`` when nothing is.

    Parameters
    ----------
    old, new
        The answer before and after; ``None`` where there was no such question.
    ratings
        How certain it was and is.
    """
    left_out = tuple(_left_out(old, new))
    before, after = (None if answer is None else answer.primary for answer in (old, new))
    attributions = tuple(_attributions(before, after))
    same = old is not None and new is not None and not attributions and _same_answer(old, new)
    if same and not left_out and same_certainty(*ratings):
        return None
    answer = new or old
    if answer is None:
        return None
    passed = _crossed(old, new)
    return QuestionChange(
        question=answer.question,
        old=before,
        new=after,
        rating_old=ratings[0],
        rating_new=ratings[1],
        n_old=_people(before),
        n_new=_people(after),
        attributions=attributions,
        left_out=left_out,
        crossed=passed,
        severity=max(_severity(before, after, passed), certainty_severity(*ratings)),
    )


def _same_answer(old: Synthesis, new: Synthesis) -> bool:
    """Return whether every analysis, the sensitivity analyses too, gives the same numbers."""
    if old.question != new.question or [one.id for one in old.sensitivity] != [one.id for one in new.sensitivity]:
        return False
    pairs = zip((old.primary, *old.sensitivity), (new.primary, *new.sensitivity), strict=True)
    return all(same_numbers(before, after) and before.note == after.note for before, after in pairs)


def same_numbers(old: Analysis, new: Analysis) -> bool:
    """Return whether two analyses give the same estimate, intervals and tau² from as many results."""
    if old.result is None or new.result is None:
        return old.result is new.result
    pairs = zip(_numbers(old), _numbers(new), strict=True)
    return old.k == new.k and all(_close(before, after) for before, after in pairs)


def _numbers(analysis: Analysis) -> tuple[float, ...]:
    result = analysis.result
    if result is None:
        return ()
    limits = (result.ci.low, result.ci.high, result.prediction.low, result.prediction.high)
    return (result.estimate, *limits, result.tau2)


def _close(old: float, new: float) -> bool:
    return math.isclose(old, new, rel_tol=SAME, abs_tol=SAME) or (math.isnan(old) and math.isnan(new))


def _severity(old: Analysis | None, new: Analysis | None, passed: tuple[float, ...]) -> Severity:
    had, has = (analysis is not None and analysis.result is not None for analysis in (old, new))
    if passed or had != has:
        return Severity.CROSSES
    return Severity.NONE if old is not None and new is not None and same_numbers(old, new) else Severity.NUMERIC


def _crossed(old: Synthesis | None, new: Synthesis | None) -> tuple[float, ...]:
    if old is None or new is None or old.primary.result is None or new.primary.result is None:
        return ()
    if old.primary.measure != new.primary.measure:
        return ()
    before, after = old.primary.result, new.primary.result
    return crossed((before.estimate, before.ci), (after.estimate, after.ci), _marks(new))


def _marks(answer: Synthesis) -> tuple[float, ...]:
    """Return no effect and, on a scale of differences, the smallest one that matters on either side."""
    mcid = answer.question.mcid
    if mcid is None or answer.transform != "identity":
        return (answer.null_value,)
    return (answer.null_value, -mcid, mcid)


def _people(analysis: Analysis | None) -> float:
    if analysis is None:
        return math.nan
    return sum(row.people for row in analysis.rows if not math.isnan(row.people))


def _left_out(old: Synthesis | None, new: Synthesis | None) -> Iterator[tuple[str, str, str]]:
    """Yield (row, reason before, reason after) for rows whose place beside the answer changed."""
    before, after = ({row.row_id: row.reason for row in answer.left_out} if answer else {} for answer in (old, new))
    for row_id in dict.fromkeys((*after, *before)):
        if before.get(row_id) != after.get(row_id):
            yield row_id, before.get(row_id, ""), after.get(row_id, "")


# ------------------------------------------------------------------ attribution


def _attributions(old: Analysis | None, new: Analysis | None) -> Iterator[Attribution]:
    before, after = (_effects(analysis) for analysis in (old, new))
    for row_id in dict.fromkeys((*after, *before)):
        if before.get(row_id) == after.get(row_id):
            continue
        kind = "entered" if row_id not in before else "left" if row_id not in after else "changed"
        shift = _pull(new, row_id) - _pull(old, row_id)
        reason = "nothing is left to compare with when it is taken out" if math.isnan(shift) else ""
        yield Attribution(row_id, kind, shift, reason)


def _effects(analysis: Analysis | None) -> dict[str, tuple[float, float]]:
    return {row.row_id: (row.yi, row.vi) for row in analysis.rows} if analysis else {}


def _pull(analysis: Analysis | None, row_id: str) -> float:
    """Return the estimate minus the estimate without a row: 0 where the row is not pooled."""
    if analysis is None or analysis.result is None or row_id not in analysis.row_ids:
        return 0.0
    rest = [row for row in analysis.rows if row.row_id != row_id]
    return analysis.result.estimate - _estimate(analysis, rest)


def _estimate(analysis: Analysis, rows: list[RowEffect]) -> float:
    if not rows or analysis.result is None:
        return math.nan
    result = pool([row.yi for row in rows], [row.vi for row in rows], method=analysis.result.method, ci="wald")
    return result.estimate
