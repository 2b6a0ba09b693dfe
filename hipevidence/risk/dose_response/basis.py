"""The shape of a dose-response curve: straight, quadratic, or a restricted cubic spline."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from hipevidence.effects._elements import Array

PERCENTILES: Final = {3: (10, 50, 90), 4: (5, 35, 65, 95), 5: (5, 27.5, 50, 72.5, 95)}
"""Where Harrell puts knots, in percent of the doses."""


@dataclasses.dataclass(frozen=True, slots=True)
class Basis:
    """A shape: the columns that a dose becomes in the model.

    Attributes
    ----------
    name
        ``linear``, ``quadratic`` or ``restricted cubic spline``.
    knots
        Doses at which the pieces of a spline meet; empty for the others.

    Examples
    --------
    >>> quadratic().columns([0, 3])
    array([[0., 0.],
           [3., 9.]])
    """

    name: str
    knots: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """Number of columns."""
        return len(self.knots) - 1 if self.knots else 1 + (self.name == "quadratic")

    def columns(self, dose: ArrayLike) -> Array:
        """Return the columns of the model at some doses.

        Parameters
        ----------
        dose
            Doses, shape (n,).

        Returns
        -------
        ndarray
            Shape (n, size).
        """
        x = np.atleast_1d(np.asarray(dose, dtype=np.float64))
        if self.knots:
            return np.column_stack([x, *_spline_terms(x, np.asarray(self.knots))])
        return np.column_stack([x, x**2]) if self.name == "quadratic" else x[:, np.newaxis]


def linear() -> Basis:
    """Return the straight line on the logarithmic scale."""
    return Basis("linear")


def quadratic() -> Basis:
    """Return the parabola on the logarithmic scale."""
    return Basis("quadratic")


def restricted_cubic_spline(knots: Sequence[float]) -> Basis:
    """Return a curve that is cubic between its knots and straight beyond the outer ones.

    Parameters
    ----------
    knots
        Three or more doses in rising order.

    Returns
    -------
    Basis
        With one column fewer than knots: the dose and its spline terms.

    Raises
    ------
    InputError
        If there are fewer than three knots or they do not rise.

    Notes
    -----
    Term j is [(x - t_j)₊³ - (x - t_{K-1})₊³ (t_K - t_j)/(t_K - t_{K-1}) + (x - t_K)₊³ (t_{K-1} - t_j)/(t_K - t_{K-1})]
    divided by (t_K - t₁)², so that it has the unit of the dose.

    References
    ----------
    Harrell FE (2015), Regression Modeling Strategies, 2nd ed., ch. 2.4.5. https://doi.org/10.1007/978-3-319-19425-7

    Examples
    --------
    >>> restricted_cubic_spline([0, 10, 20]).columns([5, 30]).round(4)
    array([[ 5.    ,  0.3125],
           [30.    , 30.    ]])
    """
    places = tuple(float(knot) for knot in knots)
    if len(places) < 3 or not all(a < b for a, b in itertools.pairwise(places)):
        raise InputError(f"knots are {list(places)}; allowed: three or more rising doses. Use spline_knots.")
    return Basis("restricted cubic spline", places)


def spline_knots(dose: ArrayLike, count: int = 3) -> tuple[float, ...]:
    """Return knots at Harrell's percentiles of the doses.

    Parameters
    ----------
    dose
        All doses of all studies.
    count
        3, 4 or 5.

    Returns
    -------
    tuple of float
        Knots, in rising order.

    Raises
    ------
    InputError
        If the count is another.

    Examples
    --------
    >>> spline_knots(range(101), 4)
    (5.0, 35.0, 65.0, 95.0)
    """
    if count not in PERCENTILES:
        raise InputError(f"{count} knots; allowed: {', '.join(map(str, PERCENTILES))}. Choose one of them.")
    return tuple(float(knot) for knot in np.percentile(np.asarray(dose, dtype=np.float64), PERCENTILES[count]))


def _spline_terms(x: Array, knots: Array) -> list[Array]:
    last, before = knots[-1], knots[-2]

    def cube(knot: float) -> Array:
        return np.asarray(np.maximum(x - knot, 0) ** 3, dtype=np.float64)

    return [
        (cube(knot) - (cube(before) * (last - knot) - cube(last) * (before - knot)) / (last - before))
        / (last - knots[0]) ** 2
        for knot in knots[:-2]
    ]
