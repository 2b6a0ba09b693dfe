"""From one row of the table to an effect size: which printed figures are used, and which way round.

``usable_figures`` names the ways in which a row can be read; here each way is one small function.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from scipy import stats

from hipevidence.effects import (
    effect_size,
    from_estimate_ci,
    from_estimate_se,
    smd_from_d,
    smd_from_f,
    smd_from_p,
    smd_from_t,
)
from hipevidence.errors import InputError
from hipevidence.evidence import read_p_value, usable_figures
from hipevidence.results import Interval
from hipevidence.synthesis.arms import arm_texts
from hipevidence.synthesis.result import RowEffect

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from hipevidence.effects import EffectSize
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Question

Row = dict[str, Any]
RATIOS: Final = frozenset({"OR", "RR", "HR", "IRR"})
STANDARDISED: Final = frozenset({"SMD", "SMDH"})
#: Ways of reading a row, best first; a difference in points made into a standardised one comes last.
ORDER: Final = ("post", "change", "baseline", "events", "proportion", "effect", "statistic", "p", "rescaled_effect")
WORDS: Final = {
    "post": "from means and SDs at the end",
    "change": "from mean changes and their SDs",
    "baseline": "from means and SDs",
    "events": "from the counts",
    "proportion": "from the count",
    "effect": "from the printed effect and its interval",
    "statistic": "from the printed test statistic",
    "p": "from the printed P value",
    "rescaled_effect": "from the printed difference and its interval, standardised",
}


def row_effect(evidence: Evidence, row: Row, printed: pd.Series[str], question: Question, label: str) -> RowEffect:
    """Return the effect of one row for one question.

    Parameters
    ----------
    evidence
        The tables.
    row, printed
        The row of ``studies`` as values and as text.
    question
        The question; its measure, score and direction decide what is computed.
    label
        Name of the row, unique within the question.

    Returns
    -------
    RowEffect
        Arm 1 minus arm 2, turned round where its scale runs against the question's direction (standardised
        differences only). The weight is nan until the rows are pooled.
    """
    way = choose_way(row, question.measure, question.score)
    effect = _read(evidence, row, way, question.measure)
    flip = -1.0 if _runs_against(evidence, row, way, question) else 1.0
    yi, vi = flip * float(effect.yi), float(effect.vi)
    arm1, arm2 = arm_texts(printed, way)
    reversed_note = "; sign turned round, the scale runs the other way" if flip < 0 else ""
    return RowEffect(
        row_id=row["row_id"],
        study_id=row["study_id"],
        sample_id=row["sample_id"],
        label=label,
        year=None if math.isnan(row["year"]) else int(row["year"]),
        yi=yi,
        vi=vi,
        ci=_interval(row, way, question, yi, vi, flip),
        weight=math.nan,
        measure=question.measure,
        how=WORDS[way] + reversed_note,
        method=effect.method,
        arm1=arm1,
        arm2=arm2,
        n1=row["n1"],
        n2=row["n2"],
        design=row["design"],
        verification=row["verification"],
        read_in=row["read_in"],
        url=row["url"],
        doi=row["doi"],
        note=row["note"],
        n_enrolled=row["n_enrolled"],
    )


def _interval(row: Row, way: str, question: Question, yi: float, vi: float, flip: float) -> Interval:
    """Return the interval as printed where the effect was printed with one of this level, else the Wald interval."""
    if way == "effect" and not math.isnan(row["ci_low"]) and math.isclose(_level(row), question.level):
        limits = _as_arm1_minus_arm2(row, question.measure)[1:]
        low, high = sorted(flip * (math.log(x) if question.measure in RATIOS else x) for x in limits)
        return Interval(low, high, question.level)
    half = float(stats.norm.isf((1 - question.level) / 2)) * math.sqrt(vi)
    return Interval(yi - half, yi + half, question.level)


def has_effect(evidence: Evidence, row: Row, question: Question) -> bool:
    """Return whether the figures of a row give an effect with a variance, not only whether the columns are filled.

    F without a direction, or arms of one person, fill the columns and give no effect.
    """
    try:
        effect = _read(evidence, row, choose_way(row, question.measure, question.score), question.measure)
    except InputError:
        return False
    return math.isfinite(float(effect.yi)) and 0 < float(effect.vi) < math.inf


def choose_way(row: Row, measure: str, score: str) -> str:
    """Return the best way of reading the row; the caller has made sure that there is one."""
    ways = set(usable_figures(row, measure, score))
    if "effect" in ways and row["effect_measure"] != measure:
        ways = ways - {"effect"} | {"rescaled_effect"}
    order = ("change", *ORDER) if score == "change" else ORDER
    return next(way for way in order if way in ways)


def zero_variance(row: Row, measure: str, spread: float) -> float:
    """Return the sampling variance of a row that counts as zero, or nan when its group sizes are not printed.

    Parameters
    ----------
    row
        A row that prints no effect.
    measure
        Effect size code; standardised differences need no spread, differences in points do.
    spread
        Standard deviation to assume for a difference in points.
    """
    sizes = 1 / row["n1"] + 1 / row["n2"]
    if measure == "SMD":
        return float(sizes)
    return float(sizes * spread**2) if measure == "MD" else math.nan


def _read(evidence: Evidence, row: Row, way: str, measure: str) -> EffectSize:
    return _READERS[way](row, measure, _direction(evidence, row))


# ------------------------------------------------------------------ direction

_SIGNS: Final = {"increases": 1.0, "decreases": -1.0}
_SIGNED_BY_WORDS: Final = frozenset({"statistic", "p"})


def _direction(evidence: Evidence, row: Row) -> float:
    """Return the sign of the effect as the paper's words give it: 1, -1, or nan when they do not.

    It belongs to the instrument; where none is stated, to the amount of the outcome.
    """
    sign = _SIGNS.get(row["finding"], math.nan)
    good = evidence.vocabulary["outcome"][row["outcome"]].good
    if not row["instrument"] or good is None:
        return sign
    more_is_higher = (good == "more") == bool(evidence.instrument(row["instrument"])["higher_is_better"])
    return sign if more_is_higher else -sign


def _runs_against(evidence: Evidence, row: Row, way: str, question: Question) -> bool:
    if question.measure not in STANDARDISED:
        return False
    if row["instrument"]:
        return bool(evidence.instrument(row["instrument"])["higher_is_better"]) == question.lower_is_better
    good = evidence.vocabulary["outcome"][row["outcome"]].good
    if way not in _SIGNED_BY_WORDS or row["finding"] not in _SIGNS or good is None:
        return False  # a figure on a scale nobody knows stands as printed; effect_sign turns it round
    return (good == "more") == question.lower_is_better


# ------------------------------------------------------------------ readers: one a way


def _from_means(row: Row, measure: str, names: Mapping[str, str]) -> EffectSize:
    return effect_size(measure, **{key: row[column] for key, column in names.items()})


def _two_groups(mean: str, sd: str) -> dict[str, str]:
    return {
        "mean1": mean.format(1),
        "sd1": sd.format(1),
        "n1": "n1",
        "mean2": mean.format(2),
        "sd2": sd.format(2),
        "n2": "n2",
    }


def _post(row: Row, measure: str, _: float) -> EffectSize:
    return _from_means(row, measure, _two_groups("mean{}_post", "sd{}_post"))


def _change(row: Row, measure: str, _: float) -> EffectSize:
    return _from_means(row, measure, _two_groups("change{}_mean", "change{}_sd"))


def _baseline(row: Row, measure: str, _: float) -> EffectSize:
    return _from_means(row, measure, _two_groups("mean{}_pre", "sd{}_pre"))


def _events(row: Row, measure: str, _: float) -> EffectSize:
    return effect_size(measure, events1=row["events1"], n1=row["n1"], events2=row["events2"], n2=row["n2"])


def _proportion(row: Row, measure: str, _: float) -> EffectSize:
    return effect_size(measure, events=row["events1"], n=row["n1"])


def _effect(row: Row, measure: str, _: float) -> EffectSize:
    """Read a printed effect; ``effect_sign`` -1 turns it round (a ratio becomes its inverse)."""
    estimate, low, high = _as_arm1_minus_arm2(row, measure)
    if not math.isnan(low):
        return from_estimate_ci(measure, estimate, low, high, _level(row))
    size = abs(math.log(estimate)) if measure in RATIOS else abs(estimate)
    return from_estimate_se(measure, estimate, size / float(stats.norm.isf(_p(row) / 2)))


def _as_arm1_minus_arm2(row: Row, measure: str) -> tuple[float, float, float]:
    """Return the printed effect and limits; ``effect_sign`` -1 turns them round (a ratio becomes its inverse)."""
    estimate, low, high = row["effect"], row["ci_low"], row["ci_high"]
    if row["effect_sign"] != -1:
        return estimate, low, high
    return (1 / estimate, 1 / high, 1 / low) if measure in RATIOS else (-estimate, -high, -low)


def _level(row: Row) -> float:
    return 0.95 if math.isnan(row["ci_level"]) else float(row["ci_level"]) / 100


def _statistic(row: Row, _: str, direction: float) -> EffectSize:
    value, sizes = row["statistic_value"], {"n1": row["n1"], "n2": row["n2"]}
    if row["statistic"] == "F":
        return smd_from_f(value, sign=direction, **sizes)
    signed = value if math.isnan(direction) else direction * abs(value)
    return (smd_from_d if row["statistic"] == "d" else smd_from_t)(signed, **sizes)


def _p_value(row: Row, _: str, direction: float) -> EffectSize:
    return smd_from_p(_p(row), sign=direction, n1=row["n1"], n2=row["n2"])


def _rescaled_effect(row: Row, _: str, direction: float) -> EffectSize:
    printed = _effect(row, row["effect_measure"], direction)
    return smd_from_t(printed.yi / printed.sei, n1=row["n1"], n2=row["n2"])


def _p(row: Row) -> float:
    printed = read_p_value(row["p_value"])
    return math.nan if printed is None else printed.value


_READERS: Final = {
    "post": _post,
    "change": _change,
    "baseline": _baseline,
    "events": _events,
    "proportion": _proportion,
    "effect": _effect,
    "statistic": _statistic,
    "p": _p_value,
    "rescaled_effect": _rescaled_effect,
}
