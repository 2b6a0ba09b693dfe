"""The numbers behind the report as CSV, for people who calculate further."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Final

from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hipevidence.claims import Verdict
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis

Value = str | float | int | None
#: A spreadsheet reads a cell that begins with one of these as a formula (white space before it is taken off first).
FORMULA_STARTS: Final = ("=", "+", "-", "@")
#: Digits that are the same on every machine; iterated estimates are exact to about this many.
DIGITS: Final = 10


def csv_tables(syntheses: tuple[Synthesis, ...], verdicts: tuple[Verdict, ...]) -> dict[str, bytes]:
    """Return every table of the report as CSV.

    Parameters
    ----------
    syntheses
        The answers.
    verdicts
        The verdicts.

    Returns
    -------
    dict of str to bytes
        File name to UTF-8 text with LF line ends. Numbers are on the analysis scale with ten significant digits; what
        could not be computed is empty. Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    return {
        "effects.csv": as_csv(_effect(each, row) for each in syntheses for row in each.rows),
        "pooled.csv": as_csv(_pooled(each, one) for each in syntheses for one in (each.primary, *each.sensitivity)),
        "left_out.csv": as_csv(_left_out(each) for each in _all_left_out(syntheses)),
        "claims.csv": as_csv(_claim(verdict) for verdict in verdicts),
    }


def cell(value: Value) -> str:
    """Return a value as the text of a CSV cell.

    Parameters
    ----------
    value
        Text, a number, or ``None``.

    Returns
    -------
    str
        Text on one line, neutralised for spreadsheets; a number with ten significant digits; ``""`` if missing.

    Examples
    --------
    >>> cell("=1+1"), cell(-0.6072), cell("-5.20"), cell(float("nan"))
    ("'=1+1", '-0.6072', '-5.20', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        text = tidy(value)
        return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_number(text) else text
    if isinstance(value, int):
        return str(value)
    return "" if math.isnan(value) else f"{value:.{DIGITS}g}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_csv(records: Iterable[Mapping[str, Value]]) -> bytes:
    """Return records as CSV, each cell as ``cell`` writes it."""
    rows = list(records)
    buffer = io.StringIO()
    if rows:
        writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue().encode()


def _effect(synthesis: Synthesis, row: RowEffect) -> dict[str, Value]:
    return {
        "question": synthesis.question.id,
        "row_id": row.row_id,
        "study": row.label,
        "sample_id": row.sample_id,
        "year": row.year,
        "measure": row.measure,
        "yi": row.yi,
        "vi": row.vi,
        "ci_low": row.ci.low,
        "ci_high": row.ci.high,
        "weight_percent": row.weight,
        "n1": row.n1,
        "n2": row.n2,
        "arm1": row.arm1,
        "arm2": row.arm2,
        "computed_from": row.how,
        "design": row.design,
        "verification": row.verification,
        "read_in": row.read_in,
        "doi": row.doi,
        "note": row.note,
    }


def _pooled(synthesis: Synthesis, analysis: Analysis) -> dict[str, Value]:
    head: dict[str, Value] = {
        "question": synthesis.question.id,
        "analysis": analysis.id,
        "title": analysis.title,
        "scale": synthesis.scale,
        "k": analysis.k,
    }
    result = analysis.result
    numbers: dict[str, Value] = {
        "estimate": result.estimate if result else None,
        "se": result.se if result else None,
        "ci_low": result.ci.low if result else None,
        "ci_high": result.ci.high if result else None,
        "level": result.level if result else None,
        "p_value": result.p_value if result else None,
        "prediction_low": result.prediction.low if result else None,
        "prediction_high": result.prediction.high if result else None,
        "tau2": result.tau2 if result else None,
        "tau2_ci_low": result.tau2_ci.low if result else None,
        "tau2_ci_high": result.tau2_ci.high if result else None,
        "i2_percent": result.i2 if result else None,
        "q": result.q if result else None,
        "q_df": result.q_df if result else None,
        "q_p_value": result.q_p_value if result else None,
        "method": result.method if result else None,
        "ci_method": result.ci_method if result else None,
        "display_estimate": analysis.display(result.estimate) if result else None,
        "display_ci_low": analysis.display(result.ci.low) if result else None,
        "display_ci_high": analysis.display(result.ci.high) if result else None,
    }
    tail: dict[str, Value] = {
        "rows": " ".join(analysis.row_ids),
        "rows_as_zero": " ".join(analysis.zero_rows),
        "note": analysis.note,
    }
    return head | numbers | tail


def _all_left_out(syntheses: tuple[Synthesis, ...]) -> Iterator[tuple[str, str, str, str, str]]:
    for synthesis in syntheses:
        for row in synthesis.left_out:
            yield synthesis.question.id, row.row_id, row.study, row.kind, row.reason


def _left_out(values: tuple[str, str, str, str, str]) -> dict[str, Value]:
    return dict(zip(("question", "row_id", "study", "kind", "reason"), values, strict=True))


def _claim(verdict: Verdict) -> dict[str, Value]:
    claim = verdict.claim
    return {
        "claim": claim.id,
        "section": claim.section,
        "statement": claim.statement,
        "verdict": str(verdict.verdict),
        "codes": " ".join(verdict.codes),
        "reasons": " ".join(reason.sentence for reason in verdict.reasons),
        "carried": verdict.carried,
        "questions": " ".join(verdict.questions),
        "pools": " ".join(verdict.pools),
        "rows": " ".join(verdict.rows),
        "review_by": claim.review_by,
    }
