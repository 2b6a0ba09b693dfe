"""From moderators to a design matrix: columns, their names, and which columns belong to which moderator."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

Moderators = Mapping[str, Any]
"""Name of each moderator with its values: numbers, or words for a categorical one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Design:
    """A design matrix with names.

    Attributes
    ----------
    matrix
        Shape (k, p).
    names
        Name of each column.
    terms
        Each moderator with its columns; the intercept is not among them.
    has_intercept
        Whether the first column is the intercept.
    """

    matrix: Floats
    names: tuple[str, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    has_intercept: bool


def build_design(
    moderators: npt.ArrayLike | Moderators, k: int, *, formula: str | None = None, intercept: bool = True
) -> Design:
    """Build the design matrix of ``k`` studies.

    Parameters
    ----------
    moderators
        Matrix of shape (k,) or (k, m), or a mapping from name to k values. Words become indicator columns against
        their first level in alphabetical order.
    k
        Number of studies.
    formula
        Right-hand side such as ``"~ year * C(country)"``, evaluated on the mapping.
    intercept
        Whether to put an intercept in front (a formula decides for itself).
    """
    if formula is not None:
        return _from_formula(moderators, formula, k)
    named = moderators if isinstance(moderators, Mapping) else _named(moderators)
    columns: list[Floats] = [np.ones(k)] if intercept else []
    names = ["intercept"] if intercept else []
    terms: list[tuple[str, tuple[int, ...]]] = []
    for name, values in named.items():
        start = len(columns)
        for column, label in _coded(name, values, k):
            columns.append(column)
            names.append(label)
        terms.append((name, tuple(range(start, len(columns)))))
    if not columns:
        raise InputError("moderators: found none; allowed: one moderator or more, or an intercept.")
    return Design(np.column_stack(columns), tuple(names), tuple(terms), intercept)


def _named(matrix: npt.ArrayLike) -> Moderators:
    """Give the columns of a matrix the names x1, x2, ..."""
    values = np.asarray(matrix)
    if values.ndim == 1:
        return {"x1": values}
    if values.ndim != 2:
        raise InputError(f"moderators: found {values.ndim} dimensions; allowed: (studies,) or (studies, moderators).")
    return {f"x{i + 1}": values[:, i] for i in range(values.shape[1])}


def _coded(name: str, values: npt.ArrayLike, k: int) -> list[tuple[Floats, str]]:
    """Return the columns of one moderator: itself, or an indicator for each level but the first."""
    raw = np.asarray(values)
    if raw.shape != (k,):
        raise InputError(f"moderator {name!r}: found shape {raw.shape}; allowed: ({k},), one value a study.")
    if raw.dtype.kind in "biuf":
        column = raw.astype(np.float64)
        missing = np.flatnonzero(~np.isfinite(column)) + 1
        if len(missing):
            places = ", ".join(map(str, missing))
            raise InputError(
                f"moderator {name!r}: found no finite value for study {places}; allowed: a number for every study. "
                "Leave these studies out or complete them."
            )
        return [(column, name)]
    words = np.array([str(value) for value in raw])
    levels = sorted(set(words))
    if len(levels) < 2:
        raise InputError(f"moderator {name!r}: found one level only ({levels[0]!r}); allowed: two levels or more.")
    return [((words == level).astype(np.float64), f"{name}[{level}]") for level in levels[1:]]


def _from_formula(moderators: npt.ArrayLike | Moderators, formula: str, k: int) -> Design:
    if not isinstance(moderators, Mapping):
        raise InputError("moderators: found a matrix with a formula; allowed: a mapping from name to values.")
    from formulaic import model_matrix  # noqa: PLC0415 - it loads pandas, which only a formula needs
    from formulaic.errors import FormulaicError  # noqa: PLC0415 - the same

    try:
        matrix = model_matrix(formula, dict(moderators), materializer="pandas", na_action="raise")
    except (FormulaicError, ValueError) as error:
        raise InputError(f"formula: found {formula!r}, which cannot be evaluated ({error}).") from error
    spec = matrix.model_spec
    values = np.asarray(matrix, dtype=np.float64)
    if values.shape[0] != k:
        raise InputError(f"moderators: found {values.shape[0]} values; allowed: {k}, one a study.")
    names = tuple("intercept" if name == "Intercept" else str(name) for name in spec.column_names)
    terms = tuple(
        (str(term), tuple(range(part.start, part.stop))) for term, part in spec.term_slices.items() if str(term) != "1"
    )
    return Design(values, names, terms, "intercept" in names)
