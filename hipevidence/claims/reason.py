"""One reason why a statement is not carried as it stands."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipevidence.claims.codes import CODES, Code, Severity
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.item import EvidenceItem


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A failed comparison.

    Attributes
    ----------
    code
        Which comparison.
    sentence
        What was found, in a sentence for readers.
    evidence
        Ids of the rows, pools and questions that show it.
    severity
        How much it weighs.
    """

    code: Code
    sentence: str
    evidence: tuple[str, ...]
    severity: Severity


def reason(
    code: Code,
    sentence: str,
    items: Iterable[EvidenceItem] = (),
    severity: Severity | None = None,
) -> Reason:
    """Return a reason, weighed as its code usually is unless another of its weights is given.

    Parameters
    ----------
    code
        Which comparison failed.
    sentence
        What was found.
    items
        The evidence that shows it.
    severity
        One of the weights the code allows; ``None`` takes the usual one.

    Raises
    ------
    InputError
        If the code does not allow that weight.

    Examples
    --------
    >>> reason(Code.ROUNDED, "34.9 was rounded to 35.").severity.name
    'QUALIFIES'
    """
    allowed = CODES[code].severities
    weight = allowed[0] if severity is None else severity
    if weight not in allowed:
        names = ", ".join(option.name for option in allowed)
        raise InputError(f"severity {weight.name} for {code}; allowed: {names}. Add it to CODES or choose another.")
    return Reason(code, sentence, tuple(dict.fromkeys(item.id for item in items)), weight)
