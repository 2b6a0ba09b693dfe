"""Tests of funnel plot asymmetry made for counts and for standardised differences, whose variance holds the effect."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.bias.asymmetry import Line, least_squares
from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.bias.result import RegressionTest
    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True)
class _Tables:
    """Two-by-two tables: events and people of two arms, shape (k,) each."""

    events1: Floats
    n1: Floats
    events2: Floats
    n2: Floats

    @property
    def n(self) -> Floats:
        """People in all."""
        return self.n1 + self.n2

    @property
    def spread(self) -> Floats:
        """Events times people without, per person: the inverse variance of a log odds ratio under no effect."""
        events = self.events1 + self.events2
        return events * (self.n - events) / self.n

    @property
    def log_odds_ratio(self) -> Floats:
        """Log odds ratios, 0.5 added to the cells of tables with an empty one."""
        cells = self.cells()
        return np.asarray(np.log(cells[0] * cells[3] / (cells[1] * cells[2])))

    @property
    def variance(self) -> Floats:
        """Sampling variances of the log odds ratios."""
        return np.asarray((1.0 / self.cells()).sum(axis=0))

    def cells(self) -> Floats:
        """Return events and others of both arms, shape (4, k)."""
        cells = np.stack([self.events1, self.n1 - self.events1, self.events2, self.n2 - self.events2])
        return np.asarray(cells + 0.5 * (cells == 0.0).any(axis=0))


def peters(
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> RegressionTest:
    """Test log odds ratios for asymmetry by a regression on the inverse of the sample size (Peters).

    Parameters
    ----------
    events1, n1, events2, n2
        Events and people of both arms, shape (k,).
    level
        Coverage of the interval of the limit.

    Returns
    -------
    RegressionTest
        The predictor is 1 / n; weights are events times others over n.

    Raises
    ------
    InputError
        If the counts cannot be used.

    References
    ----------
    Peters et al. (2006), doi:10.1001/jama.295.6.676.

    Examples
    --------
    >>> result = peters(events1=[4, 6, 3, 62], n1=[123, 306, 231, 13598], events2=[11, 29, 11, 248],
    ...                 n2=[139, 303, 220, 12867])
    >>> round(result.statistic, 3)
    0.721
    """
    tables = _check_tables(events1, n1, events2, n2)
    return least_squares(Line("Peters", tables.log_odds_ratio, 1.0 / tables.spread, 1.0 / tables.n, "1/n", level))


def macaskill(
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    weights: str = "inverse-variance",
    level: float = 0.95,
) -> RegressionTest:
    """Test log odds ratios for asymmetry by a regression on the sample size (Macaskill).

    Parameters
    ----------
    events1, n1, events2, n2, level
        As in :func:`peters`.
    weights
        ``"inverse-variance"`` or ``"pooled"``, the variance under no effect, which does not hold the effect.

    Returns
    -------
    RegressionTest
        The limit is ``nan``: sample size has no upper end.

    Raises
    ------
    InputError
        If the counts cannot be used.

    References
    ----------
    Macaskill et al. (2001), doi:10.1002/sim.698.

    Examples
    --------
    >>> result = macaskill(events1=[4, 6, 3, 62], n1=[123, 306, 231, 13598], events2=[11, 29, 11, 248],
    ...                    n2=[139, 303, 220, 12867])
    >>> round(result.p_value, 2)
    0.82
    """
    if weights not in {"inverse-variance", "pooled"}:
        raise InputError(f"weights: found {weights!r}; allowed: 'inverse-variance' or 'pooled'.")
    tables = _check_tables(events1, n1, events2, n2)
    variance = tables.variance if weights == "inverse-variance" else 1.0 / tables.spread
    return least_squares(Line("Macaskill", tables.log_odds_ratio, variance, tables.n, "n", level))


def harbord(
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> RegressionTest:
    """Test log odds ratios for asymmetry by a regression of efficient scores (Harbord).

    Parameters
    ----------
    events1, n1, events2, n2, level
        As in :func:`peters`.

    Returns
    -------
    RegressionTest
        The predictor is the standard error under no effect, 1 / sqrt(V).

    Raises
    ------
    InputError
        If the counts cannot be used.

    Notes
    -----
    Score Z = events1 - expected, V its hypergeometric variance; Z / V on 1 / sqrt(V) with weights V.

    References
    ----------
    Harbord, Egger & Sterne (2006), doi:10.1002/sim.2380.

    Examples
    --------
    >>> result = harbord(events1=[4, 6, 3, 62], n1=[123, 306, 231, 13598], events2=[11, 29, 11, 248],
    ...                  n2=[139, 303, 220, 12867])
    >>> round(result.statistic, 3)
    0.574
    """
    tables = _check_tables(events1, n1, events2, n2)
    events, n = tables.events1 + tables.events2, tables.n
    score = tables.events1 - events * tables.n1 / n
    information = tables.spread * tables.n1 * tables.n2 / (n * (n - 1.0))
    x = 1.0 / np.sqrt(information)
    return least_squares(Line("Harbord", score / information, 1.0 / information, x, "score se", level))


def deeks(
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> RegressionTest:
    """Test log (diagnostic) odds ratios for asymmetry by a regression on the effective sample size (Deeks).

    Parameters
    ----------
    events1, n1, events2, n2, level
        As in :func:`peters`.

    Returns
    -------
    RegressionTest
        The predictor is 1 / sqrt(ESS), ESS = 4 n1 n2 / (n1 + n2); weights are ESS.

    Raises
    ------
    InputError
        If the counts cannot be used.

    References
    ----------
    Deeks, Macaskill & Irwig (2005), doi:10.1016/j.jclinepi.2005.01.016.

    Examples
    --------
    >>> result = deeks(events1=[4, 6, 3, 62], n1=[123, 306, 231, 13598], events2=[11, 29, 11, 248],
    ...                n2=[139, 303, 220, 12867])
    >>> round(result.statistic, 3)
    0.44
    """
    tables = _check_tables(events1, n1, events2, n2)
    size = 4.0 * tables.n1 * tables.n2 / tables.n
    return least_squares(Line("Deeks", tables.log_odds_ratio, 1.0 / size, 1.0 / np.sqrt(size), "1/sqrt(ESS)", level))


def pustejovsky(
    yi: npt.ArrayLike, vi: npt.ArrayLike, *, n1: npt.ArrayLike, n2: npt.ArrayLike, level: float = 0.95
) -> RegressionTest:
    """Test standardised mean differences for asymmetry without the effect inside the predictor (Pustejovsky).

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    n1, n2
        People in both arms, shape (k,).
    level
        Coverage of the interval of the limit.

    Returns
    -------
    RegressionTest
        The predictor is sqrt(1/n1 + 1/n2).

    Raises
    ------
    InputError
        If studies cannot be used.

    Notes
    -----
    The standard error of a standardised difference contains the difference, so that Egger's test finds asymmetry
    where there is none.

    References
    ----------
    Pustejovsky & Rodgers (2019), doi:10.1002/jrsm.1332.

    Examples
    --------
    >>> effects, variances = [0.2, 0.4, 0.5, 0.9], [0.02, 0.05, 0.08, 0.22]
    >>> round(pustejovsky(effects, variances, n1=[100, 40, 25, 10], n2=[100, 42, 26, 10]).p_value, 4)
    0.0018
    """
    y, v = check_studies(yi, vi)
    sizes = np.stack([np.broadcast_to(np.asarray(n, dtype=np.float64), y.shape) for n in (n1, n2)])
    if not (np.isfinite(sizes) & (sizes > 0.0)).all():
        raise InputError("n1, n2: found sizes that are missing or not above 0; allowed: people in both arms.")
    return least_squares(Line("Pustejovsky", y, v, np.sqrt((1.0 / sizes).sum(axis=0)), "sqrt(1/n1 + 1/n2)", level))


def _check_tables(events1: npt.ArrayLike, n1: npt.ArrayLike, events2: npt.ArrayLike, n2: npt.ArrayLike) -> _Tables:
    columns = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (events1, n1, events2, n2)]
    if len({column.shape for column in columns}) != 1 or columns[0].ndim != 1 or not len(columns[0]):
        shapes = ", ".join(str(column.shape) for column in columns)
        raise InputError(f"events1, n1, events2, n2: found shapes {shapes}; allowed: one number a study in each.")
    tables = _Tables(*columns)
    good = (columns[0] >= 0) & (columns[2] >= 0) & (columns[0] <= columns[1]) & (columns[2] <= columns[3])
    good &= (columns[1] > 0) & (columns[3] > 0) & np.isfinite(tables.n)
    good &= (tables.spread > 0.0) if good.all() else True
    if not good.all():
        places = ", ".join(str(place + 1) for place in np.flatnonzero(~good))
        raise InputError(
            f"events: study {places} cannot be used; allowed: counts from 0 to n, with at least one event and one "
            "person without in all. Correct these studies or leave them out."
        )
    return tables
