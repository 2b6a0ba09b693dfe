"""Best linear unbiased predictions: what each study's true effect looks like once the others are taken into account."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.pooling import inference
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.model import pool
from hipevidence.results import Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Shrunken(Table):
    """Predicted true effects of the studies, shape (k,) each.

    Attributes
    ----------
    estimate, se
        Prediction and its standard error.
    low, high
        Limits of its interval.
    shrinkage
        Weight of the study's own effect, tau² / (tau² + v).
    """

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    shrinkage: Floats


def blup(
    yi: npt.ArrayLike, vi: npt.ArrayLike, *, method: str = "REML", ci: str = "HKSJ", level: float = 0.95
) -> Shrunken:
    """Predict the true effect of each study: its own effect drawn towards the pooled one.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    method, ci, level
        As in :func:`hipevidence.pooling.pool`.

    Returns
    -------
    Shrunken
        Predictions, shape (k,).

    References
    ----------
    Raudenbush & Bryk (1985), doi:10.3102/10769986010002075.

    Examples
    --------
    >>> blup([0.0, 0.4, 1.2], [0.02, 0.03, 0.02]).estimate.round(3).tolist()
    [0.028, 0.41, 1.165]
    """
    y, v = check_studies(yi, vi, at_least=2)
    result = pool(y, v, method=method, ci=ci, level=level, tau2_ci=None, prediction=None)
    share = result.tau2 / (result.tau2 + v)
    estimate = share * y + (1.0 - share) * result.estimate
    se = np.sqrt(share * v + (1.0 - share) ** 2 * result.se**2)
    half = float(inference.critical_value(level, np.array([result.df]))[0]) * se
    return Shrunken(estimate, se, estimate - half, estimate + half, share)
