"""Effects that somebody already has, as an answer that the pictures of this room can draw."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.evidence.models import Question
from hipevidence.pooling import pool
from hipevidence.results import Interval
from hipevidence.synthesis import Analysis, RowEffect, Synthesis
from hipevidence.synthesis.analyse import SCALES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_ENTRY: Final = {
    "id": "effects",
    "plain": "",
    "population": (),
    "intervention": (),
    "comparator": (),
    "outcome": (),
    "designs": (),
}


def from_effects(
    labels: Sequence[str],
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    measure: str = "SMD",
    printed: Sequence[tuple[str, str]] | None = None,
    years: Sequence[int | None] | None = None,
    arms: tuple[str, str] = ("Arm 1", "Arm 2"),
    favours: tuple[str, str] = ("lower in arm 1", "higher in arm 1"),
    title: str = "Effects",
    method: str = "REML",
    ci: str = "HKSJ-modified",
    level: float = 0.95,
) -> Synthesis:
    """Return an answer made of effects instead of a data folder, for ``forest`` and the other pictures.

    Parameters
    ----------
    labels
        Name of each study, shape (k,).
    yi, vi
        Effects on the analysis scale (ratios as logarithms) and their sampling variances, shape (k,).
    measure
        Effect size code, which decides how values are shown.
    printed
        The raw figures of the two arms of each study, as printed.
    years
        Year of each study, ``None`` where unknown.
    arms, favours, title
        Words of the picture.
    method, ci, level
        As in :func:`hipevidence.pooling.pool`.

    Returns
    -------
    Synthesis
        With a fixed-effect analysis beside the primary one. A study is its own ``study_id`` and ``row_id``.

    Raises
    ------
    InputError
        If the lengths differ, or an effect or variance cannot be used.

    Examples
    --------
    >>> answer = from_effects(["First", "Second"], [-0.6, 0.8], [1.76, 8.16], ci="wald")
    >>> round(answer.primary.result.estimate, 4)
    -0.3516
    """
    effects, variances = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    k = len(labels)
    lengths = {len(effects), len(variances), k if printed is None else len(printed), k if years is None else len(years)}
    if lengths != {k}:
        raise InputError(f"{k} labels beside other numbers of values; allowed: one value a study. Give all of them.")
    question = Question.model_validate(
        {**_ENTRY, "title": title, "measure": measure, "arms": arms, "favours": favours}
        | {"method": method, "ci": ci, "level": level}
    )
    half = float(special.ndtri(0.5 + level / 2)) * np.sqrt(variances)
    rows = tuple(
        _row(
            labels[i],
            (float(effects[i]), float(variances[i]), float(half[i])),
            ("", "") if printed is None else printed[i],
            None if years is None else years[i],
            question,
        )
        for i in range(k)
    )
    plans = (("primary", "Primary analysis", method, ci), ("fixed_effect", "Fixed effect, Wald interval", "EE", "wald"))
    primary, fixed = (_analysis(plan, question, rows) for plan in plans)
    return Synthesis(question, primary, (fixed,) if k > 1 else (), (), SCALES.get(measure, measure))


def _row(
    label: str, effect: tuple[float, float, float], printed: tuple[str, str], year: int | None, question: Question
) -> RowEffect:
    yi, vi, half = effect
    return RowEffect(
        row_id=label,
        study_id=label,
        sample_id=label,
        label=label,
        year=year,
        yi=yi,
        vi=vi,
        ci=Interval(yi - half, yi + half, question.level),
        weight=math.nan,
        measure=question.measure,
        how="given as an effect",
        method="",
        arm1=printed[0],
        arm2=printed[1],
        n1=math.nan,
        n2=math.nan,
        design="",
        verification="",
        read_in="",
        url="",
        doi="",
        note="",
    )


def _analysis(plan: tuple[str, str, str, str], question: Question, rows: tuple[RowEffect, ...]) -> Analysis:
    key, title, method, ci = plan
    yi, vi = [row.yi for row in rows], [row.vi for row in rows]
    result = pool(yi, vi, method=method, ci="wald" if len(rows) == 1 else ci, level=question.level)
    weighed = tuple(replace(row, weight=float(weight)) for row, weight in zip(rows, result.weights, strict=True))
    return Analysis(key, title, question.measure, result, weighed)
