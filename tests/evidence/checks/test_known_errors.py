"""The printing errors that are known in the tables of this repository are found, each by its rule."""

from __future__ import annotations

import csv
import re
import shutil

import pytest

from hipevidence.evidence import load_evidence, select, usable_figures, validate
from tests.support import ROOT, csv_text

DATA = ROOT / "data"
IN_OUR_ROWS = {
    ("jorge2015.walking.12w", "smd_above_2"),  # 69.5 m after 357.1 m: a digit is lost
    ("qiu2023.pain.nrs.6w", "copied_cells"),  # the mean before is that of the other arm at the end
    ("qiu2023.pain.nrs.6w", "change_mismatch"),
    ("qiu2023.performance.sit_to_stand.6w", "change_mismatch"),  # 24.67 to 21.06 is not 3.57
    ("qiu2023.function.6w", "correlation_high"),  # scores say -0.05, changes -1.49
    ("sharif2020.pain.6w", "p_recomputed"),  # .002, and the changes give .0003 to .0004
    ("sharif2020.function.6w", "grim"),  # 30.06 in 15 people
    ("baldon2009.hip_abduction_strength", "p_recomputed"),  # .008, and t gives .0092
    ("drew2017.function.8w", "direction"),  # the changes run against the words
    ("ilam2016.pain.6w", "finding_against_p"),  # "significant", and P > 0.05
    ("ilam2016.function.6w", "finding_against_p"),
    ("ischolar_nd.pain.6w", "p_recomputed"),  # one-sided
    ("ischolar_nd.function.6w", "p_recomputed"),
    ("khayambashi2012.pain.remembered.8w", "smd_above_2"),  # nobody has seen these figures
    ("leppanen2024.new_injury.substantial_overuse.24w", "ci_asymmetric"),
    ("mckay2020.pain.vs_stretching.8w", "registration_form"),  # a digit short
    ("tahir2025.pain.2w", "sd_unusual"),  # the interval is too narrow for 40 people
    ("winters2021.recovery.exercise_vs_wait", "ci_asymmetric"),
    ("winters2021.recovery.education_vs_wait", "ci_asymmetric"),
}
# Errors that our table mends or leaves out: the printed figures are put back into their rows.
PUT_BACK: dict[tuple[str, str], dict[str, str]] = {
    ("jorge2015.pain.12w", "cell"): {"mean2_pre": "7.0 .0"},
    ("jorge2015.quality_of_life.12w", "number_cut"): {"sd1_pre": "16."},
    ("chaipinyo_nd.function.4w", "ci_without_estimate"): {"ci_low": "0.52"},
    ("lankhorst2013.hip_abduction_strength", "ci_order"): {"estimate": "3.30", "ci_low": "5.60", "ci_high": "1.00"},
    ("lankhorst2016.radiographic_oa", "effect_recomputed"): {"effect_measure": "PR", "events1": "48", "effect": "98"},
    ("khayambashi2012.pain.as_cited.8w", "effect_recomputed"): {"effect_measure": "PCT", "effect": "-82"},
    ("khayambashi2014.pain.8w", "p_decision"): {"p_value": ".039"},
    ("dolak2011.pain.4w.completers", "p_recomputed"): {"p_value": ".035"},
    ("bennell2014.knee_adduction_moment.12w", "copied_interval"): {
        "effect": "0.134",
        "ci_low": "-0.069",
        "ci_high": "0.337",
    },
    ("romero_carrasco2022.pain.hip_and_knee_vs_knee", "direction"): {"effect_sign": ""},
    ("ilam2016.pain.6w", "cell"): {"p_value": ">0/05"},
    ("toresdahl2020.new_injury.12w", "cell"): {"doi": "SPHXXX10.1177/1941738119877180"},
    ("oliveira2014.hip_abduction_strength", "doi_form"): {"doi": "10.590/1809-2950/11903021042014"},
}
PAGE = ROOT / "docs" / "known-errors.md"
ROW_OF_PAGE = re.compile(r"^\|.*\| `([a-z0-9_.]+)` \| `([a-z0-9_]+)` \|", re.MULTILINE)
MISPRINTED = {
    "jorge2015.walking.12w": {"mean1_post": "69.5", "sd1_post": "60.8"},
    "qiu2023.pain.nrs.6w": {"mean1_pre": "3.50", "sd1_pre": "1.86"},
}


@pytest.fixture(scope="module")
def problems():
    return validate(DATA, acknowledged=True)


@pytest.fixture(scope="module")
def problems_as_printed(tmp_path_factory):
    """Return what is found in our tables when the misprints that they mend are put back."""
    folder = tmp_path_factory.mktemp("as_printed") / "data"
    shutil.copytree(DATA, folder)
    printed = {row: cells for (row, _), cells in PUT_BACK.items()}
    for table, key in (("studies", "row_id"), ("published_pools", "pool_id")):
        with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row.update(printed.pop(row[key], {}))
        (folder / f"{table}.csv").write_text(csv_text(table, rows), encoding="utf-8")
    assert printed == {}
    return validate(folder, acknowledged=True)


@pytest.mark.parametrize(("row", "rule"), sorted(IN_OUR_ROWS))
def test_a_known_error_is_found(problems, row, rule):
    assert (row, rule) in {(problem.entry, problem.rule) for problem in problems}


@pytest.mark.parametrize(("row", "rule"), sorted(PUT_BACK))
def test_a_known_error_that_our_table_mends_is_found(problems, problems_as_printed, row, rule):
    assert (row, rule) in {(problem.entry, problem.rule) for problem in problems_as_printed}
    assert (row, rule) not in {(problem.entry, problem.rule) for problem in problems}


def test_the_page_lists_each_with_its_rule():
    listed = ROW_OF_PAGE.findall(PAGE.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted({*IN_OUR_ROWS, *PUT_BACK})


def test_every_acknowledgement_still_says_something(problems):
    assert [str(problem) for problem in problems if problem.rule == "acknowledgement"] == []
    assert any(problem.acknowledged for problem in problems)


def test_misprinted_figures_stand_as_printed():
    printed = load_evidence(DATA).printed["studies"].set_index("row_id")
    for row, cells in MISPRINTED.items():
        assert dict(printed.loc[row, list(cells)]) == cells


def test_misprinted_means_enter_no_question():
    """Jorge's row waits for the paper; of Qiu's row the means before cannot be used, because it is randomised."""
    evidence = load_evidence(DATA)
    (qiu,) = [row for row in evidence.records("studies") if row["row_id"] == "qiu2023.pain.nrs.6w"]
    assert "baseline" not in usable_figures(qiu, "SMD")
    rows = evidence.studies["row_id"]
    for question in evidence.questions:
        used = set(rows[list(select(evidence, question).used)])
        assert "jorge2015.walking.12w" not in used
