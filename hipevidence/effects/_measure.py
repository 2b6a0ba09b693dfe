"""What one effect-size measure needs and does: an entry of the table of measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hipevidence.effects._elements import Array

Inputs = tuple[str, ...]
CellKind = Literal["", "table", "two counts", "proportion", "one count"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes
    ----------
    code
        Its code, as metafor writes it where metafor has it.
    label
        What it is, in words.
    forms
        The sets of inputs it can be computed from, of which each call gives one, and the formula for each: a plain
        function on arrays from inputs by name (and ``vtype``, ``correction`` where the measure has them) to
        ``(yi, vi)``. Measures of counts receive the cells of ``cells`` instead of the counts.
    undefined
        When it has no value although every input is possible.
    variances
        Types of sampling variance it offers, in words by ``vtype``; the first is the default.
    corrections
        Bias corrections it offers, in words by ``correction``; the first is the default.
    ordered
        Pairs of inputs of which the first may not exceed the second.
    unused
        Inputs a call may give although the formula does not need them.
    cells
        Which counts a zero is looked for in, and added to.
    add
        What is added to zero cells unless the call says otherwise.
    """

    code: str
    label: str
    forms: Mapping[Inputs, Callable[..., tuple[Array, Array]]]
    undefined: str = ""
    variances: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, str] = field(default_factory=dict)
    ordered: tuple[tuple[str, str], ...] = ()
    unused: Inputs = ()
    cells: CellKind = ""
    add: float = 0.5
