"""What every result is made of: an interval, and a way to show itself as a table.

This module sits below every room, so it imports nothing from them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence import sheet
from hipevidence.interval import Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Interval", "Result", "Table", "flatten"]


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
        """Show the result in JupyterLab: names and values, or a row for each where there are several."""
        return sheet.frame(self.to_frame())


class Table(Result):
    """Mixed into results whose first field has one element a row: so have all fields of that length."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame with one row per element, at full precision."""
        import pandas as pd  # noqa: PLC0415 - the numerical rooms must start without pandas

        flat = flatten(self)
        rows = len(next(iter(flat.values())))
        long = {name: _column(value) for name, value in flat.items() if np.ndim(value) and len(value) == rows}
        return pd.DataFrame({name: long.get(name, [value] * rows) for name, value in flat.items()}).infer_objects()


def _column(values: Any) -> Any:
    """Return what holds one element a row: an array as it is, a matrix as a list of its rows."""
    return values if isinstance(values, np.ndarray) and values.ndim == 1 else list(values)
