"""The table that metafor works on (yi, vi, slab and the figures behind them), in and out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence.evidence.exchange.columns import Row, as_number, effect_cells, paper, read_records, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hipevidence.evidence.exchange.entry import Entry

#: metafor's name of a figure to ours.
COUNTS: Final = {"ai": "events1", "n1i": "n1", "ci": "events2", "n2i": "n2"}
MEANS: Final = {
    "m1i": "mean1_post",
    "sd1i": "sd1_post",
    "n1i": "n1",
    "m2i": "mean2_post",
    "sd2i": "sd2_post",
    "n2i": "n2",
}
NAMES: Final = ("slab", "study", "author", "trial")
FORMATS: Final = (
    ("ai", "n1i", "ci", "n2i"),
    ("ai", "bi", "ci", "di"),
    ("m1i", "sd1i", "n1i"),
    ("yi", "vi"),
    ("yi", "sei"),
)


def read_metafor(text: str, measure: str = "") -> list[Row]:
    """Return the rows of a metafor-style CSV in our columns.

    Parameters
    ----------
    text
        The text of the file.
    measure
        Effect size code, where the table has no column ``measure``.

    Returns
    -------
    list of dict
        Our columns: the figures where they are there, otherwise the effect with the 95 % interval that its variance
        gives (a ratio, which metafor holds as a logarithm, as a ratio).

    Raises
    ------
    InputError
        If columns are missing or a figure is none.
    """
    records = read_records(text)
    require(records, FORMATS, "metafor")
    return [_row(record, place, measure) for place, record in enumerate(records, 1)]


def _row(record: Row, place: int, measure: str) -> Row:
    name = next((record[column] for column in NAMES if record.get(column)), f"Study {place}")
    head = paper(name, record.get("year", "").removesuffix(".0"))
    return head | {column: text for column, text in _figures(record, measure).items() if text}


def _figures(record: Row, measure: str) -> Row:
    if record.get("ai") and record.get("bi") and not record.get("n1i"):
        totals = {"n1i": ("ai", "bi"), "n2i": ("ci", "di")}
        sums = {size: str(sum(int(as_number(record[part])) for part in parts)) for size, parts in totals.items()}
        record = record | sums
    for group in (COUNTS, MEANS):
        if all(record.get(name) for name in group):
            return {ours: record[theirs] for theirs, ours in group.items()}
    if not record.get("yi"):
        return {}
    error = record.get("sei") or repr(math.sqrt(max(as_number(record.get("vi", "")), 0.0)))
    sizes = {"n1": record.get("n1i", ""), "n2": record.get("n2i", "")}
    return sizes | effect_cells(record["yi"], error, record.get("measure", "") or measure)


def metafor_rows(entries: Iterable[Entry]) -> Iterator[dict[str, str | float | None]]:
    """Yield rows of a metafor-style CSV: effects on the analysis scale, and the figures they came from.

    Parameters
    ----------
    entries
        The pooled rows, question by question.
    """
    for entry in entries:
        counts = {theirs: entry.cell(ours) if entry.way == "events" else None for theirs, ours in COUNTS.items()}
        yield {
            "question": entry.question,
            "row_id": entry.cell("row_id"),
            "slab": entry.label,
            "year": entry.cell("year"),
            "measure": entry.measure,
            "yi": entry.yi,
            "vi": entry.vi,
            "sei": math.sqrt(entry.vi),
            "ai": counts["ai"],
            "n1i": entry.cell("n1"),
            "ci": counts["ci"],
            "n2i": entry.cell("n2"),
            "ni": _total(entry),
            "read_from": entry.way,
        }


def _total(entry: Entry) -> str:
    sizes = [entry.cell(name) for name in ("n1", "n2") if entry.cell(name)]
    return str(sum(int(float(size)) for size in sizes)) if sizes else ""
