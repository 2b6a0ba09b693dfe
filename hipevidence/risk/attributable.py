"""Attributable fractions: the share of all cases that would not have happened, if the association were causal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from hipevidence.effects._elements import check_choice
from hipevidence.effects.result import check_level, normal_quantile
from hipevidence.risk._quantity import RATIO, RISK, Printed, Quantity, finish, read_printed
from hipevidence.risk._simulate import DRAWS, SEED, drawn_limits
from hipevidence.risk.proportions import proportion

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from hipevidence.effects._elements import Array

FractionInterval = Literal["mover", "simulation"]

UNDEFINED = "with this ratio and share exposed the fraction has no finite value"


class _Formula(NamedTuple):
    """A fraction as a function of a share times an excess: how the ratio gives the excess, the product the fraction."""

    name: str
    excess: Callable[[Array], Array]
    fraction: Callable[[Array], Array]


def _levin(product: Array) -> Array:
    # a product of -1 or less is beyond what any share and ratio give
    return np.where(product > -1, 1 - 1 / (1 + product), np.nan)


LEVIN = _Formula("Levin", lambda ratio: ratio - 1, _levin)
MIETTINEN = _Formula("Miettinen", lambda ratio: 1 - 1 / ratio, lambda product: product)


def levin_fraction(
    ratio: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    exposed: ArrayLike,
    n: ArrayLike | None = None,
    propagation: FractionInterval = "mover",
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Quantity:
    """Return the population attributable fraction from the share of the population that is exposed.

    Parameters
    ----------
    ratio, low, high
        Risk ratio and limits (an odds ratio only where the outcome is rare).
    exposed
        Share of the population that is exposed, between 0 and 1.
    n
        People in whom that share was observed; left out, it is taken as known.
    propagation
        How an observed share enters the interval: ``"mover"`` or ``"simulation"``.
    level
        Coverage of limits and interval.
    draws, seed
        Number of draws and seed of the simulation.

    Returns
    -------
    Quantity
        Fraction of all cases; negative where the exposure protects.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    AF = p(RR - 1)/(1 + p(RR - 1)). Confounded ratios make it biased: with an adjusted ratio use
    ``miettinen_fraction``. Share known: limits of the ratio put in its place (Daly). Share observed: limits of the
    product p(RR - 1) from the limits of its factors (MOVER), those of the share being Wilson's; or simulation, the
    share from Beta(pn + 1/2, (1 - p)n + 1/2) and ln RR normal. Both take share and ratio as independent.

    References
    ----------
    Levin ML (1953), Acta Unio Int Contra Cancrum 9:531-541.
    Daly LE (1998). https://doi.org/10.1093/oxfordjournals.aje.a009523
    Rockhill B, Newman B, Weinberg C (1998). https://doi.org/10.2105/AJPH.88.1.15
    Zou GY, Donner A (2008). https://doi.org/10.1002/sim.3095

    Examples
    --------
    >>> round(levin_fraction(2.0, exposed=0.5).value, 4)
    0.3333
    """
    return _fraction(LEVIN, (ratio, low, high), exposed, n, propagation, level, draws, seed)


def miettinen_fraction(
    ratio: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    exposed_cases: ArrayLike,
    n: ArrayLike | None = None,
    propagation: FractionInterval = "mover",
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Quantity:
    """Return the population attributable fraction from the share of the cases that was exposed.

    Parameters
    ----------
    ratio, low, high
        Risk ratio and limits, adjusted for confounders (an odds ratio only where the outcome is rare).
    exposed_cases
        Share of the cases that was exposed, between 0 and 1.
    n
        Cases in whom that share was observed; left out, it is taken as known.
    propagation, level, draws, seed
        As in ``levin_fraction``.

    Returns
    -------
    Quantity
        Fraction of all cases; negative where the exposure protects.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    AF = p_c (RR - 1)/RR. Intervals as in ``levin_fraction``.

    References
    ----------
    Miettinen OS (1974). https://doi.org/10.1093/oxfordjournals.aje.a121617
    Hanley JA (2001). https://doi.org/10.1136/jech.55.7.508

    Examples
    --------
    >>> round(miettinen_fraction(2.0, exposed_cases=2 / 3).value, 4)
    0.3333
    """
    return _fraction(MIETTINEN, (ratio, low, high), exposed_cases, n, propagation, level, draws, seed)


def _fraction(
    formula: _Formula,
    figures: tuple[ArrayLike, ArrayLike | None, ArrayLike | None],
    share: ArrayLike,
    n: ArrayLike | None,
    propagation: FractionInterval,
    level: float,
    draws: int,
    seed: int,
) -> Quantity:
    check_choice("propagation", propagation, ("mover", "simulation"))
    check_level(level)
    others: dict[str, ArrayLike] = {"share": share} if n is None else {"share": share, "n": n}
    printed = read_printed(RATIO, *figures, others, {"share": RISK})
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        value = formula.fraction(printed.other("share") * formula.excess(printed.estimate))
        if n is not None and propagation == "simulation":
            limits = _simulated(formula, printed, level, draws, seed)
            how = f"{formula.name}; {draws} draws (seed {seed}) of ratio and share exposed, independent"
        else:
            limits = _recovered(formula, printed, level, observed=n is not None)
            how = f"{formula.name}; limits of the ratio" + (", share exposed taken as known" if n is None else "")
            how += "" if n is None else " and Wilson limits of the share exposed (MOVER), independent"
    value = np.where(np.isfinite(value), value, np.nan)
    return finish(printed, value, limits, level=level, method=how, undefined=UNDEFINED)


def _recovered(formula: _Formula, printed: Printed, level: float, *, observed: bool) -> tuple[Array, Array]:
    """Return limits from those of share and ratio: the distances to both add up in squares."""
    share = printed.other("share")
    share_low, share_high = share, share
    if observed:
        people = printed.other("n")
        around = proportion(np.atleast_1d(share * people), np.atleast_1d(people), level=level).ci
        share_low, share_high = (np.reshape(limit, share.shape) for limit in (around.low, around.high))
    excess, low, high = (formula.excess(x) for x in (printed.estimate, printed.low, printed.high))
    # a protective exposure protects less the fewer are exposed
    nearer, farther = np.where(excess > 0, share_low, share_high), np.where(excess > 0, share_high, share_low)
    product = share * excess
    below = np.hypot(excess * (share - nearer), share * (excess - low))
    above = np.hypot(excess * (farther - share), share * (high - excess))
    return formula.fraction(product - below), formula.fraction(product + above)


def _simulated(formula: _Formula, printed: Printed, level: float, draws: int, seed: int) -> tuple[Array, Array]:
    share, n = printed.other("share"), printed.other("n")
    log_ratio = np.log(printed.estimate)
    se = (np.log(printed.high) - np.log(printed.low)) / (2 * normal_quantile(level))

    def draw(rng: np.random.Generator, at: tuple[int, ...]) -> tuple[Array, ...]:
        exposed = rng.beta(share[at] * n[at] + 0.5, (1 - share[at]) * n[at] + 0.5, draws)
        return (formula.fraction(exposed * formula.excess(np.exp(rng.normal(log_ratio[at], se[at], draws)))),)

    usable = np.isfinite(log_ratio) & np.isfinite(se) & np.isfinite(share)
    return drawn_limits(usable, draw, quantities=1, level=level, draws=draws, seed=seed)[0]
