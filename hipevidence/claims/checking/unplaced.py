"""Numbers whose kind the words do not tell: each must stand somewhere in the evidence on the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.claims.codes import Code
from hipevidence.claims.lookup import rounds_to
from hipevidence.claims.reason import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.item import EvidenceItem, ItemFigure
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.relevance import Case


def unplaced(statement: Statement, case: Case) -> list[Reason]:
    """Return that numbers of a statement stand nowhere in the evidence that is about the same.

    Parameters
    ----------
    statement
        As read.
    case
        The statement with its evidence.
    """
    lost = [one for one in statement.unplaced if not any(_prints(item, one) for item in _near(statement, case))]
    if not lost:
        return []
    told = " and ".join(dict.fromkeys(fmt.number(one.value, one.decimals) for one in lost))
    return [reason(Code.UNTRACED, f"{told}: unverified figure; none of the evidence on this prints it.")]


def _near(statement: Statement, case: Case) -> Iterable[EvidenceItem]:
    """Return verified evidence from the named paper, or else on any outcome of the statement."""
    touches = case.context.touches
    outcomes = statement.claim.outcome
    return case.named_items or tuple(
        item for item in case.verified if any(touches("outcome", item.outcome, key) for key in outcomes)
    )


def _prints(item: EvidenceItem, told: Figure) -> bool:
    values = [value for figure in item.figures for value in _values(figure)]
    return all(
        any(rounds_to(value, end, told.decimals) for value in values)
        for end in (told.value, told.high)
        if end is not None
    )


def _values(figure: ItemFigure) -> tuple[float, ...]:
    return (figure.value, figure.high, figure.ci.low, figure.ci.high)
