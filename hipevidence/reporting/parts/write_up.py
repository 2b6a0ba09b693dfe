"""The answer to one question in the words of a paper: what was done, with citations, and what came of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence import format as fmt
from hipevidence.pooling import influence, leave_one_out, residual_limit
from hipevidence.reporting.answers import estimate_with_level, missing_results, studied
from hipevidence.reporting.methods import cited, method_in_words
from hipevidence.reporting.model import Part
from hipevidence.reporting.text import capital, tidy
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import RowEffect, Synthesis

TITLE: Final = "In the words of a paper"
#: Below this number of results leaving one out leaves nothing to pool.
LEAST: Final = 3


def write_up_part(_: Evidence, synthesis: Synthesis) -> Part | None:
    """Return methods and results of one question as two paragraphs, or ``None`` where nothing was pooled."""
    result = synthesis.primary.result
    if result is None or len(synthesis.rows) < 2:
        return None
    done, found = " ".join(_done(synthesis, result)), " ".join(_found(synthesis, result))
    return Part(f"words-{synthesis.question.id}", TITLE, (f"Methods. {tidy(done)}", f"Results. {tidy(found)}"))


# ------------------------------------------------------------------ methods


def _done(synthesis: Synthesis, result: PoolResult) -> list[str]:
    k = len(synthesis.rows)
    estimator, interval = (
        method_in_words(section, name)
        for section, name in (("estimators", result.method), ("intervals", result.ci_method))
    )
    sentences = [
        f"The effect measure is the {synthesis.scale}.",
        f"The between-study variance tau² is estimated by {estimator}; the interval of the average is {interval}.",
        cited(
            "How much results differ is described by tau² with its Q-profile interval ({viechtbauer2007}), Cochran's Q "
            "({cochran1954}), I² ({higgins2002}) and the prediction interval ({riley2011})."
        ),
    ]
    if k >= LEAST:
        sentences.append(
            cited(
                "Each result was left out in turn; one stands apart when its externally studentised residual lies "
                f"beyond ±{fmt.number(residual_limit(k))}, the limit for {fmt.plural(k, 'result')} "
                "({viechtbauer2010})."
            )
        )
    return sentences


# ------------------------------------------------------------------ results


def _found(synthesis: Synthesis, result: PoolResult) -> list[str]:
    rows = sorted(synthesis.rows, key=lambda row: row.yi)
    ends = " to ".join(value_text(synthesis.primary, row.yi) for row in (rows[0], rows[-1]))
    sentences = [
        f"{capital(studied(synthesis))} were pooled; the observed effects run from {ends}{_side(synthesis)}.",
        f"The average is {estimate_with_level(synthesis.primary, result.estimate, result.ci)}.",
        _heterogeneity(result),
    ]
    if len(rows) >= LEAST:
        sentences += [_new_setting(synthesis, result), _apart(synthesis, result), _without_one(synthesis, result)]
    return [*(sentence for sentence in sentences if sentence), *missing_results(synthesis)]


def _heterogeneity(result: PoolResult) -> str:
    limits = f"{fmt.coverage(result.tau2_ci.level)} CI {fmt.interval(result.tau2_ci, digits=3)}"
    return (
        f"Cochran's Q is {fmt.number(result.q)} on {fmt.plural(result.q_df, 'degree')} of freedom "
        f"(P {fmt.p_value(result.q_p_value)}), tau² {fmt.tau2(result.tau2)} ({limits}, on the analysis scale) and "
        f"I² {fmt.i2(result.i2)}."
    )


def _new_setting(synthesis: Synthesis, result: PoolResult) -> str:
    if not result.prediction.exists:
        return ""
    limits = interval_text(synthesis.primary, result.prediction)
    level = fmt.coverage(result.prediction.level)
    return f"The true effect in a new, similar setting is expected at {limits} ({level} prediction interval)."


def _side(synthesis: Synthesis) -> str:
    """Say how many effects lie on the side of the average, where there are sides."""
    null, result = synthesis.null_value, synthesis.primary.result
    if math.isnan(null) or result is None:
        return ""
    lower = result.estimate < null
    count = sum(row.yi < null if lower else row.yi > null for row in synthesis.rows)
    side = synthesis.question.favours[0 if lower else 1]
    return f", {fmt.count(count)} of {fmt.count(len(synthesis.rows))} on the side “{side}”"


def _apart(synthesis: Synthesis, result: PoolResult) -> str:
    rows = synthesis.rows
    limit = residual_limit(len(rows))
    residuals = influence(*_effects(rows), method=result.method).rstudent
    if np.isnan(residuals).any():
        return ""
    apart = [
        f"{row.label} ({fmt.number(float(residual))})"
        for row, residual in zip(rows, residuals, strict=True)
        if abs(residual) > limit
    ]
    if apart:
        return f"{_listed(apart)} {'stands' if len(apart) == 1 else 'stand'} apart (studentised residual in brackets)."
    return f"No result stands apart: no studentised residual lies beyond ±{fmt.number(limit)}."


def _without_one(synthesis: Synthesis, result: PoolResult) -> str:
    rows = synthesis.rows
    without = leave_one_out(*_effects(rows), method=result.method).estimate
    if np.isnan(without).any():
        return ""
    pairs = sorted(zip((float(value) for value in without), (row.label for row in rows), strict=True))
    low, high = (f"{value_text(synthesis.primary, value)} (without {name})" for value, name in (pairs[0], pairs[-1]))
    return f"Leaving out one result at a time, the average runs from {low} to {high}."


def _effects(rows: tuple[RowEffect, ...]) -> tuple[list[float], list[float]]:
    return [row.yi for row in rows], [row.vi for row in rows]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
