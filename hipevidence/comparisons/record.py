"""A comparison of several treatments as plain data for ``--json`` and as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hipevidence import format as fmt
from hipevidence.comparisons.wording import against, against_reference, answer
from hipevidence.synthesis.wording import estimate_text

if TYPE_CHECKING:
    from hipevidence.comparisons.result import Contrast, Piece, TreatmentComparison
    from hipevidence.network import Comparison, QTest


def as_record(found: TreatmentComparison) -> dict[str, Any]:
    """Return the comparison as nested plain data with stable keys and numbers at full precision.

    Effects are treatment minus other on the analysis scale (ratios as logarithms). What could not be computed is nan
    here and null in JSON.
    """
    entry = found.network
    return {
        "id": entry.id,
        "title": entry.title,
        "measure": entry.measure,
        "scale": found.scale,
        "lower_is_better": entry.lower_is_better,
        "mcid": entry.mcid,
        "mcid_source": entry.mcid_source,
        "caveats": list(entry.caveats),
        "answer": list(answer(found)),
        "treatments": {node.id: node.label for node in entry.nodes},
        "isolated": list(found.isolated),
        "connected": found.result is not None and found.result.data.connected and not found.isolated,
        "rows": [_contrast(one) for one in found.contrasts],
        "pieces": [_piece(piece) for piece in found.pieces],
        "nulls_as_zero": {
            "rows": [_contrast(one) for one in found.nulls],
            "pieces": [_piece(piece) for piece in found.with_nulls],
            "note": found.note,
        },
        "left_out": [
            {"row_id": row.row_id, "study": row.study, "kind": row.kind, "reason": row.reason} for row in found.absent
        ],
    }


def _contrast(one: Contrast) -> dict[str, Any]:
    row = one.row
    return {
        "row_id": row.row_id,
        "study": row.label,
        "sample_id": row.sample_id,
        "treatment": one.treatment1,
        "other": one.treatment2,
        "yi": row.yi,
        "vi": row.vi,
        "ci_low": row.ci.low,
        "ci_high": row.ci.high,
        "how": row.how,
        "n1": row.n1,
        "n2": row.n2,
        "verification": row.verification,
        "read_in": row.read_in,
        "doi": row.doi,
    }


def _piece(piece: Piece) -> dict[str, Any]:
    result, table = piece.result, piece.league
    return {
        "treatments": list(piece.treatments),
        "reference": result.reference,
        "model": piece.model,
        "method": result.method,
        "ci_method": result.ci_method if piece.model == "random" else "wald",
        "level": result.level,
        "trials": [{"name": trial.name, "arms": list(trial.arms)} for trial in result.data.trials],
        "tau2": result.tau2,
        "tau2_ci_low": result.tau2_ci.low,
        "tau2_ci_high": result.tau2_ci.high,
        "i2": result.i2,
        "q": result.q,
        "q_df": result.df,
        "q_p_value": result.p_value,
        "against_reference": [_comparison(piece, one) for one in against(piece)],
        "league": {
            "effect": table.effect.tolist(),
            "ci_low": table.low.tolist(),
            "ci_high": table.high.tolist(),
            "direct": table.direct.tolist(),
            "trials": table.trials.tolist(),
        },
        "p_scores": dict(zip(piece.ranking.treatments, piece.ranking.p_scores.tolist(), strict=True)),
        "rank_probabilities": dict(zip(piece.ranking.treatments, piece.ranking.probabilities.tolist(), strict=True)),
        "inconsistency": {
            "between_designs": _test(piece.decomposition.between),
            "interaction": _test(piece.decomposition.interaction),
            "reason": piece.decomposition.reason,
            "local": _local(piece),
        },
        "contributions": {
            "trials": list(piece.contributions.trials),
            "shares": {
                f"{first} v {second}": shares
                for (first, second), shares in zip(
                    piece.contributions.comparisons, piece.contributions.trial_shares.tolist(), strict=True
                )
            },
            "reason": piece.contributions.reason,
        },
        "reason": result.reason,
    }


def _comparison(piece: Piece, one: Comparison) -> dict[str, Any]:
    common = piece.result.versus(one.treatment, one.other, "common")
    return {
        "treatment": one.treatment,
        "other": one.other,
        "estimate": one.estimate,
        "se": one.se,
        "ci_low": one.ci.low,
        "ci_high": one.ci.high,
        "p_value": one.p_value,
        "prediction_low": one.prediction.low,
        "prediction_high": one.prediction.high,
        "common_effect": {"estimate": common.estimate, "ci_low": common.ci.low, "ci_high": common.ci.high},
    }


def _test(test: QTest) -> dict[str, Any]:
    return {"q": test.q, "df": test.df, "p_value": test.p_value}


def _local(piece: Piece) -> list[dict[str, Any]]:
    table = piece.split
    columns = ("trials", "direct", "indirect", "proportion", "difference", "difference_se", "p_value")
    values = zip(*(getattr(table, name).tolist() for name in columns), strict=True)
    return [
        {"treatment": first, "other": second, **dict(zip(columns, numbers, strict=True)), "reason": reason}
        for first, second, numbers, reason in zip(
            table.treatment1, table.treatment2, values, table.reasons, strict=True
        )
    ]


# ------------------------------------------------------------------ text


def as_text(found: TreatmentComparison) -> str:
    """Return the comparison as a short text: what it says, trials, effects against the reference, what is missing."""
    lines = [found.network.title, f"  {found.network.id}: {found.scale}", ""]
    lines += [f"  {sentence}" for sentence in answer(found)]
    lines.append("")
    lines += [
        f"  {one.row.label}: {one.treatment1} v {one.treatment2} {estimate_text(found.shown, one.row.yi, one.row.ci)}"
        for one in found.contrasts
    ]
    for piece in found.pieces:
        lines += ["", f"  Against {piece.result.reference} ({fmt.plural(piece.result.trials, 'trial')}):"]
        lines += [f"    {name}: {text}" for name, text in against_reference(found, piece)]
    lines += [f"  {caveat}" for caveat in found.network.caveats]
    if found.absent:
        lines += ["", "  Left out:", *(f"    {row.study} ({row.row_id}): {row.reason}" for row in found.absent)]
    return "\n".join(lines)
