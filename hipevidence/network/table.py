"""Results that are tables: one row of the data frame for each element of their arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from hipevidence.results import Result


class Table(Result):
    """Mixed into results whose first field has one element a row: so have all fields of that length."""

    __slots__ = ()

    def to_frame(self) -> Any:
        """Return a data frame with one row per element, at full precision."""
        frame: Any = Result.to_frame(self)
        rows = len(frame.iat[0, 0])
        long = [name for name in frame if np.ndim(frame.at[0, name]) and len(frame.at[0, name]) == rows]
        for name in long:
            frame.at[0, name] = list(frame.at[0, name])
        return frame.explode(long, ignore_index=True).infer_objects()

    def _repr_html_(self) -> str:
        """Show the rows in JupyterLab."""
        return str(self.to_frame().to_html(index=False))
