"""For each row check: rows that pass, the change that makes one of them ask, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support import DIARY, SCALE, VOCABULARY, study

POINTS = SCALE | {"instrument": "points", "granularity": "1", "items": "1"}
YES_NO = SCALE | {"instrument": "yes_no", "maximum": "1", "granularity": "1"}
INSTRUMENTS = [SCALE, DIARY, POINTS, YES_NO]
ARMS = ("mean1_post", "sd1_post", "mean2_post", "sd2_post")
NO_MEANS = dict.fromkeys(ARMS, "")
PRE = {"mean1_pre": "5.1", "sd1_pre": "2.1", "mean2_pre": "5.0", "sd2_pre": "2.3"}
CHANGES = {"change1_mean": "0.1", "change1_sd": "1.1", "change2_mean": "-0.9", "change2_sd": "1.2"}
RATIO = NO_MEANS | {"effect_measure": "OR", "effect": "1.7", "ci_low": "1.1", "ci_high": "2.6"}
DIFFERENCE = {"effect_measure": "MD", "effect": "1.1", "ci_low": "-0.2", "ci_high": "2.4"}


@dataclass(frozen=True)
class Example:
    """A row that passes (``innocent`` cells over the standard row), and the cells that make it ask (``guilt``).

    ``beside`` are further rows, ``column`` is where the finding stands, ``found`` and ``allowed`` are parts of it.
    """

    innocent: dict[str, str]
    guilt: dict[str, str]
    column: str
    found: str
    allowed: str
    beside: tuple[dict[str, str], ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)


def other(name: str, **cells: str) -> dict[str, str]:
    """Return a row of another trial."""
    return study(row_id=name, study_id="jones2022", sample_id=name, **cells)


EXAMPLES = {
    "grim": Example(
        {"instrument": "points", "n1": "24", "mean1_post": "5.21"},
        {"mean1_post": "5.19"},
        "mean1_post",
        '"5.19" for "24" people',
        "5.17 and 5.21",
    ),
    "grimmer": Example(
        {"instrument": "points", "n1": "31", "n2": "19", "mean1_post": "5.23", "sd1_post": "2.55"},
        {"sd1_post": "2.56"},
        "mean1_post, sd1_post",
        '"5.23" (SD "2.56") for "31" people',
        "no 31 scores",
    ),
    "debit": Example(
        {
            "instrument": "yes_no",
            "n1": "20",
            "mean1_post": "0.30",
            "sd1_post": "0.47",
            "mean2_post": "",
            "sd2_post": "",
        },
        {"sd1_post": "0.37"},
        "mean1_post, sd1_post",
        '"0.30" (SD "0.37") for "20" people',
        "no count among 20 people",
    ),
    "p_recomputed": Example({"p_value": ".09"}, {"p_value": ".36"}, "p_value", '".36"', "the means at the end"),
    "p_decision": Example({"p_value": ".09"}, {"p_value": ".03"}, "p_value", '".03"', "the means at the end"),
    "p_zero": Example(NO_MEANS | {"p_value": "<0.001"}, {"p_value": "0.000"}, "p_value", '"0.000"', "above 0"),
    "statistic_recomputed": Example(
        {"statistic": "t", "statistic_value": "1.7"},
        {"statistic_value": "2.7"},
        "statistic_value",
        't "2.7"',
        "1.58 to 1.84 in size",
    ),
    "effect_recomputed": Example(DIFFERENCE, {"effect": "1.3"}, "effect", '"1.3"', "1.045 to 1.155"),
    "ci_recomputed": Example(
        DIFFERENCE, {"ci_low": "0.2", "ci_high": "2.0"}, "ci_low, ci_high", '"0.2" to "2.0"', "between"
    ),
    "ci_asymmetric": Example(
        RATIO,
        {"effect": "1.8"},
        "effect, ci_low, ci_high",
        '"1.8" within "1.1" to "2.6"',
        "the geometric middle",
    ),
    "change_mismatch": Example(
        PRE | {"change1_mean": "0.1", "change1_sd": "1.1"},
        {"change1_mean": "0.3"},
        "change1_mean",
        '"0.3"',
        "0.10, as mean1_post",
    ),
    "correlation_impossible": Example(
        PRE | {"change1_mean": "0.1", "change1_sd": "1.1"},
        {"change1_sd": "4.3"},
        "change1_sd",
        '"4.3"',
        "between 0.10 and 4.10",
    ),
    "correlation_high": Example(
        PRE | {"change1_mean": "0.1", "change1_sd": "0.7"},
        {"change1_sd": "0.4"},
        "change1_sd",
        '"0.4", while sd1_pre is "2.1" and sd1_post "2.0"',
        "at least 0.63",
    ),
    "finding_against_p": Example(
        NO_MEANS | {"p_value": "<0.001", "finding": "increases"},
        {"p_value": ">0.05"},
        "p_value",
        '">0.05"',
        "below 0.05 where the finding is increases",
    ),
    "registration_form": Example(
        {"note": "Registered as NCT02296151 and ISRCTN 61493628."},
        {"note": "Registered as NCT0229615."},
        "note",
        '"NCT0229615"',
        "NCT and 8 digits",
    ),
    "number_cut": Example({}, {"sd1_post": "2."}, "sd1_post", '"2."', "the digits behind the point"),
    "copied_interval": Example(
        DIFFERENCE | {"effect": "1.100", "ci_low": "-0.20", "ci_high": "2.40"},
        {"ci_high": "2.4"},
        "effect, ci_low, ci_high",
        '"1.100" ("-0.20" to "2.4")',
        "line 2 holds the same",
        beside=(other("first", **DIFFERENCE | {"effect": "1.100", "ci_low": "-0.20", "ci_high": "2.4"}),),
    ),
    "smd_above_2": Example(
        {},
        {"sd1_post": "0.41", "sd2_post": "0.50", "n1": "25", "n2": "25"},
        "mean1_post, sd1_post, mean2_post, sd2_post",
        '"5.20" (SD "0.41") and "4.1" (SD "0.50")',
        "at least 2.3",
    ),
    "sd_beside_se": Example({}, {"sd1_post": "0.50"}, "sd1_post", '"0.50", while sd2_post is "2.4"', "the root of n2"),
    "sd_above_scale": Example(
        {"mean1_post": "9.0", "sd1_post": "3.0"},
        {"sd1_post": "3.2"},
        "mean1_post, sd1_post",
        '"3.2" with mean "9.0"',
        "at one end of the scale",
    ),
    "sd_unusual": Example(
        {},
        {"sd2_post": "0.8"},
        "sd2_post",
        '"0.8"',
        "an SD near 2.25",
        beside=(other("c", sd1_post="2.3", sd2_post="2.3"), other("d")),
    ),
    "direction": Example(
        {"finding": "increases"},
        {"finding": "decreases"},
        "finding",
        '"decreases", but arm 1 lies above',
        "sleep decreases",
        files={"vocabulary.toml": VOCABULARY.replace('label = "sleep"', 'label = "sleep"\ngood = "more"').encode()},
    ),
    "copied_cells": Example(
        {"mean1_pre": "5.01", "sd1_pre": "2.02", "mean2_post": "4.13", "sd2_post": "2.41"},
        {"mean1_pre": "4.13", "sd1_pre": "2.41"},
        "mean2_post, sd2_post",
        '"4.13" (SD "2.41")',
        "mean1_pre and sd1_pre of this row",
    ),
    "control_counted_twice": Example(
        {"study_id": "jones2022", "sample_id": "tea", "arm1": "weak", "arm2": "hot water"},
        {"study_id": "smith2020"},
        "arm2",
        "the control arm of line 2",
        "once",
        beside=(study(row_id="first", arm1="strong", arm2="hot water", time_weeks="6"),),
    ),
    "doi_form": Example({"doi": "10.1016/x(10)1"}, {"doi": "10.1016/x(10)1."}, "doi", '"10.1016/x(10)1."', "without"),
    "doi_differs": Example(
        {"study_id": "smith2020", "doi": "10.1000/A", "time_weeks": "8"},
        {"doi": "10.1000/b"},
        "doi",
        '"10.1000/b"',
        "as in line 2",
        beside=(study(row_id="first", doi="10.1000/a"),),
    ),
    "year_after_search": Example(
        {"year": "2024"},
        {"year": "2025"},
        "year",
        '"2025"',
        "2024-03-01",
        files={"flow.toml": b'[[sources]]\nname = "A"\nlast_search = 2024-03-01\n'},
    ),
    "baseline_imbalance": Example(
        PRE, {"mean1_pre": "7.9"}, "mean1_pre, mean2_pre", '"7.9" (SD "2.1") and "5.0"', "chance could part"
    ),
}
