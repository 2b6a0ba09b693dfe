"""Dependent effects: three-level models, known covariances, cluster-robust standard errors."""

from __future__ import annotations

from hipevidence.multilevel.covariance import constant_correlation, shared_arm_covariance
from hipevidence.multilevel.model import (
    cluster_robust,
    correlated_hierarchical,
    three_level,
    three_level_regression,
)
from hipevidence.multilevel.result import MultilevelRegression, MultilevelResult, VarianceComponent

__all__ = [
    "MultilevelRegression",
    "MultilevelResult",
    "VarianceComponent",
    "cluster_robust",
    "constant_correlation",
    "correlated_hierarchical",
    "shared_arm_covariance",
    "three_level",
    "three_level_regression",
]
