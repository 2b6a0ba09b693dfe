"""What kind of figure each number of a text is, as the statement uses it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

from hipevidence.claims.reading import signals
from hipevidence.claims.reading.arms import with_arms
from hipevidence.claims.reading.figure import COUNTS, DOSES, RATIOS, TIMES, UNPLACED, Figure
from hipevidence.claims.reading.intervals import is_interval, limits_of
from hipevidence.claims.reading.levels import FROM, ROSTER, SHARE_BEHIND, TO, bare, before_or_after, points
from hipevidence.claims.reading.resources import ONSET
from hipevidence.claims.reading.sex import FEMALE, MALE
from hipevidence.claims.reading.turned import HEALTHY
from hipevidence.claims.sources import STUDIES_POOLED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hipevidence.claims.reading.frame import Frame
    from hipevidence.claims.reading.quantities import Quantity

#: Numbers that say nothing of a result, a study or a dose.
SILENT: Final = frozenset(
    {
        "price",
        "clock",
        "level",
        "scale",
        "ordinal",
        "week_number",
        "unread",
        "per_group",
        "year",
        "age",
        "interval",
    }
)
MAXIMUM: Final = re.compile(
    r"^\s*(?:%|per\s?cent|percent)?\s*(?:of\s+)?(?:(?:your|their|the|a)\s+)?(?:\w+\s+)?(?:max(?:imum|"
    r"imal)?|1\s?rm|one-rep\w*|one-repetition)\b",
    re.IGNORECASE,
)
LOADED: Final = re.compile(r"\b(?:the load|the weight|the resistance|load as)\b", re.IGNORECASE)
OFFER: Final = re.compile(
    r"\b(?:discount|save|off (?:your|the|their|all)|deposit|refund|price|fee|coupon|first (?:visit|"
    r"appointment)|vat|tax|pays?|cheaper|concession|membership)\b",
    re.IGNORECASE,
)
ODDS: Final = re.compile(r"\bodds\b", re.IGNORECASE)
RISK: Final = re.compile(r"\b(?:risks?|chances?|likel(?:y|ihood))\b", re.IGNORECASE)
SHARE_BEFORE: Final = re.compile(
    r"\b(?:in|among|gets?|got|brings?|helps?|for|cured?|heals?)\s+(?:about\s+|nearly\s+|over\s+|up to\s+)?$",
    re.IGNORECASE,
)
BESIDE: Final = re.compile(r"[^,;.()\d]{0,12}?\b(?:in|for|among)\s+(?:the\s+)?(?P<who>\w+)", re.IGNORECASE)
POOLED: Final = re.compile(
    r"\b(?:review\w*|meta-analy\w*|pool\w*|put together|put \d+ of|combin\w*|analy[sz]ed|analysis|brought together|"
    r"gathered|took in|drew on|taken together|strung together|strings together)\b",
    re.IGNORECASE,
)
POOLED_ONLY: Final = re.compile(
    r"\bpool(?:ed|s|ing)?\b|\bcombined\b|\bput together\b|\b(?:went|go|thrown|fed) into the "
    r"(?:meta-analysis|pot|pool|result|analysis|figure)\b",
    re.IGNORECASE,
)
POOLED_BEFORE: Final = re.compile(r"\bpool(?:ed|s)\s+(?:all|only|just|the)?\s*$", re.IGNORECASE)
ALL_BEFORE: Final = re.compile(r"\ball\s+(?:of\s+)?(?:the\s+)?$", re.IGNORECASE)
OF_STUDIES: Final = re.compile(r"\s+(?:[\w-]+\s+){0,2}?(?:studies|trials|rcts|papers|cohorts)\b", re.IGNORECASE)
#: "96 % of them female" says who took part.
OF_ONE_SEX: Final = re.compile(
    r"\s*(?:of (?:the )?(?:\w+ ){1,2}?)?(?:were |was )?(?:female|male|women|men|girls|boys)\b", re.IGNORECASE
)
DOWNWARDS: Final = re.compile(r"\b(?:less|lower|fewer|reduc\w*|decreas\w*|cuts?|fall\w*|smaller)\b", re.IGNORECASE)


def figures(
    text: str, numbers: Sequence[Quantity], frame: Frame, *, compares: bool, unexposed: Collection[str] = ()
) -> tuple[Figure, ...]:
    """Return the figures of a part of a sentence.

    Parameters
    ----------
    text
        The part.
    numbers
        Its numbers.
    frame
        What it is about.
    compares
        Whether two groups are compared, here or in the sentence before.
    unexposed
        Comparators that are the other end of an exposure.
    """
    found: list[Figure] = []
    for number in numbers:
        limits = limits_of(text, number)
        if found and found[-1].limits is None and is_interval(text[found[-1].end : number.start], limits, found[-1]):
            found[-1] = dataclasses.replace(found[-1], limits=limits)
            continue
        if number.unit in SILENT:
            continue
        found += _figure(text, number, numbers, frame, compares=compares, unexposed=unexposed)
    found = [one for one in found if not _is_said_exactly(text, one, found)]
    placed = [_with_sex(text, _with_outcome(text, one, frame)) for one in found]
    return tuple(with_arms(text, placed, frame))


def _is_said_exactly(text: str, rough: Figure, found: Sequence[Figure]) -> bool:
    """Return whether a figure in round words is told exactly right behind: "half a point (0.6)"."""
    in_words = not any(character.isdigit() for character in text[rough.start : rough.end])
    return in_words and any(
        other.role == rough.role and re.fullmatch(r"[^.;\d]{0,20}\(\s*", text[rough.end : other.start])
        for other in found
        if other.start >= rough.end
    )


def _figure(
    text: str,
    number: Quantity,
    numbers: Sequence[Quantity],
    frame: Frame,
    *,
    compares: bool,
    unexposed: Collection[str],
) -> list[Figure]:
    behind, before = text[number.end :], text[: number.start]
    if number.unit in {"part", "part_word"}:
        return _part(text, number, frame)
    role, unit = _role(text, number, numbers, frame, compares=compares, unexposed=unexposed)
    if not role:
        return _unplaced(number)
    if role == "share":
        whole = max(one.value for one in numbers if one.unit == "people")
        return [
            Figure("proportion_percent", round(100 * number.value / whole, 1), None, 1, "%", number.start, number.end)
        ]
    value, high = number.value, number.high
    if number.unit == "years":
        value, high = 12 * value, None if high is None else 12 * high
    is_relative = False
    if role in {"odds_ratio", "risk_ratio"} and number.unit == "percent":
        sign = -1 if DOWNWARDS.search(before[-40:] + behind[:25]) else 1
        value, high, is_relative = 1 + sign * value / 100, None, True
        return [Figure(role, value, high, 2, unit, number.start, number.end, is_relative=True)]
    return [Figure(role, value, high, number.decimals, unit, number.start, number.end, is_relative=is_relative)]


def _unplaced(number: Quantity) -> list[Figure]:
    """Return a number with digits behind the point as a figure of unknown kind; a whole number says too little."""
    if not number.decimals or number.unit not in {"", "p", "correlation", "points", "times", "small_time", "length"}:
        return []
    return [Figure(UNPLACED, number.value, number.high, number.decimals, "", number.start, number.end)]


def _part(text: str, number: Quantity, frame: Frame) -> list[Figure]:
    if number.unit == "part_word":
        return [Figure("proportion_percent", round(number.value, 1), None, 0, "%", number.start, number.end)]
    if number.whole is None or number.whole == 0:
        return []
    if OF_STUDIES.match(text[number.end :]):
        return _studies_of(text, number)
    if ROSTER.search(text) and not frame.outcomes:
        return [
            Figure("count_people", value, None, 0, "people", number.start, number.end)
            for value in (number.value, number.whole)
        ]
    share = 100 * number.value / number.whole
    return [
        Figure(
            "proportion_percent",
            round(share, 1),
            None,
            0 if share == round(share) else 1,
            "%",
            number.start,
            number.end,
        )
    ]


def _studies_of(text: str, number: Quantity) -> list[Figure]:
    """Return "three of the seven trials were pooled" as the studies pooled and those of the review; else nothing."""
    if not POOLED_ONLY.search(text) or number.whole is None:
        return []
    return [
        Figure("count_studies", number.value, None, 0, STUDIES_POOLED, number.start, number.end),
        Figure("count_studies", number.whole, None, 0, "studies", number.start, number.end),
    ]


def _role(  # noqa: C901, PLR0911, PLR0912 - a table of cases, the first that fits
    text: str,
    number: Quantity,
    numbers: Sequence[Quantity],
    frame: Frame,
    *,
    compares: bool,
    unexposed: Collection[str],
) -> tuple[str, str]:
    unit = number.unit
    if unit == "effect":
        return "standardised_effect", ""
    if unit in RATIOS:
        near = any(
            one is not number and one.unit in {"times", *RATIOS} and abs(one.start - number.start) < 25
            for one in numbers
        )
        if number.in_words and near:
            return "", ""
        if unit == "risk" and ODDS.search(text) and not RISK.search(text[number.start : number.end + 25]):
            return "odds_ratio", ""
        return RATIOS[unit], ""
    if unit == "times":
        context = text[max(number.start - 120, 0) : number.end + 40]
        if ODDS.search(context):
            return "odds_ratio", ""
        return ("risk_ratio", "") if RISK.search(context) else ("", "")
    if unit in DOSES:
        return DOSES[unit], {"sessions": "sessions per week"}.get(unit, unit)
    if unit in TIMES:
        return ("months", "months") if unit != "weeks" else ("weeks", "weeks")
    if unit in COUNTS:
        return _count(text, number)
    if unit == "percent":
        if _repeats_part(number, numbers):
            return "", ""  # told already
        apart = compares and frame.comparator in unexposed
        return _percent(text, number, frame, apart=apart)
    if unit in {"p", "correlation"}:
        return "", ""
    if unit in {"points", "on_line"}:
        return points(text, number, compares=compares)
    if unit in {"small_time", "length"}:  # of a test: seconds on the stairs, degrees of movement
        return (before_or_after(text[number.end :]) if number.decimals and frame.outcomes else ""), ""
    if POOLED_BEFORE.search(text[: number.start]):
        return "count_studies", STUDIES_POOLED
    return bare(text, number, numbers, frame, compares=compares)


def _count(text: str, number: Quantity) -> tuple[str, str]:
    if number.unit == "studies" and (number.value <= 1 or not POOLED.search(text)):
        return "", ""
    if number.unit == "people" and number.value <= 1:
        return "", ""
    if _are_pooled(text, number):
        return "count_studies", STUDIES_POOLED
    if number.unit == "outcomes" and not signals.BETTER.search(text):
        return "", ""
    return COUNTS[number.unit], number.unit


def _are_pooled(text: str, number: Quantity) -> bool:
    """Return whether a number counts the studies that were pooled."""
    before, behind = text[: number.start], text[number.end :]
    if number.unit == "people":
        return _is_of_studies(text, number)
    if number.unit != "studies":
        return False
    all_of_them = ALL_BEFORE.search(before) and POOLED_ONLY.search(behind)
    return bool(all_of_them or re.search(r"\bpool(?:ed|s|ing)?\b[^.;\d]*$", before, re.IGNORECASE))


def _is_of_studies(text: str, number: Quantity) -> bool:
    """Return whether "three of them" are studies that were pooled, not people."""
    if not re.search(r"\s*(?:of\s+)?(?:them|these|those)\b", text[number.start : number.end + len(" of those")]):
        return False
    return bool(POOLED_BEFORE.search(text[: number.start]) or POOLED_ONLY.search(text[number.end :]))


def _percent(text: str, number: Quantity, frame: Frame, *, apart: bool) -> tuple[str, str]:  # noqa: PLR0911 - a table of cases, the first that fits
    before, behind = text[: number.start], text[number.end :]
    if (
        OF_ONE_SEX.match(behind)
        or OFFER.search(text)
        or (LOADED.search(text) and re.search(r"\b(?:rais|increas|add)\w*\b", before))
    ):
        return "", ""
    if LOADED.search(text):
        return "intensity_percent", "% of one-repetition maximum"
    if MAXIMUM.match(text[number.end :]) or (re.search(r"\bintensity\b|\bmax", text, re.IGNORECASE)):
        return "intensity_percent", "% of one-repetition maximum"
    near = before[-45:] + " " + behind[:45]
    if ODDS.search(near):
        return "odds_ratio", ""
    if RISK.search(near):
        return "risk_ratio", ""
    if SHARE_BEHIND.match(behind) or (
        SHARE_BEFORE.search(before) and re.match(r"\s*(?:of|who|that)\b|\s*\w*\s*(?:people|patients|runners)", behind)
    ):
        return "proportion_percent", "%"
    if _is_fall_of_a_share(text, number, frame):
        return "proportion_percent", "%"
    if re.search(r"\b(?:in|among)\s+(?:about\s+)?$", before) or (
        frame.outcomes and frame.outcomes[0].key.startswith("new_")
    ):
        return "proportion_percent", "%"
    if frame.comparator == HEALTHY or (apart and not FROM.search(before)):
        return "percent_difference", "%"
    return "percent_change", "%"


def _repeats_part(number: Quantity, numbers: Sequence[Quantity]) -> bool:
    """Return whether a percentage is a part told before once more: "22 of 24 (92%)"."""
    parts = [one for one in numbers if one.unit == "part" and one.whole and one.start < number.start]
    shares = (100 * one.value / one.whole for one in parts if one.whole)
    return any(abs(share - number.value) <= 0.5 * 10.0**-number.decimals + 1e-9 for share in shares)


def _is_fall_of_a_share(text: str, number: Quantity, frame: Frame) -> bool:
    """Return whether a percentage is one end of "the risk fell from 4.8% to 1.3%": a share without and with."""
    is_end = FROM.search(text[: number.start]) or TO.search(text[: number.start])
    return bool(is_end) and any(one.key.startswith(ONSET) for one in frame.outcomes)


def _with_outcome(text: str, figure: Figure, frame: Frame) -> Figure:
    """Return a figure with the outcome it is put on, where the text speaks of several."""
    keys = dict.fromkeys(one.key for one in frame.outcomes)
    if len(keys) < 2 or figure.role in {"count_people", "count_studies", "weeks", "months"}:
        return figure
    is_bracketed = "(" in text[max(figure.start - 40, 0) : figure.start].rpartition(")")[2]
    behind = (
        None
        if is_bracketed
        else re.match(
            r"[^,;.()]{0,12}?(?:\bfor\b|\bin\b|\bof\b|\bon\b|\()\s*(?:the\s+)?(?:\w+\s+)?", text[figure.end :]
        )
    )
    reach = figure.end + (behind.end() if behind else 0)
    near = [one for one in frame.outcomes if behind and abs(one.start - reach) <= 12]
    if not near:
        reach = 60 if is_bracketed else 40
        near = [
            one
            for one in frame.outcomes
            if 0 <= figure.start - one.end <= reach and not re.search(r"\band\b", text[one.end : figure.start])
        ]
        near = near[-1:]
    return dataclasses.replace(figure, outcome=near[0].key) if near else figure


def _with_sex(text: str, figure: Figure) -> Figure:
    """Return a figure with the sex it is put on, where the text speaks of women and of men."""
    if not (FEMALE.search(text) and MALE.search(text)):
        return figure
    behind = BESIDE.match(text[figure.end :])
    before = re.split(r"[,;.()\d]|\band\b|\bbut\b", text[: figure.start])[-1]
    for words in ("" if behind is None else behind["who"], before):
        if bool(FEMALE.search(words)) != bool(MALE.search(words)):
            return dataclasses.replace(figure, sex="female" if FEMALE.search(words) else "male")
    return figure
