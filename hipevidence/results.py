"""What every result is made of: an interval, and a way to show itself as a table.

This module sits below every room, so it imports nothing from them.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval on the scale of the quantity it belongs to.

    Attributes
    ----------
    low, high
        Limits; ``nan`` where the interval does not exist.
    level
        Coverage that was asked for, between 0 and 1.

    Examples
    --------
    >>> Interval(-0.9, -0.1, 0.95).contains(0.0)
    False
    """

    low: float
    high: float
    level: float = 0.95

    def contains(self, value: float) -> bool:
        """Return whether ``value`` lies inside the closed interval (``False`` if it does not exist)."""
        return self.low <= value <= self.high

    @property
    def exists(self) -> bool:
        """Whether both limits are numbers."""
        return not (math.isnan(self.low) or math.isnan(self.high))


def flatten(result: Any) -> dict[str, Any]:
    """Return the fields of a result dataclass as one flat mapping.

    Nested dataclasses become ``field_subfield`` (``ci.low`` is ``ci_low``); arrays and tuples stay whole.

    Examples
    --------
    >>> flatten(Interval(0.0, 1.0, 0.9))
    {'low': 0.0, 'high': 1.0, 'level': 0.9}
    """
    flat: dict[str, Any] = {}
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            flat.update({f"{field.name}_{key}": item for key, item in flatten(value).items()})
        else:
            flat[field.name] = value
    return flat


class Result:
    """Mixed into frozen result dataclasses: one row as a data frame, and as HTML in a notebook."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the result as a data frame of one row, at full precision."""
        import pandas as pd  # noqa: PLC0415 - the numerical rooms must start without pandas

        return pd.DataFrame([flatten(self)])

    def _repr_html_(self) -> str:
        """Show the result as a table of names and values in JupyterLab."""
        return str(self.to_frame().T.to_html(header=False))
