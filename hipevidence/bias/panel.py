"""Every method of this room that needs effects and variances only, on one meta-analysis, side by side."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from hipevidence.bias.asymmetry import egger
from hipevidence.bias.caution import FEW
from hipevidence.bias.excess import excess_significance
from hipevidence.bias.henmi_copas import henmi_copas
from hipevidence.bias.limit import limit_meta_analysis
from hipevidence.bias.pet_peese import pet_peese
from hipevidence.bias.rank import begg
from hipevidence.bias.selection import selection_model
from hipevidence.bias.trim import trim_and_fill
from hipevidence.pooling import pool
from hipevidence.pooling.checks import check_studies
from hipevidence.results import Interval, Result, flatten

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclasses.dataclass(frozen=True, slots=True)
class PanelRow(Result):
    """What one method says.

    Attributes
    ----------
    method
        Its name.
    p_value
        Of its test against no small-study effect or no selection; ``nan`` where it tests nothing.
    estimate, ci
        Effect as it adjusts it; ``nan`` where it adjusts nothing.
    reason
        Why a number is ``nan`` or uncertain; empty if none is.
    caution
        What it can and cannot show.
    """

    method: str
    p_value: float
    estimate: float
    ci: Interval
    reason: str
    caution: str


@dataclasses.dataclass(frozen=True, slots=True)
class BiasPanel(Result):
    """What all methods say on one meta-analysis.

    Attributes
    ----------
    unadjusted, unadjusted_ci
        Pooled effect as it stands.
    rows
        One entry a method.
    k
        Number of effects.
    few
        Whether there are too few for any of this to bear weight.
    """

    unadjusted: float
    unadjusted_ci: Interval
    rows: tuple[PanelRow, ...]
    k: int
    few: bool

    def to_frame(self) -> Any:
        """Return a data frame with one row a method, at full precision."""
        table = type(self.rows[0].to_frame())
        return table([flatten(row) for row in self.rows])


def bias_panel(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    alternative: str = "greater",
    cluster: npt.ArrayLike | None = None,
    method: str = "REML",
    ci: str = "HKSJ-modified",
    level: float = 0.95,
) -> BiasPanel:
    """Apply every test and adjustment for small-study effects to one meta-analysis.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    alternative
        ``"greater"`` if positive effects are the ones looked for, ``"less"`` if negative ones are.
    cluster
        Label of each effect's study, shape (k,), where several come from one: only regressions with cluster-robust
        standard errors are then shown, as the others need independent effects.
    method, ci, level
        Of the pooled effects.

    Returns
    -------
    BiasPanel
        What a method cannot compute is ``nan`` with a reason.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Examples
    --------
    >>> panel = bias_panel([0.1, 0.3, 0.35, 0.62, 0.8], [0.01, 0.02, 0.04, 0.09, 0.16])
    >>> len(panel.rows), panel.few
    (8, True)
    """
    y, v = check_studies(yi, vi)
    pooled = pool(y, v, method=method, ci=ci, level=level)
    nothing = Interval(math.nan, math.nan, level)
    # the normal test of the mixed model finds too much in few studies
    test = egger(y, v, method=method, cluster=cluster, ci="HKSJ" if cluster is None else None, level=level)
    pet = pet_peese(y, v, method=method, cluster=cluster, level=level)
    rows = [
        PanelRow("Egger", test.p_value, test.limit, test.limit_ci, test.reason, test.caution),
        PanelRow(f"PET-PEESE ({pet.chosen})", pet.pet.p_value, pet.estimate, pet.ci, pet.reason, pet.caution),
    ]
    if cluster is None:
        rank = begg(y, v)
        fill = trim_and_fill(y, v, method=method, ci=ci, level=level)
        limit = limit_meta_analysis(y, v, method=method, level=level)
        model = selection_model(y, v, alternative=alternative, level=level)
        robust = henmi_copas(y, v, level=level)
        excess = excess_significance(y, v)
        filled = fill.adjusted
        rows += [
            PanelRow("Begg", rank.p_value, math.nan, nothing, rank.reason, rank.caution),
            PanelRow("Trim and fill", fill.p_value, filled.estimate, filled.ci, fill.reason, fill.caution),
            PanelRow("Limit", limit.q_small_p_value, limit.estimate, limit.ci, limit.reason, limit.caution),
            PanelRow("Selection (step)", model.lrt_p_value, model.estimate, model.ci, model.reason, model.caution),
            PanelRow("Henmi-Copas", math.nan, robust.estimate, robust.ci, robust.reason, robust.caution),
            PanelRow("Excess significance", excess.p_value, math.nan, nothing, excess.reason, excess.caution),
        ]
    independent = test.clusters
    return BiasPanel(pooled.estimate, pooled.ci, tuple(rows), len(y), few=independent < FEW)
