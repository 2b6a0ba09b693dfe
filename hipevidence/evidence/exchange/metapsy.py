"""The columns of the Metapsy data standard, in and out: one comparison a row, one group of figures in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence.evidence.exchange.columns import Row, effect_cells, key, paper, read_records, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hipevidence.evidence.exchange.entry import Entry

#: Metapsy's name of a figure to ours; ``{}`` is the arm. The first group that is filled is the one of a row.
GROUPS: Final = {
    "post": {"mean_arm{}": "mean{}_post", "sd_arm{}": "sd{}_post", "n_arm{}": "n{}"},
    "change": {"mean_change_arm{}": "change{}_mean", "sd_change_arm{}": "change{}_sd", "n_change_arm{}": "n{}"},
    "events": {"event_arm{}": "events{}", "totaln_arm{}": "n{}"},
}
BASELINE: Final = {"baseline_m_arm{}": "mean{}_pre", "baseline_sd_arm{}": "sd{}_pre"}
#: Effects that somebody computed before: estimate and standard error, and what they are.
COMPUTED: Final = {"precalc_g": "SMD", "precalc_log_rr": "RR"}
ARMS: Final = (1, 2)


def read_metapsy(text: str, measure: str = "") -> list[Row]:
    """Return the rows of a table in the Metapsy standard in our columns.

    Parameters
    ----------
    text
        The text of the file.
    measure
        Not used: the columns say what an effect is.

    Returns
    -------
    list of dict
        Our columns; conditions as ``arm1`` and ``arm2``, the outcome and instrument as keys.

    Raises
    ------
    InputError
        If columns are missing or a figure is none.
    """
    del measure
    records = read_records(text)
    require(records, [("study", "condition arm1", "condition arm2")], "Metapsy")
    return [_row(record) for record in records]


def _row(record: Row) -> Row:
    def get(name: str) -> str:
        return record.get(name.replace("_", " "), "")

    head = paper(get("study"), get("year"))
    words = {"arm1": get("condition_arm1"), "arm2": get("condition_arm2"), "doi": get("doi")}
    words |= {"outcome": get("outcome_type") and key(get("outcome_type")), "time_weeks": get("time_weeks")}
    words |= {"instrument": get("instrument") and key(get("instrument"))}
    figures = {ours.format(arm): get(theirs.format(arm)) for theirs, ours in BASELINE.items() for arm in ARMS}
    for group in GROUPS.values():
        found = {ours.format(arm): get(theirs.format(arm)) for theirs, ours in group.items() for arm in ARMS}
        if all(found.values()):
            return {name: text for name, text in (head | words | figures | found).items() if text}
    for name, measure in COMPUTED.items():
        if get(name) and get(f"{name}_se"):
            figures |= effect_cells(get(name), get(f"{name}_se"), measure)
            break
    return {name: text for name, text in (head | words | figures).items() if text}


def metapsy_rows(entries: Iterable[Entry]) -> Iterator[dict[str, str | float | None]]:
    """Yield rows in the Metapsy standard.

    Parameters
    ----------
    entries
        The pooled rows, question by question.

    Yields
    ------
    dict
        One comparison with one group of figures: the printed ones, or the effect as Hedges g or log risk ratio with
        its standard error. A row on another scale (an odds ratio, a difference in points without means) has none.
    """
    columns = [name.format(arm) for group in GROUPS.values() for name in group for arm in ARMS]
    empty = dict.fromkeys([*columns, *(f"{name}{end}" for name in COMPUTED for end in ("", "_se"))])
    for entry in entries:
        head = {
            "study": entry.label,
            "year": entry.cell("year"),
            "condition_arm1": entry.cell("intervention"),
            "condition_arm2": entry.cell("comparator"),
            "multi_arm1": entry.cell("arm1"),
            "multi_arm2": entry.cell("arm2"),
            "outcome_type": entry.cell("outcome"),
            "instrument": entry.cell("instrument"),
            "time": "post",
            "time_weeks": entry.cell("time_weeks"),
            "rating": None,  # who rated is not recorded here; the standard wants the column
            "doi": entry.cell("doi"),
            "question": entry.question,
        }
        yield {**head, **empty, **_group(entry)}


def _group(entry: Entry) -> dict[str, str | float]:
    if entry.way in GROUPS:
        names = GROUPS[entry.way]
        return {theirs.format(arm): entry.cell(ours.format(arm)) for theirs, ours in names.items() for arm in ARMS}
    for name, measure in COMPUTED.items():
        if measure == entry.measure:
            return {name: entry.yi, f"{name}_se": math.sqrt(entry.vi)}
    return {}
