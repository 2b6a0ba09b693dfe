"""The sentence on what holds in all analyses and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.synthesis.wording import value_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence.models import Question
    from hipevidence.synthesis import Analysis

#: What each choice of a specification is called.
CHOICE_TITLES: Final = {
    "rows": "Rows",
    "omitted": "Left out",
    "score": "Scores",
    "verification": "Read in",
    "nulls": "Known nulls",
    "estimator": "Estimator",
    "interval": "Interval",
}


def sentence(
    question: Question, primary: Analysis, size: int, counts: Mapping[str, int], ends: tuple[float, float]
) -> str:
    """Return one sentence: how the estimates spread, and in how many analyses direction, zero and size hold.

    Parameters
    ----------
    question, primary
        Whose sides and scale are named.
    size
        Number of analyses.
    counts
        In how many of them each statement holds, as in ``Multiverse``; -1 where it is none.
    ends
        Smallest and largest estimate on the analysis scale.
    """
    if not size:
        return "No result can be analysed in any way."
    lowest, highest = (value_text(primary, end) for end in ends)
    if size == 1:
        return f"There is one defensible analysis of this evidence, with an estimate of {lowest}: nothing to compare."
    many = f"{fmt.count(size)} defensible analyses of the same evidence"
    opening = f"Across {many} the estimate runs from {lowest} to {highest}"
    if primary.is_proportion:
        return f"{opening}."
    parts = [_direction(question, size, counts["lower"], counts["higher"])]
    parts.append(f"its interval excludes no difference in {_share(counts['excludes_null'], size)}")
    if counts["reaches_mcid"] >= 0 and question.mcid is not None:
        bar = f"{fmt.exact(question.mcid)} {question.mcid_unit}"
        parts.append(
            f"it reaches the smallest difference that matters ({bar}) in {_share(counts['reaches_mcid'], size)}, "
            f"with its whole interval in {_share(counts['surely_reaches_mcid'], size)}"
        )
    return f"{opening}; {'; '.join(parts)}."


def _direction(question: Question, size: int, lower: int, higher: int) -> str:
    side, count = (question.favours[0], lower) if lower >= higher else (question.favours[1], higher)
    said = side if side.startswith("favours ") else f"says “{side}”"
    return f"it {said} in {_share(count, size)}"


def _share(count: int, size: int) -> str:
    if count == size:
        return "all of them"
    return "none of them" if not count else f"{fmt.count(count)} of {fmt.count(size)}"
