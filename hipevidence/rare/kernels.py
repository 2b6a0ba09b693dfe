"""Log-likelihoods of one count given its linear predictor, with first and second derivatives; all are concave."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats, Integers


class Terms(NamedTuple):
    """A log-likelihood and its derivatives, each of the shape of the linear predictor."""

    value: Floats
    slope: Floats
    bend: Floats


class Kernel(Protocol):
    """The likelihood of one count in each of k studies."""

    def terms(self, eta: Floats) -> Terms:
        """Return log-likelihood and derivatives at linear predictors of shape (k, n)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Binomial:
    """Events among persons; the linear predictor plus the offset is the log odds.

    Attributes
    ----------
    events, n, offset
        Shape (k,).
    constant
        Log of the binomial coefficient, shape (k,).
    """

    events: Floats
    n: Floats
    offset: Floats
    constant: Floats

    @classmethod
    def of(cls, events: Floats, n: Floats, offset: Floats) -> Binomial:
        """Return the likelihood of counts."""
        constant = special.gammaln(n + 1.0) - special.gammaln(events + 1.0) - special.gammaln(n - events + 1.0)
        return cls(events, n, offset, constant)

    def terms(self, eta: Floats) -> Terms:
        """Return log-likelihood and derivatives."""
        eta = eta + self.offset[:, None]
        x, n = self.events[:, None], self.n[:, None]
        p = special.expit(eta)
        value = self.constant[:, None] + x * eta + n * special.log_expit(-eta)
        return Terms(value, x - n * p, -n * p * special.expit(-eta))


@dataclasses.dataclass(frozen=True, slots=True)
class Poisson:
    """Events over time; the linear predictor is the log rate.

    Attributes
    ----------
    events, time
        Shape (k,).
    """

    events: Floats
    time: Floats

    def terms(self, eta: Floats) -> Terms:
        """Return log-likelihood and derivatives."""
        eta = eta + np.log(self.time)[:, None]
        x, mean = self.events[:, None], np.exp(eta)
        return Terms(x * eta - mean - special.gammaln(x + 1.0), x - mean, -mean)


class Bucket(NamedTuple):
    """Studies with about as many possible tables.

    Attributes
    ----------
    which
        The studies, shape (b,).
    distance
        Possible events in arm 1 minus the observed ones, shape (b, s).
    log_weight
        Log of the number of tables with them, relative to the observed one; minus infinity past the end, shape (b, s).
    powers
        Powers 0, 1 and 2 of the distances, shape (b, s, 3).
    """

    which: Integers
    distance: Floats
    log_weight: Floats
    powers: Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Hypergeometric:
    """Events in arm 1 given the margins of the table; the linear predictor is the log odds ratio.

    Attributes
    ----------
    buckets
        The studies, those with similar numbers of possible tables together.
    """

    buckets: tuple[Bucket, ...]

    @classmethod
    def of(cls, a: Floats, n1: Floats, c: Floats, n2: Floats) -> Hypergeometric:
        """Return the likelihood of tables with whole numbers."""
        low, high = np.maximum(0.0, a + c - n2), np.minimum(n1, a + c)
        size = np.exp2(np.ceil(np.log2(high - low + 1.0))).astype(np.int64)
        return cls(tuple(_bucket(np.flatnonzero(size == s), int(s), low, high, a, n1, c, n2) for s in np.unique(size)))

    def terms(self, eta: Floats) -> Terms:
        """Return log-likelihood and derivatives."""
        result = Terms(np.empty_like(eta), np.empty_like(eta), np.empty_like(eta))
        for bucket in self.buckets:
            logs = eta[bucket.which][:, :, None] * bucket.distance[:, None, :]
            logs += bucket.log_weight[:, None, :]
            peak = logs.max(axis=2)
            logs -= peak[:, :, None]
            total, first, second = np.moveaxis(np.exp(logs, out=logs) @ bucket.powers, 2, 0)
            mean = first / total
            result.value[bucket.which] = -(peak + np.log(total))
            result.slope[bucket.which] = -mean
            result.bend[bucket.which] = mean * mean - second / total
        return result


def _bucket(
    which: Integers, size: int, low: Floats, high: Floats, a: Floats, n1: Floats, c: Floats, n2: Floats
) -> Bucket:
    low, high, a, n1, c, n2 = (column[which][:, None] for column in (low, high, a, n1, c, n2))
    x = np.minimum(low + np.arange(size), high)
    logs = np.where(low + np.arange(size) <= high, _log_tables(x, a + c, n1, n2), -np.inf)
    distance = x - a
    return Bucket(which, distance, logs - _log_tables(a, a + c, n1, n2), distance[:, :, None] ** np.arange(3.0))


def _log_tables(x: Floats, events: Floats, n1: Floats, n2: Floats) -> Floats:
    """Return the log number of tables with x events in arm 1, up to a constant of the margins."""
    logs: Floats = -(
        special.gammaln(x + 1.0)
        + special.gammaln(n1 - x + 1.0)
        + special.gammaln(events - x + 1.0)
        + special.gammaln(n2 - events + x + 1.0)
    )
    return logs
