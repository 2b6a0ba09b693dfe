"""Conventions by name: what other programs do by default, and why two results differ."""

from __future__ import annotations

import dataclasses
import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.pooling.model import PoolResult


@dataclasses.dataclass(frozen=True, slots=True)
class Conventions:
    """The conventions that a profile sets together.

    Attributes
    ----------
    method
        Estimator of tau².
    ci
        Interval method.
    prediction
        Prediction interval, or None.
    i2
        Definition of I².
    """

    method: str
    ci: str
    prediction: str | None
    i2: str


PROFILES: Mapping[str, Conventions] = MappingProxyType(
    {
        "hipevidence": Conventions("REML", "HKSJ", "metafor", "tau2"),
        "metafor": Conventions("REML", "wald", "metafor", "tau2"),
        "meta": Conventions("REML", "wald", "V", "Q"),
        "revman": Conventions("REML", "wald", "metafor", "tau2"),
        "revman5": Conventions("DL", "wald", "metafor", "Q"),
    }
)
"""What each program does unless told otherwise: metafor 5, meta 8, RevMan Web since 2025, RevMan 5."""

_TITLES = MappingProxyType(
    {
        "method": "tau² estimator",
        "ci_method": "interval method",
        "prediction_method": "prediction interval",
        "i2_definition": "definition of I²",
        "tau2_ci_method": "interval of tau²",
        "level": "level",
    }
)


def apply_profile(profile: str | None, *, method: str, ci: str, prediction: str | None, i2: str) -> Conventions:
    """Return the conventions to use: those given one by one, or all of a profile (then none may have been changed)."""
    given = Conventions(method, ci, prediction, i2)
    if profile is None:
        return given
    if profile not in PROFILES:
        raise InputError(f"profile: found {profile!r}; allowed: {', '.join(PROFILES)}, None.")
    if given != PROFILES["hipevidence"]:
        raise InputError(
            f"profile: found profile={profile!r} together with a convention of its own; allowed: one or the other. "
            f"The profile stands for {PROFILES[profile]}: name these instead, and change the one you want."
        )
    return PROFILES[profile]


def explain_difference(first: PoolResult, second: PoolResult) -> str:
    """Say in one sentence why two results of the same question differ.

    Parameters
    ----------
    first, second
        Results of :func:`hipevidence.pooling.pool`.

    Returns
    -------
    str
        The conventions that differ; or that the data must, or that nothing does.

    Examples
    --------
    >>> from hipevidence.pooling import pool
    >>> yi, vi = [0.1, 0.3, 0.8], [0.02, 0.03, 0.02]
    >>> explain_difference(pool(yi, vi), pool(yi, vi, method="DL"))
    'The results differ in tau² estimator (REML against DL).'
    """
    if first.k != second.k:
        return f"The results rest on different data: {first.k} studies against {second.k}."
    differing = [
        f"{title} ({getattr(first, name)} against {getattr(second, name)})"
        for name, title in _TITLES.items()
        if getattr(first, name) != getattr(second, name)
    ]
    if not math.isclose(first.q, second.q, rel_tol=1e-9, abs_tol=1e-12):
        also = f"; they also differ in {', '.join(differing)}" if differing else ""
        return f"The results rest on different effects or variances, since Cochran's Q differs{also}."
    if differing:
        return f"The results differ in {', '.join(differing)}."
    return "The results follow the same conventions on data with the same Q, and do not differ."
