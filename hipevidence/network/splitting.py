"""Local inconsistency: direct against indirect evidence, comparison by comparison."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.split_ways import SPLIT_METHODS, start_split
from hipevidence.pooling.inference import two_sided_p
from hipevidence.results import Table

if TYPE_CHECKING:
    from hipevidence.network.model import NetworkResult
    from hipevidence.pooling.batch import Floats, Integers

_NO_OTHER_WAY = "no other comparisons lead from one treatment to the other"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Split(Table):
    """Direct and indirect evidence on the c comparisons that trials make directly; all arrays have shape (c,).

    Attributes
    ----------
    treatment1, treatment2
        The two treatments of each comparison; effects are treatment 1 minus treatment 2.
    trials
        Number of trials that compare them.
    direct, direct_se
        From those trials.
    indirect, indirect_se
        From the rest of the network; ``nan`` where there is no other way from one to the other.
    proportion
        Share of direct evidence in the network's estimate, 0 to 1.
    network, network_se
        The network's estimate.
    difference, difference_se, statistic, p_value
        Direct minus indirect and its test; normal.
    tau2
        Between-trial variance used for each comparison; 0 in a node model that leaves no degree of freedom for it.
    method, model
        How it was split, and by which model.
    reasons
        Why a comparison has no indirect evidence; empty where it has.
    """

    treatment1: tuple[str, ...]
    treatment2: tuple[str, ...]
    trials: Integers
    direct: Floats
    direct_se: Floats
    indirect: Floats
    indirect_se: Floats
    proportion: Floats
    network: Floats
    network_se: Floats
    difference: Floats
    difference_se: Floats
    statistic: Floats
    p_value: Floats
    tau2: Floats
    method: str
    model: str
    reasons: tuple[str, ...]

    def conflicts(self, alpha: float = 0.05) -> tuple[tuple[str, str], ...]:
        """Return the comparisons whose direct and indirect evidence differ with a P value below ``alpha``."""
        pairs = zip(self.treatment1, self.treatment2, strict=True)
        return tuple(pair for pair, p_value in zip(pairs, self.p_value, strict=True) if p_value < alpha)


def split(result: NetworkResult, *, method: str = "back-calculation", model: str = "random") -> Split:
    """Split every directly made comparison into direct and indirect evidence.

    Parameters
    ----------
    result
        A network meta-analysis.
    method
        ``"back-calculation"``: what must be added to the direct evidence to give the network's estimate;
        ``"design-exclusion"``: the network without the trials that compare the two; ``"node"``: a model with one more
        parameter for the difference, in which tau² is estimated anew.
    model
        ``"random"`` or ``"common"``.

    Returns
    -------
    Split
        Comparisons in alphabetical order.

    Raises
    ------
    InputError
        If the method or the model is unknown.

    Notes
    -----
    Back-calculation: with variances V of the network's estimate and D of the direct one, the share of direct evidence
    is p = V/D, the indirect estimate (network - p direct)/(1 - p) with variance V/(1 - p). It is independent of the
    direct one because the network's estimate is the best unbiased one. Node: in trials of both treatments half the
    difference is added to the one and taken from the other, so that neither is preferred where a third arm stands
    beside them.

    References
    ----------
    König J, Krahn U, Binder H (2013). Stat Med 32:5414-5429. https://doi.org/10.1002/sim.6001
    Dias S et al. (2010). Stat Med 29:932-944. https://doi.org/10.1002/sim.3767
    Efthimiou O et al. (2019). Stat Med 38:2992-3012. https://doi.org/10.1002/sim.8158

    Examples
    --------
    >>> from hipevidence.network import from_contrasts, network
    >>> loop = from_contrasts(study=["x", "y", "z"], treatment1=["a", "b", "a"], treatment2=["b", "c", "c"],
    ...                       effect=[1.0, 1.0, 5.0], se=[1.0, 1.0, 1.0])
    >>> parts = split(network(loop), model="common")
    >>> parts.indirect.round(6).tolist()
    [4.0, 2.0, 4.0]
    """
    if method not in SPLIT_METHODS:
        raise InputError(f"method: found {method!r}; allowed: {', '.join(SPLIT_METHODS)}.")
    start = start_split(result, model)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = SPLIT_METHODS[method](start)
        difference, difference_se = parts.direct - parts.indirect, np.sqrt(parts.difference_variance)
        statistic = difference / difference_se
    return Split(
        treatment1=tuple(result.treatments[place] for place in start.first),
        treatment2=tuple(result.treatments[place] for place in start.second),
        trials=start.trials,
        direct=parts.direct,
        direct_se=np.sqrt(parts.direct_variance),
        indirect=parts.indirect,
        indirect_se=np.sqrt(parts.indirect_variance),
        proportion=np.minimum(start.variance / start.direct_variance, 1.0),
        network=start.effect,
        network_se=np.sqrt(start.variance),
        difference=difference,
        difference_se=difference_se,
        statistic=statistic,
        p_value=two_sided_p(statistic, np.full_like(statistic, np.inf)),
        tau2=parts.tau2,
        method=method,
        model=model,
        reasons=tuple("" if known else _NO_OTHER_WAY for known in np.isfinite(parts.indirect)),
    )
