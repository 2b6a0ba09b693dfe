"""Which rows answer a question, and why each of the others that would belong to it does not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hipevidence.errors import InputError
from hipevidence.evidence.figures import usable_figures
from hipevidence.evidence.wording import advice, did_you_mean, plain
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.evidence.load import Evidence
    from hipevidence.evidence.models import Question

Kind = Literal[
    "awaiting_extraction",
    "null_without_figures",
    "not_verified",
    "excluded",
    "other_measurement",
    "outside_window",
    "design",
    "no_usable_figures",
]
PICO = ("population", "intervention", "comparator", "outcome")
VERIFIED = frozenset({"full_text", "abstract", "secondary"})
UNVERIFIED_REASONS = {
    "as_cited": "its figures stand only in the text that is being checked",
    "unverified": "nobody has seen its figures on a page",
}


@dataclass(frozen=True, slots=True)
class LeftOut(Result):
    """A row that belongs to a question but is not used.

    Attributes
    ----------
    row_id
        Its key in studies.csv.
    study
        How the study is named.
    kind
        Why, as one of a few words.
    reason
        Why, in a sentence without a full stop.
    """

    row_id: str
    study: str
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class Selection(Result):
    """The rows of a question.

    Attributes
    ----------
    question
        Id of the question.
    used
        Positions of the rows in ``evidence.studies``, ascending, one per sample.
    left_out
        The other rows that match population, intervention, comparator, outcome and sex, in the order of the file.
    """

    question: str
    used: tuple[int, ...]
    left_out: tuple[LeftOut, ...]


def select(
    evidence: Evidence,
    question: Question,
    *,
    add_rows: Iterable[str] = (),
    drop_rows: Iterable[str] = (),
) -> Selection:
    """Return the rows that answer a question, and each other row that belongs to it with the reason it is not used.

    Parameters
    ----------
    evidence
        From ``load_evidence``.
    question
        From ``evidence.questions``.
    add_rows
        Keys of rows that a sensitivity analysis lets in: they need figures, nothing else, and go before the other rows
        of their sample.
    drop_rows
        Keys of rows that a sensitivity analysis leaves out.

    Returns
    -------
    Selection
        Positions of the rows used, and the rows left out.

    Raises
    ------
    InputError
        If a key does not exist, or a row is both added and dropped.

    Notes
    -----
    A row whose time is not stated counts as inside the window: it is not known to be outside. A row that awaits
    extraction and belongs to a sample that is represented by another row is still listed as awaiting.
    """
    add, drop = frozenset(add_rows), frozenset(drop_rows)
    rows = evidence.records("studies")
    _check_keys(add, drop, [str(row["row_id"]) for row in rows])
    candidates: list[int] = []
    reasons: dict[int, tuple[Kind, str]] = {}
    for position, row in enumerate(rows):
        added = row["row_id"] in add
        if not (added or _matches(evidence, question, row)):
            continue
        verdict = None if added else _objection(question, row, drop)
        if verdict is None and not usable_figures(row, question.measure, question.score):
            verdict = _no_figures(question, row)
        if verdict is None:
            candidates.append(position)
        else:
            reasons[position] = verdict
    used, doubles = _one_per_sample(question, rows, candidates, add)
    reasons |= doubles
    left_out = (
        LeftOut(str(rows[position]["row_id"]), str(rows[position]["study"]), *reasons[position])
        for position in sorted(reasons)
    )
    return Selection(question.id, used, tuple(left_out))


def _check_keys(add: frozenset[str], drop: frozenset[str], known: list[str]) -> None:
    for key in sorted(add | drop):
        if key not in known:
            action = advice("Correct the key.", did_you_mean(key, known))
            raise InputError(f"found row {plain(key)}; allowed: a row_id of studies.csv. {action}")
    if both := sorted(add & drop):
        raise InputError(f"found {plain(both[0])} both added and dropped; allowed: one of them. Choose one.")


def _matches(evidence: Evidence, question: Question, row: Mapping[str, Any]) -> bool:
    if question.sex and row["sex"] not in question.sex:
        return False
    return all(not evidence.vocabulary.broader(part, row[part]).isdisjoint(getattr(question, part)) for part in PICO)


def _objection(question: Question, row: Mapping[str, Any], drop: frozenset[str]) -> tuple[Kind, str] | None:
    """Return why a row that matches is not used, or ``None``; the first reason that holds, the gravest first."""
    checks = (_excluded(question, row, drop), _wrong_design(question, row), _outside_window(question, row))
    later = (_awaiting(row), _not_verified(row), _wrong_instrument(question, row))
    return next((verdict for verdict in (*checks, *later) if verdict is not None), None)


def _excluded(question: Question, row: Mapping[str, Any], drop: frozenset[str]) -> tuple[Kind, str] | None:
    if row["row_id"] in drop:
        return "excluded", "left out in this sensitivity analysis"
    if row["row_id"] in question.exclude:
        return "excluded", question.exclude[row["row_id"]]
    return ("excluded", row["status_reason"]) if row["status"] == "excluded" else None


def _wrong_design(question: Question, row: Mapping[str, Any]) -> tuple[Kind, str] | None:
    if not question.designs or row["design"] in question.designs:
        return None
    return "design", f"its design is {row['design']}; the question takes {', '.join(question.designs)}"


def _outside_window(question: Question, row: Mapping[str, Any]) -> tuple[Kind, str] | None:
    weeks = row["time_weeks"]
    if question.time_weeks is None or math.isnan(weeks):
        return None
    first, last = question.time_weeks
    if first <= weeks <= last:
        return None
    return "outside_window", f"measured at {weeks:g} weeks; the question takes {first:g} to {last:g}"


def _awaiting(row: Mapping[str, Any]) -> tuple[Kind, str] | None:
    if row["status"] != "awaiting_extraction":
        return None
    if row["finding"] == "no_difference":
        return "null_without_figures", f"found no difference; {row['status_reason']}"
    return "awaiting_extraction", row["status_reason"]


def _not_verified(row: Mapping[str, Any]) -> tuple[Kind, str] | None:
    if row["verification"] in VERIFIED:
        return None
    return "not_verified", UNVERIFIED_REASONS.get(row["verification"], row["verification"])


def _wrong_instrument(question: Question, row: Mapping[str, Any]) -> tuple[Kind, str] | None:
    if not question.only_instruments or row["instrument"] in question.only_instruments:
        return None
    measured = row["instrument"] or "an instrument that is not stated"
    return "other_measurement", f"measured with {measured}; the question takes {', '.join(question.only_instruments)}"


def _no_figures(question: Question, row: Mapping[str, Any]) -> tuple[Kind, str]:
    if awaiting := _awaiting(row):
        return awaiting
    scores = " from scores at the end" if question.score == "post" else ""
    return "no_usable_figures", f"its figures do not give {question.measure} with a variance{scores}"


def _one_per_sample(
    question: Question, rows: list[dict[str, Any]], candidates: list[int], add: frozenset[str]
) -> tuple[tuple[int, ...], dict[int, tuple[Kind, str]]]:
    samples: dict[str, list[int]] = {}
    for position in candidates:
        samples.setdefault(rows[position]["sample_id"], []).append(position)
    used: list[int] = []
    doubles: dict[int, tuple[Kind, str]] = {}
    for positions in samples.values():
        chosen, *others = sorted(positions, key=lambda position: _rank(question, rows[position], add, position))
        used.append(chosen)
        reason = f"the same people are represented by {rows[chosen]['row_id']}"
        doubles |= dict.fromkeys(others, ("other_measurement", reason))
    return tuple(sorted(used)), doubles


def _rank(
    question: Question, row: Mapping[str, Any], add: frozenset[str], position: int
) -> tuple[bool, int, float, int]:
    order = question.prefer_instruments
    instrument = order.index(row["instrument"]) if row["instrument"] in order else len(order)
    distance = 0.0 if question.time_target is None else abs(row["time_weeks"] - question.time_target)
    return row["row_id"] not in add, instrument, math.inf if math.isnan(distance) else distance, position
