"""Rules about several cells together. To add one: write a function here and decorate it; nothing else.

A rule names the columns it reads. In ``published_pools`` the columns ``effect`` and ``effect_measure`` are called
``estimate`` and ``measure``; a rule uses the former names for both tables.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence.evidence.figures import read_p_value
from hipevidence.evidence.rulebook import Finding, View, all_rules, check_rules, row_rule, table_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["all_rules", "check_rules"]  # from here, so that the rules below are registered

RATIO_MEASURES = frozenset({"OR", "RR", "HR", "IRR"})
BARE_FIGURES = frozenset({"NONE", "MEDIAN"})  # facts about a study: one place may hold several
SAME_PEOPLE_TWICE = frozenset({"crossover_rct", "single_group", "laboratory"})
READ_ON_A_PAGE = frozenset({"full_text", "abstract", "secondary"})
MEANS = ("mean1_pre", "mean1_post", "mean2_pre", "mean2_post")
CHANGES = ("change1_mean", "change2_mean")
SPREADS = {
    "sd1_pre": "mean1_pre",
    "sd1_post": "mean1_post",
    "sd2_pre": "mean2_pre",
    "sd2_post": "mean2_post",
    "change1_sd": "change1_mean",
    "change2_sd": "change2_mean",
}
PRINTED = (*MEANS, *CHANGES, "events1", "events2", "effect", "statistic_value", "p_value")
FIGURES = (*SPREADS, *SPREADS.values(), "statistic_value")
PLACE_OF_A_RESULT = (
    "sample_id",
    "population",
    "population_detail",
    "sex",
    "intervention",
    "arm1",
    "comparator",
    "arm2",
    "outcome",
)


@row_rule("events_above_n", "error", "No more events than people", ("events1", "n1", "events2", "n2"))
def _events_above_n(row: View) -> Iterator[Finding]:
    for events, size in (("events1", "n1"), ("events2", "n2")):
        if row.number(events) > row.number(size):
            yield Finding(events, row.printed(events), f"at most {size}, which is {row.printed(size)}")


@row_rule("ci_order", "error", "The lower limit of an interval lies below the upper one", ("ci_low", "ci_high"))
def _ci_order(row: View) -> Iterator[Finding]:
    if row.number("ci_low") >= row.number("ci_high"):
        found = f"{row.printed('ci_low')} to {row.printed('ci_high')}"
        yield Finding("ci_low, ci_high", found, "a lower limit below the upper one", "Exchange or correct the limits.")


@row_rule("ci_half", "error", "An interval has both limits", ("ci_low", "ci_high"))
def _ci_half(row: View) -> Iterator[Finding]:
    if row.has("ci_low") != row.has("ci_high"):
        missing = "ci_high" if row.has("ci_low") else "ci_low"
        yield Finding(missing, "nothing", "both limits or none", "Fill in the other limit, or delete this one.")


@row_rule("ci_without_estimate", "error", "An interval contains its estimate", ("effect", "ci_low", "ci_high"))
def _ci_without_estimate(row: View) -> Iterator[Finding]:
    low, high = row.number("ci_low"), row.number("ci_high")
    if low < high and not math.isnan(row.number("effect")) and not low <= row.number("effect") <= high:
        limits = f"between its limits {row.printed('ci_low')} and {row.printed('ci_high')}"
        yield Finding("effect", row.printed("effect"), limits, "Look the three figures and their signs up again.")


@row_rule("ratio_not_positive", "error", "A ratio is above 0", ("effect_measure", "effect", "ci_low", "ci_high"))
def _ratio_not_positive(row: View) -> Iterator[Finding]:
    if row.text("effect_measure") in RATIO_MEASURES:
        for column in ("effect", "ci_low", "ci_high"):
            if row.number(column) <= 0:
                action = "Look it up again: was it printed as a logarithm, or is the measure another one?"
                yield Finding(column, row.printed(column), f"above 0 for {row.text('effect_measure')}", action)


@row_rule("effect_without_measure", "error", "An effect names its measure", ("effect_measure", "effect"))
def _effect_without_measure(row: View) -> Iterator[Finding]:
    if row.has("effect") and not row.has("effect_measure"):
        allowed = f"the measure of the effect {row.printed('effect')}; NONE for a bare figure"
        yield Finding("effect_measure", "nothing", allowed, "Fill it in.")


@row_rule("sd_without_mean", "error", "A standard deviation stands beside its mean", (*SPREADS, *SPREADS.values()))
def _sd_without_mean(row: View) -> Iterator[Finding]:
    for spread, mean in SPREADS.items():
        if row.has(spread) and not row.has(mean):
            action = f"Fill in {mean}, or move the figure if it belongs elsewhere."
            yield Finding(mean, f"nothing, but {spread} is {row.printed(spread)}", "the mean of this spread", action)


@row_rule("outside_scale", "error", "A mean lies on its instrument's scale", ("instrument", *MEANS, *CHANGES))
def _outside_scale(row: View) -> Iterator[Finding]:
    limits = row.scale()
    if limits is None:
        return
    low, high = limits.number("minimum"), limits.number("maximum")
    action = "Check the figure and the instrument; a scale printed in other units needs an instrument of its own."
    for column in MEANS:
        if row.number(column) < low or row.number(column) > high:
            allowed = f"{limits.printed('minimum')} to {limits.printed('maximum')}, the limits of this instrument"
            yield Finding(column, row.printed(column), allowed, action)
    for column in CHANGES:
        if abs(row.number(column)) > high - low:
            allowed = f"a change within the scale {limits.printed('minimum')} to {limits.printed('maximum')}"
            yield Finding(column, row.printed(column), allowed, action)


@row_rule("no_figures", "error", "An extracted row holds a figure", ("status", *PRINTED))
def _no_figures(row: View) -> Iterator[Finding]:
    if row.text("status") == "extracted" and not any(row.has(column) for column in PRINTED):
        action = "Fill the figures in, or set status to awaiting_extraction and say what is missing."
        yield Finding("status", '"extracted", but no figure', "extracted only with a figure", action)


@row_rule("status_without_reason", "error", "What is left out says why", ("status", "status_reason"))
def _status_without_reason(row: View) -> Iterator[Finding]:
    if row.text("status") in {"awaiting_extraction", "excluded"} and not row.has("status_reason"):
        allowed = f"a reason, because status is {row.text('status')}"
        yield Finding("status_reason", "nothing", allowed, "Say in a few words what is missing or why it is excluded.")


@row_rule("n_above_enrolled", "error", "No more people analysed than enrolled", ("design", "n_enrolled", "n1", "n2"))
def _n_above_enrolled(row: View) -> Iterator[Finding]:
    sizes = [size for size in (row.number("n1"), row.number("n2")) if not math.isnan(size)]
    total = max(sizes, default=0.0) if row.text("design") in SAME_PEOPLE_TWICE else sum(sizes)
    if total > row.number("n_enrolled"):
        found = f"{row.printed('n1')} and {row.printed('n2')} analysed"
        allowed = f"no more than the {row.printed('n_enrolled')} enrolled"
        yield Finding(
            "n_enrolled", found, allowed, "Correct it; if limbs were counted, give people and say so in the note."
        )


@row_rule("not_seen", "error", "Figures nobody saw are not called read", ("seen", "verification"))
def _not_seen(row: View) -> Iterator[Finding]:
    if row.row.cells["seen"] is False and row.text("verification") in READ_ON_A_PAGE:
        action = "Set verification to unverified, or read the figures and set seen to true."
        yield Finding("verification", row.printed("verification"), "as_cited or unverified, as seen is false", action)


@row_rule("seen_unverified", "warning", "Figures that were seen are verified", ("seen", "verification"))
def _seen_unverified(row: View) -> Iterator[Finding]:
    if row.row.cells["seen"] is True and row.text("verification") in {"as_cited", "unverified"}:
        action = "If somebody saw the figures on a page, say where they were read; if not, set seen to false."
        yield Finding("seen", '"true"', f"false for {row.text('verification')}", action)


@row_rule("number_cut", "query", "Nothing is cut off behind a decimal point", ("ci_low", "ci_high", "effect"), FIGURES)
def _number_cut(row: View) -> Iterator[Finding]:
    for column in ("effect", "ci_low", "ci_high", *FIGURES):
        if row.row.printed.get(row.name(column), "").endswith("."):
            action = "Look it up again; where the page has no more, leave the cell empty and say so in the note."
            yield Finding(column, row.printed(column), "the digits behind the point, or no point", action)


@row_rule("p_value_unreadable", "error", "P lies between 0 and 1", ("p_value",))
def _p_value_unreadable(row: View) -> Iterator[Finding]:
    if row.has("p_value") and read_p_value(row.text("p_value")) is None:
        yield Finding("p_value", row.printed("p_value"), "0 to 1, such as .006, <0.001 or >0.05")


@row_rule("statistic_half", "error", "A test has a name and a value", ("statistic", "statistic_value"))
def _statistic_half(row: View) -> Iterator[Finding]:
    for column, other in (("statistic", "statistic_value"), ("statistic_value", "statistic")):
        if row.has(column) and not row.has(other):
            action = f"Fill in {other}, or delete {column}."
            yield Finding(other, "nothing", f"a value, because {column} is {row.printed(column)}", action)


@row_rule("statistic_negative", "error", "F and chi2 are not negative", ("statistic", "statistic_value"))
def _statistic_negative(row: View) -> Iterator[Finding]:
    if row.text("statistic") in {"F", "chi2"} and row.number("statistic_value") < 0:
        yield Finding("statistic_value", row.printed("statistic_value"), f"at least 0 for {row.text('statistic')}")


@table_rule(
    "duplicate_result",
    "warning",
    "A result stands in one row",
    (*PLACE_OF_A_RESULT, "instrument", "time_weeks", "status", "effect_measure"),
)
def _duplicate_result(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    first: dict[tuple[str, ...], View] = {}
    for row in rows:
        if row.text("status") != "extracted" or row.text("effect_measure") in BARE_FIGURES:
            continue
        texts = (row.text(column) for column in (*PLACE_OF_A_RESULT, "instrument", "effect_measure"))
        weeks = row.number("time_weeks")
        key = (*texts, row.printed("time_weeks") if math.isnan(weeks) else str(weeks))
        if key in first:
            found = f"the same sample, comparison, outcome, instrument and time as line {first[key].row.line}"
            action = "Delete one row, or say in arm1, arm2, instrument or time_weeks how they differ."
            yield row, Finding("sample_id", found, "one row per result", action)
        first.setdefault(key, row)
