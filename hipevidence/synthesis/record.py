"""A synthesis as plain data for ``--json`` and as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hipevidence import format as fmt
from hipevidence.synthesis.wording import estimate_text, heterogeneity_text, interval_text

if TYPE_CHECKING:
    from hipevidence.pooling import PoolResult
    from hipevidence.results import Interval
    from hipevidence.synthesis.result import Analysis, RowEffect, Synthesis


def as_record(synthesis: Synthesis) -> dict[str, Any]:
    """Return the answer as nested plain data with stable keys and numbers at full precision.

    Estimates are on the analysis scale (ratios as logarithms, proportions as logits); ``display`` holds the
    primary estimate as readers know it. What could not be computed is nan here and null in JSON.
    """
    question = synthesis.question
    return {
        "id": question.id,
        "title": question.title,
        "measure": question.measure,
        "scale": synthesis.scale,
        "lower_is_better": synthesis.lower_is_better,
        "mcid": question.mcid,
        "mcid_source": question.mcid_source,
        "caveats": list(question.caveats),
        "primary": _analysis(synthesis.primary),
        "sensitivity": [_analysis(analysis) for analysis in synthesis.sensitivity],
        "rows": [_row(row) for row in synthesis.rows],
        "left_out": [
            {"row_id": row.row_id, "study": row.study, "kind": row.kind, "reason": row.reason}
            for row in synthesis.left_out
        ],
    }


def _analysis(analysis: Analysis) -> dict[str, Any]:
    head = {
        "id": analysis.id,
        "title": analysis.title,
        "measure": analysis.measure,
        "k": analysis.k,
        "row_ids": list(analysis.row_ids),
        "zero_rows": list(analysis.zero_rows),
        "note": analysis.note,
    }
    return head | (_pooled(analysis, analysis.result) if analysis.result is not None else {"estimate": None})


def _pooled(analysis: Analysis, result: PoolResult) -> dict[str, Any]:
    return {
        "method": result.method,
        "ci_method": result.ci_method,
        "level": result.level,
        "estimate": result.estimate,
        "se": result.se,
        "ci_low": result.ci.low,
        "ci_high": result.ci.high,
        "p_value": result.p_value,
        "tau2": result.tau2,
        "tau2_ci_low": result.tau2_ci.low,
        "tau2_ci_high": result.tau2_ci.high,
        "i2": result.i2,
        "h2": result.h2,
        "q": result.q,
        "q_df": result.q_df,
        "q_p_value": result.q_p_value,
        "prediction_low": result.prediction.low,
        "prediction_high": result.prediction.high,
        "prediction_method": result.prediction_method,
        "display": {
            "estimate": analysis.display(result.estimate),
            **_limits(analysis.display_interval(result.ci)),
        },
    }


def _limits(interval: Interval) -> dict[str, float]:
    return {"ci_low": interval.low, "ci_high": interval.high}


def _row(row: RowEffect) -> dict[str, Any]:
    return {
        "row_id": row.row_id,
        "study": row.label,
        "sample_id": row.sample_id,
        "yi": row.yi,
        "vi": row.vi,
        **_limits(row.ci),
        "weight": row.weight,
        "measure": row.measure,
        "how": row.how,
        "n1": row.n1,
        "n2": row.n2,
        "design": row.design,
        "verification": row.verification,
        "read_in": row.read_in,
        "doi": row.doi,
    }


# ------------------------------------------------------------------ text


def as_text(synthesis: Synthesis) -> str:
    """Return the answer as a short text: rows, pooled estimates, what is missing."""
    question = synthesis.question
    lines = [question.title, f"  {question.id}: {synthesis.scale}", ""]
    width = max((len(row.label) for row in synthesis.rows), default=0)
    lines += [
        f"  {row.label:<{width}}  {estimate_text(synthesis.primary, row.yi, row.ci)}  {fmt.percent(row.weight, 1)}"
        for row in synthesis.rows
    ]
    lines.append("")
    lines += [_analysis_line(analysis) for analysis in (synthesis.primary, *synthesis.sensitivity)]
    result = synthesis.primary.result
    if result is not None and result.prediction.exists:
        lines.append(f"  Prediction interval: {interval_text(synthesis.primary, result.prediction)}")
    lines += [f"  {line}" for line in (heterogeneity_text(synthesis), *question.caveats) if line]
    lines += _left_out_lines(synthesis)
    return "\n".join(lines)


def _analysis_line(analysis: Analysis) -> str:
    if analysis.result is None:
        return f"  {analysis.title}: {analysis.note}"
    text = estimate_text(analysis, analysis.result.estimate, analysis.result.ci)
    note = f" ({analysis.note})" if analysis.note else ""
    return f"  {analysis.title}: {text}, {fmt.plural(analysis.k, 'result')}{note}"


def _left_out_lines(synthesis: Synthesis) -> list[str]:
    if not synthesis.left_out:
        return []
    return ["", "  Left out:", *(f"    {row.study} ({row.row_id}): {row.reason}" for row in synthesis.left_out)]
