"""Prior distributions of tau (heterogeneity) and mu (mean effect), as densities of log tau so that no scale is lost."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import special

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats


class TauPrior(Protocol):
    """What a prior of tau has to offer."""

    @property
    def upper(self) -> float:
        """Largest tau it allows; infinite if there is no limit."""

    @property
    def tail(self) -> float:
        """Power at which its density falls for large tau; infinite if faster than any power, 0 if it never falls."""

    @property
    def center(self) -> float:
        """A tau where it has mass."""

    def log_density(self, log_tau: Floats) -> Floats:
        """Return the log density of tau at exp(log_tau); for an improper prior up to a constant."""


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{name}: found {value!r}; allowed: a finite number greater than 0.")


@dataclasses.dataclass(frozen=True, slots=True)
class HalfNormal:
    """Half-normal prior of tau.

    Attributes
    ----------
    scale
        Standard deviation of the normal distribution that is folded, in the units of the effects.
    """

    scale: float

    def __post_init__(self) -> None:
        """Check the scale."""
        _positive("scale", self.scale)

    @property
    def upper(self) -> float:
        """No upper limit."""
        return math.inf

    @property
    def tail(self) -> float:
        """Falls faster than any power."""
        return math.inf

    @property
    def center(self) -> float:
        """The scale."""
        return self.scale

    def log_density(self, log_tau: Floats) -> Floats:
        """Return the log density of tau."""
        return (
            0.5 * math.log(2.0 / math.pi)
            - math.log(self.scale)
            - 0.5 * np.exp(2.0 * np.minimum(log_tau - math.log(self.scale), 350.0))
        )


@dataclasses.dataclass(frozen=True, slots=True)
class HalfT:
    """Half-t prior of tau.

    Attributes
    ----------
    scale
        Scale, in the units of the effects.
    df
        Degrees of freedom.
    """

    scale: float
    df: float

    def __post_init__(self) -> None:
        """Check scale and degrees of freedom."""
        _positive("scale", self.scale)
        _positive("df", self.df)

    @property
    def upper(self) -> float:
        """No upper limit."""
        return math.inf

    @property
    def tail(self) -> float:
        """Falls as tau to the power -(df + 1)."""
        return self.df + 1.0

    @property
    def center(self) -> float:
        """The scale."""
        return self.scale

    def log_density(self, log_tau: Floats) -> Floats:
        """Return the log density of tau."""
        constant = special.gammaln(0.5 * (self.df + 1.0)) - special.gammaln(0.5 * self.df)
        constant += math.log(2.0) - 0.5 * math.log(self.df * math.pi) - math.log(self.scale)
        squared = 2.0 * (log_tau - math.log(self.scale)) - math.log(self.df)
        density: Floats = constant - 0.5 * (self.df + 1.0) * np.logaddexp(0.0, squared)
        return density


def half_cauchy(scale: float) -> HalfT:
    """Return the half-Cauchy prior of tau, which is the half-t with one degree of freedom.

    Parameters
    ----------
    scale
        Median of tau, in the units of the effects.

    Examples
    --------
    >>> half_cauchy(0.5)
    HalfT(scale=0.5, df=1.0)
    """
    return HalfT(scale, 1.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Uniform:
    """Uniform prior of tau.

    Attributes
    ----------
    maximum
        Largest tau, in the units of the effects; infinite gives the improper flat prior, which needs three studies (two
        with a normal prior of the mean).
    """

    maximum: float = math.inf

    def __post_init__(self) -> None:
        """Check the maximum."""
        if not self.maximum > 0.0:
            raise InputError(f"maximum: found {self.maximum!r}; allowed: greater than 0, infinity included.")

    @property
    def upper(self) -> float:
        """The maximum."""
        return self.maximum

    @property
    def tail(self) -> float:
        """Never falls, or ends."""
        return 0.0 if math.isinf(self.maximum) else math.inf

    @property
    def center(self) -> float:
        """The maximum, or 1."""
        return 1.0 if math.isinf(self.maximum) else self.maximum

    def log_density(self, log_tau: Floats) -> Floats:
        """Return the log density of tau (0 where improper)."""
        height = 0.0 if math.isinf(self.maximum) else -math.log(self.maximum)
        return np.full_like(log_tau, height)


@dataclasses.dataclass(frozen=True, slots=True)
class LogNormal:
    """Log-normal prior of tau² (not of tau).

    Attributes
    ----------
    mean
        Mean of log tau².
    sd
        Standard deviation of log tau².
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Check the standard deviation."""
        _positive("sd", self.sd)

    @property
    def upper(self) -> float:
        """No upper limit."""
        return math.inf

    @property
    def tail(self) -> float:
        """Falls faster than any power."""
        return math.inf

    @property
    def center(self) -> float:
        """The median."""
        return math.exp(0.5 * self.mean)

    def log_density(self, log_tau: Floats) -> Floats:
        """Return the log density of tau."""
        standard = (2.0 * log_tau - self.mean) / self.sd
        density: Floats = math.log(2.0 / self.sd) - 0.5 * math.log(2.0 * math.pi) - 0.5 * standard**2 - log_tau
        return density


@dataclasses.dataclass(frozen=True, slots=True)
class LogT:
    """Prior of tau² whose logarithm follows a t distribution.

    Attributes
    ----------
    location, scale
        Location and scale of log tau².
    df
        Degrees of freedom.
    """

    location: float
    scale: float
    df: float

    def __post_init__(self) -> None:
        """Check scale and degrees of freedom."""
        _positive("scale", self.scale)
        _positive("df", self.df)

    @property
    def upper(self) -> float:
        """No upper limit."""
        return math.inf

    @property
    def tail(self) -> float:
        """Falls hardly faster than 1 / tau."""
        return 1.0

    @property
    def center(self) -> float:
        """The median."""
        return math.exp(0.5 * self.location)

    def log_density(self, log_tau: Floats) -> Floats:
        """Return the log density of tau."""
        constant = special.gammaln(0.5 * (self.df + 1.0)) - special.gammaln(0.5 * self.df)
        constant += math.log(2.0 / self.scale) - 0.5 * math.log(self.df * math.pi)
        standard = (2.0 * log_tau - self.location) / self.scale
        density: Floats = constant - 0.5 * (self.df + 1.0) * np.log1p(standard**2 / self.df) - log_tau
        return density


@dataclasses.dataclass(frozen=True, slots=True)
class Normal:
    """Normal prior of the mean effect.

    Attributes
    ----------
    mean, sd
        Mean and standard deviation, in the units of the effects.
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Check both."""
        _positive("sd", self.sd)
        if not math.isfinite(self.mean):
            raise InputError(f"mean: found {self.mean!r}; allowed: a finite number.")
