"""Data and sources: every row with what became of it, what reviews report, the papers, the input files."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.reporting.anchors import ROWS_ANCHOR, row_anchor
from hipevidence.reporting.model import Cell, Column, Reference, Row, Table
from hipevidence.reporting.questions import LEFT_OUT_KINDS, read_in
from hipevidence.reporting.statements import pool_anchor
from hipevidence.reporting.text import tidy
from hipevidence.reporting.vancouver import reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis


def data_tables(evidence: Evidence, syntheses: tuple[Synthesis, ...]) -> tuple[Table, ...]:
    """Return the tables of all rows and of all published pooled results.

    Parameters
    ----------
    evidence
        The tables.
    syntheses
        The answers, which say where each row went.

    Returns
    -------
    tuple of Table
        A table without rows is left out.
    """
    tables = (_all_rows(evidence, syntheses), _published_pools(evidence))
    return tuple(table for table in tables if table.rows)


def anchors(evidence: Evidence) -> frozenset[str]:
    """Return the anchors of all rows and published pooled results."""
    rows = {row_anchor(key) for key in evidence.studies["row_id"]}
    return frozenset(rows | {pool_anchor(key) for key in evidence.published_pools["pool_id"]})


def references(evidence: Evidence) -> tuple[Reference, ...]:
    """Return the reference list, in alphabetical order."""
    entries = (reference(key, entry) for key, entry in evidence.references.items())
    return tuple(sorted(entries, key=lambda entry: (entry.text.casefold(), entry.id)))


def provenance(evidence: Evidence) -> Table:
    """Return the input files with their SHA-256."""
    return Table(
        id="provenance",
        caption="Input files of this report",
        columns=(Column("File", "label", 1.0), Column("SHA-256", "text", 3.0)),
        rows=tuple(Row((Cell(tidy(name)), Cell(digest))) for name, digest in sorted(evidence.hashes.items())),
        note="Versions of the programs, and the rows behind each estimate, stand in manifest.json beside this report.",
    )


def cited_by(evidence: Evidence, kind: str) -> Mapping[str, list[str]]:
    """Return which statements rest on each row (``kind`` is "rows") or published pooled result ("pools")."""
    statements: dict[str, list[str]] = defaultdict(list)
    for claim in evidence.claims:
        for key in getattr(claim, kind):
            statements[key].append(claim.id)
    return statements


# ------------------------------------------------------------------ rows


def _all_rows(evidence: Evidence, syntheses: tuple[Synthesis, ...]) -> Table:
    fates, statements = _fates(syntheses), cited_by(evidence, "rows")
    records = evidence.records("studies")
    return Table(
        id=ROWS_ANCHOR,
        caption="Every row of the table of results, and what became of it",
        columns=(
            Column("Row", "label", 1.7),
            Column("Study", "text", 1.0),
            Column("Compared", "text", 2.4),
            Column("Outcome", "text", 1.1),
            Column("Read in", "text", 1.4),
            Column("Use", "text", 2.2),
        ),
        rows=tuple(_result(evidence, record, fates, statements) for record in records),
    )


def _result(
    evidence: Evidence,
    record: Mapping[str, object],
    fates: Mapping[str, list[str]],
    statements: Mapping[str, list[str]],
) -> Row:
    key = str(record["row_id"])
    uses = list(fates.get(key, ())) or [_unused(record)]
    if statements.get(key):
        uses.append(f"Statements: {', '.join(statements[key])}.")
    cells = (
        Cell(tidy(key)),
        paper(evidence, record["study_id"], record["study"]),
        Cell(compared(evidence, record)),
        Cell(_outcome(evidence, record)),
        read_in(*(str(record[name]) for name in ("verification", "read_in", "url", "doi", "pmid"))),
        Cell(tidy(" ".join(uses))),
    )
    return Row(cells, id=row_anchor(key))


def _fates(syntheses: Iterable[Synthesis]) -> Mapping[str, list[str]]:
    """Return for each row where it was pooled and why it was not, question by question."""
    used, left = defaultdict(list), defaultdict(list)
    for synthesis in syntheses:
        for row in synthesis.rows:
            used[row.row_id].append(synthesis.question.id)
        for out in synthesis.left_out:
            left[out.row_id].append((synthesis.question.id, LEFT_OUT_KINDS.get(out.kind, out.kind)))
    fates = {key: [f"Pooled in {', '.join(questions)}."] for key, questions in used.items()}
    for key, reasons in left.items():
        by_kind: dict[str, list[str]] = defaultdict(list)
        for question, kind in reasons:
            by_kind[kind].append(question)
        sentences = [f"{kind} (left out of {', '.join(questions)})." for kind, questions in by_kind.items()]
        fates.setdefault(key, []).extend(sentences)
    return fates


def _unused(record: Mapping[str, object]) -> str:
    reason = tidy(record["status_reason"]).rstrip(".")
    if record["status"] == "excluded":
        return f"Excluded: {reason}."
    return f"Fits no question ({reason})." if reason else "Fits no question."


# ------------------------------------------------------------------ published pools


def _published_pools(evidence: Evidence) -> Table:
    statements = cited_by(evidence, "pools")
    printed = evidence.printed["published_pools"] if len(evidence.published_pools) else None
    rows = () if printed is None else zip(evidence.records("published_pools"), _records(printed), strict=True)
    return Table(
        id="published-pools",
        caption="What reviews report; kept apart from the trials and never pooled with them",
        columns=(
            Column("Entry", "label", 1.6),
            Column("Review", "text", 1.0),
            Column("Compared", "text", 2.2),
            Column("Outcome", "text", 1.0),
            Column("As printed", "text", 1.3),
            Column("Studies", "text", 0.7),
            Column("Read in", "text", 1.3),
            Column("Statements", "text", 0.8),
        ),
        rows=tuple(_pool(evidence, record, text, statements) for record, text in rows),
    )


def _pool(
    evidence: Evidence,
    record: Mapping[str, object],
    printed: Mapping[str, object],
    statements: Mapping[str, list[str]],
) -> Row:
    key = str(record["pool_id"])
    cells = (
        Cell(tidy(key)),
        paper(evidence, record["review_id"], record["review"]),
        Cell(compared(evidence, record)),
        Cell(_outcome(evidence, record)),
        Cell(_as_printed(printed)),
        Cell(_studies_pooled(printed)),
        read_in(*(str(record[name]) for name in ("verification", "read_in", "url", "doi", "pmid"))),
        Cell(", ".join(statements.get(key, ())) or fmt.DASH),
    )
    return Row(cells, id=pool_anchor(key))


def _as_printed(printed: Mapping[str, object]) -> str:
    value, low, high = (tidy(printed[name]) for name in ("estimate", "ci_low", "ci_high"))
    if not value:
        return f"in words: {tidy(printed['finding']).replace('_', ' ')}"
    interval = f" ({fmt.as_printed(low)} to {fmt.as_printed(high)})" if low and high else ""
    measure = "" if printed["measure"] == "NONE" else f"{tidy(printed['measure'])} "
    return f"{measure}{fmt.as_printed(value)}{interval}"


def _studies_pooled(printed: Mapping[str, object]) -> str:
    pooled, review = tidy(printed["k_pooled"]), tidy(printed["k_review"])
    if pooled and review:
        return f"{pooled} of {review}"
    return pooled or (f"{review} in the review" if review else fmt.DASH)


# ------------------------------------------------------------------ shared


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(name): value for name, value in record.items()} for record in table.to_dict("records")]


def paper(evidence: Evidence, key: object, name: object) -> Cell:
    """Return the name of a paper, leading to its reference."""
    return Cell(tidy(name), f"#ref-{key}" if key in evidence.references else "")


def label(evidence: Evidence, section: str, key: object) -> str:
    """Return the words of a vocabulary key; the key itself when the vocabulary has none."""
    term = evidence.vocabulary[section].get(str(key))
    return tidy(term.label if term else key)


def compared(evidence: Evidence, record: Mapping[str, object]) -> str:
    """Return who was compared, what with, in the words of the vocabulary."""
    who, what, against = (
        label(evidence, section, record[section]) for section in ("population", "intervention", "comparator")
    )
    return f"{who}: {what}, against {against}"


def _outcome(evidence: Evidence, record: Mapping[str, object]) -> str:
    what = label(evidence, "outcome", record["outcome"])
    time = float(str(record["time_weeks"]))
    return what if math.isnan(time) else f"{what}, {fmt.weeks(time)}"
