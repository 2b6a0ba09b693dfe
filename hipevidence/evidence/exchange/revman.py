"""RevMan's data rows (the CSV of a Cochrane data package), in and out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence.evidence.exchange.columns import RATIOS, Row, as_number, effect_cells, paper, read_records, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hipevidence.evidence.exchange.entry import Entry

HEADER: Final = (
    "Analysis group",
    "Analysis number",
    "Analysis name",
    "Subgroup",
    "Applicability",
    "Study",
    "Study year",
    "GIV Mean",
    "GIV SE",
    "Experimental mean",
    "Experimental SD",
    "Experimental cases",
    "Experimental N",
    "Control mean",
    "Control SD",
    "Control cases",
    "Control N",
    "O-E",
    "Variance",
    "Weight",
    "Mean",
    "CI start",
    "CI end",
    "Footnotes",
)
NEGATED: Final = "Means multiplied by -1: the scale runs the other way."
#: Columns of ours that hold a group of figures.
MEANS: Final = {
    "post": ("mean{}_post", "sd{}_post"),
    "change": ("change{}_mean", "change{}_sd"),
    "baseline": ("mean{}_pre", "sd{}_pre"),
}


def read_data_rows(text: str, measure: str = "") -> list[Row]:
    """Return the rows of a RevMan data-rows CSV in our columns.

    Parameters
    ----------
    text
        The text of the file.
    measure
        Effect size code of generic rows, such as ``HR``; needed for them only.

    Returns
    -------
    list of dict
        Our columns; groups as counts or as means at the end, generic rows as an effect with its interval.

    Raises
    ------
    InputError
        If columns are missing or a figure is none.
    """
    records = read_records(text)
    require(records, [("study", "experimental n", "control n"), ("study", "giv mean", "giv se")], "RevMan data rows")
    return [_row(record, measure) for record in records]


def _row(record: Row, measure: str) -> Row:
    def get(name: str) -> str:
        return record.get(name, "")

    place = ", ".join(part for part in (get("analysis name"), get("subgroup")) if part)
    number = ".".join(part for part in (get("analysis group"), get("analysis number")) if part)
    note = " ".join(part for part in (f"Analysis {number}." if number else "", get("footnotes")) if part)
    head = paper(get("study"), get("study year")) | {"population_detail": place, "note": note}
    return head | {name: text for name, text in _figures(record, measure).items() if text}


def _figures(record: Row, measure: str) -> Row:
    sizes = {"n1": record.get("experimental n", ""), "n2": record.get("control n", "")}
    if record.get("experimental cases"):
        return sizes | {"events1": record["experimental cases"], "events2": record.get("control cases", "")}
    if record.get("experimental mean") and record.get("experimental sd"):
        means = {"mean1_post": "experimental mean", "sd1_post": "experimental sd"}
        means |= {"mean2_post": "control mean", "sd2_post": "control sd"}
        return sizes | {ours: record.get(theirs, "") for ours, theirs in means.items()}
    if record.get("giv mean") and record.get("giv se"):
        return sizes | effect_cells(record["giv mean"], record["giv se"], measure)
    if record.get("o e") and record.get("variance"):
        return sizes | _observed_minus_expected(record["o e"], record["variance"], measure)
    limits = {"effect": "mean", "ci_low": "ci start", "ci_high": "ci end"}
    return sizes | {ours: record.get(theirs, "") for ours, theirs in limits.items()} | {"effect_measure": measure}


def _observed_minus_expected(difference: str, variance: str, measure: str) -> Row:
    """Return Peto's estimate: (O - E) / V on the log scale, with standard error 1 / sqrt(V)."""
    spread = as_number(variance)
    if not spread > 0:
        return {}
    return effect_cells(repr(as_number(difference) / spread), repr(1 / math.sqrt(spread)), measure or "HR")


def data_rows(entries: Iterable[Entry]) -> Iterator[dict[str, str | float | None]]:
    """Yield rows of a RevMan data-rows CSV.

    Parameters
    ----------
    entries
        The pooled rows, question by question.

    Yields
    ------
    dict
        One row under RevMan's column names. Where all rows of a question print counts, or all print means and SDs,
        these are handed over; otherwise effect and standard error, ratios as logarithms.
    """
    listed = list(entries)
    numbers = {name: place for place, name in enumerate(dict.fromkeys(entry.question for entry in listed), 1)}
    kinds = {name: _kind([entry for entry in listed if entry.question == name]) for name in numbers}
    for entry in listed:
        head: dict[str, str | float | None] = {
            "Analysis group": 1.0,
            "Analysis number": float(numbers[entry.question]),
            "Analysis name": entry.title,
        }
        named = {"Study": entry.label, "Study year": entry.cell("year"), "Applicability": "OVERALL"}
        figures = _WRITERS[kinds[entry.question]](entry)
        yield {**dict.fromkeys(HEADER), **head, **named, **figures}


def _kind(entries: list[Entry]) -> str:
    if all(entry.way == "events" and entry.measure in RATIOS | {"RD"} for entry in entries):
        return "counts"
    return "means" if all(entry.way in MEANS for entry in entries) else "generic"


def _counts(entry: Entry) -> dict[str, str | float | None]:
    return {
        "Experimental cases": entry.cell("events1"),
        "Experimental N": entry.cell("n1"),
        "Control cases": entry.cell("events2"),
        "Control N": entry.cell("n2"),
    }


def _means(entry: Entry) -> dict[str, str | float | None]:
    mean, sd = MEANS[entry.way]
    first, second = entry.cell(mean.format(1)), entry.cell(mean.format(2))
    negated = entry.yi * (float(first) - float(second)) < 0
    return {
        "Experimental mean": _negative(first) if negated else first,
        "Experimental SD": entry.cell(sd.format(1)),
        "Experimental N": entry.cell("n1"),
        "Control mean": _negative(second) if negated else second,
        "Control SD": entry.cell(sd.format(2)),
        "Control N": entry.cell("n2"),
        "Footnotes": NEGATED if negated else None,
    }


def _negative(text: str) -> str:
    return text.removeprefix("-") if text.startswith("-") else f"-{text.removeprefix('+')}"


def _generic(entry: Entry) -> dict[str, str | float | None]:
    sizes = {"Experimental N": entry.cell("n1"), "Control N": entry.cell("n2")}
    return {"GIV Mean": entry.yi, "GIV SE": math.sqrt(entry.vi), **sizes}


_WRITERS: Final = {"counts": _counts, "means": _means, "generic": _generic}
