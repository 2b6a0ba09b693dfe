"""The tables of a network: effects, league, ranks, direct and indirect evidence, contributions, rows in and out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.comparisons.wording import against, with_nulls
from hipevidence.reporting.anchors import row_anchor
from hipevidence.reporting.answers import estimate_in_table
from hipevidence.reporting.model import Cell, Column, Row, Table
from hipevidence.reporting.questions import LEFT_OUT_KINDS, read_in
from hipevidence.reporting.text import tidy
from hipevidence.results import Interval
from hipevidence.synthesis.wording import interval_text

if TYPE_CHECKING:
    from hipevidence.comparisons import Piece, TreatmentComparison
    from hipevidence.network import Comparison

_KINDS = LEFT_OUT_KINDS | {"no_node": "Compares something else", "trial": "Cannot be joined with its trial"}


def rows_anchor(key: str) -> str:
    """Return the anchor of the table of results in a network."""
    return f"rows-{key}"


def against_reference(found: TreatmentComparison, piece: Piece, key: str) -> Table:
    """Return every treatment against the reference, by both models and with known nulls as zero."""
    level = fmt.coverage(found.network.level)
    return Table(
        id=f"effects-{key}",
        caption=f"Against {tidy(piece.result.reference)}",
        columns=(
            Column("Treatment", "label", 1.4),
            Column(f"Network estimate ({level} CI)", "number", 1.5),
            Column("As if trials did not differ (common effect)", "number", 1.5),
            Column(f"{level} prediction interval", "number", 1.3),
            Column("Known nulls as zero", "number", 1.5),
        ),
        rows=tuple(_effect(found, piece, one) for one in against(piece)),
        note=_model_note(found, piece),
    )


def _effect(found: TreatmentComparison, piece: Piece, one: Comparison) -> Row:
    moved = with_nulls(found, one)
    prediction = interval_text(found.shown, one.prediction) if one.prediction.exists else fmt.DASH
    cells = (
        tidy(one.treatment),
        _estimate(found, one),
        _estimate(found, piece.result.versus(one.treatment, one.other, "common")),
        prediction,
        fmt.DASH if moved is None else _estimate(found, moved),
    )
    return Row(tuple(Cell(text) for text in cells))


def _estimate(found: TreatmentComparison, one: Comparison) -> str:
    return estimate_in_table(found.shown, one.estimate, one.ci)


def _model_note(found: TreatmentComparison, piece: Piece) -> str:
    better = "Negative values" if found.network.lower_is_better else "Positive values"
    result = piece.result
    if piece.model == "common":
        model = "Common-effect model: there are too few trials for any other."
    else:
        i2 = f", I² {fmt.i2(result.i2)}" if not math.isnan(result.i2) else ""
        model = (
            f"Random effects, {result.method}, interval {result.ci_method} on {fmt.plural(result.df, 'degree')} of "
            f"freedom; tau² {fmt.tau2(result.tau2)} ({interval_text(found.shown, result.tau2_ci)}){i2}, "
            f"P of Q {fmt.p_value(result.p_value)}."
        )
    return tidy(f"Effect: {found.scale}; {better.lower()} favour the treatment named in the row. {model}")


def league(found: TreatmentComparison, piece: Piece, key: str) -> Table:
    """Return the league table: network estimates below the diagonal, direct evidence above it."""
    table = piece.league
    names = table.treatments
    return Table(
        id=f"league-{key}",
        caption="League table: row against column",
        columns=(Column("Treatment", "label", 1.2), *(Column(tidy(name), "number", 1.2) for name in names)),
        rows=tuple(
            Row((Cell(tidy(name)), *(Cell(_league_cell(found, piece, i, j)) for j in range(len(names)))))
            for i, name in enumerate(names)
        ),
        note="Left of the diagonal: network estimates. Right of it: direct evidence alone, at the network’s tau², with "
        "a normal interval and the number of trials; empty where no trial compares the two. Best P-score first.",
    )


def _league_cell(found: TreatmentComparison, piece: Piece, i: int, j: int) -> str:
    table = piece.league
    if i == j:
        return fmt.DASH
    if i > j:
        return estimate_in_table(
            found.shown,
            float(table.effect[i, j]),
            Interval(float(table.low[i, j]), float(table.high[i, j]), table.level),
        )
    if not table.trials[i, j]:
        return ""
    direct = Interval(float(table.direct_low[i, j]), float(table.direct_high[i, j]), table.level)
    return f"{estimate_in_table(found.shown, float(table.direct[i, j]), direct)}; {fmt.count(int(table.trials[i, j]))}"


def ranks(piece: Piece, key: str) -> Table:
    """Return P-scores and rank probabilities, with what they do not say."""
    ranking = piece.ranking
    count = len(ranking.treatments)
    places = [ranking.treatments.index(name) for name in piece.treatments]
    return Table(
        id=f"ranks-{key}",
        caption="Ranks: read the note first",
        columns=(
            Column("Treatment", "label", 1.6),
            Column("P-score", "number", 0.8),
            *(Column(f"Rank {fmt.count(number + 1)}", "number", 0.7) for number in range(count)),
        ),
        rows=tuple(
            Row(
                (
                    Cell(tidy(ranking.treatments[place])),
                    Cell(fmt.number(float(ranking.p_scores[place]))),
                    *(Cell(fmt.proportion(float(value))) for value in ranking.probabilities[place]),
                )
            )
            for place in places
        ),
        note="No recommendation. P-score: mean certainty, 0 to 1, that a treatment is better than another. Scores and "
        "chances take the estimates as normal with a known spread, so with few trials they look far surer than the "
        "intervals are; they know nothing of results that are missing, of risk of bias, or of what matters.",
    )


def directness(piece: Piece, key: str) -> Table:
    """Return direct against indirect evidence for each comparison that trials make."""
    table = piece.split
    rows = []
    for place, (first, second) in enumerate(zip(table.treatment1, table.treatment2, strict=True)):
        cells = [f"{first} against {second}", fmt.count(int(table.trials[place]))]
        if table.reasons[place]:
            cells += [fmt.number(float(table.direct[place])), fmt.DASH, fmt.DASH, fmt.DASH, table.reasons[place]]
        else:
            cells += [
                *(fmt.number(float(column[place])) for column in (table.direct, table.indirect, table.difference)),
                fmt.p_value(float(table.p_value[place])),
                f"direct share {fmt.proportion(float(table.proportion[place]))}",
            ]
        rows.append(Row(tuple(Cell(tidy(text)) for text in cells)))
    return Table(
        id=f"direct-{key}",
        caption="Direct against indirect evidence",
        columns=(
            Column("Comparison", "label", 2.0),
            Column("Trials", "number", 0.6),
            Column("Direct", "number", 0.8),
            Column("Indirect", "number", 0.8),
            Column("Difference", "number", 0.8),
            Column("P", "number", 0.6),
            Column("Remark", "text", 1.6),
        ),
        rows=tuple(rows),
        note="By back-calculation, differences on the analysis scale.",
    )


def shares(piece: Piece, key: str) -> Table:
    """Return how much of each network estimate comes from each trial."""
    found = piece.contributions
    return Table(
        id=f"shares-{key}",
        caption="Where each estimate comes from: share of each trial",
        columns=(Column("Comparison", "label", 2.0), *(Column(tidy(name), "number", 0.9) for name in found.trials)),
        rows=tuple(
            Row(
                (
                    Cell(tidy(f"{first} against {second}")),
                    *(Cell(fmt.proportion(float(share), missing=fmt.DASH)) for share in found.trial_shares[place]),
                )
            )
            for place, (first, second) in enumerate(found.comparisons)
        ),
        note=tidy(found.reason),
    )


def rows_used(found: TreatmentComparison, key: str) -> Table:
    """Return the rows of the network with the figures behind them."""
    level = fmt.coverage(found.network.level)
    return Table(
        id=rows_anchor(key),
        caption="Results in the network",
        columns=(
            Column("Study", "label", 1.2),
            Column("Comparison", "text", 2.0),
            Column(f"Effect ({level} CI)", "number", 1.4),
            Column("People", "number", 0.8),
            Column("Computed from", "text", 1.8),
            Column("Read in", "text", 1.4),
        ),
        rows=tuple(
            Row(
                (
                    Cell(tidy(one.row.label), f"#{row_anchor(one.row.row_id)}"),
                    Cell(tidy(f"{one.treatment1} against {one.treatment2}")),
                    Cell(estimate_in_table(found.shown, one.row.yi, one.row.ci)),
                    Cell(f"{fmt.count(one.row.n1)} and {fmt.count(one.row.n2)}"),
                    Cell(tidy(one.row.how)),
                    read_in(one.row.verification, one.row.read_in, one.row.url, one.row.doi),
                )
            )
            for one in found.contrasts
        ),
        note="Rows of one study on the same people are one trial with a shared arm, whose differences count together.",
    )


def rows_left_out(found: TreatmentComparison, key: str) -> Table:
    """Return every other row on these people and this outcome with its reason."""
    order = list(_KINDS)
    absent = sorted(found.absent, key=lambda row: order.index(row.kind))
    return Table(
        id=f"absent-{key}",
        caption="Results that are not in the network",
        columns=(Column("Study", "label", 1.4), Column("Kind", "text", 1.4), Column("Why", "text", 3.0)),
        rows=tuple(
            Row((Cell(tidy(row.study), f"#{row_anchor(row.row_id)}"), Cell(_KINDS[row.kind]), Cell(tidy(row.reason))))
            for row in absent
        ),
    )
