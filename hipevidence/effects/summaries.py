"""Means and SDs from medians, quartiles and ranges; arms joined; a shared control arm divided."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import special

from hipevidence.effects._elements import Array, Reasons, Values, check_choice, read_elements
from hipevidence.errors import InputError
from hipevidence.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Quantiles = Literal["luo/wan/shi", "wan"]

SMALLEST_N = 5
_IN_ORDER = ("minimum", "q1", "median", "q3", "maximum")
_RANGE = {"minimum", "median", "maximum"}
_QUARTILES = {"q1", "median", "q3"}


@dataclasses.dataclass(frozen=True, slots=True)
class MeanSD(Result):
    """A mean and a standard deviation estimated from order statistics.

    Attributes
    ----------
    mean, sd
        In the unit of the instrument, of the shape of the inputs; ``nan`` where they cannot be estimated.
    method
        Whose formulas were used, in words.
    reason
        Why a value is ``nan``, ``""`` where none is.
    """

    mean: Values
    sd: Values
    method: str
    reason: Reasons = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Arm(Result):
    """One arm made of several.

    Attributes
    ----------
    n
        Persons.
    mean, sd
        In the unit of the instrument.
    method
        How it was made, in words.
    reason
        Why a value is ``nan``, ``""`` where none is.
    """

    n: Values
    mean: Values
    sd: Values
    method: str
    reason: Reasons = ""


@dataclasses.dataclass(frozen=True, slots=True)
class SharedArm(Result):
    """The part of a shared arm that one comparison may use.

    Attributes
    ----------
    n
        Persons, not rounded.
    events
        Events, not rounded; ``nan`` where none were given.
    method
        How it was made, in words.
    reason
        Why a value is ``nan``, ``""`` where none is.
    """

    n: Values
    events: Values
    method: str
    reason: Reasons = ""


def mean_sd_from_quantiles(
    *,
    n: ArrayLike,
    median: ArrayLike,
    minimum: ArrayLike | None = None,
    q1: ArrayLike | None = None,
    q3: ArrayLike | None = None,
    maximum: ArrayLike | None = None,
    method: Quantiles = "luo/wan/shi",
) -> MeanSD:
    """Return mean and SD estimated from a median with range, quartiles or both.

    Parameters
    ----------
    n
        Persons; five or more.
    median, minimum, q1, q3, maximum
        Order statistics in the unit of the instrument: the median with the range, with the quartiles, or with all four.
    method
        ``"luo/wan/shi"``: mean by Luo, SD by Wan, or by Shi where all five are given; ``"wan"``: both by Wan.

    Returns
    -------
    MeanSD
        Right for roughly normal data only; a median is often printed because data are skewed.

    Raises
    ------
    InputError
        If another set of order statistics is given, they are out of order, or a single number is impossible.

    Notes
    -----
    With a = minimum, b = maximum, z₁ = Φ⁻¹((n - 0.375)/(n + 0.25)), z₂ = Φ⁻¹((0.75n - 0.125)/(n + 0.25)):

    - range: mean w(a + b)/2 + (1 - w)m, w = 4/(4 + n^0.75) (Luo) or (a + 2m + b)/4 (Wan); SD (b - a)/(2z₁)
    - quartiles: mean w(q1 + q3)/2 + (1 - w)m, w = 0.7 + 0.39/n (Luo) or (q1 + m + q3)/3 (Wan); SD (q3 - q1)/(2z₂)
    - all: mean w₁(a + b)/2 + w₂(q1 + q3)/2 + (1 - w₁ - w₂)m, w₁ = 2.2/(2.2 + n^0.75), w₂ = 0.7 - 0.72/n^0.55 (Luo) or
      (a + 2q1 + 2m + 2q3 + b)/8 (Wan); SD (b - a)/((2 + 0.14 n^0.6) z₁) + (q3 - q1)/((2 + 2/(0.07 n^0.6)) z₂) (Shi) or
      (b - a)/(4z₁) + (q3 - q1)/(4z₂) (Wan)

    References
    ----------
    Wan X et al. (2014). https://doi.org/10.1186/1471-2288-14-135
    Luo D et al. (2018). https://doi.org/10.1177/0962280216669183
    Shi J et al. (2020). https://doi.org/10.1002/jrsm.1429

    Examples
    --------
    >>> summary = mean_sd_from_quantiles(n=20, q1=4, median=6, q3=10)
    >>> round(summary.mean, 4), round(summary.sd, 4)
    (6.7195, 4.7871)
    >>> summary.method
    'from median and quartiles: mean by Luo 2018, SD by Wan 2014'
    """
    check_choice("method", method, ("luo/wan/shi", "wan"))
    order = dict(zip(_IN_ORDER, (minimum, q1, median, q3, maximum), strict=True))
    given = {name: value for name, value in order.items() if value is not None}
    if set(given) not in (_RANGE, _QUARTILES, set(_IN_ORDER)):
        raise InputError(
            f"The order statistics given are {', '.join(given)}; allowed: the median with minimum and maximum, "
            "with q1 and q3, or with all four."
        )
    names = list(given)
    elements = read_elements({"n": n, **given}, ordered=tuple(itertools.pairwise(names)))
    elements.explain(elements.values["n"] < SMALLEST_N, "these formulas need five persons or more")
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason below
        mean, sd, words = _estimates(elements.values, wan_only=method == "wan")
    elements.explain(~(sd > 0), "the order statistics show no spread")
    unusable = elements.reasons != ""
    mean, sd = (np.where(unusable, np.nan, array) for array in (mean, sd))
    return MeanSD(elements.give(mean), elements.give(sd), words, elements.give_reasons())


def _estimates(x: dict[str, Array], *, wan_only: bool) -> tuple[Array, Array, str]:
    n, m = x["n"], x["median"]
    z_range = special.ndtri((n - 0.375) / (n + 0.25))
    z_quartile = special.ndtri((0.75 * n - 0.125) / (n + 0.25))
    if "q1" not in x:
        a, b = x["minimum"], x["maximum"]
        weight = 4 / (4 + n**0.75)
        mean = (a + 2 * m + b) / 4 if wan_only else weight * (a + b) / 2 + (1 - weight) * m
        return mean, (b - a) / (2 * z_range), _words("range", wan_only=wan_only)
    if "minimum" not in x:
        a, b = x["q1"], x["q3"]
        weight = 0.7 + 0.39 / n
        mean = (a + m + b) / 3 if wan_only else weight * (a + b) / 2 + (1 - weight) * m
        return mean, (b - a) / (2 * z_quartile), _words("quartiles", wan_only=wan_only)
    return _from_five(x, z_range, z_quartile, wan_only=wan_only)


def _from_five(x: dict[str, Array], z_range: Array, z_quartile: Array, *, wan_only: bool) -> tuple[Array, Array, str]:
    n, a, q1, m, q3, b = (x[name] for name in ("n", *_IN_ORDER))
    if wan_only:
        mean = (a + 2 * q1 + 2 * m + 2 * q3 + b) / 8
        return (
            mean,
            (b - a) / (4 * z_range) + (q3 - q1) / (4 * z_quartile),
            "from five numbers: mean and SD by Wan 2014",
        )
    of_range, of_quartiles = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    mean = of_range * (a + b) / 2 + of_quartiles * (q1 + q3) / 2 + (1 - of_range - of_quartiles) * m
    sd = (b - a) / ((2 + 0.14 * n**0.6) * z_range) + (q3 - q1) / ((2 + 2 / (0.07 * n**0.6)) * z_quartile)
    return mean, sd, "from five numbers: mean by Luo 2018, SD by Shi 2020"


def _words(source: str, *, wan_only: bool) -> str:
    return f"from median and {source}: " + (
        "mean and SD by Wan 2014" if wan_only else "mean by Luo 2018, SD by Wan 2014"
    )


def combine_arms(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Arm:
    """Return several arms of one trial as one.

    Parameters
    ----------
    n, mean, sd
        Persons, means and SDs; the first axis runs over the arms, at least two.

    Returns
    -------
    Arm
        Exactly the size, mean and SD of all persons together; floats if the inputs have one axis.

    Raises
    ------
    InputError
        If there are fewer than two arms or the shapes do not fit.

    Notes
    -----
    SD² = (Σ(nᵢ - 1)sᵢ² + Σ nᵢ(mᵢ - m)²)/(Σnᵢ - 1), m the mean of all; for two arms the formula of the handbook.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, section 6.5.2.10.

    Examples
    --------
    >>> arm = combine_arms(n=[50, 50], mean=[26.5, 32.9], sd=[4.5, 5.8])
    >>> arm.n, round(arm.mean, 4), round(arm.sd, 4)
    (100.0, 29.7, 6.0841)
    """
    elements = read_elements({"n": n, "mean": mean, "sd": sd})
    sizes, means, sds = elements.values.values()
    if sizes.ndim == 0 or sizes.shape[0] < 2:
        raise InputError("Fewer than two arms were given; allowed: two or more, along the first axis.")
    total = sizes.sum(axis=0)
    centre = (sizes * means).sum(axis=0) / total
    squares = ((sizes - 1) * sds**2 + sizes * (means - centre) ** 2).sum(axis=0)
    said = np.asarray(elements.reasons, dtype=np.str_)
    reason = np.take_along_axis(said, np.argmax(said != "", axis=0, keepdims=True), axis=0)[0]
    spread = np.sqrt(squares / (total - 1))
    words = f"{sizes.shape[0]} arms combined (Cochrane Handbook)"
    if sizes.ndim == 1:
        return Arm(float(total), float(centre), float(spread), words, str(reason))
    return Arm(total, centre, spread, words, reason)


def split_shared_arm(n: ArrayLike, parts: ArrayLike, *, events: ArrayLike | None = None) -> SharedArm:
    """Return the share of a control arm that each of several comparisons with it may use.

    Parameters
    ----------
    n
        Persons in the shared arm.
    parts
        Comparisons that share it.
    events
        Events in the shared arm, if the outcome is one; mean and SD of the arm stay as they are.

    Returns
    -------
    SharedArm
        Persons and events divided evenly, not rounded.

    Raises
    ------
    InputError
        If a single number is impossible or leaves less than one person in a part.

    References
    ----------
    Higgins JPT, Eldridge S, Li T (2024), Cochrane Handbook, version 6.5, section 23.3.4.

    Examples
    --------
    >>> split_shared_arm(36, 2).n
    18.0
    """
    inputs = {"n": n, "parts": parts} if events is None else {"n": n, "parts": parts, "events": events}
    ordered = (("parts", "n"),) if events is None else (("parts", "n"), ("events", "n"))
    elements = read_elements(inputs, ordered=ordered)
    x = elements.values
    share = x["events"] / x["parts"] if "events" in x else np.full(x["n"].shape, np.nan)
    words = "shared arm divided evenly between the comparisons that use it (Cochrane Handbook)"
    return SharedArm(elements.give(x["n"] / x["parts"]), elements.give(share), words, elements.give_reasons())
