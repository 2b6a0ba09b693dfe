"""Networks of rare events: the counts themselves are pooled, by Mantel-Haenszel or by their exact distribution."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.effects._elements import check_choice
from hipevidence.errors import InputError
from hipevidence.network.columns import labels, numbers, refuse, rows_by
from hipevidence.network.conditional import hypergeometric, likelihood_trials, multinomial
from hipevidence.network.counts_result import CountsNetworkResult
from hipevidence.network.effects import matrices
from hipevidence.network.heterogeneity import upper_tail
from hipevidence.network.laplacian import solve_network
from hipevidence.network.mantel_haenszel import mantel_haenszel_trials
from hipevidence.network.pairs import Direct
from hipevidence.network.trial_counts import Counts, informative
from hipevidence.network.trials import assemble, name_pieces
from hipevidence.pooling import inference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from hipevidence.network.trial_counts import LeftOut
    from hipevidence.network.trials import Trial

METHODS = ("MH", "NCH", "multinomial")
"""Mantel-Haenszel, the non-central hypergeometric distribution, and its approximation for rare events."""


def counts_network(
    *,
    study: Iterable[Any],
    treatment: Iterable[Any],
    events: npt.ArrayLike,
    n: npt.ArrayLike,
    method: str = "MH",
    reference: str | None = None,
    level: float = 0.95,
) -> CountsNetworkResult:
    """Fit a network meta-analysis of odds ratios to rare events, without a continuity correction.

    Parameters
    ----------
    study, treatment
        Name of the trial and of the treatment of each arm, k values each.
    events, n
        Events and people of each arm, shape (k,).
    method
        ``"MH"`` Mantel-Haenszel within the trials of the same arms, then generalised least squares between them;
        ``"NCH"`` the exact likelihood of each trial given its number of events; ``"multinomial"`` its approximation for
        rare events, which is what netmeta 3.6-2 computes under the name NCH.
    reference
        Treatment to compare the others with; the first one in alphabetical order if None. It changes no number.
    level
        Coverage of the intervals.

    Returns
    -------
    CountsNetworkResult
        Trials in which nobody or everybody had the event say nothing about odds ratios; ``left_out`` names them, and
        treatments that never had one.

    Raises
    ------
    InputError
        If counts are impossible or missing, no trial says anything, or there is no finite estimate.

    Notes
    -----
    The effect is taken as common to all trials: there is no tau². MH, trials k of one design with arms i, j, x people
    with and y without the event, N in all: ``C_ij = sum_k x_ki y_kj / N_k`` and ``L_ij = log(C_ij / C_ji)``. The arms
    of a design get the mean of their L over all arms, and the covariance that the L have: for one pair that of Robins,
    Breslow & Greenland, for two pairs with one arm in common, by the same argument,
    ``sum x_i y_j y_h / N² / (C_ij C_ih) + sum y_i x_j x_h / N² / (C_ji C_hi)``. NCH: given its total the counts of a
    trial follow Fisher's multivariate non-central hypergeometric distribution.

    References
    ----------
    Efthimiou O et al. (2019). Stat Med 38:2992-3012. https://doi.org/10.1002/sim.8158
    Stijnen T, Hamza TH, Ozdemir P (2010). Stat Med 29:3046-3067. https://doi.org/10.1002/sim.4040

    Examples
    --------
    >>> arms = {"study": ["x", "x", "y", "y"], "treatment": ["drug", "none", "drug", "none"]}
    >>> result = counts_network(**arms, events=[1, 3, 0, 2], n=[100, 100, 80, 80], reference="none")
    >>> round(result.versus("drug", "none").estimate, 4)
    -1.6339
    """
    check_choice("method", method, METHODS)
    inference.check_options("wald", "Q", level)
    given = _trials(study, treatment, events, n)
    kept, left_out = informative(given)
    if not kept:
        raise InputError("events: found no trial with both events and non-events; nothing can be estimated.")
    merged, more, log_likelihood, decrement = fit_counts(method, kept)
    data = assemble(merged, "OR", left_out + more)
    rows = data.rows
    fit = solve_network(rows, 0.0)
    chosen = data.treatments[0] if reference is None else reference
    if chosen not in data.treatments:
        raise InputError(f"reference: found {chosen!r}; allowed: {', '.join(data.treatments)}.")
    closed = method == "MH"
    said = [name_pieces(data.pieces), *(f"{what} left out: {why}" for what, why in data.left_out)]
    return CountsNetworkResult(
        treatments=data.treatments,
        reference=chosen,
        pieces=data.pieces,
        trials=len(kept),
        comparisons=sum(len(trial.arms) * (len(trial.arms) - 1) // 2 for trial in kept),
        designs=len({trial.arms for trial in kept}),
        common=matrices(rows, fit, 1.0, math.inf, level),
        q=fit.q if closed else math.nan,
        df=rows.df if closed else 0,
        p_value=upper_tail(fit.q, rows.df) if closed else math.nan,
        log_likelihood=log_likelihood,
        decrement=decrement,
        counts=tuple(kept),
        left_out=data.left_out,
        method=method,
        level=level,
        reason="; ".join(text for text in said if text),
    )


def fit_counts(method: str, kept: Sequence[Counts]) -> tuple[list[Trial], LeftOut, float, float]:
    """Return trials that stand for all of these, what was left out, the log-likelihood and the decrement."""
    if method == "MH":
        trials, left_out = mantel_haenszel_trials(kept)
        return trials, left_out, math.nan, 0.0
    return likelihood_trials(kept, hypergeometric if method == "NCH" else multinomial)


def direct_counts(result: CountsNetworkResult) -> Direct:
    """Return what the trials that compare two treatments say about them by the result's method; the table is symmetric.

    ``nan`` where no trial compares the two, or where their events leave no finite odds ratio.
    """
    size = len(result.treatments)
    effect, variance = np.full((2, size, size), np.nan)
    trials = np.zeros((size, size), dtype=np.int64)
    for (i, one), (j, other) in itertools.combinations(enumerate(result.treatments), 2):
        pair = {one, other}
        own = [trial.without(set(trial.arms) - pair) for trial in result.counts if pair <= set(trial.arms)]
        trials[i, j] = trials[j, i] = len(own)
        kept, _ = informative(own)
        try:
            (merged,), *_ = fit_counts(result.method, kept)
        except InputError:
            continue
        effect[i, j] = merged.values[0] - merged.values[1]
        effect[j, i] = -effect[i, j]
        variance[i, j] = variance[j, i] = merged.variances[0, 1]
    return Direct(effect, variance, trials)


def _trials(study: Iterable[Any], treatment: Iterable[Any], events: npt.ArrayLike, n: npt.ArrayLike) -> list[Counts]:
    names = labels("study", study)
    treatments = labels("treatment", treatment, len(names))
    x, people = numbers("events", events, len(names)), numbers("n", n, len(names))
    found = []
    for row, (name, arm) in enumerate(zip(names, treatments, strict=True)):
        if not (
            0.0 <= x[row] <= people[row] and people[row] >= 1.0 and x[row] % 1.0 == 0.0 and people[row] % 1.0 == 0.0
        ):
            found.append(
                f"study {name!r}, arm {arm!r}: {x[row]:g} events among {people[row]:g} people; allowed: whole numbers, "
                "0 events up to all of one person or more."
            )
    trials = []
    for name, rows in rows_by(names).items():
        order = sorted(rows, key=lambda row: treatments[row])
        arms = tuple(treatments[row] for row in order)
        if len(set(arms)) < len(arms):
            found.append(f"study {name!r}: a treatment stands in more than one arm; allowed: once. Combine these arms.")
        trials.append(Counts(name, arms, x[order], people[order]))
    refuse(found)
    return trials
