"""Global inconsistency: Q taken apart within and between designs, and the design-by-treatment interaction."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.network.fitting import weighted_q
from hipevidence.network.heterogeneity import estimate_heterogeneity, upper_tail
from hipevidence.network.laplacian import solve_network
from hipevidence.network.rows import rows_of
from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.network.model import NetworkResult
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Booleans, Floats

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
    rows = rows_of(result.data)
    designs, members = _designs(result, rows)
    within = [_test(*weighted_q(*_part(rows, which), 0.0)) for which in members]
    total = QTest(result.q, result.df, result.p_value)
    inside = _test(sum(test.q for test in within), sum(test.df for test in within))
    tau2, interaction, reason = _interaction(result, rows, members, inside.df)
    return Decomposition(
        total=total,
        within=inside,
        between=_rest(total, inside),
        interaction=interaction,
        tau2_within=tau2,
        designs=tuple(
            DesignTest(
                design,
                len(np.unique(rows.trial[which])),
                test,
                _detached(rows, which, inside, test),
            )
            for design, which, test in zip(designs, members, within, strict=True)
        ),
        reason=reason,
    )


def _designs(result: NetworkResult, rows: Rows) -> tuple[list[Design], list[Booleans]]:
    """Return every design in alphabetical order and which rows belong to it."""
    of_trial = [tuple(sorted(trial.arms)) for trial in result.data.trials]
    designs = sorted(set(of_trial))
    number = np.array([designs.index(design) for design in of_trial])[rows.trial]
    return designs, [number == place for place in range(len(designs))]


def _part(rows: Rows, which: Booleans) -> tuple[Floats, Floats, Floats]:
    return rows.effects[which], rows.variances[which], rows.design[which]


def _test(q: float, df: int) -> QTest:
    return QTest(q if df else 0.0, df, upper_tail(q, df))


def _rest(whole: QTest, part: QTest) -> QTest:
    return _test(max(whole.q - part.q, 0.0), whole.df - part.df)


def _detached(rows: Rows, which: Booleans, inside: QTest, own: QTest) -> QTest:
    """Return the inconsistency between the other designs."""
    if which.all():
        return _test(0.0, 0)
    rest = rows.only(~which)
    others = _test(solve_network(rest, 0.0).q, rest.df)
    return _rest(others, QTest(inside.q - own.q, inside.df - own.df, math.nan))


def _interaction(
    result: NetworkResult, rows: Rows, members: list[Booleans], df_within: int
) -> tuple[float, QTest, str]:
    """Return tau² within designs, the test of the interaction with it, and why there is none."""
    df = result.df - df_within
    if df_within < 1:
        reason = "no design has two trials, so tau² within designs cannot be told from inconsistency"
        return math.nan, QTest(math.nan, df, math.nan), reason
    free = np.column_stack([_own_columns(rows, which) for which in members])
    method = "REML" if result.method == "given" else result.method
    tau2 = estimate_heterogeneity(rows.effects, rows.variances, free, method, result.level).tau2
    q_network, _ = weighted_q(rows.effects, rows.variances, rows.design, tau2)
    q_free, _ = weighted_q(rows.effects, rows.variances, free, tau2)
    return tau2, _test(max(q_network - q_free, 0.0), df), ""


def _own_columns(rows: Rows, which: Booleans) -> Floats:
    """Return the columns that give one design effects of its own, shape (N, arms - 1)."""
    used = np.flatnonzero(np.abs(rows.design[which]).sum(axis=0) > 0.0)[1:]
    return np.where(which[:, None], rows.design[:, used], 0.0)
