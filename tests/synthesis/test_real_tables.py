"""What must hold for every question of the data folder, whatever stands in it."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from hipevidence.synthesis import as_record, as_text, synthesise
from tests.support import ROOT

POINTS = ("mean{}_pre", "sd{}_pre", "mean{}_post", "sd{}_post", "change{}_mean", "change{}_sd")


def every_analysis(answers):
    return [(key, analysis) for key, answer in answers.items() for analysis in (answer.primary, *answer.sensitivity)]


def test_no_sample_counts_twice_nulls_included(answers, data):
    samples = data.studies.set_index("row_id")["sample_id"]
    for key, analysis in every_analysis(answers):
        found = [samples[row] for row in (*analysis.row_ids, *analysis.zero_rows)]
        assert len(found) == len(set(found)), (key, analysis.id)


def test_a_row_that_counts_as_zero_is_never_a_row(answers):
    for key, analysis in every_analysis(answers):
        assert not set(analysis.zero_rows) & set(analysis.row_ids), key
        assert not set(analysis.zero_rows) & set(answers[key].primary.row_ids), key


def test_every_null_is_counted_or_named(answers):
    for answer in answers.values():
        listed = {row.row_id for row in answer.left_out}
        assert {row.row_id for row in answer.nulls} <= listed
        assert not answer.nulls or "nulls_as_zero" in {analysis.id for analysis in answer.sensitivity}


def test_labels_are_unique(answers):
    for key, analysis in every_analysis(answers):
        labels = [row.label for row in analysis.rows]
        assert len(labels) == len(set(labels)), (key, analysis.id)


def test_no_row_is_used_and_left_out(answers):
    for answer in answers.values():
        assert not {row.row_id for row in answer.left_out} & set(answer.primary.row_ids)


def test_only_verified_extracted_rows_enter_primary_analyses(answers, data):
    studies = data.studies.set_index("row_id")
    for answer in answers.values():
        rows = studies.loc[list(answer.primary.row_ids)]
        assert set(rows["verification"]) <= {"full_text", "abstract", "secondary"}
        assert set(rows["status"]) <= {"extracted"}


def test_every_effect_and_variance_is_a_number(answers):
    for _, analysis in every_analysis(answers):
        for row in analysis.rows:
            assert math.isfinite(row.yi)
            assert row.vi > 0
            assert row.ci.low < row.yi < row.ci.high


def test_records_have_the_same_keys_whatever_the_question(answers):
    heads = {tuple(as_record(answer)) for answer in answers.values()}
    assert len(heads) == 1
    pooled = {tuple(as_record(answer)["primary"]) for answer in answers.values()}
    assert len(pooled) == 1
    json.dumps([as_record(answer) for answer in answers.values()])


def test_text_names_every_row_and_every_row_left_out(answers):
    for answer in answers.values():
        text = as_text(answer)
        assert all(row.label in text for row in answer.rows)
        assert all(row.row_id in text for row in answer.left_out)


def shuffled(data, seed: int):
    order = np.random.default_rng(seed).permutation(len(data.studies))
    studies, printed = data.studies, data.printed["studies"]
    return replace(
        data,
        studies=studies.iloc[order].reset_index(drop=True),
        printed={**data.printed, "studies": printed.iloc[order].reset_index(drop=True)},
    )


QUESTIONS = re.findall(r'^id = "(\w+\.[\w.]+)"', (ROOT / "data/questions.toml").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("key", QUESTIONS)
def test_the_order_of_the_rows_changes_no_estimate(answers, data, key):
    for seed in (1, 2):
        other = synthesise(shuffled(data, seed), key)
        assert set(other.primary.row_ids) == set(answers[key].primary.row_ids)
        for analysis in (answers[key].primary, *answers[key].sensitivity):
            twin = other.analysis(analysis.id)
            assert set(twin.zero_rows) == set(analysis.zero_rows), analysis.id
            assert numbers(twin) == pytest.approx(numbers(analysis), rel=1e-6, abs=1e-9, nan_ok=True)


def test_points_ten_times_as_large_change_no_standardised_difference(answers, data):
    studies = data.studies.copy()
    columns = [name.format(arm) for name in POINTS for arm in (1, 2)]
    studies[columns] *= 10
    points = studies["effect_measure"] == "MD"
    studies.loc[points, ["effect", "ci_low", "ci_high"]] *= 10
    scaled = replace(data, studies=studies)
    for key, answer in answers.items():
        if answer.question.measure == "SMD":
            twin = synthesise(scaled, key).primary
            assert numbers(twin) == pytest.approx(numbers(answer.primary), rel=1e-6, abs=1e-9, nan_ok=True), key


def numbers(analysis) -> tuple[float, ...]:
    result = analysis.result
    if result is None:
        return ()
    return result.estimate, result.ci.low, result.ci.high, result.tau2, result.q, result.p_value
