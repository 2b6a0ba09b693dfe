"""Slots in copy: figures are pulled from what the evidence carries, never typed.

A slot is ``{{ figure("ID") }}``, and likewise ``interval``, ``sentence``, ``plain``, ``qualifier``, ``source``; for
people out of 100 ``people_of_100`` (a sentence), ``people_without``, ``people_with`` and ``people_difference``. ID is a
question of the protocol or a registered statement. A slot is filled only when what it names is carried today and
nothing behind it has changed since somebody approved it, and one for people only where a row counted them.
"""

from __future__ import annotations

import dataclasses
import html
import json
import re
from typing import TYPE_CHECKING, Any, Final

from hipevidence.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PEOPLE: Final = ("people_of_100", "people_without", "people_with", "people_difference")
FIELDS: Final = ("figure", "interval", "sentence", "plain", "qualifier", "source", *PEOPLE)
SLOT: Final = re.compile(r"\{\{\s*(?P<field>\w+)\s*\(\s*(?P<quote>[\"'])(?P<id>[^\"'{}]+)(?P=quote)\s*\)\s*\}\}")
LEFTOVER: Final = re.compile(r"\{\{.*?(?:\}\}|$)", re.DOTALL)
ALLOWED: Final = (
    '{{ figure("ID") }}, or interval, sentence, plain, qualifier, source, people_of_100, people_without, people_with, '
    "people_difference, of something the evidence carries"
)
UNCOUNTED: Final = "how many of 100 is not known"
APPROVE: Final = "Read the figure again, change the sentence if it must be changed, and approve it anew."
SAY_LESS: Final = (
    "Pull the sentence with its interval instead, or add a row that counts both groups; never guess a risk."
)
SHORT: Final = 12  # digits of a hash in messages


@dataclasses.dataclass(frozen=True, slots=True)
class Slot:
    """One slot of a text.

    Attributes
    ----------
    field
        What it asks for.
    id
        Of which question or statement.
    line, column
        Where it stands, from 1.
    """

    field: str
    id: str
    line: int
    column: int


def slots(copy: str) -> tuple[Slot, ...]:
    """Return the slots of a text.

    Parameters
    ----------
    copy
        The text.

    Examples
    --------
    >>> slots('Pain: {{ figure("pfp.hip_vs_knee.pain") }}')
    (Slot(field='figure', id='pfp.hip_vs_knee.pain', line=1, column=7),)
    """
    return tuple(Slot(match["field"], match["id"], *_place(copy, match.start())) for match in SLOT.finditer(copy))


def approvals(copy: str, carried: Mapping[str, Mapping[str, Any]], by: str) -> dict[str, Any]:
    """Return the approval of every slot of a text, to be kept beside it.

    Parameters
    ----------
    copy
        The text.
    carried
        What may be used, by id, each with its ``hash``.
    by
        Who approves.

    Raises
    ------
    InputError
        If nobody is named.
    """
    if not by.strip():
        raise InputError("the approval names nobody; allowed: a name. Say who approves with --approve NAME.")
    used = {slot.id for slot in slots(copy)}
    return {key: {"hash": carried[key]["hash"], "by": by.strip()} for key in sorted(used & set(carried))}


def problems(
    copy: str,
    carried: Mapping[str, Mapping[str, Any]],
    approved: Mapping[str, Mapping[str, Any]],
    verdicts: Mapping[str, str],
    *,
    name: str = "copy",
    today: str | None = None,
) -> tuple[Problem, ...]:
    """Return every slot that cannot be filled, and why.

    Parameters
    ----------
    copy
        The text.
    carried
        What may be used, by id.
    approved
        Id to the approval given, with the hash of what was approved.
    verdicts
        Verdict on every registered statement, by id, for the message.
    name
        Name of the text in messages.
    today
        ISO date; what was valid until an earlier day is refused. ``None`` leaves dates out.

    Returns
    -------
    tuple of Problem
        Empty when all can be filled.
    """
    found = [
        _problem(slot, why, name) for slot in slots(copy) if (why := _why_not(slot, carried, approved, verdicts, today))
    ]
    for match in LEFTOVER.finditer(SLOT.sub(lambda one: " " * len(one[0]), copy)):
        line, column = _place(copy, match.start())
        found.append(_problem(Slot("", match[0][:60], line, column), "is not written like a slot", name))
    return tuple(found)


def _why_not(
    slot: Slot,
    carried: Mapping[str, Mapping[str, Any]],
    approved: Mapping[str, Mapping[str, Any]],
    verdicts: Mapping[str, str],
    today: str | None,
) -> str:
    if slot.id not in carried:
        verdict = verdicts.get(slot.id)
        return f"the verdict is: {verdict}" if verdict else "no question with an estimate and no statement has this id"
    entry = carried[slot.id]
    if slot.field not in FIELDS or not entry.get(slot.field):
        return _no_field(slot, entry)
    if today is not None and entry.get("valid_until") and today > entry["valid_until"]:
        return f"it was valid until {entry['valid_until']}"
    if slot.id not in approved:
        return "nobody has approved it"
    old, new = str(approved[slot.id].get("hash", "")), str(entry["hash"])
    if old != new:
        by = approved[slot.id].get("by", "somebody")
        return f"the data behind it changed since {by} approved it ({old[:SHORT]} then, {new[:SHORT]} now)"
    return ""


def _no_field(slot: Slot, entry: Mapping[str, Any]) -> str:
    if slot.field in PEOPLE:
        return f"{UNCOUNTED}. {entry.get('people_missing', '')}".rstrip()
    return f"it has no {slot.field}; there are {', '.join(field for field in FIELDS if entry.get(field))}"


def _problem(slot: Slot, why: str, name: str) -> Problem:
    shown = f"{slot.field}({slot.id})" if slot.field else slot.id
    return Problem(
        file=name,
        line=slot.line,
        entry=shown,
        column="",
        found=f"{shown}: {why}",
        allowed=ALLOWED,
        action=SAY_LESS if why.startswith(UNCOUNTED) else APPROVE,
        rule="slot",
    )


def fill(copy: str, carried: Mapping[str, Mapping[str, Any]], *, marked: bool) -> str:
    """Return a text with every slot filled.

    Parameters
    ----------
    copy
        The text; ``problems`` has found nothing in it.
    carried
        What may be used, by id.
    marked
        Whether to wrap what a slot wrote in a ``data`` element, so that typed figures can be told apart.
    """

    def one(match: re.Match[str]) -> str:
        text = str(carried[match["id"]][match["field"]])
        if not marked:
            return text
        return f'<data class="hipevidence" value="{html.escape(match["id"], quote=True)}">{html.escape(text)}</data>'

    return SLOT.sub(one, copy)


def by_id(entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the entries of the verified figures by id."""
    return {str(entry["id"]): entry for entry in entries}


def read_approvals(text: str, name: str) -> dict[str, Any]:
    """Return the approvals kept beside a text.

    Raises
    ------
    InputError
        If the file is not what ``--approve`` writes.
    """
    try:
        found = json.loads(text)["approvals"]
        return {str(key): {"hash": str(value["hash"]), "by": str(value["by"])} for key, value in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{name} is no record of approvals; allowed: what --approve writes. Approve again.") from error


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
