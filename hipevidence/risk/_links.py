"""The scale on which each measure adds to a baseline risk: one table instead of a formula for each pair of measures.

An odds ratio adds its logarithm to the logit of the baseline, a risk ratio to its logarithm, a hazard ratio to its
complementary log-log, a risk difference to the risk itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hipevidence.effects._elements import Array


class Link(NamedTuple):
    """A scale for risks: ``forward`` from risk to scale, ``back`` to the risk, ``slope`` of ``back`` at a risk."""

    forward: Callable[[Array], Array]
    back: Callable[[Array], Array]
    slope: Callable[[Array], Array]


def _cloglog(risk: Array) -> Array:
    return np.log(-np.log1p(-risk))


def _cloglog_back(x: Array) -> Array:
    return -np.expm1(-np.exp(x))


def _cloglog_slope(risk: Array) -> Array:
    return np.asarray(-special.xlog1py(1 - risk, -risk), dtype=np.float64)


def _same(x: Array) -> Array:
    return x


LINKS: Final = {
    "OR": Link(special.logit, special.expit, lambda risk: risk * (1 - risk)),
    "RR": Link(np.log, np.exp, _same),
    "HR": Link(_cloglog, _cloglog_back, _cloglog_slope),
    "RD": Link(_same, _same, np.ones_like),
}
"""Measure to its scale."""


def on_link(measure: str, effect: Array) -> Array:
    """Return an effect as it adds on the scale of its measure: ratios as natural logarithms."""
    return effect if measure == "RD" else np.log(effect)


def risk_at(measure: str, effect: Array, baseline: Array) -> Array:
    """Return the risk that an effect makes of a baseline, not yet held to 0 and 1; ``nan`` where it has no value."""
    link = LINKS[measure]
    with np.errstate(all="ignore"):  # a ratio of 0 or infinity and a baseline of 0 or 1 have infinite logarithms
        shift = on_link(measure, effect)
        # no effect is exactly none, not a rounding error that would give a number needed to treat
        return np.where(shift == 0, baseline, link.back(link.forward(baseline) + shift))


def impossible(risk: Array) -> NDArray[np.bool_]:
    """Return where a computed risk is none, leaving room for rounding."""
    return np.asarray((risk < -1e-12) | (risk > 1 + 1e-12), dtype=np.bool_)
