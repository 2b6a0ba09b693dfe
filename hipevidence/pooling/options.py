"""How a meta-analysis is done: the name of every convention in one place."""

from __future__ import annotations

import dataclasses

from hipevidence.pooling.inference import check_options
from hipevidence.pooling.prediction import check_prediction
from hipevidence.pooling.tau2 import COMMON_EFFECT, check_method
from hipevidence.pooling.tau2_intervals import check_tau2_ci


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How a meta-analysis is done: the names of every convention, checked when made.

    Attributes
    ----------
    method
        Estimator of tau².
    ci
        Interval method of the mean.
    level
        Coverage of all intervals.
    prediction
        Prediction interval, or None for none.
    tau2_ci
        Interval of tau², or None for none.
    i2
        Definition of I² and H².
    """

    method: str = "REML"
    ci: str = "HKSJ"
    level: float = 0.95
    prediction: str | None = "metafor"
    tau2_ci: str | None = None
    i2: str = "tau2"

    def __post_init__(self) -> None:
        """Check every name."""
        check_method(self.method)
        check_options(self.ci, self.i2, self.level)
        check_prediction(self.prediction)
        check_tau2_ci(self.tau2_ci)

    @property
    def common_effect(self) -> bool:
        """Whether tau² is zero by assumption."""
        return self.method in COMMON_EFFECT
