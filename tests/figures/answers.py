"""Answers with any rows one likes, made without tables, for the tests of pictures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from hipevidence.evidence import Question
from hipevidence.pooling import pool
from hipevidence.results import Interval
from hipevidence.synthesis import Analysis, RowEffect, Synthesis

QUESTION = {
    "id": "tea.sleep",
    "title": "Tea against water, sleep",
    "plain": "Does tea help?",
    "population": ["people"],
    "intervention": ["tea"],
    "comparator": ["water"],
    "outcome": ["sleep"],
    "designs": ["rct"],
    "measure": "SMD",
    "arms": ["Tea", "Water"],
    "favours": ["favours tea", "favours water"],
    "mcid": 0.37,
    "mcid_unit": "standard deviations",
}


def row(index: int, yi: float, vi: float, **changes: object) -> RowEffect:
    half = 1.959963984540054 * math.sqrt(vi)
    base = RowEffect(
        row_id=f"study{index}.sleep",
        study_id=f"study{index}",
        label=f"Study {index}",
        sample_id=f"study{index}",
        year=2000,
        yi=yi,
        vi=vi,
        ci=Interval(yi - half, yi + half, 0.95),
        weight=math.nan,
        measure="SMD",
        how="from means and SDs at the end",
        method="",
        arm1="5.20 (2.0), n = 24",
        arm2="4.1 (2.4), n = 23",
        n1=24.0,
        n2=23.0,
        design="rct",
        verification="full_text",
        read_in="Table 2",
        url="",
        doi="",
        note="",
    )
    return replace(base, **changes)


def answer(rows: list[RowEffect], **question: object) -> Synthesis:
    """The answer to a question with these rows; Wald beside it, as the engine would give it."""
    entry = Question.model_validate(QUESTION | question)

    def analysis(key: str, title: str, method: str, ci: str) -> Analysis:
        if not rows:
            return Analysis(key, title, entry.measure, None, (), note="No result with usable figures.")
        effects, variances = [r.yi for r in rows], [r.vi for r in rows]
        result = pool(effects, variances, method=method, ci="wald" if len(rows) == 1 else ci)
        weighed = tuple(replace(r, weight=float(w)) for r, w in zip(rows, result.weights, strict=True))
        return Analysis(key, title, entry.measure, result, weighed)

    others = (analysis("fixed_effect", "Fixed effect, Wald interval", "EE", "wald"),)
    scale = "standardised mean difference (Hedges g)"
    return Synthesis(entry, analysis("primary", "Primary analysis", entry.method, entry.ci), others, (), scale)


def random_rows(k: int, seed: int = 1) -> list[RowEffect]:
    rng = np.random.default_rng(seed)
    return [row(i, float(rng.normal(-0.5, 0.4)), float(rng.uniform(0.02, 0.2))) for i in range(k)]
