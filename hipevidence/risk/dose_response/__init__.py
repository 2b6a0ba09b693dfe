"""Dose-response: trends from printed categories of exposure, within studies and over studies."""

from __future__ import annotations

from hipevidence.risk.dose_response.basis import Basis, linear, quadratic, restricted_cubic_spline, spline_knots
from hipevidence.risk.dose_response.covariance import CovarianceMatrix, covariance
from hipevidence.risk.dose_response.model import Curve, DoseResponse, dose_response
from hipevidence.risk.dose_response.study import DoseStudy

__all__ = [
    "Basis",
    "CovarianceMatrix",
    "Curve",
    "DoseResponse",
    "DoseStudy",
    "covariance",
    "dose_response",
    "linear",
    "quadratic",
    "restricted_cubic_spline",
    "spline_knots",
]
