"""Seeded simulation of a quantity from what it is computed from, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hipevidence.effects._elements import Array

DRAWS: Final = 100_000
SEED: Final = 20_240_101


def drawn_limits(
    usable: NDArray[np.bool_],
    draw: Callable[[np.random.Generator, tuple[int, ...]], tuple[Array, ...]],
    *,
    quantities: int,
    level: float,
    draws: int,
    seed: int,
) -> list[tuple[Array, Array]]:
    """Return percentile limits of some quantities, ``nan`` where an element is not usable.

    Parameters
    ----------
    usable
        Which elements can be simulated.
    draw
        Gives the drawn quantities of the element at an index.
    quantities
        How many it gives.
    level
        Coverage.
    draws, seed
        Draws an element, and where they start; every element starts anew, so that it does not depend on the others.
    """
    if draws < 1000:
        raise InputError(f"draws is {draws}; allowed: 1000 or more, or the tails are noise. Leave it out for {DRAWS}.")
    limits = [(np.full(usable.shape, np.nan), np.full(usable.shape, np.nan)) for _ in range(quantities)]
    for index in np.ndindex(usable.shape):
        if usable[index]:
            for (low, high), drawn in zip(limits, draw(np.random.default_rng(seed), index), strict=True):
                low[index], high[index] = np.quantile(drawn, ((1 - level) / 2, (1 + level) / 2))
    return limits
