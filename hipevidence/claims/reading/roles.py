"""What kind of figure each number of a text is, as the statement uses it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.claims.reading import signals
from hipevidence.claims.reading.frame import FEMALE, MALE
from hipevidence.claims.reading.lexicon import Mention, of_section
from hipevidence.claims.reading.resources import ONSET
from hipevidence.claims.sources import STUDIES_POOLED

if TYPE_CHECKING:
    from collections.abc import Sequence

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
RATIOS: Final = {"odds": "odds_ratio", "risk": "risk_ratio", "likely": "risk_ratio", "hazard": "hazard_ratio"}
DOSES: Final = {"sessions": "sessions_per_week", "sets": "sets", "repetitions": "repetitions"}
COUNTS: Final = {"people": "count_people", "studies": "count_studies", "outcomes": "count_outcomes"}
TIMES: Final = {"weeks": 1.0, "months": 52 / 12, "years": 52.0}
#: The role of a number that is no figure of a known kind, but may be one: it must stand somewhere in the evidence.
UNPLACED: Final = "unplaced"
ONE_GROUP: Final = frozenset({"value_before", "value_after", "point_change", "percent_change", "proportion_percent"})
MAXIMUM: Final = re.compile(
    r"^\s*(?:%|per\s?cent|percent)?\s*(?:of\s+)?(?:(?:your|their|the|a)\s+)?(?:\w+\s+)?(?:max(?:imum|"
    r"imal)?|1\s?rm|one-rep\w*|one-repetition)\b",
    re.IGNORECASE,
)
LOADED: Final = re.compile(r"\b(?:the load|the weight|the resistance|load as)\b", re.IGNORECASE)
OFFER: Final = re.compile(
    r"\b(?:discount|save|off (?:your|the|their|all)|deposit|refund|price|fee|coupon|first (?:visit|"
    r"appointment)|vat|tax)\b",
    re.IGNORECASE,
)
ODDS: Final = re.compile(r"\bodds\b", re.IGNORECASE)
RISK: Final = re.compile(r"\b(?:risks?|chances?|likel(?:y|ihood))\b", re.IGNORECASE)
#: A share of people, not a change.
SHARE_BEHIND: Final = re.compile(
    r"^\s*(?:of\s+(?!(?:max|your|their max|the max))|(?:got|get|gets|had|have|were|was|"
    r"are|returned|return|recovered|recover|improved|improve|of\b|ran|run|could|did|developed|"
    r"back|stop|avoid|see|became|become|can|is|reported)\b)",
    re.IGNORECASE,
)
SHARE_BEFORE: Final = re.compile(
    r"\b(?:in|among|gets?|got|brings?|helps?|for|cured?|heals?)\s+(?:about\s+|nearly\s+|over\s+|up to\s+)?$",
    re.IGNORECASE,
)
ROSTER: Final = re.compile(
    r"\b(?:enrol\w*|recruit\w*|analy[sz]e\w*|complet\w*|randomi[sz]\w*|dropped out|signed up|"
    r"invited|answered|included|used the data|use the data)\b",
    re.IGNORECASE,
)
BESIDE: Final = re.compile(r"[^,;.()\d]{0,12}?\b(?:in|for|among)\s+(?:the\s+)?(?P<who>\w+)", re.IGNORECASE)
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
POOLED: Final = re.compile(
    r"\b(?:review\w*|meta-analy\w*|pool\w*|put together|put \d+ of|combin\w*|analy[sz]ed|analysis)\b", re.IGNORECASE
)
POOLED_ONLY: Final = re.compile(r"\bpool(?:ed|s|ing)?\b|\bcombined\b|\bput together\b", re.IGNORECASE)
OF_STUDIES: Final = re.compile(r"\s+(?:[\w-]+\s+){0,2}?(?:studies|trials|rcts|papers|cohorts)\b", re.IGNORECASE)
#: A level at one time, of whatever group.
HELD: Final = re.compile(
    r"\b(?:(?:pain|scores?|ratings?|levels?|average|mean) (?:of|at)|averaged|scored|reported|rated|rated (?:their|his|her)(?: \w+)?|"
    r"rated theirs|stood at|ended (?:up )?at)\s+$",
    re.IGNORECASE,
)
#: The level of the other group, told beside the one of the first.
BESIDE_LEVEL: Final = re.compile(r"\d[^.;]{0,30}?\b(?:against|versus|vs\.?|compared (?:with|to))\s+$", re.IGNORECASE)
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
DIFFERENCE: Final = re.compile(r"\b(?:difference|advantage|gap|margin|edge|apart|ahead)\b", re.IGNORECASE)
ALONE: Final = re.compile(
    r"[^,;.\d]{0,50}?\b(?:alone|on (?:its|their) own|by (?:itself|themselves)|without (?:it|them|the \w+))\b",
    re.IGNORECASE,
)
STANDARDISED: Final = re.compile(r"\b(?:effect\s+sizes?|standardi[sz]ed|smd)\b", re.IGNORECASE)
INTERVAL_REACH: Final = 45  # characters between a figure and its interval
INTERVAL_WORD: Final = re.compile(r"\b(?:ci|confidence interval|interval)\b[^;]{0,12}$", re.IGNORECASE)
INTRODUCES: Final = re.compile(r"[(\[,:]|\b(?:range|between|from|anywhere|plausibl\w+)\b", re.IGNORECASE)
TIMES_AND_SIZES: Final = frozenset({"count_people", "count_studies", "count_outcomes", "weeks", "months"})
LIMITS: Final = re.compile(
    r"^[\s,;:(\[]*(?:(?:95|90|99)\s*(?:%|per\s?cent)\s*)?(?:ci|confidence intervals?|interval|"
    r"range)?[\s:=,]*(?:from\s+)?$",
    re.IGNORECASE,
)
MOVES: Final = (signals.UP, signals.DOWN, signals.BETTER, signals.WORSE)
DOWNWARDS: Final = re.compile(r"\b(?:less|lower|fewer|reduc\w*|decreas\w*|cuts?|fall\w*|smaller)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A number of the text with its role.

    Attributes
    ----------
    role
        As in ``ClaimFigure``.
    value, high, decimals, unit
        As in ``ClaimFigure``.
    start, end
        Where it stands in the part of the sentence.
    arm
        2 where the text gives it to the comparison group, else 1.
    outcome
        Key of the outcome that it is put on; ``""`` for all of them.
    limits
        Interval told with it, signs dropped from ``value`` only; ``None`` without one.
    is_relative
        Whether it is a ratio told as a percentage more or less.
    sex
        The sex that the text gives it to, where it speaks of both; ``""`` otherwise.
    """

    role: str
    value: float
    high: float | None
    decimals: int
    unit: str
    start: int
    end: int
    arm: int = 1
    outcome: str = ""
    limits: tuple[float, float] | None = None
    is_relative: bool = False
    sex: str = ""

    def as_entry(self) -> dict[str, Any]:
        """Return it as an entry of a claim."""
        entry = {
            "value": self.value,
            "high": self.high,
            "decimals": self.decimals,
            "role": self.role,
            "unit": self.unit,
        }
        return entry | ({"outcome": self.outcome} if self.outcome else {})


def figures(text: str, numbers: Sequence[Quantity], frame: Frame, *, compares: bool) -> tuple[Figure, ...]:
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
    """
    found: list[Figure] = []
    for number in numbers:
        limits = _limits(text, number)
        if found and found[-1].limits is None and _is_interval(text[found[-1].end : number.start], limits, found[-1]):
            found[-1] = dataclasses.replace(found[-1], limits=limits)
            continue
        if number.unit in SILENT:
            continue
        found += _figure(text, number, numbers, frame, compares=compares)
    found = [one for one in found if not _is_said_exactly(text, one, found)]
    placed = [_with_sex(text, _with_outcome(text, one, frame)) for one in found]
    return tuple(_with_arms(text, placed, frame))


def _is_said_exactly(text: str, rough: Figure, found: Sequence[Figure]) -> bool:
    """Return whether a figure in round words is told exactly right behind: "half a point (0.6)"."""
    in_words = not any(character.isdigit() for character in text[rough.start : rough.end])
    return in_words and any(
        other.role == rough.role and re.fullmatch(r"[^.;\d]{0,20}\(\s*", text[rough.end : other.start])
        for other in found
        if other.start >= rough.end
    )


def _limits(text: str, number: Quantity) -> tuple[float, float] | None:
    """Return the ends of a range, signs and all; ``None`` for one number."""
    if number.high is None:
        return None
    return (-1 if text[number.start] == "-" else 1) * number.value, number.high


def _is_interval(between: str, limits: tuple[float, float] | None, figure: Figure) -> bool:
    """Return whether a range is the interval of the figure before it: it holds it and stands close behind.

    One that does not hold it is still its interval where it is called one: then it is a wrong one.
    """
    if limits is None or ";" in between or re.search(r"[.]\s", between):
        return False
    low, high = limits
    holds = any(low <= sign * figure.value <= high for sign in (1, -1)) and figure.role not in {*TIMES_AND_SIZES}
    near = len(between) <= INTERVAL_REACH and re.search(r"\d(?!\d?\s*(?:%|per))", between) is None
    named = INTERVAL_WORD.search(between) or (LIMITS.match(between) is not None and bool(between.strip(" ,")))
    return bool(named) or (holds and near and bool(INTRODUCES.search(between)))


def _figure(text: str, number: Quantity, numbers: Sequence[Quantity], frame: Frame, *, compares: bool) -> list[Figure]:
    behind, before = text[number.end :], text[: number.start]
    if number.unit in {"part", "part_word"}:
        return _part(text, number, frame)
    role, unit = _role(text, number, numbers, frame, compares=compares)
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


def _role(  # noqa: C901, PLR0911 - a table of cases, the first that fits
    text: str, number: Quantity, numbers: Sequence[Quantity], frame: Frame, *, compares: bool
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
        if _repeats_part(text, number, numbers):
            return "", ""  # told already
        return _percent(text, number, frame, compares=compares)
    if unit in {"p", "correlation"}:
        return "", ""
    if unit in {"points", "on_line"}:
        return _points(text, number, compares=compares)
    if unit in {"small_time", "length"}:  # of a test: seconds on the stairs, degrees of movement
        return (_before_or_after(text[number.end :]) if number.decimals and frame.outcomes else ""), ""
    return _bare(text, number, numbers, frame, compares=compares)


def _count(text: str, number: Quantity) -> tuple[str, str]:
    if number.unit == "studies" and (number.value <= 1 or not POOLED.search(text)):
        return "", ""
    if number.unit == "people" and number.value <= 1:
        return "", ""
    if number.unit == "studies" and re.search(r"\bpool(?:ed|s|ing)?\b[^.;\d]*$", text[: number.start], re.IGNORECASE):
        return "count_studies", STUDIES_POOLED
    if number.unit == "outcomes" and not signals.BETTER.search(text):
        return "", ""
    return COUNTS[number.unit], number.unit


def _percent(text: str, number: Quantity, frame: Frame, *, compares: bool) -> tuple[str, str]:  # noqa: PLR0911 - a table of cases, the first that fits
    before, behind = text[: number.start], text[number.end :]
    if OFFER.search(text) or (LOADED.search(text) and re.search(r"\b(?:rais|increas|add)\w*\b", before)):
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
    if frame.comparator == "healthy" or (
        compares
        and frame.comparator not in {"", "baseline"}
        and not FROM.search(before)
        and frame.comparator in {"healthy", "strong_hip"}
    ):
        return "percent_difference", "%"
    return "percent_change", "%"


def _repeats_part(text: str, number: Quantity, numbers: Sequence[Quantity]) -> bool:
    """Return whether a percentage is a part told before once more: "22 of 24 (92%)"."""
    parts = [one for one in numbers if one.unit == "part" and one.whole and one.start < number.start]
    shares = (100 * one.value / one.whole for one in parts if one.whole)
    return any(abs(share - number.value) <= 0.5 * 10.0**-number.decimals + 1e-9 for share in shares)


def _is_fall_of_a_share(text: str, number: Quantity, frame: Frame) -> bool:
    """Return whether a percentage is one end of "the risk fell from 4.8% to 1.3%": a share without and with."""
    is_end = FROM.search(text[: number.start]) or TO.search(text[: number.start])
    return bool(is_end) and any(one.key.startswith(ONSET) for one in frame.outcomes)


def _points(text: str, number: Quantity, *, compares: bool) -> tuple[str, str]:
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
    if at := _before_or_after(behind):
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
    if HELD.search(before) and "averaged" not in before[-12:]:
        return "value_after", scale
    if (
        re.search(r"\b(?:average|mean|scored|score|was|were|is)\s+$", before, re.IGNORECASE)
        and "averaged" not in before[-12:]
        and not compares
    ):
        return "value_after", scale
    return _difference_or_change(before, compares=compares), scale


def _before_or_after(behind: str) -> str:
    """Return which of two levels of a group a number is, from the word behind it: "8.0 seconds before, 7.0 after"."""
    if AT_START.match(behind):
        return "value_before"
    return "value_after" if AT_END.match(behind) else ""


def _difference_or_change(before: str, *, compares: bool) -> str:
    return "mean_difference" if compares or DIFFERENCE.search(before[-45:]) else "point_change"


def _bare(text: str, number: Quantity, numbers: Sequence[Quantity], frame: Frame, *, compares: bool) -> tuple[str, str]:  # noqa: PLR0911 - a table of cases, the first that fits
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
    if at := _before_or_after(behind):
        return at, ""
    if FROM.search(before) and re.match(r"\s+(?:\w+\s+){0,2}?(?:to|down to)\b", behind):
        return "value_before", ""
    if TO.search(before) and any(FROM.search(text[: one.start]) for one in numbers):
        return "value_after", ""
    if number.decimals and HELD.search(before):
        return "value_after", ""
    if number.decimals and BESIDE_LEVEL.search(before):
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


def _with_arms(text: str, found: list[Figure], frame: Frame) -> list[Figure]:
    """Give figures of one group to the group that stands nearest to them."""
    if frame.intervention and any(one.key.startswith(ONSET) for one in frame.outcomes):
        found = [
            dataclasses.replace(one, arm=2)
            if one.role == "proportion_percent" and FROM.search(text[: one.start])
            else one
            for one in found
        ]
    groups = [
        (mention, 2 if mention.section == "comparator" else 1)
        for mention in frame.mentions
        if mention.key != "baseline"
        if (mention.section == "comparator" and mention.key == frame.comparator)
        or (mention.section == "intervention" and mention.key in {frame.intervention, frame.comparator})
    ]
    groups = [(mention, 2 if mention.key == frame.comparator else 1) for mention, _ in groups]
    if not {1, 2} <= {arm for _, arm in groups}:
        return found
    placed = _without_the_other(text, list(found))
    if placed != found:
        return placed
    ones = [index for index, one in enumerate(found) if one.role in ONE_GROUP]
    in_turn = _take_turns([found[index] for index in ones], groups)
    for index in ones:
        arm = _group_before(found[index], groups) if in_turn else _nearest_arm(text, found[index], groups)
        placed[index] = dataclasses.replace(found[index], arm=arm)
    for one, other in itertools.pairwise(ones):
        if placed[one].role == placed[other].role and placed[one].arm == placed[other].arm == 2:
            placed[one] = dataclasses.replace(placed[one], arm=1)
    pairs = [index for index, one in enumerate(placed) if one.role == "mean_difference"]
    if len(pairs) == 2 and re.fullmatch(
        r"[^.;]{0,12}?\s*(?:and|against|versus|vs\.?)\s+", text[placed[pairs[0]].end : placed[pairs[1]].start]
    ):
        for arm, index in enumerate(pairs, start=1):
            placed[index] = dataclasses.replace(placed[index], role="point_change", arm=arm)
    return placed


def _take_turns(figures: Sequence[Figure], groups: Sequence[tuple[Mention, int]]) -> bool:
    """Return whether a text names a group, then its figure, then the other group and its figure."""
    firsts = {arm: min(mention.start for mention, one in groups if one == arm) for arm in (1, 2)}
    first, second = sorted(firsts.values())
    return len(figures) == 2 and first < figures[0].start < second < figures[1].start


def _group_before(figure: Figure, groups: Sequence[tuple[Mention, int]]) -> int:
    return max((mention.start, arm) for mention, arm in groups if mention.start < figure.start)[1]


def _without_the_other(text: str, found: list[Figure]) -> list[Figure]:
    """Return figures of which the one told of "... alone" belongs to the comparison group, where two are told."""
    alone = [
        index
        for index, one in enumerate(found)
        if one.role in ONE_GROUP and ALONE.match(text[one.end :]) and sum(one.role == other.role for other in found) > 1
    ]
    return [dataclasses.replace(one, arm=2) if index in alone else one for index, one in enumerate(found)]


def _nearest_arm(text: str, figure: Figure, groups: list[tuple[Mention, int]]) -> int:
    def distance(mention: Mention) -> float:
        if mention.start >= figure.end:
            between = text[figure.end : mention.start]
            return len(between) + (60 if re.search(r"\d", between) else 0)
        between = text[mention.end : figure.start]
        return len(between) + 15 + (60 if re.search(r"\d", between) else 0)

    return min(groups, key=lambda pair: distance(pair[0]))[1]


def mentions_of(frame: Frame, section: str) -> tuple[Mention, ...]:
    """Return the terms of one section that a frame holds."""
    return of_section(frame.mentions, section)
