"""Data frames in, data frames out: many meta-analyses from one table."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hipevidence.errors import InputError
from hipevidence.pooling import Fits, fit_many

if TYPE_CHECKING:
    from collections.abc import Sequence


def pool_many(
    table: pd.DataFrame,
    by: Sequence[str],
    *,
    yi: str = "yi",
    vi: str = "vi",
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
    prediction: str | None = "metafor",
    tau2_ci: str | None = "QP",
    i2: str = "tau2",
) -> pd.DataFrame:
    """Pool every group of a table in one vectorised pass.

    Parameters
    ----------
    table
        One row a study.
    by
        Columns that make the groups.
    yi, vi
        Names of the columns with effects and sampling variances.
    method, ci, level, prediction, tau2_ci, i2
        As in :func:`hipevidence.pooling.pool`.

    Returns
    -------
    pandas.DataFrame
        One row a group, in order of first appearance: the columns of ``by`` and the fields of
        :class:`hipevidence.pooling.Fits`. A group that cannot be pooled has ``nan`` and a reason.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"outcome": ["pain", "pain", "function"], "yi": [0.2, 0.4, 0.1], "vi": [0.02, 0.02, 0.05]})
    >>> pool_many(table, ["outcome"], ci="wald")[["outcome", "k", "estimate"]].to_dict("records")
    [{'outcome': 'pain', 'k': 2, 'estimate': 0.30...}, {'outcome': 'function', 'k': 1, 'estimate': 0.1}]
    """
    missing = [name for name in (*by, yi, vi) if name not in table.columns]
    if missing:
        raise InputError(
            f"table: found no column {', '.join(missing)}; allowed: the columns {', '.join(map(str, table.columns))}."
        )
    if not by:
        raise InputError("by: found no column; allowed: one column or more.")
    code = table.groupby(list(by), sort=False, dropna=False).ngroup().to_numpy()
    first = pd.Series(code).drop_duplicates().index
    keys = table.iloc[first][list(by)].reset_index(drop=True)
    effects, variances = (pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64) for name in (yi, vi))
    options = {"method": method, "ci": ci, "level": level, "prediction": prediction, "tau2_ci": tau2_ci, "i2": i2}
    return pd.concat([keys, _fit_groups(effects, variances, code, options)], axis=1)


def to_table(fits: Fits) -> pd.DataFrame:
    """Return a batch of fits as a data frame, one row a meta-analysis.

    Examples
    --------
    >>> to_table(fit_many([[0.1, 0.3]], [[0.02, 0.02]]))["k"].tolist()
    [2]
    """
    return pd.DataFrame({field.name: getattr(fits, field.name) for field in dataclasses.fields(Fits)})


def _fit_groups(
    effects: np.ndarray, variances: np.ndarray, code: np.ndarray, options: dict[str, object]
) -> pd.DataFrame:
    """Fit the groups, those of similar size together, so that padding at most doubles the work."""
    sizes = np.bincount(code)
    order = np.argsort(code, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    width_class = np.ceil(np.log2(np.maximum(sizes, 1))).astype(int)
    parts: list[pd.DataFrame] = []
    for width in np.unique(width_class):
        groups = np.flatnonzero(width_class == width)
        widest = int(sizes[groups].max())
        mask = np.arange(widest) < sizes[groups, None]
        places = order[np.where(mask, starts[groups, None] + np.arange(widest), 0)]
        fits = fit_many(effects[places], variances[places], mask, **options)  # type: ignore[arg-type]  # one dictionary holds options of several kinds
        parts.append(to_table(fits).set_index(groups))
    return pd.concat(parts).sort_index().reset_index(drop=True)
