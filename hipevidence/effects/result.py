"""The result of this room: effect sizes with their sampling variances, and how they were reached."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy import stats

from hipevidence.effects._elements import NOT_FINITE, Array, Elements, Reasons, Values
from hipevidence.errors import InputError
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_VARIANCE = "the sampling variance is 0, which no inverse-variance model can weigh"


@dataclasses.dataclass(frozen=True, slots=True)
class EffectSize(Result):
    """Effect sizes of one measure with their sampling variances.

    Single numbers in give single numbers; arrays in give arrays of their common shape.

    Attributes
    ----------
    yi
        Effect size, arm 1 minus arm 2, on the scale it is pooled on (ratios as natural logarithms);
        ``nan`` where it cannot be computed.
    vi
        Sampling variance of ``yi``, in squared units of ``yi``; ``nan`` where it cannot be computed.
    measure
        Code of the measure (``SMD``, ``OR`` ...).
    method
        Which formula, correction and conversion was used, in words.
    reason
        Why a value is ``nan``, ``""`` where none is; a string, or an array of strings of the shape of ``yi``.

    Examples
    --------
    >>> effect = EffectSize(-0.5, 0.04, "SMD", "given")
    >>> effect.sei
    0.2
    >>> round(effect.ci().low, 3)
    -0.892
    """

    yi: Values
    vi: Values
    measure: str
    method: str
    reason: Reasons = ""

    @property
    def sei(self) -> Values:
        """Standard error: the square root of ``vi``."""
        root = np.sqrt(self.vi)
        return float(root) if np.ndim(self.vi) == 0 else root

    def ci(self, level: float = 0.95) -> Interval:
        """Return the normal-theory confidence interval of each effect.

        Parameters
        ----------
        level
            Coverage, between 0 and 1.

        Returns
        -------
        Interval
            On the scale of ``yi``. For arrays ``low`` and ``high`` are arrays of the same shape, so that
            ``contains`` and ``exists`` are for single effects only.
        """
        half = normal_quantile(level) * self.sei
        return Interval(cast("float", self.yi - half), cast("float", self.yi + half), level)

    def to_frame(self) -> Any:
        """Return a data frame with one row per effect, at full precision."""
        frame = Result.to_frame(self)
        if np.ndim(self.yi) == 0:
            return frame
        flat = dataclasses.replace(self, yi=np.ravel(self.yi), vi=np.ravel(self.vi), reason=np.ravel(self.reason))
        return Result.to_frame(flat).explode(["yi", "vi", "reason"], ignore_index=True).infer_objects()


def normal_quantile(level: float) -> float:
    """Return the z that a two-sided interval of coverage ``level`` reaches to on either side.

    Examples
    --------
    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    check_level(level)
    return float(stats.norm.isf((1 - level) / 2))


def check_level(level: float) -> None:
    """Raise unless ``level`` is a coverage strictly between 0 and 1."""
    if not 0 < level < 1:
        raise InputError(f"level is {level!r}; allowed: between 0 and 1, as in 0.95 for a 95 % interval.")


def finish(elements: Elements, yi: Array, vi: Array, *, measure: str, method: str, undefined: str) -> EffectSize:
    """Turn what a formula gave into a result that says why each missing value is missing.

    Parameters
    ----------
    elements
        The checked inputs.
    yi, vi
        What the formula gave, of the shape of the inputs.
    measure, method
        Code of the measure, and how it was computed.
    undefined
        When the formula has no value although every input is possible, in words.
    """
    shape = elements.reasons.shape
    yi, vi = (np.array(np.broadcast_to(array, shape)) for array in (yi, vi))
    failed = ~(np.isfinite(yi) & np.isfinite(vi))
    elements.explain(failed, undefined or NOT_FINITE)
    elements.explain(vi <= 0, NO_VARIANCE)
    yi[failed] = np.nan
    vi[_any(elements)] = np.nan
    return EffectSize(elements.give(yi), elements.give(vi), measure, method, elements.give_reasons())


def _any(elements: Elements) -> NDArray[np.bool_]:
    return np.asarray(elements.reasons != "", dtype=np.bool_)
