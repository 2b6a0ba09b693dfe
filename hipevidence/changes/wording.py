"""How a change is worded, the same on the terminal and in Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.changes.estimates import same_numbers
from hipevidence.changes.severity import Severity
from hipevidence.evidence.wording import plain
from hipevidence.synthesis.wording import estimate_text, interval_text, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.certainty import Rating
    from hipevidence.changes.compare import Changes
    from hipevidence.changes.estimates import Attribution, QuestionChange
    from hipevidence.synthesis import Analysis

SEVERITY = {
    Severity.NONE: "no number and no verdict changes",
    Severity.NUMERIC: "numbers or certainty change, on the same side of every mark",
    Severity.CROSSES: "an estimate or its interval crosses no effect or the smallest difference that matters, "
    "or an answer appears or vanishes",
    Severity.CLAIM_FLIPS: "a statement has another verdict",
}
NOTHING = "no answer"
#: Characters of a text from the tables that are shown.
LONG: Final = 400
#: Characters up to which two texts are shown from their beginning.
SHORT: Final = 120
#: Characters shown before the place where two longer ones part.
BEFORE: Final = 40


def summary(changes: Changes) -> str:
    """Return the one line that says how much changed and how much it matters."""
    if not changes.any:
        return "Nothing differs."
    parts = (
        fmt.plural(len(changes.rows), "row or entry", "rows or entries"),
        fmt.plural(len(changes.questions), "question"),
        fmt.plural(len(changes.claims), "statement"),
    )
    return f"{', '.join(parts)} changed. Severity: {changes.severity.label} ({SEVERITY[changes.severity]})."


def answer_lines(change: QuestionChange) -> list[tuple[str, str, str]]:
    """Return (what, before, after) for a question: results, people, estimate, its spread, how certain it is."""
    old, new = change.old, change.new
    return [
        ("results (k)", _results(old), _results(new)),
        ("people (n)", fmt.count(change.n_old), fmt.count(change.n_new)),
        ("estimate", _estimate(old), _estimate(new)),
        ("prediction interval", _prediction(old), _prediction(new)),
        ("tau²", _tau2(old), _tau2(new)),
        ("certainty", _certainty(change.rating_old), _certainty(change.rating_new)),
    ]


def remark(change: QuestionChange) -> str:
    """Return what a reader must not miss about a change, or ``""``."""
    if change.crossed:
        analysis = change.new or change.old
        marks = [_mark(analysis, mark) for mark in change.crossed if analysis is not None]
        return f"Crosses {' and '.join(marks)}."
    if change.severity is Severity.CROSSES:
        return "The answer is gone." if change.new is None or change.new.result is None else "The answer is new."
    if change.severity is Severity.NONE:
        return "The pooled numbers stay."
    if change.old is not None and change.new is not None and same_numbers(change.old, change.new):
        return "The pooled numbers stay; how certain they are does not."
    same = _estimate(change.old) == _estimate(change.new)
    return "The estimate differs beyond what is printed, or only in a sensitivity analysis." if same else ""


def moved_rows(change: QuestionChange) -> Iterator[tuple[str, str]]:
    """Yield (row, what became of it) for rows that moved the estimate and for those listed beside it."""
    for each in change.attributions:
        yield each.row_id, _attribution(change, each)
    for row_id, old, new in change.left_out:
        yield row_id, f"left out: {new}" if new else f"no longer left out ({old})"


def _attribution(change: QuestionChange, attribution: Attribution) -> str:
    """Return how much one row moved the estimate."""
    analysis = change.new or change.old
    if math.isnan(attribution.shift):
        return f"{attribution.kind}; {attribution.reason}"
    if analysis is not None and analysis.transform == "exp":
        return f"{attribution.kind}; multiplies the estimate by {fmt.number(math.exp(attribution.shift), 3)}"
    unit = " on the analysis scale" if analysis is not None and analysis.is_proportion else ""
    return f"{attribution.kind}; moves the estimate by {fmt.signed(attribution.shift, 3)}{unit}"


def where_they_part(old: str, new: str) -> tuple[str, str]:
    """Return two texts with quotes, long ones from shortly before the place where they differ."""
    start = 0
    if max(len(old), len(new)) > SHORT:
        shorter = min(len(old), len(new))
        parting = next((place for place in range(shorter) if old[place] != new[place]), shorter)
        start = max(parting - BEFORE, 0)
    cut = "... " if start else ""
    first, second = (f'"{cut}{plain(text[start:], LONG)}"' if text else "nothing" for text in (old, new))
    return first, second


def _estimate(analysis: Analysis | None) -> str:
    if analysis is None or analysis.result is None:
        return NOTHING
    return estimate_text(analysis, analysis.result.estimate, analysis.result.ci)


def _prediction(analysis: Analysis | None) -> str:
    return interval_text(analysis, analysis.result.prediction) if analysis and analysis.result else NOTHING


def _results(analysis: Analysis | None) -> str:
    return fmt.count(analysis.k) if analysis else NOTHING


def _tau2(analysis: Analysis | None) -> str:
    return fmt.tau2(analysis.result.tau2) if analysis and analysis.result else NOTHING


def _certainty(rating: Rating | None) -> str:
    return f"{rating.level.word}, {rating.state}" if rating is not None and rating.steps else NOTHING


def _mark(analysis: Analysis, mark: float) -> str:
    value = value_text(analysis, mark)
    return f"no effect ({value})" if mark == 0 else f"the smallest difference that matters ({value})"
