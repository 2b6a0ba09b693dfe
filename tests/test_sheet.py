"""Results show themselves in JupyterLab: numbers as `format` words them, texts escaped, long tables cut and counted."""

from __future__ import annotations

import dataclasses
import html
import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import hipevidence as he
from hipevidence import sheet
from hipevidence.figures import from_effects
from hipevidence.interval import Interval
from hipevidence.multiverse import multiverse
from hipevidence.personal_risk import personal_risk
from hipevidence.pooling import fit_many, leave_one_out
from tests.support import ROOT

if TYPE_CHECKING:
    from hipevidence.results import Result

YI, VI = [-0.55, -0.94, -0.30], [0.047, 0.074, 0.060]


def lines(page: str) -> list[str]:
    """The text of a page, a line for each row, cells apart by a bar."""
    rows = re.sub(r"</(tr|p|li)>", "\n", page)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</t[hd]>", "|", row))) for row in rows.splitlines()]
    return [text for text in texts if text]


def shown(result: Result) -> list[str]:
    return lines(result._repr_html_())


@pytest.fixture(scope="module")
def evidence():
    return he.load_evidence(ROOT / "data")


def test_a_pooled_result_shows_names_values_and_whole_intervals():
    """The values are those that metafor 3.8 prints for rma(yi, vi)."""
    result = he.pool(YI, VI, ci="wald")
    found = shown(result)
    assert "estimate|−0.5784|" in found
    assert "ci|−0.9112 to −0.2456|" in found
    assert "i2|31.71%|" in found
    assert "q_p_value|0.215|" in found
    assert "level|95%|" in found
    assert not any(line.startswith(("ci_low", "reason")) for line in found)


def test_what_is_shown_is_the_result_rounded():
    result = he.pool(YI, VI, ci="wald")
    (line,) = [line for line in shown(result) if line.startswith("estimate")]
    assert float(line.split("|")[1].replace("−", "-")) == pytest.approx(result.estimate, abs=5e-5)


def test_what_cannot_be_computed_says_so_and_why():
    found = shown(he.pool([0.2], [0.04]))
    assert "tau2|not estimated|" in found
    assert any(line.startswith("reason|Hartung-Knapp needs at least two studies") for line in found)


def test_a_batch_shows_its_first_rows_and_counts_the_rest():
    found = shown(fit_many([YI] * 30, [VI] * 30))
    assert found[0].startswith("estimate|se|ci|")
    assert len(found) == 1 + sheet.LONGEST + 1
    assert found[-1] == "and 10 more rows"


def test_an_interval_beside_its_estimate_takes_no_name_that_is_taken():
    head = shown(fit_many([YI, YI], [VI, VI], tau2_ci="QP"))[0].split("|")
    assert {"tau2", "tau2_ci", "i2", "i2_ci", "prediction"} <= set(head)
    assert len(head) == len(set(head))


def test_a_column_of_intervals_that_nobody_asked_for_is_left_out():
    head = shown(leave_one_out(YI, VI))[0].split("|")
    assert "ci" in head
    assert not {"tau2_ci", "reason"} & set(head)


def test_a_batch_says_which_of_its_rows_has_no_estimate_and_why():
    found = shown(fit_many([YI, [0.1, 0.2, float("nan")]], [VI, VI]))
    assert "not estimated" not in found[1]
    assert "not estimated" in found[2]
    assert "reason" in found[0]


def test_a_batch_is_a_data_frame_at_full_precision():
    fits = fit_many([YI, YI], [VI, VI])
    frame = fits.to_frame()
    assert frame["estimate"].tolist() == fits.estimate.tolist()
    assert frame["p_value"].tolist() == fits.p_value.tolist()
    assert list(frame.columns) == [field.name for field in dataclasses.fields(fits)]


def test_a_meta_regression_shows_its_coefficients_as_a_table():
    page = he.pool(YI, VI, moderators=[1.0, 2.0, 4.0])._repr_html_()
    assert page.count("<table>") == 3
    assert "Coefficient(" not in page


def test_effect_sizes_of_arrays_have_a_row_each():
    effects = he.effect_size("SMD", mean1=[2.6, 2.0], sd1=2.1, n1=45, mean2=3.8, sd2=2.2, n2=44)
    assert len(shown(effects)) == 3


def test_an_answer_is_worded_as_in_the_report(evidence):
    found = lines(he.synthesise(evidence, "oa.mixed.pain")._repr_html_())
    assert any("−0.61 (95% CI −1.38 to 0.17)" in line for line in found)


def test_a_ratio_is_shown_as_a_ratio():
    answer = from_effects(["First", "Second"], [math.log(0.5)] * 2, [0.04, 0.05], measure="RR", ci="wald")
    assert any("0.50 (95% CI" in line for line in lines(answer._repr_html_()))


def test_other_answers_show_sentences_not_objects(evidence):
    shows = [
        multiverse(evidence, "oa.mixed.pain")._repr_html_(),
        he.verdicts(evidence)[0]._repr_html_(),
        personal_risk(evidence, sex="female", outcome="worsening", quartile="lowest", baseline=0.2)._repr_html_(),
    ]
    assert not any(re.search(r"\w+\(\w+=", page) or "object at" in page for page in shows)


def test_text_is_escaped_wherever_it_stands():
    hostile = "<script>alert(1)</script>"
    frame = pd.DataFrame({hostile: [hostile, "two"], "n": [1, 2]})
    pages = [sheet.frame(frame), sheet.frame(frame.head(1)), sheet.paragraph(hostile), sheet.items(hostile, [hostile])]
    assert not any("<script" in page for page in pages)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("k", 1502, "1,502"),
        ("year", 2018.0, "2018"),
        ("df", math.inf, "∞"),
        ("p_value", 1e-9, "<0.001"),
        ("effect", math.nan, "not estimated"),
        ("effect", -0.0, "0"),
        ("effect", 9.99999, "10.000"),
        ("effect", 0.00034567, "0.0003457"),
        ("effect", 1.6543e-12, "1.6543e−12"),
        ("effect", 15022.49, "15,022"),
        ("i2_ci", Interval(0.0, 98.436), "0.00% to 98.44%"),
        ("ci", Interval(math.nan, math.nan), "not estimated"),
        ("proven", np.True_, "yes"),
        ("note", None, "–"),
        ("weights", np.arange(1.0, 12.0), "1, 2, 3, 4, 5, 6, 7, 8, … (11 values)"),
        ("covariance", np.eye(2), "2 × 2 values"),
    ],
)
def test_a_value_is_worded_by_what_it_is(name, value, text):
    assert sheet.text(name, value) == text


def test_the_limit_of_significant_digits_is_kept():
    for value in np.random.default_rng(1).lognormal(0.0, 3.0, 200):
        shown_value = float(sheet.text("effect", value).replace(",", "").replace("−", "-"))
        assert shown_value == pytest.approx(value, rel=5e-4)
