"""Zero cells: where a constant is added, to which cells, and the words that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from hipevidence.effects._elements import check_choice
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.effects._elements import Array
    from hipevidence.effects._measure import CellKind

Where = Literal["only0", "if0all", "all", "none"]

WHERE = ("only0", "if0all", "all", "none")
_SHOWN = 10


def cells_of(kind: CellKind, values: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the cells that a zero is looked for in, and the other inputs, by the names the formulas use."""
    if kind == "table":
        a, c = values["events1"], values["events2"]
        return {"a": a, "b": values["n1"] - a, "c": c, "d": values["n2"] - c}, {}
    if kind == "two counts":
        times = {name: values[name] for name in ("time1", "time2")}
        return {"x1": values["events1"], "x2": values["events2"]}, times
    if kind == "proportion":
        x = values["events"]
        return {"x": x, "m": values["n"] - x}, {}
    return {"x": values["events"]}, {"time": values["time"]}


def correct(cells: Mapping[str, Array], add: float, to: Where) -> tuple[dict[str, Array], str]:
    """Add a constant to the cells of tables with a zero, and say what was done.

    Parameters
    ----------
    cells
        Counts by name, arrays of one shape; element i of each is one table.
    add
        Constant added to every cell of a table, 0 or more.
    to
        ``"only0"``: tables with a zero cell; ``"if0all"``: every table if any of them has a zero cell; ``"all"``: every
        table; ``"none"``: no table.

    Returns
    -------
    tuple
        The corrected cells, and a sentence for the result's method.

    Raises
    ------
    InputError
        If ``add`` is negative or not finite, or there is no such ``to``.

    Examples
    --------
    >>> import numpy as np
    >>> cells, words = correct({"x": np.array([0.0, 3.0]), "m": np.array([9.0, 7.0])}, 0.5, "only0")
    >>> cells["m"].tolist()
    [9.5, 7.0]
    >>> words
    "0.5 added to every cell of 1 of 2 tables (to='only0'; position 0)"
    """
    check_choice("to", to, WHERE)
    if not (np.isfinite(add) and add >= 0):
        raise InputError(f"add is {add!r}; allowed: 0 or more (0.5 is usual).")
    stacked = np.stack(list(cells.values()))
    zero = (stacked == 0).any(axis=0)
    usable = np.isfinite(stacked).all(axis=0)
    chosen = {"only0": zero, "if0all": usable & zero.any(), "all": usable, "none": np.zeros_like(zero)}[to]
    if add == 0:
        chosen = np.zeros_like(zero)
    return {name: cell + add * chosen for name, cell in cells.items()}, _words(chosen, zero, add, to)


def _words(chosen: Array, zero: Array, add: float, to: Where) -> str:
    if not chosen.any():
        return "zero cells left as they are" if zero.any() else "no zero cell, nothing added"
    if chosen.ndim == 0:
        return f"{add:g} added to every cell (to={to!r})"
    at = np.flatnonzero(chosen)
    positions = ", ".join(map(str, at[:_SHOWN])) + (", ..." if at.size > _SHOWN else "")
    where = "" if at.size == chosen.size else f"; position {positions}"
    return f"{add:g} added to every cell of {at.size} of {chosen.size} tables (to={to!r}{where})"
