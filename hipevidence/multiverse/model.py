"""All defensible analyses of one question: `multiverse`."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence.multiverse.choices import data_sets
from hipevidence.multiverse.result import Multiverse, Specification, summarise
from hipevidence.pooling import fit_many
from hipevidence.pooling.tau2 import COMMON_EFFECT
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Question
    from hipevidence.multiverse.choices import DataSet
    from hipevidence.pooling import Fits

ESTIMATORS: Final = ("REML", "PM", "DL", "ML", "SJ", "EE")
INTERVALS: Final = ("HKSJ-modified", "HKSJ", "wald")
_ALONE: Final = "one result only: nothing is pooled, the interval is its own"
_COMMON: Final = "EE"  # one effect is its own result, whatever the estimator


def multiverse(
    evidence: Evidence,
    question: str | Question,
    *,
    estimators: Sequence[str] = ESTIMATORS,
    intervals: Sequence[str] = INTERVALS,
) -> Multiverse:
    """Answer one question in every defensible way.

    Parameters
    ----------
    evidence
        The tables, as ``load_evidence`` gives them.
    question
        Its id, or an entry of your own.
    estimators, intervals
        As in :func:`hipevidence.pooling.pool`; the protocol's own are added where missing. A common-effect model goes
        with the Wald interval only.

    Returns
    -------
    Multiverse
        Every specification; without any usable row it has none.

    Raises
    ------
    InputError
        If there is no such question, or an estimator or interval does not exist.

    Notes
    -----
    Crossed: rows (the protocol's, each named change to them, and each without one study) by scores (either, post,
    change) by verification by known nulls (left out, as zero) by estimators by intervals. Choices that lead to the
    same data count once. Analyses of the same data are no independent evidence: their number means nothing by itself.

    References
    ----------
    Steegen et al. (2016), doi:10.1177/1745691616658637; Voracek, Kossmeier & Tran (2019),
    doi:10.1027/2151-2604/a000357.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> result = multiverse(load_evidence("data"), "oa.hip_vs_none.pain")
    >>> result.specifications[0].primary
    True
    """
    entry = evidence.question(question) if isinstance(question, str) else question
    primary, sets, repeated = data_sets(evidence, entry)
    methods = tuple(dict.fromkeys((entry.method, *estimators)))
    cis = tuple(dict.fromkeys((entry.ci, *intervals)))
    several, single = [one for one in sets if one.k > 1], [one for one in sets if one.k == 1]
    found = [_fitted(several, method, ci, method, entry.level) for method, ci in _methods(methods, cis)]
    found.append(_fitted(single, _COMMON, "wald", "none", entry.level))
    specifications = [one for batch in found for one in batch]
    if sets:
        method = entry.method if sets[0].k > 1 else "none"
        place = _place(specifications, sets[0], method, entry.ci if sets[0].k > 1 else "wald")
        specifications = [
            dataclasses.replace(specifications[place], primary=True),
            *specifications[:place],
            *specifications[place + 1 :],
        ]
    return summarise(entry, primary, tuple(specifications), repeated)


def _methods(estimators: Sequence[str], intervals: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of estimator and interval that make sense together."""
    pairs = [pair for pair in itertools.product(estimators, intervals) if pair[0] not in COMMON_EFFECT]
    return pairs + [(one, "wald") for one in estimators if one in COMMON_EFFECT]


def _fitted(sets: list[DataSet], method: str, ci: str, named: str, level: float) -> list[Specification]:
    """Return the specifications of these data sets with one estimator and interval, fitted in one batch."""
    if not sets:
        return []
    most = max(one.k for one in sets)
    mask = np.array([[place < one.k for place in range(most)] for one in sets])
    yi, vi = np.zeros(mask.shape), np.ones(mask.shape)
    for row, one in enumerate(sets):
        yi[row, : one.k], vi[row, : one.k] = one.yi, one.vi
    fits = fit_many(yi, vi, mask, method=method, ci=ci, level=level, prediction=None)
    return [_specification(one, fits, row, named, ci, level) for row, one in enumerate(sets)]


def _specification(one: DataSet, fits: Fits, row: int, estimator: str, interval: str, level: float) -> Specification:
    alone = one.k == 1
    ci = Interval(float(fits.ci_low[row]), float(fits.ci_high[row]), level)
    return Specification(
        rows=one.rows,
        omitted=one.omitted,
        score=one.score,
        verification=one.verification,
        nulls=one.nulls,
        estimator=estimator,
        interval=interval,
        k=one.k,
        estimate=float(fits.estimate[row]),
        ci=one.effects[0].ci if alone else ci,  # its own interval, as printed where one is
        p_value=float(fits.p_value[row]),
        tau2=math.nan if alone else float(fits.tau2[row]),
        row_ids=tuple(effect.row_id for effect in one.effects),
        zero_rows=tuple(key for key, _ in one.zeros),
        primary=False,
        reason=_ALONE if alone else str(fits.reason[row]),
    )


def _place(specifications: list[Specification], first: DataSet, method: str, ci: str) -> int:
    """Return where the protocol's own analysis stands."""
    choices = (first.rows, first.omitted, first.score, first.verification, first.nulls, method, ci)
    return next(
        place
        for place, one in enumerate(specifications)
        if (one.rows, one.omitted, one.score, one.verification, one.nulls, one.estimator, one.interval) == choices
    )
