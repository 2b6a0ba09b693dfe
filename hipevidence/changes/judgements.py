"""Each statement's verdict before and after."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipevidence.changes.severity import Severity
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hipevidence.claims import Verdict


@dataclasses.dataclass(frozen=True, slots=True)
class VerdictChange(Result):
    """A statement whose verdict, reasons or carried sentence are not what they were.

    Attributes
    ----------
    claim_id, statement
        The statement.
    old, new
        The verdict before and after; ``""`` where the statement was not registered.
    gained, lost
        Sentences of the reasons that are new, and of those that are gone.
    carried_old, carried_new
        The sentence that the evidence carries, before and after.
    severity
        ``CLAIM_FLIPS`` where the verdict is another one, else ``NUMERIC``.
    """

    claim_id: str
    statement: str
    old: str
    new: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    carried_old: str
    carried_new: str
    severity: Severity


def verdict_changes(old: Iterable[Verdict], new: Iterable[Verdict]) -> tuple[VerdictChange, ...]:
    """Return every statement of which something else is said.

    Parameters
    ----------
    old, new
        The verdicts before and after.

    Returns
    -------
    tuple of VerdictChange
        In the order of the file after; statements that are gone come last.
    """
    before, after = ({verdict.claim.id: verdict for verdict in verdicts} for verdicts in (old, new))
    return tuple(_changes(before, after))


def _changes(before: dict[str, Verdict], after: dict[str, Verdict]) -> Iterator[VerdictChange]:
    for key in dict.fromkeys((*after, *before)):
        old, new = before.get(key), after.get(key)
        verdict = new or old
        if verdict is None or (old is not None and new is not None and _said(old) == _said(new)):
            continue
        reasons_old, reasons_new = _reasons(old), _reasons(new)
        names = (old.verdict if old else "", new.verdict if new else "")
        yield VerdictChange(
            claim_id=key,
            statement=verdict.claim.statement,
            old=names[0],
            new=names[1],
            gained=tuple(sentence for sentence in reasons_new if sentence not in reasons_old),
            lost=tuple(sentence for sentence in reasons_old if sentence not in reasons_new),
            carried_old=old.carried if old else "",
            carried_new=new.carried if new else "",
            severity=Severity.CLAIM_FLIPS if names[0] != names[1] else Severity.NUMERIC,
        )


def _said(verdict: Verdict) -> tuple[str, tuple[str, ...], str]:
    return verdict.verdict, _reasons(verdict), verdict.carried


def _reasons(verdict: Verdict | None) -> tuple[str, ...]:
    return tuple(f"{reason.sentence} ({reason.code})" for reason in verdict.reasons) if verdict else ()
