"""The hall: a question and the rows that answer it become one frozen result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hipevidence.evidence import select
from hipevidence.pooling import pool
from hipevidence.synthesis.nulls import one_per_sample, zero_rows
from hipevidence.synthesis.result import Analysis, Synthesis
from hipevidence.synthesis.row_effect import has_effect, row_effect

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence, LeftOut
    from hipevidence.evidence.models import Question, Sensitivity


@dataclass(frozen=True, slots=True)
class _Plan:
    """One analysis before it is computed: everything that distinguishes it from the primary one."""

    id: str
    title: str
    method: str
    ci: str
    measure: str
    score: str
    drop_rows: tuple[str, ...] = ()
    add_rows: tuple[str, ...] = ()
    zero_rows: tuple[str, ...] = ()


#: Run beside every question: id, title, estimator, interval (``None`` keeps the question's own).
STANDARD: Final = (
    ("fixed_effect", "Fixed effect, Wald interval", "EE", "wald"),
    ("wald", "Random effects, Wald interval", None, "wald"),
    ("hksj", "Random effects, plain Hartung-Knapp interval", None, "HKSJ"),
    ("dl", "DerSimonian-Laird, Wald interval", "DL", "wald"),
)


#: Said where there is nothing to pool.
ALONE: Final = "One result only: nothing is pooled, the interval is its own."

SCALES: Final = {
    "SMD": "standardised mean difference (Hedges g)",
    "OR": "odds ratio",
    "RR": "risk ratio",
    "HR": "hazard ratio",
    "PLO": "proportion, pooled as logit",
    "PFT": "proportion, pooled as Freeman-Tukey double arcsine",
}


def synthesise(
    evidence: Evidence,
    question: str | Question,
    *,
    method: str | None = None,
    ci: str | None = None,
) -> Synthesis:
    """Answer one question of the protocol from the tables.

    Parameters
    ----------
    evidence
        The tables, as ``load_evidence`` gives them.
    question
        Its id, or an entry of your own.
    method, ci
        Another estimator or interval than the protocol names, for the primary analysis.

    Returns
    -------
    Synthesis
        Rows with their effects, the primary and all sensitivity analyses, and every row left out with its reason.
        Where nothing can be pooled the analysis has no result and its note says why.

    Raises
    ------
    InputError
        If there is no such question, or the estimator or interval does not exist.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> answer = synthesise(load_evidence("data"), "oa.mixed.pain")
    >>> answer.primary.k
    3
    """
    entry = evidence.question(question) if isinstance(question, str) else question
    changed = {key: value for key, value in (("method", method), ("ci", ci)) if value is not None}
    entry = entry.model_copy(update=changed)
    title = "Primary analysis" if not changed else f"Your choice: {entry.method}, {entry.ci}"
    primary, left_out = _run(evidence, entry, replace(_primary_plan(entry), title=title))
    standard = _standard_plans(entry) if primary.k > 1 else []
    plans = [*standard, *_null_plans(evidence, entry, left_out), *(_named_plan(entry, s) for s in entry.sensitivity)]
    analyses = tuple(_run(evidence, entry, plan)[0] for plan in plans)
    return Synthesis(
        question=entry,
        primary=primary,
        sensitivity=analyses,
        left_out=left_out,
        scale=_scale(evidence, entry),
    )


# ------------------------------------------------------------------ plans


def _primary_plan(entry: Question) -> _Plan:
    return _Plan("primary", "Primary analysis", entry.method, entry.ci, entry.measure, entry.score)


def _standard_plans(entry: Question) -> list[_Plan]:
    base = _primary_plan(entry)
    return [
        replace(base, id=plan_id, title=title, method=method or entry.method, ci=ci)
        for plan_id, title, method, ci in STANDARD
    ]


def _null_plans(evidence: Evidence, entry: Question, left_out: tuple[LeftOut, ...]) -> list[_Plan]:
    """Known null results count as zero, unless the protocol names which of them do."""
    nulls = {row.row_id for row in left_out if row.kind == "null_without_figures"}
    if not nulls or any(sensitivity.id == "nulls_as_zero" for sensitivity in entry.sensitivity):
        return []
    plan = replace(_primary_plan(entry), id="nulls_as_zero", title="Known nulls as zero")
    return [replace(plan, zero_rows=one_per_sample(evidence, nulls, entry.time_target))]


def _named_plan(entry: Question, sensitivity: Sensitivity) -> _Plan:
    return _Plan(
        id=sensitivity.id,
        title=sensitivity.title,
        method=sensitivity.method or entry.method,
        ci=sensitivity.ci or entry.ci,
        measure=sensitivity.measure or entry.measure,
        score=sensitivity.score or entry.score,
        drop_rows=sensitivity.drop_rows,
        add_rows=sensitivity.add_rows,
        zero_rows=sensitivity.null_rows,
    )


# ------------------------------------------------------------------ one analysis


def _run(evidence: Evidence, entry: Question, plan: _Plan) -> tuple[Analysis, tuple[LeftOut, ...]]:
    """Compute one analysis and return it with the rows left out of it."""
    asked = entry.model_copy(update={"measure": plan.measure, "score": plan.score})
    records = evidence.records("studies")
    used, left_out = _select(evidence, records, asked, plan)
    labels = _labels([records[position] for position in used])
    printed = evidence.printed["studies"]
    rows = tuple(
        row_effect(evidence, records[position], printed.iloc[position], asked, label)
        for position, label in zip(used, labels, strict=True)
    )
    zeros, zero_note = zero_rows(evidence, plan.zero_rows, asked, rows)
    note = "" if rows or zeros else "No result with usable figures."
    if plan.zero_rows and not zeros:
        note = "None could be counted."
    if note:
        note = " ".join(part for part in (note, zero_note) if part)
        return Analysis(plan.id, plan.title, plan.measure, None, (), note=note), left_out
    effects = [row.yi for row in rows] + [0.0] * len(zeros)
    variances = [row.vi for row in rows] + list(zeros.values())
    alone = len(effects) == 1
    result = pool(effects, variances, method=plan.method, ci="wald" if alone else plan.ci, level=entry.level)
    if alone and rows:
        result = replace(result, ci=rows[0].ci)  # its own interval, as printed where one is
    weighed = tuple(replace(row, weight=float(weight)) for row, weight in zip(rows, result.weights, strict=False))
    note = " ".join(part for part in (zero_note, ALONE if alone else "") if part)
    return Analysis(plan.id, plan.title, plan.measure, result, weighed, tuple(zeros), note), left_out


def _select(
    evidence: Evidence, records: list[dict[str, Any]], asked: Question, plan: _Plan
) -> tuple[tuple[int, ...], tuple[LeftOut, ...]]:
    """Return the rows used and left out; a row that fills its columns but gives no effect makes room for the next."""
    hopeless: set[str] = set()
    while True:
        added = [row_id for row_id in plan.add_rows if row_id not in hopeless]
        selection = select(evidence, asked, add_rows=added, drop_rows=(*plan.drop_rows, *hopeless))
        failed = [position for position in selection.used if not has_effect(evidence, records[position], asked)]
        if not failed:
            reason = f"its figures fill the columns but do not give {asked.measure} with a variance"
            return selection.used, tuple(
                replace(row, kind="no_usable_figures", reason=reason) if row.row_id in hopeless else row
                for row in selection.left_out
            )
        hopeless.update(records[position]["row_id"] for position in failed)


def _labels(records: list[dict[str, Any]]) -> list[str]:
    """Return a name for each row, told apart by its key where a study stands twice."""
    names = [str(record["study"]) for record in records]
    return [
        f"{name} ({record['row_id']})" if names.count(name) > 1 else name
        for name, record in zip(names, records, strict=True)
    ]


# ------------------------------------------------------------------ scale


def _scale(evidence: Evidence, entry: Question) -> str:
    if entry.measure != "MD":
        return SCALES.get(entry.measure, entry.measure)
    names = [
        f"{evidence.instrument(key)['unit']}, {evidence.instrument(key)['name']}" for key in entry.only_instruments
    ]
    return f"difference in means ({' or '.join(names)})" if names else "difference in means"
