"""The sentence that the evidence does carry: figures are pulled from the tables through slots, never typed.

A slot is ``{row:ID#FIELD}``, ``{pool:ID#FIELD}`` or ``{question:ID#FIELD}``. FIELD is a column of that table, printed
as it stands there, or ``size`` (absolute value of the estimate), ``size_ci`` (the same with its interval) or
``percent`` (a proportion).
"""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence import format as fmt
from hipevidence.errors import Problem
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence.models import Claim
    from hipevidence.synthesis import Synthesis

SLOT: Final = re.compile(r"\{(row|pool|question):([^{}#]+)#(\w+)\}")
LEFTOVER: Final = re.compile(r"\{[^{}]*\}?|\}")
ESTIMATE: Final = {"row": "effect", "pool": "estimate"}
RULE: Final = "carried_slot"
ALLOWED: Final = "{row:ID#FIELD}, {pool:ID#FIELD} or {question:ID#FIELD} of evidence that exists and has that figure"


class EmptySlotError(Exception):
    """A slot cannot be filled; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Shelf:
    """Where slots are filled from.

    Attributes
    ----------
    rows, pools
        Id to the row of the table as printed text.
    answers
        Id to answered question.
    """

    rows: Mapping[str, Mapping[str, str]]
    pools: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, Synthesis]


def carry(claim: Claim, shelf: Shelf) -> tuple[str, tuple[Problem, ...]]:
    """Return the sentence the evidence carries with every slot filled, and what stands in the way.

    Parameters
    ----------
    claim
        The statement; ``carried`` holds the sentence with slots.
    shelf
        Where the figures come from.

    Returns
    -------
    tuple of str and tuple of Problem
        The sentence, and one problem for each slot that cannot be filled (it is left standing as it is).
    """
    problems: list[Problem] = []

    def fill(match: re.Match[str]) -> str:
        try:
            return _value(match[1], match[2], match[3], shelf)
        except EmptySlotError as error:
            problems.append(_problem(claim, match[0], str(error)))
            return match[0]

    sentence = SLOT.sub(fill, claim.carried)
    problems += [
        _problem(claim, broken, "It is not written like a slot.")
        for broken in LEFTOVER.findall(SLOT.sub("", claim.carried))
    ]
    return sentence, tuple(problems)


def _problem(claim: Claim, slot: str, why: str) -> Problem:
    return Problem(
        file="claims.toml",
        line=0,
        entry=claim.id,
        column="carried",
        found=f"{slot}: {why.removesuffix('.')}",
        allowed=ALLOWED,
        action="Name evidence that prints the figure, or say it without a figure.",
        rule=RULE,
    )


def _value(kind: str, key: str, field: str, shelf: Shelf) -> str:
    if kind == "question":
        return _from_answer(key, field, shelf)
    table = shelf.rows if kind == "row" else shelf.pools
    if key not in table:
        raise EmptySlotError(f"There is no {kind} {key}.")
    record = table[key]
    if field in {"size", "size_ci"}:
        return _size(record, ESTIMATE[kind], with_interval=field == "size_ci")
    if field == "percent":
        return _percent(record)
    if field not in record:
        raise EmptySlotError(f"There is no column {field}.")
    return _printed(record, field)


def _printed(record: Mapping[str, str], field: str) -> str:
    if not record.get(field):
        raise EmptySlotError(f"The cell {field} is empty.")
    return fmt.as_printed(record[field])


def _size(record: Mapping[str, str], column: str, *, with_interval: bool) -> str:
    """Return the printed estimate without its sign, with as many digits as it was printed with."""
    text = _printed(record, column).lstrip(fmt.MINUS)
    if not with_interval:
        return text
    low, high = (float(record.get(name) or math.nan) for name in ("ci_low", "ci_high"))
    if math.isnan(low) or math.isnan(high):
        raise EmptySlotError("No interval is printed.")
    if record[column].startswith("-"):
        low, high = -high, -low
    digits = max(_digits(record[name]) for name in (column, "ci_low", "ci_high"))
    level = float(record.get("ci_level") or 95) / 100
    return fmt.estimate(abs(float(record[column])), Interval(low, high, level), digits)


def _digits(text: str) -> int:
    return len(text.partition(".")[2])


def _percent(record: Mapping[str, str]) -> str:
    if record.get("events1") and record.get("n1"):
        return fmt.proportion(int(record["events1"]) / int(record["n1"]))
    raise EmptySlotError("It needs events1 and n1.")


def _from_answer(key: str, field: str, shelf: Shelf) -> str:
    if key not in shelf.answers:
        raise EmptySlotError(f"There is no question {key}.")
    answer = shelf.answers[key]
    result = answer.primary.result
    if result is None or math.isnan(result.estimate):
        raise EmptySlotError("The question has no pooled result.")
    shown, interval = answer.display(result.estimate), answer.display_interval(result.ci)
    if field == "k":
        return fmt.count(answer.primary.k)
    if field == "percent" and math.isnan(answer.null_value):
        return fmt.proportion(shown)
    if field not in {"size", "size_ci"} or math.isnan(answer.null_value):
        raise EmptySlotError("A question has size, size_ci and k; a proportion has percent and k.")
    if field == "size":
        return fmt.number(abs(shown))
    if not interval.exists:
        raise EmptySlotError("The interval could not be estimated.")
    return _signless(shown, interval)


def _signless(shown: float, interval: Interval) -> str:
    if shown < 0:
        interval = Interval(-interval.high, -interval.low, interval.level)
    return fmt.estimate(abs(shown), interval)


def as_text(frame: Any, key: str) -> dict[str, dict[str, str]]:
    """Return a table of printed text as id to row."""
    return {
        str(record[key]): {name: str(value) for name, value in record.items()} for record in frame.to_dict("records")
    }
