"""Reading columns of a table of arms or of contrasts: same length, numbers where numbers belong, rows by trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats


def labels(name: str, values: Iterable[Any], length: int | None = None) -> tuple[str, ...]:
    """Return names as text, none of them empty, or say which are."""
    found = tuple(str(value) for value in values)
    if length is not None and len(found) != length:
        raise InputError(f"{name}: found {len(found)} values; allowed: {length}, one a row.")
    empty = [str(row + 1) for row, value in enumerate(found) if not value.strip()]
    if empty:
        raise InputError(f"{name}: row {', '.join(empty)} has no name; allowed: a name in every row.")
    return found


def numbers(name: str, values: npt.ArrayLike | None, length: int) -> Floats:
    """Return numbers, shape (length,); ``nan`` throughout where the column was not given."""
    if values is None:
        return np.full(length, np.nan)
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: found values that are not numbers ({error}); allowed: numbers.") from error
    if array.shape != (length,):
        raise InputError(f"{name}: found shape {array.shape}; allowed: ({length},), one number a row.")
    return array


def rows_by(study: Sequence[str]) -> dict[str, list[int]]:
    """Return the rows of each study, studies in the order of their first row."""
    found: dict[str, list[int]] = {}
    for row, name in enumerate(study):
        found.setdefault(name, []).append(row)
    return found


def refuse(problems: Sequence[str]) -> None:
    """Raise one error that lists every problem, if there are any."""
    if problems:
        raise InputError(" | ".join(problems))
