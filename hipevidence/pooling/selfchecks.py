"""Laws that a correct meta-analysis cannot break, tried on the user's own data."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.kernel import fit_many
from hipevidence.pooling.model import PoolResult, pool
from hipevidence.pooling.second_opinion import certify
from hipevidence.results import Result

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

TOLERANCE = 1e-9
"""Largest relative difference that counts as rounding."""


@dataclasses.dataclass(frozen=True, slots=True)
class Check(Result):
    """One law.

    Attributes
    ----------
    name
        What must hold.
    difference
        Largest relative difference found.
    passed
        Whether that is rounding only.
    """

    name: str
    difference: float
    passed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class SelfCheck(Result):
    """All laws; printing it gives one line a law.

    Attributes
    ----------
    checks
        One entry a law.
    """

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all laws hold."""
        return all(check.passed for check in self.checks)

    def __str__(self) -> str:
        return "\n".join(
            f"{'holds ' if check.passed else 'BROKEN'}  {check.name} (difference {check.difference:g})"
            for check in self.checks
        )


def selfcheck(yi: npt.ArrayLike, vi: npt.ArrayLike, *, method: str = "REML", ci: str = "HKSJ") -> SelfCheck:
    """Try on these data whether the order of studies, signs, units and the like leave the result as they must.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,), two studies or more.
    method, ci
        As in :func:`hipevidence.pooling.pool`.

    Returns
    -------
    SelfCheck
        One entry a law, with the largest relative difference found.

    Examples
    --------
    >>> print(selfcheck([0.1, 0.3, 0.8], [0.02, 0.03, 0.02]))  # doctest: +ELLIPSIS
    holds   order of studies does not matter (difference ...)
    ...
    """
    y, v = check_studies(yi, vi, at_least=2)
    whole = pool(y, v, method=method, ci=ci)
    scale = float(np.sqrt(np.median(v)))

    def again(new_y: Floats, new_v: Floats) -> PoolResult:
        return pool(new_y, new_v, method=method, ci=ci)

    second = certify(y, v, method=method)
    differences = {
        "order of studies does not matter": _differ(whole, again(y[::-1], v[::-1]), scale),
        "flipped signs flip the result": _differ(whole, again(-y, v), scale, sign=-1.0),
        "another unit changes nothing else": _differ(whole, again(1000.0 * y, 1e6 * v), scale, unit=1000.0),
        "a constant added to all effects is added to the result": _differ(
            whole, again(y + scale, v), scale, shift=scale
        ),
        "a batch gives what single fits give": _batch_difference(y, v, whole, scale, method, ci),
        "a study split into two halves counts the same (common effect)": _split_difference(y, v, scale),
        "a second algorithm finds the same tau²": second.difference,
        "the estimating equation holds": abs(second.certificate.residual),
    }
    return SelfCheck(tuple(Check(name, value, value < TOLERANCE) for name, value in differences.items()))


def _differ(
    first: PoolResult, second: PoolResult, scale: float, *, sign: float = 1.0, unit: float = 1.0, shift: float = 0.0
) -> float:
    """Return the largest difference between two results, in units of ``scale``, after undoing what was done."""
    limits = (second.ci.low, second.ci.high) if sign > 0 else (second.ci.high, second.ci.low)
    pairs = [
        (first.estimate, (sign * second.estimate) / unit - shift),
        (first.se, second.se / unit),
        (first.ci.low, sign * limits[0] / unit - shift),
        (first.ci.high, sign * limits[1] / unit - shift),
        (first.tau, second.tau / unit),
    ]
    return max(_gap(a, b, scale) for a, b in pairs)


def _gap(first: float, second: float, scale: float) -> float:
    """Return a relative difference; two numbers that are both missing agree."""
    if np.isnan(first) and np.isnan(second):
        return 0.0
    return float(abs(first - second) / (abs(first) + scale))


def _batch_difference(y: Floats, v: Floats, whole: PoolResult, scale: float, method: str, ci: str) -> float:
    """Fit the data in a batch among its own subsets and compare with the single fit."""
    k = len(y)
    mask = np.vstack([~np.eye(k, dtype=np.bool_), np.ones((1, k), dtype=np.bool_)])
    fits = fit_many(np.broadcast_to(y, mask.shape), np.broadcast_to(v, mask.shape), mask, method=method, ci=ci)
    pairs = [(whole.estimate, fits.estimate[-1]), (whole.se, fits.se[-1]), (whole.tau, np.sqrt(fits.tau2[-1]))]
    return max(_gap(a, float(b), scale) for a, b in pairs)


def _split_difference(y: Floats, v: Floats, scale: float) -> float:
    """Replace the first study by two of half its precision: a common-effect pool cannot notice."""
    plain = pool(y, v, method="EE", ci="wald", tau2_ci=None)
    split = pool(np.append(y, y[0]), np.append([2.0 * v[0], *v[1:]], 2.0 * v[0]), method="EE", ci="wald", tau2_ci=None)
    return max(_gap(plain.estimate, split.estimate, scale), _gap(plain.se, split.se, scale))
