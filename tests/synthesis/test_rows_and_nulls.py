"""Who enters, who is named instead, and what happens with one result or none."""

from __future__ import annotations

import math

import pytest

from hipevidence.errors import InputError
from hipevidence.pooling import pool
from hipevidence.synthesis import as_record, as_text, synthesise
from tests.support import study
from tests.synthesis.tea import NO_FIGURES, NO_MEANS, Z, ask, hedges, pooled_d, trial

NULL = NO_FIGURES | {"finding": "no_difference"}


def nulls(answer):
    return answer.analysis("nulls_as_zero")


class TestNone:
    def test_zero_studies(self, tiny):
        answer = ask(tiny, [])
        assert (answer.rows, answer.primary.result, answer.primary.k) == ((), None, 0)
        assert answer.primary.note == "No result with usable figures."
        assert answer.sensitivity == ()

    def test_only_studies_without_figures(self, tiny):
        answer = ask(tiny, [trial("blank", **NO_FIGURES)])
        assert answer.primary.result is None
        assert [row.kind for row in answer.awaiting] == ["awaiting_extraction"]

    def test_text_and_record_say_so(self, tiny):
        answer = ask(tiny, [trial("blank", **NO_FIGURES)])
        assert "Primary analysis: No result with usable figures." in as_text(answer)
        assert "Blank (blank.sleep): table not seen" in as_text(answer)
        record = as_record(answer)
        assert record["primary"]["estimate"] is None
        assert record["left_out"][0]["kind"] == "awaiting_extraction"


class TestOne:
    def test_it_is_its_own_result_with_its_own_interval(self, tiny):
        answer = ask(tiny, [study()])
        g, v = hedges(pooled_d(5.2, 2.0, 24, 4.1, 2.4, 23), 24, 23)
        result = answer.primary.result
        expected = (g, g - Z * math.sqrt(v), g + Z * math.sqrt(v))
        assert (result.estimate, result.ci.low, result.ci.high) == pytest.approx(expected, rel=1e-8)
        assert answer.primary.note.startswith("One result only")
        assert answer.rows[0].weight == pytest.approx(100)

    def test_other_models_of_one_result_are_not_shown(self, tiny):
        assert ask(tiny, [study()]).sensitivity == ()

    def test_it_has_no_prediction_interval(self, tiny):
        assert not ask(tiny, [study()]).primary.result.prediction.exists


class TestSamples:
    def test_one_row_of_a_sample_by_instrument_then_time(self, tiny):
        rows = [
            study(row_id="late.scale", time_weeks="12"),
            study(row_id="near.scale", time_weeks="7"),
            study(row_id="late.diary", time_weeks="12", instrument="diary"),
        ]
        answer = ask(tiny, rows)
        assert [row.row_id for row in answer.rows] == ["late.diary"]
        assert {row.kind for row in answer.left_out} == {"other_measurement"}
        assert [row.row_id for row in ask(tiny, rows[:2]).rows] == ["near.scale"]

    def test_labels_are_told_apart_where_a_study_stands_twice(self, tiny):
        rows = [study(row_id="men", sample_id="men"), study(row_id="women", sample_id="women"), trial("other")]
        assert [row.label for row in ask(tiny, rows).rows] == ["Smith 2020 (men)", "Smith 2020 (women)", "Other"]

    def test_weights_are_percent_of_the_primary_analysis(self, tiny):
        answer = ask(tiny, [trial("a"), trial("b", n_enrolled="480", n1="240", n2="230"), trial("c", mean1_post="9")])
        assert [row.weight for row in answer.rows] == pytest.approx(list(answer.primary.result.weights))
        assert sum(row.weight for row in answer.rows) == pytest.approx(100)


class TestNulls:
    def test_they_count_as_zero_with_the_variance_of_their_sizes(self, tiny):
        answer = ask(
            tiny, [trial("a"), trial("b", mean1_post="7"), trial("zero", **NULL, n_enrolled="90", n1="40", n2="50")]
        )
        effects = [row.yi for row in answer.rows]
        variances = [row.vi for row in answer.rows]
        expected = pool([*effects, 0.0], [*variances, 1 / 40 + 1 / 50], method="REML", ci="HKSJ-modified")
        result = nulls(answer).result
        assert (result.estimate, result.ci.low) == pytest.approx((expected.estimate, expected.ci.low), rel=1e-8)
        assert nulls(answer).zero_rows == ("zero.sleep",)

    def test_they_are_never_among_the_rows(self, tiny):
        answer = ask(tiny, [trial("a"), trial("zero", **NULL)])
        assert [row.row_id for row in answer.rows] == ["a.sleep"]
        assert nulls(answer).row_ids == ("a.sleep",)
        assert answer.primary.zero_rows == ()
        assert [row.row_id for row in answer.nulls] == ["zero.sleep"]

    def test_without_sizes_they_are_named(self, tiny):
        answer = ask(tiny, [trial("a"), trial("zero", **NULL | {"n1": "", "n2": ""}), trial("sized", **NULL)])
        assert nulls(answer).zero_rows == ("sized.sleep",)
        assert nulls(answer).note == "Not counted, because group sizes are not printed: Zero."

    def test_none_with_sizes_is_said_and_gives_no_result(self, tiny):
        answer = ask(tiny, [trial("a"), trial("zero", **NULL | {"n2": ""})])
        assert nulls(answer).result is None
        assert nulls(answer).note == "None could be counted. Not counted, because group sizes are not printed: Zero."

    def test_people_who_are_pooled_do_not_count_again(self, tiny):
        answer = ask(tiny, [trial("a"), study(row_id="a.diary", sample_id="a", instrument="diary", **NULL)])
        assert nulls(answer).result is None
        assert nulls(answer).note.endswith("the same people are pooled already: Smith 2020.")

    def test_one_sample_counts_as_one_null_the_nearest_in_time(self, tiny):
        rows = [trial("a"), trial("z", **NULL, time_weeks="12")]
        rows.append(study(row_id="z.near", sample_id="z", time_weeks="7", n1="11", n2="12", **NULL))
        assert nulls(ask(tiny, rows)).zero_rows == ("z.near",)

    def test_nulls_alone_are_pooled_at_zero(self, tiny):
        answer = ask(tiny, [trial("a", **NULL), trial("b", **NULL)])
        assert answer.primary.result is None
        assert nulls(answer).result.estimate == 0.0
        assert nulls(answer).k == 2

    def test_in_points_they_have_the_spread_of_the_rows(self, tiny):
        rows = [trial("a"), trial("b", sd1_post="3"), trial("zero", **NULL, n_enrolled="90", n1="40", n2="50")]
        answer = ask(tiny, rows, measure="MD")
        spread = sum(47 * row.vi / (1 / 24 + 1 / 23) for row in answer.rows) / 94
        effects, variances = [row.yi for row in answer.rows], [row.vi for row in answer.rows]
        expected = pool([*effects, 0.0], [*variances, spread * (1 / 40 + 1 / 50)], ci="HKSJ-modified")
        assert nulls(answer).result.estimate == pytest.approx(expected.estimate, rel=1e-8)
        assert nulls(answer).note == "Their spread is taken from the intervals of the results pooled here."

    def test_in_points_without_a_row_there_is_no_spread(self, tiny):
        answer = ask(tiny, [trial("zero", **NULL)], measure="MD")
        assert nulls(answer).note.endswith("because no result gives a spread: Zero.")

    def test_a_ratio_of_one_has_no_variance(self, tiny):
        answer = ask(tiny, [trial("a", events1="3", events2="4"), trial("zero", **NULL)], measure="OR")
        assert nulls(answer).note.endswith("because a zero has no variance as OR: Zero.")

    def test_the_protocol_may_name_which_count(self, tiny):
        named = {"id": "nulls_as_zero", "title": "One of them", "null_rows": ["one.sleep"]}
        rows = [trial("a"), trial("one", **NULL), trial("two", **NULL)]
        answer = ask(tiny, rows, sensitivity=[named])
        assert [analysis.id for analysis in answer.sensitivity].count("nulls_as_zero") == 1
        assert nulls(answer).zero_rows == ("one.sleep",)


class TestSensitivity:
    def test_rows_are_added_and_dropped(self, tiny):
        changes = [
            {"id": "with", "title": "With the unverified", "add_rows": ["c.sleep"]},
            {"id": "without", "title": "Without a", "drop_rows": ["a.sleep"]},
        ]
        rows = [trial("a"), trial("b"), trial("c", verification="unverified", seen="false")]
        answer = ask(tiny, rows, sensitivity=changes)
        assert answer.primary.row_ids == ("a.sleep", "b.sleep")
        assert answer.analysis("with").row_ids == ("a.sleep", "b.sleep", "c.sleep")
        assert answer.analysis("without").row_ids == ("b.sleep",)

    def test_measure_and_model_change(self, tiny):
        other = {"id": "points", "title": "In points", "measure": "MD", "method": "EE", "ci": "wald"}
        answer = ask(tiny, [trial("a"), trial("b", mean1_post="7")], sensitivity=[other])
        result = answer.analysis("points").result
        weights = [1 / row.vi for row in answer.analysis("points").rows]
        assert result.estimate == pytest.approx((1.1 * weights[0] + 2.9 * weights[1]) / sum(weights), rel=1e-8)

    def test_the_standard_ones_stand_beside_every_pooled_result(self, tiny):
        ids = [analysis.id for analysis in ask(tiny, [trial("a"), trial("b")]).sensitivity]
        assert ids == ["fixed_effect", "wald", "hksj", "dl"]

    def test_another_model_can_be_asked_for(self, data):
        answer = synthesise(data, "oa.mixed.pain", method="DL", ci="wald")
        assert (answer.primary.result.method, answer.primary.result.ci_method) == ("DL", "wald")
        assert answer.primary.result.estimate == answer.analysis("dl").result.estimate


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": "oa.mixed.pian"}, r"oa\.mixed\.pian.*oa\.mixed\.pain"),
        ({"method": "REMEL"}, "REMEL.*REML"),
        ({"ci": "knapp"}, "knapp.*HKSJ"),
    ],
)
def test_an_unknown_question_estimator_or_interval_names_those_there_are(data, change, said):
    with pytest.raises(InputError, match=said):
        synthesise(data, **{"question": "oa.mixed.pain"} | change)


def test_an_analysis_that_does_not_exist(tiny):
    with pytest.raises(KeyError, match="nope"):
        ask(tiny, [trial("a")]).analysis("nope")


def test_a_row_keeps_where_it_was_read(tiny):
    (row,) = ask(tiny, [study(doi="10.1000/xyz", url="https://example.org", note="Both readings agree.")]).rows
    assert (row.read_in, row.doi, row.url, row.note) == (
        "Table 2",
        "10.1000/xyz",
        "https://example.org",
        "Both readings agree.",
    )
    assert (row.year, row.n1, row.n2, row.verification, row.design) == (2020, 24, 23, "full_text", "rct")


def test_a_year_that_nobody_saw_is_none(tiny):
    (row,) = ask(tiny, [study(year="")]).rows
    assert row.year is None


def test_means_that_are_printed_with_too_few_figures_stay_out(tiny):
    answer = ask(tiny, [study(**NO_MEANS | {"mean1_post": "5.2", "mean2_post": "4.1"})])
    assert [row.kind for row in answer.left_out] == ["no_usable_figures"]
