"""From rows of studies.csv and published_pools.csv to evidence items."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, get_args

from hipevidence.claims.item import BASELINE, EvidenceItem, ItemFigure, Scope
from hipevidence.effects import effect_size, smd_from_t
from hipevidence.evidence.figures import read_p_value
from hipevidence.evidence.models import ClaimFigure
from hipevidence.results import Interval

if TYPE_CHECKING:
    from hipevidence.evidence.models import Finding, Term

Row = Mapping[str, Any]

ROLES: Final = frozenset(get_args(ClaimFigure.model_fields["role"].annotation))
ROLE_OF_MEASURE: Final = {
    "MD": "mean_difference",
    "SMD": "standardised_effect",
    "OR": "odds_ratio",
    "RR": "risk_ratio",
    "HR": "hazard_ratio",
    "IRR": "rate_ratio",
    "PR": "proportion_percent",
    "R": "correlation",
    "BETA": "slope",
}
OBSERVED: Final = frozenset({"cohort", "case_control", "cross_sectional"})  # their two means stand in the pre columns
WEEKS_PER_YEAR: Final = 52


def row_item(row: Row, instruments: Mapping[str, Row], outcomes: Mapping[str, Term]) -> EvidenceItem:
    """Return a row of studies.csv as an evidence item.

    Parameters
    ----------
    row
        Column to value: numbers as float with ``nan`` for an empty cell, text with ``""``.
    instruments
        Instrument key to its row of instruments.csv.
    outcomes
        Outcome key to term of the vocabulary.
    """
    instrument = instruments.get(row["instrument"], {})
    unit = str(instrument.get("unit", ""))
    figures = (*_effect(row, unit), *_arm_figures(row, unit), *_p_value(row), *_row_sizes(row), *_times(row))
    main = next((figure for figure in figures if figure.scope == "between" and figure.ci.exists), None)
    return EvidenceItem(
        id=row["row_id"],
        kind="row",
        label=row["study"],
        source_id=row["study_id"],
        sample_id=row["sample_id"],
        design=(row["design"],),
        n_enrolled=row["n_enrolled"],
        n_analysed=_total(row["n1"], row["n2"]),
        events=row["events1"] if math.isnan(row["n2"]) else math.nan,
        arms=(row["arm1"], row["arm2"]),
        status=row["status"],
        finding=row["finding"] or _finding(row, figures, instrument, outcomes),
        interval_includes_no_effect=None if main is None else main.ci.contains(main.no_effect),
        figures=figures,
        mcid=_number(instrument.get("mcid")),
        **_common(row),
    )


def pool_item(row: Row, instruments: Mapping[str, Row]) -> EvidenceItem:
    """Return a row of published_pools.csv as an evidence item.

    Parameters
    ----------
    row
        Column to value, as for ``row_item``.
    instruments
        Instrument key to its row of instruments.csv.
    """
    instrument = instruments.get(row["instrument"], {})
    renamed = {**row, "effect": row["estimate"], "effect_measure": row["measure"]}
    figures = (*_effect(renamed, str(instrument.get("unit", ""))), *_pool_sizes(row), *_times(row))
    main = next((figure for figure in figures if figure.scope == "between" and figure.ci.exists), None)
    return EvidenceItem(
        id=row["pool_id"],
        kind="pool",
        label=row["review"],
        source_id=row["review_id"],
        design=(row["design"],),
        finding=row["finding"],
        interval_includes_no_effect=None if main is None else main.ci.contains(main.no_effect),
        figures=figures,
        k_pooled=row["k_pooled"],
        k_review=row["k_review"],
        n_analysed=row["n_pooled"],
        mcid=_number(instrument.get("mcid")),
        **_common(row),
    )


def _common(row: Row) -> dict[str, Any]:
    keys = ("population", "intervention", "comparator", "outcome")
    return {
        **{key: (row[key],) for key in keys},
        "sex": row["sex"],
        "verification": row["verification"],
        "seen": bool(row["seen"]),
        "instrument": row["instrument"],
        "time_weeks": row["time_weeks"],
        "year": None if math.isnan(row["year"]) else int(row["year"]),
    }


def _number(value: Any) -> float:
    return math.nan if value is None or value == "" else float(value)


def _total(n1: float, n2: float) -> float:
    return n1 if math.isnan(n2) else n1 + n2


# ------------------------------------------------------------------ printed effects


def _effect(row: Row, unit: str) -> tuple[ItemFigure, ...]:
    """Return the printed effect; a pair of limits without an estimate is a range over studies."""
    value, low, high = row["effect"], row["ci_low"], row["ci_high"]
    role = _role(row)
    if not role:
        return ()
    scope: Scope = "dose" if row["instrument"] in ROLES else "within" if row["comparator"] == BASELINE else "between"
    scale = 100.0 if role == "proportion_percent" and abs(value) <= 1 else 1.0
    if math.isnan(value):
        return () if math.isnan(low) or math.isnan(high) else (ItemFigure(role, low, high, unit=unit, scope=scope),)
    level = _number(row.get("ci_level"))
    ci = Interval(low * scale, high * scale, 0.95 if math.isnan(level) else level / 100)
    return (ItemFigure(role, value * scale, ci=ci, unit=unit, scope=scope),)


def _role(row: Row) -> str:
    """Return the role of the printed effect; a dose is an instrument that is named like its role."""
    if row["instrument"] in ROLES:
        return str(row["instrument"])
    if row["effect_measure"] == "PCT":
        return "percent_change" if row["comparator"] == BASELINE else "percent_difference"
    if row["effect_measure"] == "MD" and row["comparator"] == BASELINE:
        return "point_change"
    return ROLE_OF_MEASURE.get(row["effect_measure"], "")


# ------------------------------------------------------------------ arm figures and what follows from them


def _arm_figures(row: Row, unit: str) -> tuple[ItemFigure, ...]:
    figures = [figure for arm in (1, 2) for figure in (*_course(row, arm, unit), *_proportion(row, arm))]
    figures.append(_percent_difference(row))
    if math.isnan(row["effect"]):
        figures += [_difference(row, unit), _standardised(row)]
    return tuple(figure for figure in figures if not math.isnan(figure.value))


def _course(row: Row, arm: int, unit: str) -> list[ItemFigure]:
    """Return the values of one arm before and after, and its change, printed and derived."""
    pre, post = row[f"mean{arm}_pre"], row[f"mean{arm}_post"]
    percent = 100 * (post - pre) / pre if pre else math.nan
    return [
        ItemFigure("value_before", pre, unit=unit, scope="arm", arm=arm),
        ItemFigure("value_after", post, unit=unit, scope="arm", arm=arm),
        ItemFigure("point_change", row[f"change{arm}_mean"], unit=unit, scope="within", arm=arm),
        ItemFigure("point_change", post - pre, unit=unit, scope="within", arm=arm, derived=True),
        ItemFigure("percent_change", percent, scope="within", arm=arm, derived=True),
    ]


def _proportion(row: Row, arm: int) -> list[ItemFigure]:
    events, n = row[f"events{arm}"], row[f"n{arm}"]
    return [ItemFigure("proportion_percent", 100 * events / n, scope="arm", arm=arm, derived=True)]


def _percent_difference(row: Row) -> ItemFigure:
    """Return by how many percent two groups that were only observed differ; ``nan`` for trials."""
    mean1, mean2 = row["mean1_pre"], row["mean2_pre"]
    if row["design"] not in OBSERVED or not mean2:
        return ItemFigure("percent_difference", math.nan)
    return ItemFigure("percent_difference", 100 * (mean1 - mean2) / mean2, derived=True)


def _difference(row: Row, unit: str) -> ItemFigure:
    """Return the difference of end scores between the arms, with its interval where the SDs are printed."""
    difference = row["mean1_post"] - row["mean2_post"]
    spread = [row[key] for key in ("sd1_post", "n1", "sd2_post", "n2")]
    if math.isnan(difference) or any(math.isnan(value) for value in spread):
        return ItemFigure("mean_difference", difference, unit=unit, derived=True)
    sd1, n1, sd2, n2 = spread
    effect = effect_size("MD", mean1=row["mean1_post"], sd1=sd1, n1=n1, mean2=row["mean2_post"], sd2=sd2, n2=n2)
    return ItemFigure("mean_difference", difference, ci=effect.ci(), unit=unit, derived=True)


def _p_value(row: Row) -> tuple[ItemFigure, ...]:
    """Return the printed P value, which no statement rests on but which has to be the printed one where it is told."""
    printed = read_p_value(str(row["p_value"]))
    return () if printed is None else (ItemFigure("p_value", printed.value, scope="size"),)


def _standardised(row: Row) -> ItemFigure:
    """Return Hedges' g from the t statistic or the end scores, where everything it needs is printed."""
    sizes = {"n1": row["n1"], "n2": row["n2"]}
    if row["statistic"] == "t" and not any(math.isnan(value) for value in (row["statistic_value"], *sizes.values())):
        effect = smd_from_t(row["statistic_value"], **sizes)
        return ItemFigure("standardised_effect", float(effect.yi), ci=effect.ci(), derived=True)
    needed = {key: row[key] for key in ("mean1_post", "sd1_post", "n1", "mean2_post", "sd2_post", "n2")}
    if any(math.isnan(value) for value in needed.values()):
        return ItemFigure("standardised_effect", math.nan, derived=True)
    effect = effect_size("SMD", **{key.removesuffix("_post"): value for key, value in needed.items()})
    return ItemFigure("standardised_effect", float(effect.yi), ci=effect.ci(), derived=True)


# ------------------------------------------------------------------ sizes and times


def _row_sizes(row: Row) -> tuple[ItemFigure, ...]:
    analysed = _total(row["n1"], row["n2"])
    values = (analysed, row["n_enrolled"], row["n1"], row["n2"], row["events1"], row["events2"])
    distinct = dict.fromkeys(value for value in values if not math.isnan(value))
    return tuple(ItemFigure("count_people", value, scope="size") for value in distinct)


def _pool_sizes(row: Row) -> tuple[ItemFigure, ...]:
    sizes = [("count_studies", row["k_pooled"]), ("count_studies", row["k_review"])]
    sizes += [("count_people", row["n_pooled"]), ("count_people", row["n_review"])]
    return tuple(ItemFigure(role, value, scope="size") for role, value in dict.fromkeys(sizes) if not math.isnan(value))


def _times(row: Row) -> tuple[ItemFigure, ...]:
    weeks = row["time_weeks"]
    if math.isnan(weeks) or weeks == 0:
        return ()
    months = weeks * 12 / WEEKS_PER_YEAR
    return (ItemFigure("weeks", weeks, scope="dose"), ItemFigure("months", months, scope="dose", derived=True))


# ------------------------------------------------------------------ direction


def _finding(row: Row, figures: tuple[ItemFigure, ...], instrument: Row, outcomes: Mapping[str, Term]) -> Finding:
    """Return the direction that the figures show, where the table does not say it in words.

    An outcome goes up when its scale does, unless the scale is better the other way round than the outcome.
    """
    main = next((figure for figure in figures if figure.scope == "between"), None)
    term = outcomes.get(row["outcome"])
    if main is None:
        return "not_reported"
    shift = (main.value - main.no_effect) * (-1.0 if row["effect_sign"] == -1 else 1.0)
    if main.role in {"mean_difference", "standardised_effect"}:
        if term is None or (term.good is not None and "higher_is_better" not in instrument):
            return "not_reported"
        if term.good is not None and bool(instrument["higher_is_better"]) != (term.good == "more"):
            shift = -shift
    return "no_difference" if shift == 0 else "increases" if shift > 0 else "decreases"
