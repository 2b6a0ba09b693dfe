"""Whether a number on a scale is a level before or after, a change, or a difference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading import signals
from hipevidence.claims.reading.figure import TIMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.quantities import Quantity

#: A share of people, not a change.
SHARE_BEHIND: Final = re.compile(
    r"^\s*(?:of\s+(?!(?:max|your|their max|the max))|(?:got|get|gets|had|have|were|was|"
    r"are|returned|return|recovered|recover|improved|improve|of\b|ran|run|could|did|developed|"
    r"back|stop|avoid|see|became|become|can|is|reported)\b)",
    re.IGNORECASE,
)
ROSTER: Final = re.compile(
    r"\b(?:enrol\w*|recruit(?:ed|ing)|analy[sz]e\w*|complet\w*|randomi[sz]\w*|dropped out|signed up|"
    r"invited|answered|included|used the data|use the data|did not (?:complete|finish)|lost|withdrew|"
    r"left the (?:trial|study))\b",
    re.IGNORECASE,
)
FROM: Final = re.compile(
    r"\bfrom\s+(?:an?\s+)?(?:average\s+(?:of\s+)?|mean\s+(?:of\s+)?|about\s+|nearly\s+|around\s+)?$", re.IGNORECASE
)
TO: Final = re.compile(
    r"\bto\s+(?:an?\s+)?(?:average\s+(?:of\s+)?|mean\s+(?:of\s+)?|about\s+|just\s+|only\s+|around\s+)?$", re.IGNORECASE
)
BY: Final = re.compile(
    r"\b(?:by|of|further|about|another|averaged|namely|:|extra|average)\s*(?:an?\s+)?(?:average\s+of\s+|"
    r"about\s+|further\s+|extra\s+)?$",
    re.IGNORECASE,
)
#: A level at one time, of whatever group.
HELD: Final = re.compile(
    r"\b(?:(?:pain|scores?|ratings?|levels?|average|mean) (?:of|at)|averaged|scored|reported|rated|"
    r"rated (?:their|his|her)(?: \w+)?|"
    r"rated theirs|stood at|ended (?:up )?at)\s+$",
    re.IGNORECASE,
)
#: The level of the other group, told beside the one of the first.
BESIDE_LEVEL: Final = re.compile(r"\d[^.;]{0,30}?\b(?:against|versus|vs\.?|compared (?:with|to))\s+$", re.IGNORECASE)
#: The level of one group, with the one of the other behind it: "average pain was 2.4 in those who ... and 4.1 in".
LEVEL_OF_TWO: Final = re.compile(
    r"\b(?:average|mean)\b[^.;\d]{0,40}?\b(?:was|were|averaged|stood at)\s+$", re.IGNORECASE
)
BESIDE_BEHIND: Final = re.compile(
    r"[^.;\d]*\b(?:and|against|versus|as opposed to|compared (?:with|to)|but)\s+\d", re.IGNORECASE
)
#: The level of another group, told behind the one of the first: "averaged 37.9 in those with pain and 45.6".
LEVEL_AND: Final = re.compile(r"\b(?:averaged|stood at|scored|was|were)\s+\d[^;]*?\b(?:and|but)\s+$", re.IGNORECASE)
AT_START: Final = re.compile(
    r"\s*(?:before|at (?:the )?(?:start|baseline|outset|beginning)|beforehand)\b", re.IGNORECASE
)
AT_END: Final = re.compile(
    r"\s*(?:after|afterwards|at the end)\b(?!\s+(?:\w+\s+)?(?:weeks?|months?|\d))", re.IGNORECASE
)
#: Of a threshold, not of a result: "2 points, the smallest change that matters".
SMALLEST: Final = re.compile(
    r",?\s*(?:(?!than|above|over|below|beyond|short|of\b)\w+\s+){0,4}?(?:smallest|least|minimum|minimal(?:ly)?)\b"
    r"[^.;]{0,25}?\b(?:change|difference|improvement|important)\b",
    re.IGNORECASE,
)
SMALLEST_IS: Final = re.compile(
    r"\b(?:smallest|least|minimum|minimal(?:ly)?)\b[^.;\d]{0,60}?\b(?:is|was|of|being|at|as)\s+(?:about\s+)?$",
    re.IGNORECASE,
)
APART: Final = re.compile(r"\s*(?:\w+\s+)?(?:apart|ahead|clear of|in favou?r)\b", re.IGNORECASE)
DIFFERENCE: Final = re.compile(
    r"\b(?:treatment effect|difference|advantage|gap|margin|edge|apart|ahead)\b", re.IGNORECASE
)
STANDARDISED: Final = re.compile(r"\b(?:effect\s+sizes?|pooled\s+effects?|standardi[sz]ed|smd)\b", re.IGNORECASE)
MOVES: Final = (signals.UP, signals.DOWN, signals.BETTER, signals.WORSE)


def points(  # noqa: PLR0911 - a table of cases, the first that fits
    text: str, number: Quantity, *, compares: bool
) -> tuple[str, str]:
    """Return the role and unit of a number of points; ``""`` where it is no result.

    Parameters
    ----------
    text
        The part of the sentence.
    number
        The number.
    compares
        Whether two groups are compared.
    """
    before, behind = text[: number.start], text[number.end :]
    if SMALLEST.match(behind) or SMALLEST_IS.search(before):
        return "", ""
    scale = (
        "points (0-10)"
        if re.search(r"\b(?:10|ten)-?\s?point|out of (?:10|ten)\b|/\s?10\b|\b0\s?(?:-|to)\s?10\b", text, re.IGNORECASE)
        else "points"
    )
    is_bound = re.search(r"\b(?:above|below|up to|over|under|exceeds?|a|stays?|stay)\s+$", before, re.IGNORECASE)
    if is_bound and number.value == int(number.value) and not compares:
        return "", ""
    if at := before_or_after(behind):
        return at, scale
    if FROM.search(before):
        return "value_before", scale
    if TO.search(before):
        return "value_after", scale
    differs = DIFFERENCE.search(before[-45:]) or APART.match(behind)
    if not any(pattern.search(text) for pattern in (*MOVES, signals.NULL)) and not compares and not differs:
        return "", ""
    if differs:
        return "mean_difference", scale
    is_level = HELD.search(before) and "averaged" not in before[-12:]
    if is_level or (LEVEL_OF_TWO.search(before) and BESIDE_BEHIND.match(behind)):
        return "value_after", scale
    if (
        re.search(r"\b(?:average|mean|scored|score|was|were|is)\s+$", before, re.IGNORECASE)
        and "averaged" not in before[-12:]
        and not compares
    ):
        return "value_after", scale
    return _difference_or_change(before, compares=compares), scale


def before_or_after(behind: str) -> str:
    """Return which of two levels of a group a number is, from the word behind it: "8.0 seconds before, 7.0 after"."""
    if AT_START.match(behind):
        return "value_before"
    return "value_after" if AT_END.match(behind) else ""


def _difference_or_change(before: str, *, compares: bool) -> str:
    return "mean_difference" if compares or DIFFERENCE.search(before[-45:]) else "point_change"


def bare(  # noqa: C901, PLR0911 - a table of cases, the first that fits
    text: str, number: Quantity, numbers: Sequence[Quantity], frame: Frame, *, compares: bool
) -> tuple[str, str]:
    """Return the role and unit of a number without a unit; ``""`` where it is no result.

    Parameters
    ----------
    text
        The part of the sentence.
    number, numbers
        The number, and all of that part.
    frame
        What it is about.
    compares
        Whether two groups are compared.
    """
    before, behind = text[: number.start], text[number.end :]
    if number.in_words and number.value == 1:
        return "", ""
    moves = any(pattern.search(text) for pattern in MOVES)
    if number.decimals and STANDARDISED.search(before):
        return "standardised_effect", ""
    whole = [one for one in numbers if one.unit == "people" and one.value > number.value]
    if (
        whole
        and number.high is None
        and number.value == int(number.value)
        and (SHARE_BEHIND.match(behind) or ROSTER.search(text))
    ):
        return ("count_people", "people") if ROSTER.search(text) and not frame.outcomes else ("share", "%")
    if not frame.outcomes or number.high is not None:
        return "", ""
    if at := before_or_after(behind):
        return at, ""
    if FROM.search(before) and re.match(r"\s+(?:\w+\s+){0,2}?(?:to|down to)\b", behind):
        return "value_before", ""
    if TO.search(before) and any(FROM.search(text[: one.start]) for one in numbers):
        return "value_after", ""
    if number.decimals and HELD.search(before):
        return "value_after", ""
    is_whole = number.value == int(number.value)
    is_other_level = number.decimals and (BESIDE_LEVEL.search(before) or LEVEL_AND.search(before))
    is_time = is_whole and BY.search(before) and any(one.unit in TIMES for one in numbers)  # "at 6 weeks, gone by 12"
    if is_other_level or is_time:
        return "", ""
    if number.decimals and (moves or DIFFERENCE.search(before[-45:])):
        if TO.search(before):
            return "value_after", ""
        return _difference_or_change(before, compares=compares), ""
    if (
        BY.search(before)
        and moves
        and number.value > 1
        and re.match(r"\s*(?:[,.;)]|$|on\b|more\b|less\b|compared\b)", behind)
    ):
        return ("mean_difference" if compares else "point_change"), ""
    return "", ""
