"""Global inconsistency: Q taken apart within and between designs, and the design-by-treatment interaction."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.network.heterogeneity import fit_rows
from hipevidence.network.laplacian import q_of_parts, solve_network
from hipevidence.pooling.inference import chi_square_p
from hipevidence.results import Result

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.network.model import NetworkResult
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Floats, Integers
    from hipevidence.pooling.kernel import Solved

Design = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class QTest(Result):
    """One part of Q.

    Attributes
    ----------
    q
        Weighted sum of squares.
    df
        Degrees of freedom.
    p_value
        Upper tail of chi-square; ``nan`` without degrees of freedom.
    """

    q: float
    df: int
    p_value: float


@dataclasses.dataclass(frozen=True, slots=True)
class DesignTest(Result):
    """What one design (the trials with the same arms) contributes.

    Attributes
    ----------
    design
        Its treatments.
    trials
        Number of its trials.
    within
        Heterogeneity between its trials.
    detached
        Inconsistency left between the other designs once this one is set free to have effects of its own.
    """

    design: Design
    trials: int
    within: QTest
    detached: QTest


@dataclasses.dataclass(frozen=True, slots=True)
class Decomposition(Result):
    """Q of a network taken apart.

    Attributes
    ----------
    total, within, between
        Q in all, within designs (heterogeneity) and between designs (inconsistency), by the common-effect model.
    interaction
        Between designs with tau² inside the weights: the design-by-treatment interaction test.
    tau2_within
        tau² estimated with free effects for every design, used by ``interaction`` (squared effect units).
    designs
        Each design with its part.
    reason
        Why a number is ``nan``; empty if none is.
    """

    total: QTest
    within: QTest
    between: QTest
    interaction: QTest
    tau2_within: float
    designs: tuple[DesignTest, ...]
    reason: str


def decompose(result: NetworkResult) -> Decomposition:
    """Take Q apart within and between designs.

    Parameters
    ----------
    result
        A network meta-analysis; its estimator serves ``tau2_within``.

    Returns
    -------
    Decomposition
        In a network whose designs share no loop there is nothing between designs: 0 degrees of freedom.

    Notes
    -----
    Within designs: every design has free effects. Between: total less within. Interaction: the same two models with
    tau² from the model of free effects in both.

    References
    ----------
    Krahn U, Binder H, König J (2013). BMC Med Res Methodol 13:35. https://doi.org/10.1186/1471-2288-13-35
    Higgins JPT et al. (2012). Res Synth Methods 3:98-110. https://doi.org/10.1002/jrsm.1044
    Jackson D et al. (2014). Stat Med 33:3639-3654. https://doi.org/10.1002/sim.6188

    Examples
    --------
    >>> from hipevidence.network import from_contrasts, network
    >>> loop = from_contrasts(study=["x", "y", "z"], treatment1=["a", "b", "a"], treatment2=["b", "c", "c"],
    ...                       effect=[1.0, 1.0, 5.0], se=[1.0, 1.0, 1.0])
    >>> parts = decompose(network(loop))
    >>> round(parts.between.q, 6), parts.between.df, parts.within.df
    (3.0, 1, 0)
    """
    rows = result.data.rows
    designs, number, trials = _designs(result)
    of_row = number[rows.trial]
    free = _free_effects(rows, of_row, len(designs))
    solved = fit_rows(rows.effects, rows.variances, free, "REML" if result.method == "given" else result.method)
    fit = solved.fit_at_zero
    df = np.bincount(of_row) - np.array([len(design) - 1 for design in designs])
    within = _tests(np.bincount(of_row, (fit.pulls**2 / fit.weights)[0]), df)
    total = QTest(result.q, result.df, result.p_value)
    (inside,) = _tests([sum(test.q for test in within)], [sum(test.df for test in within)])
    (between,) = _tests([total.q - inside.q], [total.df - inside.df])
    tau2, interaction, reason = _interaction(rows, solved, between.df)
    return Decomposition(
        total=total,
        within=inside,
        between=between,
        interaction=interaction,
        tau2_within=tau2,
        designs=tuple(
            DesignTest(*parts)
            for parts in zip(designs, trials.tolist(), within, _detached(rows, of_row, inside, within), strict=True)
        ),
        reason=reason,
    )


def _designs(result: NetworkResult) -> tuple[list[Design], Integers, Integers]:
    """Return every design in alphabetical order, the number of each trial's, and how many trials have each."""
    of_trial = [tuple(sorted(trial.arms)) for trial in result.data.trials]
    designs = sorted(set(of_trial))
    place = {design: number for number, design in enumerate(designs)}
    number = np.array([place[design] for design in of_trial])
    return designs, number, np.bincount(number)


def _free_effects(rows: Rows, of_row: Integers, count: int) -> Floats:
    """Return the design that gives each of ``count`` designs effects of its own, shape (N, sum of arms - 1)."""
    own = np.where((of_row[:, None] == np.arange(count))[:, :, None], rows.design[:, None, :], 0.0)
    used = np.abs(own).sum(axis=0) > 0.0
    first = used.argmax(axis=1)
    used[np.arange(count), first] = False  # one treatment of each design is what the others are compared with
    return own[:, used]


def _tests(q: npt.ArrayLike, df: npt.ArrayLike) -> list[QTest]:
    """Return one test for each Q; what is below 0 is so by rounding, and without degrees of freedom there is none."""
    count = np.asarray(df, dtype=np.float64)
    value = np.where(count > 0.0, np.maximum(q, 0.0), 0.0)
    p_values = chi_square_p(value, count)
    return [QTest(*parts) for parts in zip(value.tolist(), count.astype(int).tolist(), p_values.tolist(), strict=True)]


def _detached(rows: Rows, of_row: Integers, inside: QTest, within: list[QTest]) -> list[QTest]:
    """Return, for each design, the inconsistency between the others: their Q less that within them."""
    if len(within) == 1:
        return _tests([0.0], [0])
    q, df = q_of_parts(rows, of_row != np.arange(len(within))[:, None])
    own_q, own_df = np.array([test.q for test in within]), np.array([test.df for test in within])
    return _tests(q - (inside.q - own_q), df - (inside.df - own_df))


def _interaction(rows: Rows, solved: Solved, df: int) -> tuple[float, QTest, str]:
    """Return tau² within designs, the test of the interaction with it, and why there is none."""
    if solved.batch.df[0] < 1.0:
        reason = "no design has two trials, so tau² within designs cannot be told from inconsistency"
        return math.nan, QTest(math.nan, df, math.nan), reason
    tau2 = float(solved.tau2.value[0] * solved.batch.scale[0] ** 2)
    (interaction,) = _tests([solve_network(rows, tau2).q - float(solved.fit.q[0])], [df])
    return tau2, interaction, ""
