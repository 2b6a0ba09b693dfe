"""The entries of ``certainty.toml``: how certain a person holds the answer to a question to be, and why.

A suggestion is computed from the tables (``hipevidence.certainty``); only a person's entry here signs it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from hipevidence.evidence.entries import Entries, read_entries
from hipevidence.evidence.models import Key, Record
from hipevidence.evidence.wording import Words, plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hipevidence.errors import Problem
    from hipevidence.evidence.sources import Source

FILE: Final = "certainty.toml"
LINKS: Final = {"id": ("questions", "id")}

Word = Literal["high", "moderate", "low", "very_low"]
Domain = Literal[
    "risk_of_bias",
    "inconsistency",
    "indirectness",
    "imprecision",
    "missing_results",
    "large_effect",
    "dose_response",
    "opposing_confounding",
]
Text = Annotated[str, Field(min_length=1)]

#: Lowest first; a level down is a step to the left.
WORDS: Final[tuple[Word, ...]] = ("very_low", "low", "moderate", "high")
#: What can only raise certainty, in studies that were not randomised; everything else can only lower it.
RAISING: Final[frozenset[Domain]] = frozenset({"large_effect", "dose_response", "opposing_confounding"})


class SignedStep(Record):
    """Levels down (-1 to -3) or, for what raises certainty, up (1 or 2), with the reason in plain words."""

    domain: Domain
    levels: Annotated[int, Field(ge=-3, le=2)]
    reason: Text


class SignedCertainty(Record):
    """One entry of certainty.toml: a person's judgement on one question.

    Attributes
    ----------
    id
        Question that it is about.
    start
        Level before any step: high for randomised trials, low for studies that only watched people, very_low for a
        series without comparison.
    steps
        One for each reason to go down or up.
    level
        Certainty that they lead to.
    signed_by, signed_on
        Who judged, and on which day (YYYY-MM-DD).
    basis
        Fingerprint of the suggestion and the data that were judged, as ``hipevidence certainty`` shows it.
    """

    id: Key
    start: Word
    steps: tuple[SignedStep, ...] = ()
    level: Word
    signed_by: Text
    signed_on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    basis: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


def add_up(start: Word, levels: Iterable[int]) -> Word:
    """Return the level that steps lead to; there is none below very low and none above high.

    Examples
    --------
    >>> add_up("high", [-1, -2, -1])
    'very_low'
    """
    return WORDS[min(max(WORDS.index(start) + sum(levels), 0), len(WORDS) - 1)]


def read_certainty(source: Source, problems: list[Problem]) -> Entries[SignedCertainty] | None:
    """Read ``certainty.toml``, adding what is wrong with it to ``problems``; ``None`` when it is no TOML."""
    entries = read_entries(source, "certainty", SignedCertainty, LINKS, problems)
    # positions of records and entries agree only when all could be read
    if entries is not None and len(entries.records) == len(entries.raw):
        for position, signed in enumerate(entries.records):
            problems.extend(_wrong_ways(entries, position, signed))
            problems.extend(_does_not_add_up(entries, position, signed))
            problems.extend(_no_day(entries, position, signed))
    return entries


def _wrong_ways(entries: Entries[SignedCertainty], position: int, signed: SignedCertainty) -> Iterator[Problem]:
    for number, step in enumerate(signed.steps):
        raises = step.domain in RAISING
        if not step.levels or (step.levels > 0) != raises:
            allowed = "1 or 2, as it raises certainty" if raises else "-1 to -3, as it lowers certainty"
            words = Words(f"{step.levels} for {step.domain}", allowed, "Correct the levels, or delete the step.")
            yield entries.problem(position, ("steps", number, "levels"), words, "certainty_step")


def _does_not_add_up(entries: Entries[SignedCertainty], position: int, signed: SignedCertainty) -> Iterator[Problem]:
    reached = add_up(signed.start, (step.levels for step in signed.steps))
    if reached != signed.level:
        allowed = f"{reached}, to which the steps lead from {signed.start}"
        action = "Correct the level, or give a step with its reason for each level down or up."
        yield entries.problem(position, ("level",), Words(shown(signed.level), allowed, action), "certainty_sum")


def _no_day(entries: Entries[SignedCertainty], position: int, signed: SignedCertainty) -> Iterator[Problem]:
    try:
        dt.date.fromisoformat(signed.signed_on)
    except ValueError:
        words = Words(plain(signed.signed_on), "a day of the calendar, as YYYY-MM-DD", "Correct it.")
        yield entries.problem(position, ("signed_on",), words, "certainty_day")
