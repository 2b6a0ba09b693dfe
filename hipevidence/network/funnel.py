"""The comparison-adjusted funnel, which shows whether small trials favour one side of their comparison."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.fitting import tau2_of
from hipevidence.network.pairs import direct_evidence, pairs_of
from hipevidence.results import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.network.model import NetworkResult
    from hipevidence.pooling.batch import Floats, Integers


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FunnelPoints(Table):
    """The m points of a comparison-adjusted funnel, shape (m,) each.

    Attributes
    ----------
    trial
        Name of the trial of each point; a trial of a arms has a(a - 1)/2 points, which are not independent.
    treatment1, treatment2
        The comparison: earlier minus later treatment of ``order``.
    effect, se
        What the trial found, and its standard error.
    centre
        Mean of the comparison over its own trials.
    deviation
        effect - centre: the horizontal place in the funnel.
    trials
        Number of trials behind each centre; a comparison of one trial has deviation 0 and says nothing.
    order, model
        The order of treatments and the model of the centres.
    """

    trial: tuple[str, ...]
    treatment1: tuple[str, ...]
    treatment2: tuple[str, ...]
    effect: Floats
    se: Floats
    centre: Floats
    deviation: Floats
    trials: Integers
    order: tuple[str, ...]
    model: str


def comparison_adjusted_funnel(result: NetworkResult, *, order: Sequence[str], model: str = "random") -> FunnelPoints:
    """Return the coordinates of the comparison-adjusted funnel.

    Parameters
    ----------
    result
        A network meta-analysis.
    order
        Every treatment once, so that small-study effects would favour the earlier ones (newest first, say). Without a
        meaningful order the funnel means nothing, so there is no default.
    model
        Model of the centres, ``"random"`` or ``"common"``.

    Returns
    -------
    FunnelPoints
        One point per pairwise comparison of each trial.

    Raises
    ------
    InputError
        If ``order`` is not every treatment once.

    References
    ----------
    Chaimani A, Salanti G (2012). Res Synth Methods 3:161-176. https://doi.org/10.1002/jrsm.57

    Examples
    --------
    >>> from hipevidence.network import from_contrasts, network
    >>> data = from_contrasts(study=["x", "y"], treatment1=["new", "old"], treatment2=["old", "new"],
    ...                       effect=[1.0, 0.0], se=[0.5, 0.5])
    >>> comparison_adjusted_funnel(network(data), order=["new", "old"], model="common").deviation.tolist()
    [0.5, -0.5]
    """
    names = tuple(order)
    if sorted(names) != list(result.treatments):
        raise InputError(f"order: found {', '.join(names)}; allowed: each of {', '.join(result.treatments)} once.")
    pairs = pairs_of(result.data)
    direct = direct_evidence(pairs, len(names), tau2_of(result, model))
    place = np.array([names.index(name) for name in result.treatments])
    turned = place[pairs.first] > place[pairs.second]
    sign = np.where(turned, -1.0, 1.0)
    first = np.where(turned, pairs.second, pairs.first)
    second = np.where(turned, pairs.first, pairs.second)
    centre = direct.effect[first, second]
    return FunnelPoints(
        trial=tuple(result.data.trials[number].name for number in pairs.trial),
        treatment1=tuple(result.treatments[number] for number in first),
        treatment2=tuple(result.treatments[number] for number in second),
        effect=sign * pairs.effect,
        se=np.sqrt(pairs.variance),
        centre=centre,
        deviation=sign * pairs.effect - centre,
        trials=direct.trials[first, second],
        order=names,
        model=model,
    )
