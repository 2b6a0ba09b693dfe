"""How far a conclusion about rare events depends on the continuity correction and the model."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.effects import effect_size
from hipevidence.pooling import pool
from hipevidence.rare.beta_binomial import beta_binomial
from hipevidence.rare.glmm import glmm
from hipevidence.rare.mantel_haenszel import mantel_haenszel
from hipevidence.rare.peto import peto
from hipevidence.rare.tables import as_tables, check_level
from hipevidence.results import Interval, Result, flatten

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.rare.result import CommonEffectResult, GlmmResult
    from hipevidence.rare.tables import Tables

CORRECTIONS = ("0.5 only0", "0.5 all", "0.1 only0", "treatment-arm", "none")
"""Constants added to cells: 0.5 or 0.1 in studies with a zero cell, 0.5 everywhere, nothing; and shares of 1 in studies
with a zero cell, by the size of the arm (the reciprocal of the other: Sweeting et al. 2004, doi:10.1002/sim.1761)."""


@dataclasses.dataclass(frozen=True, slots=True)
class PanelRow(Result):
    """One analysis of the same counts.

    Attributes
    ----------
    model
        ``inverse variance, common``, ``inverse variance, random``, ``Mantel-Haenszel``, ``Peto``, ``CM.EL``, ``UM.FS``,
        ``beta-binomial`` or ``arcsine, random``.
    correction
        One of ``CORRECTIONS``.
    measure
        ``OR`` (a logarithm), or ``AS`` for the arcsine difference, whose size cannot be compared but whose sign can.
    estimate, se, ci, p_value
        The effect, its standard error, interval and test.
    k
        Studies that contribute.
    reason
        Why a number is ``nan``; empty if none is.
    """

    model: str
    correction: str
    measure: str
    estimate: float
    se: float
    ci: Interval
    p_value: float
    k: int
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class RareEventPanel(Result):
    """The same counts under every correction and model.

    Attributes
    ----------
    rows
        One analysis each.
    zero_studies, double_zero_studies
        Studies with no event in one arm, and in both.
    estimate_low, estimate_high
        Smallest and largest log odds ratio among the rows.
    directions
        How many rows put the effect below, and above 0.
    excluding_zero
        How many of the intervals exclude 0.
    computed
        How many rows have an interval.
    level
        Coverage of the intervals.
    """

    rows: tuple[PanelRow, ...]
    zero_studies: int
    double_zero_studies: int
    estimate_low: float
    estimate_high: float
    directions: tuple[int, int]
    excluding_zero: int
    computed: int
    level: float

    @property
    def one_direction(self) -> bool:
        """Whether all rows agree on the sign."""
        return min(self.directions) == 0

    @property
    def one_conclusion(self) -> bool:
        """Whether all intervals agree on whether 0 is excluded, and all rows on the sign where it is."""
        return self.excluding_zero in (0, self.computed) and (self.excluding_zero == 0 or self.one_direction)

    def to_frame(self) -> Any:
        """Return a data frame with one row per analysis, at full precision."""
        table = type(self.rows[0].to_frame())
        return table([flatten(row) for row in self.rows])


def rare_event_panel(
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    ci: str = "wald",
    level: float = 0.95,
) -> RareEventPanel:
    """Analyse the same counts under every continuity correction and model.

    Parameters
    ----------
    events1, events2
        Events in arm 1 and arm 2, shape (k,).
    n1, n2
        Persons in each arm, shape (k,).
    ci
        Interval method of the inverse-variance rows, as in :func:`hipevidence.pooling.pool`.
    level
        Coverage of the intervals.

    Returns
    -------
    RareEventPanel
        A method that cannot be computed is a row with ``nan`` and a reason.

    Raises
    ------
    InputError
        If counts are impossible.

    Examples
    --------
    >>> panel = rare_event_panel(events1=[1, 0, 3, 0], n1=[80, 60, 110, 90], events2=[5, 0, 9, 1], n2=[82, 58, 108, 88])
    >>> panel.one_direction, panel.excluding_zero, panel.computed
    (True, 15, 16)
    """
    check_level(level)
    tables = as_tables(events1, n1, events2, n2)
    rows = [_inverse_variance(tables, name, method, ci, level) for name in CORRECTIONS for method in ("EE", "REML")]
    counts: dict[str, Any] = {"events1": tables.a, "n1": tables.n1, "events2": tables.c, "n2": tables.n2}
    whole = all((cell == np.floor(cell)).all() for cell in (tables.a, tables.b, tables.c, tables.d))
    rows += [
        _row("Mantel-Haenszel", mantel_haenszel("OR", **counts, level=level)),
        _row("Peto", peto(**counts, level=level)),
        _row("beta-binomial", beta_binomial("OR", **counts, level=level)),
    ]
    if tables.informative.any():
        models = ("CM.EL", "UM.FS") if whole else ("UM.FS",)
        rows += [_row(model, glmm("OR", **counts, model=model, level=level)) for model in models]
    rows.append(_arcsine(tables, ci, level))
    return _summarise(tuple(rows), tables, level)


def _row(model: str, result: CommonEffectResult | GlmmResult) -> PanelRow:
    return PanelRow(model, "none", "OR", result.estimate, result.se, result.ci, result.p_value, result.k, result.reason)


def _corrected(tables: Tables, name: str) -> Tables:
    zero = (tables.a == 0.0) | (tables.b == 0.0) | (tables.c == 0.0) | (tables.d == 0.0)
    if name == "treatment-arm":
        return tables.plus(zero * tables.n1 / tables.total, zero * tables.n2 / tables.total)
    constant, where = name.split()
    added = float(constant) * (zero if where == "only0" else np.ones_like(zero))
    return tables.plus(added, added)


def _inverse_variance(tables: Tables, correction: str, method: str, ci: str, level: float) -> PanelRow:
    model = "inverse variance, common" if method == "EE" else "inverse variance, random"
    used = tables.take(tables.informative)
    if correction == "none":
        used = used.take((used.a > 0.0) & (used.b > 0.0) & (used.c > 0.0) & (used.d > 0.0))
    if not len(used.a):
        return _empty(model, correction, level)
    if correction != "none":
        used = _corrected(used, correction)
    effects = effect_size("OR", events1=used.a, n1=used.n1, events2=used.c, n2=used.n2, to="none")
    pooled = pool(
        effects.yi,
        effects.vi,
        method=method,
        ci=ci if method != "EE" else "wald",
        level=level,
        tau2_ci=None,
        prediction=None,
    )
    reason = "" if pooled.ci.exists else pooled.reason
    return PanelRow(model, correction, "OR", pooled.estimate, pooled.se, pooled.ci, pooled.p_value, pooled.k, reason)


def _empty(model: str, correction: str, level: float) -> PanelRow:
    missing = Interval(math.nan, math.nan, level)
    reason = "every study has a zero cell" if correction == "none" else "no study has both events and non-events"
    return PanelRow(model, correction, "OR", math.nan, math.nan, missing, math.nan, 0, reason)


def _arcsine(tables: Tables, ci: str, level: float) -> PanelRow:
    effects = effect_size("AS", events1=tables.a, n1=tables.n1, events2=tables.c, n2=tables.n2)
    pooled = pool(effects.yi, effects.vi, method="REML", ci=ci, level=level, tau2_ci=None, prediction=None)
    reason = "" if pooled.ci.exists else pooled.reason
    return PanelRow(
        "arcsine, random", "none", "AS", pooled.estimate, pooled.se, pooled.ci, pooled.p_value, pooled.k, reason
    )


def _summarise(rows: tuple[PanelRow, ...], tables: Tables, level: float) -> RareEventPanel:
    computed = [row for row in rows if row.ci.exists]
    ratios = [row.estimate for row in computed if row.measure == "OR"]
    return RareEventPanel(
        rows=rows,
        zero_studies=int(((tables.a == 0.0) != (tables.c == 0.0)).sum()),
        double_zero_studies=int(((tables.a == 0.0) & (tables.c == 0.0)).sum()),
        estimate_low=min(ratios, default=math.nan),
        estimate_high=max(ratios, default=math.nan),
        directions=(sum(row.estimate < 0.0 for row in computed), sum(row.estimate > 0.0 for row in computed)),
        excluding_zero=sum(not row.ci.contains(0.0) for row in computed),
        computed=len(computed),
        level=level,
    )
