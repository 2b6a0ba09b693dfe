"""Every defensible analysis of a question: which there are, that each is what `pool` gives, what is said of them."""

from __future__ import annotations

import math
import tomllib
from collections import Counter

import pytest

from hipevidence.errors import InputError
from hipevidence.evidence import Question, load_evidence
from hipevidence.evidence.models import Sensitivity
from hipevidence.multiverse import multiverse
from hipevidence.pooling import pool
from hipevidence.synthesis import synthesise
from tests.support import QUESTION, study
from tests.synthesis.tea import NO_FIGURES, trial


def explored(tiny, rows, **question):
    """The multiverse of the question on tea from these rows."""
    tiny.studies = rows
    (entry,) = tomllib.loads(QUESTION)["question"]
    changed = Question.model_validate({"lower_is_better": False, **entry, **question})
    return multiverse(load_evidence(tiny.write()), changed)


def three():
    return [
        trial("ant", mean1_post="6.0"),
        trial("bee", mean1_post="6.5", verification="abstract"),
        trial("cat", mean1_post="7.5", verification="secondary"),
    ]


def choices(result, name):
    return {getattr(one, name) for one in result.specifications}


def test_every_specification_is_what_pool_gives(tiny):
    result = explored(tiny, three())
    effects = {row.row_id: row for row in result.primary.rows}
    compared = 0
    for one in result.specifications:
        if one.k == 1:
            assert one.estimate == effects[one.row_ids[0]].yi
            assert one.ci == effects[one.row_ids[0]].ci
            continue
        rows = [effects[key] for key in one.row_ids]
        fit = pool([row.yi for row in rows], [row.vi for row in rows], method=one.estimator, ci=one.interval)
        assert [one.estimate, one.ci.low, one.ci.high] == pytest.approx([fit.estimate, fit.ci.low, fit.ci.high])
        assert one.p_value == pytest.approx(fit.p_value)
        compared += 1
    # three rows, each two of them (one pair of which is also what paper or abstract leaves): 4 sets x (5 x 3 + 1)
    assert compared == 4 * 16
    assert result.size == compared + 1  # and the one row read in full text
    assert choices(result, "omitted") == {"none", "Ant", "Bee"}
    assert choices(result, "verification") == {"all that were read", "full text", "paper or abstract"}


@pytest.mark.parametrize("question", ["oa.hip_added.pain", "risk.worse_knee_pain_women", "itbs.recovery"])
def test_the_protocols_own_analysis_comes_first(question, data):
    result, answer = multiverse(data, question), synthesise(data, question).primary
    first = result.specifications[0]
    assert [one.primary for one in result.specifications] == [True] + [False] * (result.size - 1)
    assert first.estimate == pytest.approx(answer.result.estimate, rel=1e-12)
    assert (first.ci.low, first.ci.high) == pytest.approx((answer.result.ci.low, answer.result.ci.high), rel=1e-9)
    assert first.row_ids == answer.row_ids


def test_the_same_data_count_once(data):
    result = multiverse(data, "oa.mixed.pain")
    keys = Counter(
        (frozenset(one.row_ids), frozenset(one.zero_rows), one.score, one.estimator, one.interval, one.estimate)
        for one in result.specifications
    )
    assert set(keys.values()) == {1}
    assert result.repeated > 0


def test_known_nulls_count_as_zero_but_never_alone(tiny):
    null = trial("dog", finding="no_difference", n1="20", n2="20", **NO_FIGURES)
    result = explored(tiny, [*three()[:2], null])
    counted = [one for one in result.specifications if one.zero_rows]
    assert counted
    assert choices(result, "nulls") == {"left out", "as zero"}
    assert all(one.row_ids for one in result.specifications)
    fit = next(one for one in counted if one.k == 3 and (one.estimator, one.interval) == ("EE", "wald"))
    rows = {row.row_id: row for row in result.primary.rows}
    by_hand = pool(
        [rows[key].yi for key in fit.row_ids] + [0.0], [rows[key].vi for key in fit.row_ids] + [2 / 20], method="EE"
    )
    assert fit.estimate == pytest.approx(by_hand.estimate)


def test_someone_left_out_does_not_come_back_as_a_zero(tiny):
    rows = three()
    again = study(**rows[0] | NO_FIGURES | {"row_id": "ant.later", "finding": "no_difference", "n1": "20", "n2": "20"})
    result = explored(tiny, [*rows, again])
    assert not any(one.zero_rows for one in result.specifications)


def test_changes_of_rows_that_the_protocol_names(tiny):
    named = [
        {"id": "without_cat", "title": "Without the loud cat", "drop_rows": ["cat.sleep"]},
        {"id": "fixed", "title": "Fixed", "method": "EE", "ci": "wald"},
    ]
    result = explored(tiny, three(), sensitivity=named)
    # leaving the cat out is also what leaving each one out comes to, and that came first
    assert choices(result, "rows") <= {"protocol", "Without the loud cat"}
    assert "Fixed" not in choices(result, "rows")
    assert Sensitivity.model_validate(named[0]).drop_rows == ("cat.sleep",)


def test_change_scores_are_analyses_of_their_own(tiny):
    both = {"change1_mean": "3.0", "change1_sd": "2.0", "change2_mean": "0.5", "change2_sd": "2.0"}
    result = explored(tiny, [trial("ant", **both), trial("bee", **both)])
    assert {"change"} < choices(result, "score")


def test_what_is_counted_and_said(tiny):
    result = explored(tiny, three(), mcid=0.1, mcid_unit="standard deviations")
    values = [one.estimate for one in result.specifications]
    assert (result.low, result.high) == (min(values), max(values))
    assert result.higher == sum(value > 0 for value in values)
    assert result.lower + result.higher <= result.size
    excluded = [one for one in result.specifications if one.ci.exists and not one.ci.low <= 0 <= one.ci.high]
    assert result.excludes_null == len(excluded)
    assert result.reaches_mcid == sum(value >= 0.1 for value in values)
    assert result.surely_reaches_mcid == sum(one.ci.low >= 0.1 for one in result.specifications)
    assert f"Across {result.size} defensible analyses" in result.sentence
    assert "0.1 standard deviations" in result.sentence
    assert len(result.to_frame()) == result.size
    lower = explored(tiny, three(), mcid=0.1, mcid_unit="points", lower_is_better=True)
    assert lower.reaches_mcid == sum(one.estimate <= -0.1 for one in lower.specifications)


def test_a_proportion_has_no_direction(data):
    result = multiverse(data, "itbs.recovery")
    assert (result.lower, result.higher, result.excludes_null, result.reaches_mcid) == (0, 0, 0, -1)
    assert "nothing to compare" in result.sentence


def test_no_rows_no_analyses(tiny):
    result = explored(tiny, [trial("ant", **NO_FIGURES)])
    assert result.size == 0
    assert math.isnan(result.low)
    assert result.sentence == "No result can be analysed in any way."


def test_estimators_by_name(data):
    result = multiverse(data, "oa.hip_vs_none.pain", estimators=("DL",), intervals=("wald",))
    assert choices(result, "estimator") - {"none"} == {"REML", "DL"}
    with pytest.raises(InputError, match="allowed"):
        multiverse(data, "oa.hip_vs_none.pain", estimators=("guess",))
    with pytest.raises(InputError, match="allowed"):
        multiverse(data, "no.such.question")
