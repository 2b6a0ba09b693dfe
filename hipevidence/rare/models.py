"""From counts to the models that pool them: which studies say something, and the likelihood of each arm."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.rare.integral import Arm, Model
from hipevidence.rare.kernels import Binomial, Hypergeometric, Poisson
from hipevidence.rare.tables import as_counts, as_rates, as_tables, need

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats
    from hipevidence.rare.tables import Rates, Tables

UNCONDITIONAL = ("UM.FS", "UM.RS")
"""Models in which both arms have a likelihood of their own; with fixed and with random study effects."""


@dataclasses.dataclass(frozen=True, slots=True)
class Built:
    """A model of the counts.

    Attributes
    ----------
    model
        The model.
    name
        What it is called.
    dropped
        How many studies say nothing and were left out.
    separated
        Whether every study pulls the effect to the same infinite end.
    level
        Log odds or log rate of all events in arm 2 together, from which a search for the intercept may start.
    """

    model: Model
    name: str
    dropped: int
    separated: bool
    level: float = math.nan

    @property
    def reasons(self) -> list[str]:
        """What was left out."""
        words = f"{self.dropped} studies without events (or without non-events) in either arm left out"
        return [words] if self.dropped else []


def build(
    measure: str,
    model: str,
    coding: float,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike | None,
    events2: npt.ArrayLike | None,
    n2: npt.ArrayLike | None,
    time1: npt.ArrayLike | None,
    time2: npt.ArrayLike | None,
) -> Built:
    """Return the model of these counts; arguments as in :func:`hipevidence.rare.glmm.glmm`."""
    if measure == "PLO":
        return _log_odds(*as_counts(events1=events1, n1=need(n1=n1)[0]))
    if measure == "IRLN":
        events, time = as_counts(events1=events1, time1=need(time1=time1)[0])
        one = Model((Arm(Poisson(events, time), 1.0, 1.0),), len(events), local=False)
        return Built(one, "GLMM", 0, separated=not events.any())
    if measure == "OR":
        first, second, third = need(n1=n1, events2=events2, n2=n2)
        tables = as_tables(events1, first, second, third)
        keep = tables.informative
        _check_any(keep)
        return _odds_ratio(tables.take(keep), model, coding, int((~keep).sum()))
    first, second, third = need(time1=time1, events2=events2, time2=time2)
    rates = as_rates(events1, first, second, third)
    keep = rates.x1 + rates.x2 > 0.0
    _check_any(keep)
    return _rate_ratio(rates.take(keep), model, coding, int((~keep).sum()))


def _log_odds(events: Floats, persons: Floats) -> Built:
    if (events > persons).any() or (persons <= 0.0).any():
        raise InputError("events1: found more events than persons, or nobody; allowed: up to all of one or more.")
    one = Model((Arm(Binomial.of(events, persons, np.zeros_like(events)), 1.0, 1.0),), len(events), local=False)
    return Built(one, "GLMM", 0, separated=not events.any() or bool((events == persons).all()))


def _check_any(keep: npt.NDArray[np.bool_]) -> None:
    if not keep.any():
        raise InputError("events1, events2: found no study with both events and non-events; nothing can be estimated.")


def _odds_ratio(t: Tables, model: str, coding: float, dropped: int) -> Built:
    k, none = len(t.a), np.zeros(len(t.a))
    down, up = (t.a == 0.0) | (t.d == 0.0), (t.b == 0.0) | (t.c == 0.0)
    if model == "CM.EL":
        if any((cell != np.floor(cell)).any() for cell in (t.a, t.b, t.c, t.d)):
            raise InputError(
                "events1, n1, events2, n2: found fractions; allowed: whole numbers in the exact likelihood."
            )
        built = Model((Arm(Hypergeometric.of(t.a, t.n1, t.c, t.n2), 1.0, 1.0),), k, local=False)
    elif model == "CM.AL":
        down, up = t.a == 0.0, t.c == 0.0
        built = Model((Arm(Binomial.of(t.a, t.a + t.c, np.log(t.n1 / t.n2)), 1.0, 1.0),), k, local=False)
    else:
        first, second = Binomial.of(t.a, t.n1, none), Binomial.of(t.c, t.n2, none)
        built = Model((Arm(first, 1.0, coding), Arm(second, 0.0, coding - 1.0)), k, local=True)
    return Built(built, model, dropped, bool(down.all() or up.all()), math.log((t.c.sum() + 0.5) / (t.d.sum() + 0.5)))


def _rate_ratio(r: Rates, model: str, coding: float, dropped: int) -> Built:
    k = len(r.x1)
    if model == "CM.AL":
        raise InputError(
            "model: found 'CM.AL' with IRR; allowed: CM.EL, which is exact for rates, or a model with study effects."
        )
    if model in UNCONDITIONAL:
        arms = (Arm(Poisson(r.x1, r.t1), 1.0, coding), Arm(Poisson(r.x2, r.t2), 0.0, coding - 1.0))
        built = Model(arms, k, local=True)
    else:
        built = Model((Arm(Binomial.of(r.x1, r.x1 + r.x2, np.log(r.t1 / r.t2)), 1.0, 1.0),), k, local=False)
    separated = not r.x1.any() or not r.x2.any()
    return Built(built, model, dropped, separated, math.log((r.x2.sum() + 0.5) / r.t2.sum()))
