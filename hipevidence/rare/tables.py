"""Counts of two arms in k studies, checked."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Tables:
    """Events among persons in two arms.

    Attributes
    ----------
    a, b
        Events and non-events in arm 1, shape (k,).
    c, d
        Events and non-events in arm 2, shape (k,).
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @property
    def n1(self) -> Floats:
        """Persons in arm 1."""
        return self.a + self.b

    @property
    def n2(self) -> Floats:
        """Persons in arm 2."""
        return self.c + self.d

    @property
    def total(self) -> Floats:
        """Persons in both arms."""
        return self.n1 + self.n2

    @property
    def informative(self) -> Booleans:
        """Whether a study has both events and non-events; without, it says nothing about a ratio."""
        return (self.a + self.c > 0.0) & (self.b + self.d > 0.0)

    def take(self, which: Booleans) -> Tables:
        """Return some of the studies."""
        return Tables(self.a[which], self.b[which], self.c[which], self.d[which])

    def plus(self, arm1: Floats, arm2: Floats) -> Tables:
        """Return the tables with constants added to both cells of each arm."""
        return Tables(self.a + arm1, self.b + arm1, self.c + arm2, self.d + arm2)


@dataclasses.dataclass(frozen=True, slots=True)
class Rates:
    """Events over time in two arms.

    Attributes
    ----------
    x1, t1, x2, t2
        Events and person-time of both arms, shape (k,).
    """

    x1: Floats
    t1: Floats
    x2: Floats
    t2: Floats

    def take(self, which: Booleans) -> Rates:
        """Return some of the studies."""
        return Rates(self.x1[which], self.t1[which], self.x2[which], self.t2[which])


def as_counts(**columns: npt.ArrayLike) -> list[Floats]:
    """Return columns as arrays of one length, at least one study, every value finite and 0 or more."""
    arrays = {name: np.atleast_1d(np.asarray(values, dtype=np.float64)) for name, values in columns.items()}
    lengths = {name: array.shape for name, array in arrays.items()}
    if len(set(lengths.values())) > 1 or any(array.ndim != 1 for array in arrays.values()):
        raise InputError(f"found shapes {lengths}; allowed: one number a study in each.")
    for name, array in arrays.items():
        if not len(array):
            raise InputError(f"{name}: found no studies; allowed: one study or more.")
        wrong = np.flatnonzero(~(np.isfinite(array) & (array >= 0.0))) + 1
        if len(wrong):
            raise InputError(
                f"{name}: found a missing or negative number in study {', '.join(map(str, wrong))}; allowed: 0 or more."
            )
    return list(arrays.values())


def as_tables(events1: npt.ArrayLike, n1: npt.ArrayLike, events2: npt.ArrayLike, n2: npt.ArrayLike) -> Tables:
    """Return checked two-by-two tables."""
    a, m1, c, m2 = as_counts(events1=events1, n1=n1, events2=events2, n2=n2)
    for name, events, persons in (("events1", a, m1), ("events2", c, m2)):
        wrong = np.flatnonzero((events > persons) | (persons <= 0.0)) + 1
        if len(wrong):
            raise InputError(
                f"{name}: found more events than persons, or nobody, in study {', '.join(map(str, wrong))}; allowed: "
                "0 events up to all of one person or more."
            )
    return Tables(a, m1 - a, c, m2 - c)


def as_rates(events1: npt.ArrayLike, time1: npt.ArrayLike, events2: npt.ArrayLike, time2: npt.ArrayLike) -> Rates:
    """Return checked counts over time."""
    x1, t1, x2, t2 = as_counts(events1=events1, time1=time1, events2=events2, time2=time2)
    for name, time in (("time1", t1), ("time2", t2)):
        if (time <= 0.0).any():
            raise InputError(f"{name}: found 0; allowed: person-time greater than 0 in every study.")
    return Rates(x1, t1, x2, t2)


def need(**arguments: npt.ArrayLike | None) -> list[npt.ArrayLike]:
    """Return arguments that must all be given, or say which are missing."""
    missing = [name for name, value in arguments.items() if value is None]
    if missing:
        raise InputError(f"{', '.join(missing)}: found none; this measure needs {', '.join(arguments)}.")
    return [value for value in arguments.values() if value is not None]


def check_choice(name: str, found: str, allowed: tuple[str, ...]) -> None:
    """Raise InputError unless ``found`` is one of the names allowed."""
    if found not in allowed:
        raise InputError(f"{name}: found {found!r}; allowed: {', '.join(allowed)}.")


def check_level(level: float) -> None:
    """Raise InputError unless ``level`` is a coverage."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level: found {level!r}; allowed: a number between 0 and 1, such as 0.95.")
