"""Subgroup analysis: a pooled effect for each group, and a test of whether they differ."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.model import PoolResult, pool
from hipevidence.pooling.regression import TermTest, regress
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

TAU2_MODES = ("separate", "common")
"""Whether each group has its own tau² or all share one."""


@dataclasses.dataclass(frozen=True, slots=True)
class Subgroup(Result):
    """The pooled effect of one group.

    Attributes
    ----------
    label
        Name of the group.
    k
        Number of studies.
    estimate, se, ci, p_value
        Pooled effect with its standard error, interval and test against no effect.
    tau2
        Between-study variance within the group (the shared one in mode "common").
    i2
        I² within the group, percent.
    q, q_p_value
        Heterogeneity within the group.
    reason
        Why a number is ``nan``; empty if none is.
    """

    label: str
    k: int
    estimate: float
    se: float
    ci: Interval
    p_value: float
    tau2: float
    i2: float
    q: float
    q_p_value: float
    reason: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Subgroups(Result):
    """Groups side by side.

    Attributes
    ----------
    groups
        One entry a group, in alphabetical order.
    difference
        Test of no difference between the groups.
    overall
        All studies pooled without regard to groups.
    tau2_mode
        ``separate`` or ``common``.
    reason
        Why the test is ``nan``; empty if it is not.
    """

    groups: tuple[Subgroup, ...]
    difference: TermTest
    overall: PoolResult
    tau2_mode: str
    reason: str


def subgroups(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    tau2: str = "separate",
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
) -> Subgroups:
    """Pool each group of studies and test whether the groups differ.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    groups
        Group of each study, shape (k,), two groups or more.
    tau2
        ``"separate"``: each group has its own tau², the difference is tested by chi-square on the pooled effects;
        ``"common"``: all share one, from a meta-regression on the groups, which also gives the test.
    method, ci, level
        As in :func:`hipevidence.pooling.pool`.

    Returns
    -------
    Subgroups
        Groups, test of difference, and all studies pooled.

    References
    ----------
    Borenstein & Higgins (2013), doi:10.1007/s11121-013-0377-7.

    Examples
    --------
    >>> result = subgroups([0.1, 0.2, 0.8, 0.9], [0.02, 0.03, 0.02, 0.04], ["a", "a", "b", "b"], ci="wald")
    >>> [group.label for group in result.groups], round(result.difference.statistic, 2)
    (['a', 'b'], 18.98)
    """
    y, v = check_studies(yi, vi, at_least=2)
    words = np.array([str(value) for value in np.asarray(groups).ravel()])
    labels = sorted({str(word) for word in words})
    if words.shape != y.shape or len(labels) < 2:
        raise InputError(
            f"groups: found {len(words)} values with {len(labels)} groups for {len(y)} studies; "
            "allowed: one value a study and two groups or more."
        )
    if tau2 not in TAU2_MODES:
        raise InputError(f"tau2: found {tau2!r}; allowed: {', '.join(TAU2_MODES)}.")
    results = [pool(y[words == label], v[words == label], method=method, ci=ci, level=level) for label in labels]
    overall = pool(y, v, method=method, ci=ci, level=level)
    rows = tuple(_row(label, result) for label, result in zip(labels, results, strict=True))
    if tau2 == "separate":
        difference, reason = _chi_square(rows)
        return Subgroups(rows, difference, overall, tau2, reason)
    joint = regress(
        y, v, np.column_stack([words == label for label in labels]), intercept=False, method=method, ci=ci, level=level
    )
    contrast = regress(y, v, {"group": words}, method=method, ci=ci, level=level)
    shared = tuple(
        dataclasses.replace(
            row, estimate=c.estimate, se=c.se, ci=c.ci, p_value=c.p_value, tau2=joint.tau2, reason=joint.reason
        )
        for row, c in zip(rows, joint.coefficients, strict=True)
    )
    return Subgroups(shared, contrast.omnibus, overall, tau2, "")


def _row(label: str, result: PoolResult) -> Subgroup:
    names = ("k", "estimate", "se", "ci", "p_value", "tau2", "i2", "q", "q_p_value", "reason")
    return Subgroup(label, *(getattr(result, name) for name in names))


def _chi_square(rows: tuple[Subgroup, ...]) -> tuple[TermTest, str]:
    """Test the pooled effects of the groups for equality, each with its own standard error."""
    estimates: Floats = np.array([row.estimate for row in rows])
    weights: Floats = 1.0 / np.array([row.se for row in rows]) ** 2
    df = len(rows) - 1
    if not np.isfinite(weights).all():
        lacking = ", ".join(row.label for row, weight in zip(rows, weights, strict=True) if not math.isfinite(weight))
        return TermTest("groups", math.nan, df, math.inf, math.nan), f"no standard error for group {lacking}"
    mean = (weights * estimates).sum() / weights.sum()
    statistic = float((weights * (estimates - mean) ** 2).sum())
    return TermTest("groups", statistic, df, math.inf, float(special.chdtrc(df, statistic))), ""
