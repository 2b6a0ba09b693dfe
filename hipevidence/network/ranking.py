"""Which treatment is likely to be how good: P-scores in closed form, rank probabilities by a seeded simulation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import special
from scipy.stats import qmc

from hipevidence.errors import InputError
from hipevidence.network.trials import name_pieces
from hipevidence.results import Table

if TYPE_CHECKING:
    from hipevidence.network.counts_result import CountsNetworkResult
    from hipevidence.network.effects import Effects
    from hipevidence.network.model import NetworkResult
    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Ranking(Table):
    """Ranks of n treatments, all fields in the order of ``treatments``.

    Attributes
    ----------
    treatments
        The n treatments.
    p_scores
        Mean certainty that a treatment is better than another, 0 to 1, shape (n,); equal to the SUCRA of a normal
        posterior.
    probabilities
        Probability of each treatment (row) to have each rank (column 0: the best), shape (n, n).
    mean_ranks
        n - (n - 1) P-score, 1 is best, shape (n,).
    simulation_error
        Upper bound of the standard error of ``probabilities``, as for independent draws.
    smaller_is_better
        Direction used.
    model, draws, seed
        Effects used; size and seed of the simulation.
    reason
        Why there are no ranks; empty if there are.
    """

    treatments: tuple[str, ...]
    p_scores: Floats
    probabilities: Floats
    mean_ranks: Floats
    simulation_error: float
    smaller_is_better: bool
    model: str
    draws: int
    seed: int
    reason: str


def rank(
    result: NetworkResult | CountsNetworkResult,
    *,
    smaller_is_better: bool,
    model: str | None = None,
    draws: int = 1 << 14,
    seed: int = 1,
) -> Ranking:
    """Rank the treatments of a network.

    Parameters
    ----------
    result
        A network meta-analysis, of effects or of counts.
    smaller_is_better
        Whether a lower value of the outcome is the better one (pain: yes; function: no).
    model
        ``"random"`` or ``"common"``; if None, random where there is one (networks of counts have a common effect).
    draws
        Points of the simulation, a power of 2 (they form a scrambled Sobol sequence).
    seed
        Seed of its scrambling; the same seed gives the same numbers.

    Returns
    -------
    Ranking
        Across the pieces of a disconnected network nothing can be ranked: ``nan`` with a reason.

    Raises
    ------
    InputError
        If ``draws`` is not a power of 2.

    Notes
    -----
    P-score of treatment i: mean over the others of Φ(d_ij / se_ij), d_ij counted so that positive is better. A rank
    says nothing about how large or how certain a difference is; it belongs beside the effects, not in their place.

    References
    ----------
    Rücker G, Schwarzer G (2015). BMC Med Res Methodol 15:58. https://doi.org/10.1186/s12874-015-0060-8
    Salanti G, Ades AE, Ioannidis JPA (2011). J Clin Epidemiol 64:163-171. https://doi.org/10.1016/j.jclinepi.2010.03.016

    Examples
    --------
    >>> from hipevidence.network import from_contrasts, network
    >>> pair = from_contrasts(study=["x"], treatment1=["hip"], treatment2=["none"], effect=[-1.96], se=[1.0])
    >>> rank(network(pair), smaller_is_better=True, model="common").p_scores.round(3).tolist()
    [0.975, 0.025]
    """
    if draws < 2 or draws & (draws - 1):
        raise InputError(f"draws: found {draws!r}; allowed: a power of 2, such as 16384.")
    chosen = result.main_model if model is None else model
    effects, n = result.effects(chosen), len(result.treatments)
    sign = -1.0 if smaller_is_better else 1.0
    scores, probabilities = np.full(n, np.nan), np.full((n, n), np.nan)
    if len(result.pieces) == 1:
        certainty = special.ndtr(sign * effects.statistic)
        np.fill_diagonal(certainty, 0.0)
        scores = certainty.sum(axis=1) / (n - 1)
        probabilities = _simulate(effects, sign, draws, seed)
    return Ranking(
        treatments=result.treatments,
        p_scores=scores,
        probabilities=probabilities,
        mean_ranks=n - (n - 1) * scores,
        simulation_error=0.5 / draws**0.5,
        smaller_is_better=smaller_is_better,
        model=chosen,
        draws=draws,
        seed=seed,
        reason=name_pieces(result.pieces),
    )


def _simulate(effects: Effects, sign: float, draws: int, seed: int) -> Floats:
    """Return how often each treatment takes each rank when effects are drawn from their joint normal distribution."""
    n = len(effects.theta)
    spectrum, vectors = np.linalg.eigh(effects.covariance)
    axes = vectors[:, 1:] * np.sqrt(np.maximum(spectrum[1:], 0.0))  # the constant has variance 0 and comes first
    uniform = qmc.Sobol(n - 1, rng=np.random.default_rng(seed)).random(draws)
    # a Sobol point may be exactly 0, whose normal quantile is infinite
    points = special.ndtri(np.clip(uniform, 2.0**-40, 1.0 - 2.0**-40))
    sampled = effects.theta + points @ axes.T
    order = np.argsort(-sign * sampled, axis=1, kind="stable")
    counts = np.zeros((n, n))
    for place in range(n):
        counts[:, place] = np.bincount(order[:, place], minlength=n)
    return counts / draws
