"""The league table: network estimates on one side, direct evidence on the other."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.counts import direct_counts
from hipevidence.network.counts_result import CountsNetworkResult
from hipevidence.network.fitting import tau2_of
from hipevidence.network.pairs import direct_evidence, pairs_of
from hipevidence.pooling import inference
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.network.model import NetworkResult
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class LeagueTable(Result):
    """Every treatment against every other, in one order; matrices hold row minus column, shape (n, n).

    Attributes
    ----------
    treatments
        The n treatments in the order of the table.
    effect, low, high
        Network estimates with confidence limits.
    direct, direct_low, direct_high
        Direct evidence at the network's tau² (a common effect for counts), ``nan`` where no trial compares the two.
    trials
        Number of trials that compare the two.
    model, level
        Model and coverage.
    """

    treatments: tuple[str, ...]
    effect: Floats
    low: Floats
    high: Floats
    direct: Floats
    direct_low: Floats
    direct_high: Floats
    trials: Integers
    model: str
    level: float


def league_table(
    result: NetworkResult | CountsNetworkResult, *, order: Sequence[str] | None = None, model: str | None = None
) -> LeagueTable:
    """Return the league table of a network.

    Parameters
    ----------
    result
        A network meta-analysis, of effects or of counts. Counts: the direct evidence is that of the same method on the
        trials that compare the two, without their other arms; ``nan`` where these have no finite odds ratio.
    order
        Every treatment once, as rows and columns should stand (by P-score, say); alphabetical if None.
    model
        ``"random"`` or ``"common"``; if None, random where there is one.

    Returns
    -------
    LeagueTable
        Numbers; printers decide which half shows what.

    Raises
    ------
    InputError
        If ``order`` is not every treatment once.

    Examples
    --------
    >>> from hipevidence.network import from_contrasts, network
    >>> data = from_contrasts(study=["x", "y"], treatment1=["a", "b"], treatment2=["b", "c"], effect=[1.0, 2.0],
    ...                       se=[0.5, 0.5])
    >>> table = league_table(network(data), order=["c", "b", "a"])
    >>> table.effect[0].round(6).tolist(), table.trials[0].tolist()
    ([0.0, -2.0, -3.0], [0, 1, 0])
    """
    names = result.treatments if order is None else tuple(order)
    if sorted(names) != list(result.treatments):
        raise InputError(f"order: found {', '.join(names)}; allowed: each of {', '.join(result.treatments)} once.")
    places = np.ix_(*(2 * ([result.index(name) for name in names],)))
    chosen = result.main_model if model is None else model
    effects = result.effects(chosen)
    if isinstance(result, CountsNetworkResult):
        direct = direct_counts(result)
    else:
        direct = direct_evidence(pairs_of(result.data), len(names), tau2_of(result, chosen))
    half = float(inference.critical_value(result.level, np.array([np.inf]))[0]) * np.sqrt(direct.variance)
    return LeagueTable(
        treatments=names,
        effect=effects.effect[places],
        low=effects.low[places],
        high=effects.high[places],
        direct=direct.effect[places],
        direct_low=(direct.effect - half)[places],
        direct_high=(direct.effect + half)[places],
        trials=direct.trials[places],
        model=chosen,
        level=result.level,
    )
