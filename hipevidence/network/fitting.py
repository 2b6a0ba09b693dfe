"""Fits that the analyses of a finished network start from, and weighted least squares of any set of its rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.network.laplacian import Potentials, solve_network

if TYPE_CHECKING:
    from hipevidence.network.model import NetworkResult
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Floats


def tau2_of(result: NetworkResult, model: str) -> float:
    """Return the tau² that a model of this network uses: 0 for the common one, and where tau² cannot be estimated."""
    result.effects(model)  # refuses an unknown model
    return 0.0 if model == "common" or math.isnan(result.tau2) else result.tau2


def refit(result: NetworkResult, model: str) -> tuple[Rows, float, Potentials]:
    """Return the rows of a network, the tau² of a model and the fit there, with classical variances."""
    rows, tau2 = result.data.rows, tau2_of(result, model)
    return rows, tau2, solve_network(rows, tau2)


def weighted_q(effects: Floats, variances: Floats, design: Floats, tau2: float) -> tuple[float, int]:
    """Return the weighted sum of squared residuals at ``tau2`` and its degrees of freedom, whatever the rank."""
    roots = 1.0 / np.sqrt(variances + tau2)
    left, singular, _ = np.linalg.svd(roots[:, None] * design, full_matrices=False)
    columns = left[:, singular > 1e-10 * singular[0]] if len(singular) else left
    residuals = roots * effects
    for _ in range(2):  # the second pass removes what rounding left of the columns in the residuals
        residuals = residuals - columns @ (columns.T @ residuals)
    return float(residuals @ residuals), len(effects) - columns.shape[1]
