"""Numbers in a text: digits, number words, ranges, parts of a whole, each with the unit behind it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import Final

UNITS: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
WHOLE_WORDS: Final = {"half a": 0.5, "half an": 0.5, "dozen": 12.0}
TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
FRACTIONS: Final = {
    "half": 50.0,
    "a third": 100 / 3,
    "two thirds": 200 / 3,
    "a quarter": 25.0,
    "three quarters": 75.0,
    "a fifth": 20.0,
}
PARTS: Final = {"thirds": 3, "quarters": 4, "fifths": 5, "tenths": 10}
FOLDS: Final = {
    "double": 2.0, "doubles": 2.0, "doubled": 2.0, "twice": 2.0, "triple": 3.0, "triples": 3.0,
    "tripled": 3.0, "thrice": 3.0,
}  # fmt: skip

_TENS: Final = "|".join(TENS)
_ONES: Final = "|".join(sorted(UNITS, key=len, reverse=True))
_BELOW_HUNDRED: Final = rf"(?:(?:{_TENS})(?:[\s-](?:{'|'.join(list(UNITS)[1:10])}))?|(?:{_ONES}))"
_HUNDREDS: Final = rf"(?:a|{'|'.join(list(UNITS)[1:10])})[\s-]+hundred(?:\s+and\s+{_BELOW_HUNDRED})?"
_WORD: Final = rf"(?:{_HUNDREDS}|{_BELOW_HUNDRED}|dozen)"
_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|\.\d+"
_HALVES: Final = rf"(?:{_WORD}|\d+|(?:an?|one)(?: further| extra| full)? point) and a half"
_NUMBER: Final = rf"(?:\b{_HALVES}\b|\bhalf an?(?=\s+points?\b)|{_DIGITS}|\b{_WORD}\b)"
NUMBER: Final = re.compile(
    rf"(?<![\w.$£€#/])[-+]?(?P<value>{_NUMBER})"
    rf"(?:(?:\s*(?:%|percent|per\s?cent|weeks?|months?|points?)?\s*(?:-|\bto\b)\s*|(?P<and>\s*(?:%|"
    rf"percent|per\s?cent)?\s+and\s+))(?P<high>(?:[-+](?=[\d.]))?{_NUMBER}))?"
    r"(?![\d/])",
    re.IGNORECASE,
)
PART: Final = re.compile(
    rf"(?<![\w.])(?P<value>{_NUMBER})\s+(?:out\s+)?(?:of|in)\s+(?:the\s+|every\s+|all\s+)?(?P<whole>{_NUMBER})\b",
    re.IGNORECASE,
)
_PEOPLE: Final = (
    r"people|persons?|patients|participants|subjects|runners|athletes|women|men|adults|adolescents|teenagers|recruits|"
    r"volunteers|individuals|joggers|clients|cases|girls|boys|users|knees|soldiers|cadets|lifters|females|males|"
    r"danes|norwegians|swedes|americans|brazilians|germans|britons|iranians|canadians|australians|beginners|athletes|"
    r"footballers|marathoners|pupils|students|players"
)
#: What stands behind a number, and the unit it gives; the first that fits counts. Up to two words may stand between.
BEHIND: Final = tuple(
    (unit, re.compile(pattern, re.IGNORECASE))
    for unit, pattern in {
        "price": r"\s*(?:dollars|pounds|euros?|usd|gbp)\b",
        "clock": r"\s*(?::\d\d|[ap]\.?m\b\.?|o'clock)",
        "small_time": r"[\s-]*(?:seconds?|minutes?|mins?|hours?|days?)\b(?!\s+(?:per|a|each)\s+week)",
        "on_line": r"[\s-]*(?:cm|mm|centimet(?:re|er)s?|millimet(?:re|er)s?)\b(?=[^.;]{0,60}?\b(?:scales?|line|vas|"
        r"pain)\b)",
        "length": r"[\s-]*(?:cm|mm|m|km|kg|lbs?|inch(?:es)?|feet|foot|miles?|metres?|meters?|degrees?|steps?|°|nm)\b",
        "level": r"\s*(?:%|per\s?cent|percent)\s*(?:ci|confidence|credible|prediction|interval)\b",
        "percent": r"\s*(?:%|per\s?cent\b|percent\b|percentage)",
        "scale": r"[\s-]*(?:point|cm|mm)?[\s-]*(?:\w+\s+)?scales?\b|-point\s+(?:[\w-]+\s+){0,4}?(?:scales?|"
        r"scores?|questionnaire|index)\b",
        "sessions": r"[\s-]*(?:\w+\s+){0,2}?(?:sessions?|workouts?|times|x|days|visits?)?\s*(?:per|"
        r"a|each|every|/)\s*week\b",
        "sets": r"[\s-]*sets?\b",
        "repetitions": r"[\s-]*(?:reps?\b|repetitions?\b)",
        "weeks": r"[\s-]*weeks?\b",
        "months": r"[\s-]*months?\b",
        "years": r"[\s-]*years?\b(?![\s-]*old)",
        "age": r"[\s-]*years?[\s-]*old\b",
        "likely": r"[\s-]*(?:times|fold|x)\s+(?:as|more|less)\s+(?:often|likely|probable)",
        "odds": r"[\s-]*(?:times|fold|x)?\s*(?:\w+\s+){0,3}?odds\b",
        "risk": r"[\s-]*(?:times|fold|x)\s+(?:\w+\s+){0,3}?(?:risks?|chances?|likelihood|rates?)\b|[\s-]*fold\b",
        "times": r"[\s-]*times\b",
        "points": r"[\s-]*(?:\w+\s+){0,1}?points?\b|(?<=and a half)|\s*/\s*10\b|\s+out\s+of\s+(?:10|ten|100)\b",
        "studies": r"[\s-]*(?:[\w-]+\s+){0,3}?(?:studies|trials|rcts|papers|experiments|cohorts|articles)\b",
        "effect": r"[\s-]*(?:standardi[sz]ed\s+)?(?:effects?\b|smds?\b|standard\s+deviations?\b|sds\b)",
        "outcomes": r"\s*(?:outcomes?|outcome\s+\w+|measures|parameters)\b",
        "per_group": r"[\s-]*(?:[\w-]+\s+){0,2}?(?:(?:per|in\s+each|in\s+either|in\s+every)\s+(?:group|arm|half)|"
        r"each\b|apiece\b)",
        "people": rf"[\s-]*(?:(?!and\b|or\b|in\b|of\b|to\b|for\b|with\b|the\b)[\w-]+\s+){{0,3}}?(?:{_PEOPLE})\b|"
        rf"\s+who\b|\s+of\s+(?:them|these|those)\b",
    }.items()
)
NEARLY: Final = r"[\s:=(]*(?:of|was|is|were|being|at|about|around|approximately|roughly|nearly)?[\s:=(]*$"
#: What stands before a number and gives its unit where nothing behind it does.
BEFORE: Final = tuple(
    (unit, re.compile(pattern + NEARLY, re.IGNORECASE))
    for unit, pattern in {
        "effect": r"(?:effect\s+sizes?|pooled\s+effects?|standardi[sz]ed\s+(?:mean\s+)?(?:effects?|differences?)|"
            r"smd|cohen's\s+d|hedges'?\s*g)",
        "odds": r"(?:odds\s+ratios?|\bor|\bor:)",
        "risk": r"(?:risk\s+ratios?|relative\s+risks?|\brr|rate\s+ratios?)",
        "hazard": r"(?:hazard\s+ratios?|\bhr)",
        "interval": r"(?:confidence\s+intervals?|\bci|interval|\bvalues)(?:\s+(?:running\s+|that\s+runs\s+)?from)?",
        "unread": r"(?:\b(?:for|per|each|every)(?:\s+(?:each|every|additional|extra|further|"
r"more))*(?=\s+\d*\.?\d*$)|\bp\s*[<>≤≥]|\bi2|i²|tau²|\bheterogeneity)",
        "correlation": r"(?:\br\s*=|\bcorrelations?)",
        "p": r"(?:\bp\s*=?|\bp-?values?)",
        "people": r"(?:\bn\s*=|\b(?:trial|study|sample|groups?|series|cohort)\s+"
        r"(?:of|numbered|enrolled|had|recruited))",
        "price": r"(?:[$£€]|\bfee|\bprice|\bcosts?|\bsave|\bfrom\s*[$£€])",
        "ordinal": r"(?:\b(?:phase|step|stage|level|grade|chapter|figure|table|tip|part|day|suite|"
            r"unit|room|no\.?|number|version|"
        r"exercise|page|type|zip|rule)s?|#)",
        "week_number": r"\bweeks?",
    }.items()
)  # fmt: skip
COMPARED: Final = re.compile(
    r"\s+(?:less|more|lower|higher|weaker|stronger|longer|shorter|fewer|better|worse)\b", re.IGNORECASE
)
INTERVAL: Final = re.compile(r"\b(?:interval|ci|values)\b[^.;\d]{0,24}$", re.IGNORECASE)
#: "seven tenths", "two fifths"; those of FRACTIONS are told as words.
FRACTION: Final = re.compile(r"\b(?P<parts>two|three|four|seven|nine)[\s-](?P<name>fifths|tenths)\b", re.IGNORECASE)
BRACKET: Final = re.compile(r"\s*\([^()]*\)")
COUNTED: Final = re.compile(rf"\s+(?:{_PEOPLE})\b|\s*(?:%|per\s?cent)", re.IGNORECASE)
#: The top of a scale, not a figure: "out of 10", "on a 0 to 10 scale".
SCALE: Final = re.compile(
    r"(?<=points)\s+out\s+of\s+(?:10|ten|100)\b|(?<=half)\s+out\s+of\s+(?:10|ten|100)\b|(?<=point)\s+out\s+of\s+(?:10|ten|100)\b|"
    r"\b(?:0|zero)\s*(?:\([^()]*\)\s*)?(?:-|to)\s*(?:10|ten|100)\b"
    r"|\b(?:10|ten|100)[\s-]?(?:points?|cm|mm|centimet(?:re|er)s?|millimet(?:re|"
    r"er)s?)\b(?=[\s\w-]{0,24}\b(?:scales?|line|vas)\b)",
    re.IGNORECASE,
)
YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: Stretches whose digits are no figures: links, mail, telephone numbers, dates, times of day.
UNREAD: Final = re.compile(
    r"https?://\S+|\bwww\.\S+|\S+@\S+\.\w+|(?:\+?\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?\d{2,4}(?:[\s.-]\d{3,4}){1,3}\b"
    r"|\b\d{3}[-.]\d{4}\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|"
    r"nov|dec)[a-z]*\.?(?:\s+\d{4})?\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?\b"
    r"|\b\d{1,2}(?::\d\d)?\s*(?:-|to|until)\s*\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\b)|\b10\.\d{4,}/\S+|\bpmid:?\s*\d+"
    r"|[$£€]\s?\d[\d,.]*|\d[\d,.]*\s?[$£€]",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text.

    Attributes
    ----------
    value, high
        As written; ``high`` is the upper end of a range, ``None`` for one number.
    decimals
        Digits behind the point, as written.
    unit
        What it counts or measures, as far as its neighbours tell; ``""`` where they do not.
    start, end
        Where it stands, unit included.
    whole
        The number it is a part of, as in "22 of 24"; ``None`` otherwise.
    in_words
        Whether it is written as a word.
    """

    value: float
    high: float | None
    decimals: int
    unit: str
    start: int
    end: int
    whole: float | None = None
    in_words: bool = False


def number(text: str) -> float:
    """Return a number written in digits or as a word.

    Examples
    --------
    >>> number("1,502"), number("twenty-two"), number("twelve"), number(".75"), number("one and a half")
    (1502.0, 22.0, 12.0, 0.75, 1.5)
    >>> number("two hundred"), number("a hundred and twelve")
    (200.0, 112.0)
    """
    if text.startswith(("-", "+")):
        return float(text.replace(",", ""))
    text = " ".join(text.lower().replace("-", " ").split())
    if text in WHOLE_WORDS:
        return WHOLE_WORDS[text]
    if text.endswith(" and a half"):
        whole = text.removesuffix(" and a half")
        return (1.0 if whole.endswith("point") else number(whole)) + 0.5
    if "hundred" in text:
        hundreds, _, rest = text.partition(" hundred")
        return 100 * (1.0 if hundreds == "a" else number(hundreds)) + (number(rest[5:]) if rest else 0.0)
    words = text.split()
    if words[0] in TENS:
        return float(TENS[words[0]] + (UNITS[words[1]] if len(words) > 1 else 0))
    return float(UNITS[text]) if text in UNITS else float(text.replace(",", ""))


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence that may be figures, each with its unit.

    Parameters
    ----------
    text
        A sentence; dashes are plain.

    Examples
    --------
    >>> [(one.value, one.high, one.unit) for one in quantities("Pain fell 5-6 points in 14 women over eight weeks.")]
    [(5.0, 6.0, 'points'), (14.0, None, 'people'), (8.0, None, 'weeks')]
    >>> [(one.value, one.whole, one.unit) for one in quantities("22 of the 24 runners recovered.")]
    [(22.0, 24.0, 'part')]
    """
    masked = UNREAD.sub(lambda match: "\x01" * len(match[0]), text)
    masked = SCALE.sub(lambda match: "\x02" * len(match[0]), masked)
    found: list[Quantity] = []
    for match in PART.finditer(masked):
        whole = number(match["whole"])
        is_score = (
            whole in {10.0, 100.0}
            and re.search(r"\bin\b", match[0]) is None
            and not re.match(rf"\s*(?:\w+\s+){{0,2}}?(?:{_PEOPLE})\b", masked[match.end() :], re.IGNORECASE)
        )
        value = number(match["value"])
        if value > whole or value != int(value) or _decimals(match["whole"]):
            continue  # "4.9 out of 5" is a mark, "one of 13.0" a figure
        unit = "points" if is_score else "part"
        found.append(
            Quantity(
                value, None, _decimals(match["value"]), unit, match.start(), match.end(), None if is_score else whole
            )
        )
    for match in NUMBER.finditer(masked):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        found += _numbers(masked, match)
    for match in FRACTION.finditer(masked):
        share = 100 * number(match["parts"]) / PARTS[match["name"].lower()]
        found.append(Quantity(share, None, 0, "percent", match.start(), match.end(), in_words=True))
    for one in (*FOLDS.items(), *FRACTIONS.items()):
        found += _word_figures(masked, *one)
    return tuple(_with_shared_units(masked, sorted(found, key=lambda one: one.start)))


def _numbers(text: str, match: re.Match[str]) -> list[Quantity]:
    low, top = match["value"], match["high"]
    if top is not None and (match["and"] is None or _is_between(text, match.start())) and _is_range(text, match):
        return [_quantity(text, low, top, match.start(), match.end())]
    found = [_quantity(text, low, None, match.start(), match.end("value"))]
    if top is not None:
        found.append(_quantity(text, top, None, match.start("high"), match.end()))
    return found


def _is_between(text: str, start: int) -> bool:
    return bool(re.search(r"\bbetween\s+(?:about\s+)?$", text[:start], re.IGNORECASE))


def _is_range(text: str, match: re.Match[str]) -> bool:
    """Return whether two numbers joined by "to" or a dash are a range, not a change from one to the other."""
    is_change = bool(
        re.search(r"\bfrom\s+(?:an?\s+)?(?:average\s+of\s+|about\s+)?$", text[: match.start()], re.IGNORECASE)
    )
    if INTERVAL.search(text[: match.start()]):
        return True
    low = number(match["value"]) * (-1 if match[0].startswith("-") else 1)
    return low < number(match["high"]) and not (is_change and " to " in match[0].lower() and not _is_spread(text))


def _is_spread(text: str) -> bool:
    return bool(
        re.search(r"\b(?:ranged?|ranging|anything|vary|varied|varies|differ|gains? in \w+ from)\b", text, re.IGNORECASE)
    )


def _quantity(text: str, low: str, top: str | None, start: int, end: int) -> Quantity:
    unit, length = _unit_behind(text[end:])
    if not unit and (bracket := BRACKET.match(text[end:])):
        unit, _ = _unit_behind(text[end + bracket.end() :])
        length = 0
    value = number(low)
    if YEAR.fullmatch(low) and top is None and not COUNTED.match(text[end:]):
        unit, length = "year", 0
    if unit in {"", "points", "percent", "length"}:
        unit = _unit_before(text[:start], unit)
    return Quantity(
        value,
        None if top is None else number(top),
        max(_decimals(low), _decimals(top or "")),
        unit,
        start,
        end + (length if unit in UNITS_BEHIND else 0),
        in_words=not low[-1].isdigit(),
    )


def _unit_behind(text: str) -> tuple[str, int]:
    for unit, pattern in BEHIND:
        if match := pattern.match(text):
            return unit, match.end()
    return "", 0


UNITS_BEHIND: Final = frozenset(unit for unit, _ in BEHIND) - {"people", "studies"}


def _unit_before(text: str, unit: str) -> str:
    for other, pattern in BEFORE:
        if pattern.search(text):
            if other in {"ordinal", "week_number", "price", "interval", "p", "unread"} or not unit:
                return other
            return other if other in {"effect", "odds", "risk", "hazard"} and unit == "points" else unit
    return unit


def _decimals(text: str) -> int:
    if "half" in text.lower():
        return 1
    return len(text.partition(".")[2]) if text and text[-1].isdigit() else 0


def _word_figures(text: str, word: str, value: float) -> list[Quantity]:
    found = []
    for match in re.finditer(rf"\b{word}\b(?!\s+(?:a|as)\s+(?:week|day))", text, re.IGNORECASE):
        unit = "part_word"
        if word in FOLDS:
            rest = re.match(
                r"\s+(?:\w+\s+){0,3}?(odds|risks?|chances?|likelihood|likely|rates?)\b",
                text[match.end() :],
                re.IGNORECASE,
            )
            if rest is None:
                continue
            unit = "odds" if rest[1].lower() == "odds" else "risk"
        elif re.search(r"\bby\s+$", text[: match.start()], re.IGNORECASE) or COMPARED.match(text[match.end() :]):
            unit = "percent"
        elif not re.match(rf"\s+(?:of\s+)?(?:\w+\s+){{0,2}}?(?:{_PEOPLE})\b", text[match.end() :], re.IGNORECASE):
            continue
        found.append(Quantity(value, None, 0, unit, match.start(), match.end(), in_words=True))
    return found


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give a number the unit that stands behind the next one: "7.0 and 7.6 points"."""
    shared = list(found)
    for index, (one, other) in enumerate(itertools.pairwise(found), start=1):
        joined = text[one.end : other.start].strip().lower() in {"and", ",", ", and"}
        if other.unit == "" and joined and one.unit in {"odds", "risk", "hazard", "effect"} and other.decimals:
            shared[index] = dataclasses.replace(other, unit=one.unit)
    for index in range(len(shared) - 2, -1, -1):
        one, other = shared[index], shared[index + 1]
        between = text[one.end : other.start].lower().strip()
        if (
            one.unit == ""
            and other.unit not in {"", "year"}
            and between in {"and", "or", "to", ",", "against", "versus", ", and"}
        ):
            shared[index] = dataclasses.replace(one, unit=other.unit)
    return shared
