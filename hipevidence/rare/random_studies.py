"""UM.RS: counts of two arms with random study effects and random treatment effects, and the search for its maximum."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.pooling.certificate import Certificate
from hipevidence.rare.plane import PlaneExpansion, PlaneModel, expand
from hipevidence.rare.result import ChiSquareTest, GlmmResult, wald

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Booleans, Floats
    from hipevidence.rare.models import Built

_STARTS = ((0.4, 0.3), (0.4, 1.2), (1.3, 0.3), (1.3, 1.2))
"""Values of sigma and tau where the search starts."""
_STEPS = 60
_HALVINGS = 25
_SETTLED = 1e-13
"""A Newton step that promises so little gain leaves an error of its square."""
_SAME = 1e-6
"""Maxima whose log-likelihoods differ by less are one."""
_AT_ZERO = 1e-4
"""A tau below is on its way to 0, where the likelihood is flat by symmetry."""
_WIDEST = 20.0


@dataclasses.dataclass(frozen=True, slots=True)
class Summit:
    """Where a climb ended.

    Attributes
    ----------
    at
        alpha, theta, sigma, tau, the last two not below 0, shape (4,).
    expansion
        The log-likelihood there.
    free
        Parameters that were searched, shape (4,); a variance that is 0 at the maximum counts as not.
    steps
        Newton steps.
    settled
        Whether it is a maximum.
    """

    at: Floats
    expansion: PlaneExpansion
    free: Booleans
    steps: int
    settled: bool

    @property
    def value(self) -> float:
        """Log-likelihood."""
        return self.expansion.value

    def standard_error(self) -> float:
        """Return the standard error of theta from the observed information of the free parameters."""
        places = np.flatnonzero(self.free)
        information = -self.expansion.hessian[np.ix_(places, places)]
        variance = float(np.linalg.inv(information)[1, 1])
        return float(np.sqrt(variance)) if variance > 0.0 else np.nan

    def residual(self) -> float:
        """Return the largest slope of a free parameter, in units of its own information."""
        information = np.maximum(-np.diagonal(self.expansion.hessian), 1e-300)
        return float(np.max(np.abs(self.expansion.gradient / np.sqrt(information))[self.free]))


def fit_random_studies(built: Built, points: int, measure: str, method: str, level: float) -> GlmmResult:
    """Fit the model with random study effects.

    Parameters
    ----------
    built
        The counts of both arms.
    points
        Points of the rule on a line; three quarters of them serve along each axis of the plane.
    measure, method, level
        As in :func:`hipevidence.rare.glmm.glmm`.
    """
    model, fine = PlaneModel(built.model.arms, built.model.k), 3 * points // 4
    none, _ = climb_all(model, built.level, fine, common_effect=True)
    best, summits = (none, [none]) if method == "EE" else climb_all(model, built.level, fine, common_effect=False)
    reasons = list(built.reasons)
    if not best.settled:
        reasons.append("the search found no maximum with finite parameters: no finite estimate")
    if len(summits) > 1:
        reasons.append(f"the likelihood has {len(summits)} maxima; second_maximum says how close they are")
    estimate = float(best.at[1]) if best.settled else np.nan
    se = best.standard_error() if best.settled else np.nan
    ci, statistic, p_value = wald(estimate, se, level)
    tau = float(best.at[3]) if best.settled else np.nan
    gain = max(2.0 * (best.value - none.value), 0.0) if tau > 0.0 else 0.0
    test = ChiSquareTest(gain, 1, 0.5 * float(special.chdtrc(1.0, gain)) if gain > 0.0 else 1.0)
    finer = expand(model, best.at, best.expansion.peak, 2 * fine)
    kind = "assumed" if method == "EE" else "interior root" if tau > 0.0 else "boundary"
    return GlmmResult(
        estimate=estimate,
        se=se,
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=model.k,
        tau2=tau * tau,
        tau=tau,
        correlation=np.nan,
        sigma=float(best.at[2]) if best.settled else np.nan,
        log_likelihood=best.value,
        second_maximum=best.value - summits[1].value if len(summits) > 1 else np.nan,
        heterogeneity=None if method == "EE" else test,
        measure=measure,
        method=method,
        model="UM.RS",
        level=level,
        quadrature_error=abs(finer.value - best.value),
        reason="; ".join(reasons),
        certificate=Certificate(kind, best.residual(), best.steps, len(summits), proven=False),
    )


def climb_all(model: PlaneModel, alpha: float, points: int, *, common_effect: bool) -> tuple[Summit, list[Summit]]:
    """Climb from every start; return the highest summit and all that differ, the highest first.

    Parameters
    ----------
    model
        The model.
    alpha
        A value of the intercept to start from.
    points
        Points of the rule along each axis.
    common_effect
        Whether tau is held at 0.
    """
    starts = dict.fromkeys((sigma, 0.0 if common_effect else tau) for sigma, tau in _STARTS)
    summits = sorted(
        (_climb(model, np.array([alpha, 0.0, *start]), points) for start in starts), key=lambda summit: -summit.value
    )
    found: list[Summit] = []
    for summit in summits:
        if summit.settled and not any(abs(summit.value - other.value) < _SAME for other in found):
            found.append(summit)
    return summits[0], found


def _climb(model: PlaneModel, start: Floats, points: int) -> Summit:
    """Go up by Newton steps, bent where the likelihood is not concave; the signs of sigma and tau do not matter."""
    searched, at = (start != 0.0) | (np.arange(4) < 2), start.copy()
    free = searched
    now = expand(model, at, np.zeros((model.k, 2)), points)
    for step in range(1, _STEPS + 1):
        gone = free & (np.arange(4) > 1) & (np.abs(at) < _AT_ZERO)
        if gone.any():
            at[gone], free = 0.0, free & ~gone
            now = expand(model, at, now.peak, points)
        move = np.zeros(4)
        move[free], concave = _newton(now.gradient[free], now.hessian[np.ix_(free, free)])
        gain = 0.5 * float(now.gradient @ move)
        reached, new = _along(model, at, now, move, points)
        if new is None:  # rounding leaves no better point
            return Summit(at, now, free, step, settled=concave and gain < _SAME)
        at, now = reached, new
        if concave and gain < _SETTLED:
            at[2:] = np.abs(at[2:])
            now = expand(model, at, np.zeros_like(now.peak), points)
            return Summit(at, now, free, step, settled=_is_top(now, searched & ~free))
        if np.abs(at).max() > _WIDEST:
            break
    return Summit(at, now, free, _STEPS, settled=False)


def _is_top(at: PlaneExpansion, held: Booleans) -> bool:
    """Return whether no variance that fell to 0 wants to rise: there the slope is 0 and the bend decides."""
    return bool((np.diagonal(at.hessian)[held] <= 0.0).all())


def _newton(gradient: Floats, hessian: Floats) -> tuple[Floats, bool]:
    scale = 1.0 / np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-12))
    values, vectors = np.linalg.eigh(hessian * np.outer(scale, scale))
    bent = np.maximum(np.abs(values), 1e-8)
    return scale * (vectors @ ((vectors.T @ (scale * gradient)) / bent)), bool((values < 0.0).all())


def _along(
    model: PlaneModel, at: Floats, now: PlaneExpansion, move: Floats, points: int
) -> tuple[Floats, PlaneExpansion | None]:
    share = min(1.0, 2.0 / max(float(np.max(np.abs(move))), 1e-300))
    for _ in range(_HALVINGS):
        reached = at + share * move
        new = expand(model, reached, now.peak, points)
        if new.value >= now.value - 1e-13 * (1.0 + abs(now.value)):
            return reached, new
        share *= 0.5
    return at, None
