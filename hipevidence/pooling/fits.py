"""The estimates of a batch: one array a quantity."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from hipevidence.pooling import inference
from hipevidence.pooling.late import LATER, Late
from hipevidence.results import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats, Integers

Texts = np.ndarray[tuple[int], np.dtype[np.object_]]


@dataclasses.dataclass(frozen=True, slots=True)
class Fits(Table, Late):
    """Estimates of a batch of n meta-analyses, each field of shape (n,), ``nan`` where ``reason`` says why.

    P values are computed when they are first read: their tails cost as much as the rest of a fit.

    Attributes
    ----------
    estimate
        Pooled effect, in the units of the effects.
    se
        Its standard error, by the interval method chosen.
    ci_low, ci_high
        Confidence limits.
    statistic
        estimate / se.
    df
        Degrees of freedom of the test, infinite for Wald.
    p_value
        Two-sided P value against no effect.
    k
        Number of studies.
    tau2
        Between-study variance, squared units of the effects.
    tau2_se
        Its standard error.
    tau2_low, tau2_high
        Its confidence limits.
    i2, i2_low, i2_high
        I² in percent (0 to 100) with limits.
    h2, h2_low, h2_high
        H² (1 or more if from tau²) with limits.
    q, q_df, q_p_value
        Cochran's Q at tau² = 0, its degrees of freedom and P value.
    prediction_low, prediction_high
        Prediction limits.
    residual
        Relative residual of the estimating equation of tau².
    steps
        Evaluations of that equation.
    optima
        Local maxima of the likelihood (1 for other methods).
    proven
        Whether tau² is known to be the best one.
    reason
        Why a field is ``nan``, or what else to mind; empty if nothing.
    """

    _COMPUTED: ClassVar[Mapping[str, str]] = {"p_value": "_test", "q_p_value": "_test_of_q"}

    estimate: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    statistic: Floats
    df: Floats
    k: Integers
    tau2: Floats
    tau2_se: Floats
    tau2_low: Floats
    tau2_high: Floats
    i2: Floats
    i2_low: Floats
    i2_high: Floats
    h2: Floats
    h2_low: Floats
    h2_high: Floats
    q: Floats
    q_df: Floats
    prediction_low: Floats
    prediction_high: Floats
    residual: Floats
    steps: Integers
    optima: Integers
    proven: Booleans
    reason: Texts
    p_value: Floats = LATER
    q_p_value: Floats = LATER

    def _test(self) -> dict[str, Floats]:
        return {"p_value": inference.two_sided_p(self.statistic, self.df)}

    def _test_of_q(self) -> dict[str, Floats]:
        return {"q_p_value": inference.chi_square_p(self.q, self.q_df)}


def concatenate(parts: list[Fits]) -> Fits:
    """Join the results of several parts of a batch."""
    return Fits(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Fits.given_fields()})


def blank(counts: Integers) -> Fits:
    """Return a result of ``nan`` everywhere."""
    n = len(counts)
    values: dict[str, npt.NDArray[np.generic]] = {name: np.full(n, np.nan) for name in Fits.given_fields()}
    values |= {
        "k": counts.astype(np.int64),
        "steps": np.zeros(n, dtype=np.int64),
        "optima": np.zeros(n, dtype=np.int64),
        "proven": np.zeros(n, dtype=np.bool_),
        "reason": np.full(n, "", dtype=object),
    }
    return Fits(**values)  # type: ignore[arg-type]  # one dictionary holds arrays of several kinds
