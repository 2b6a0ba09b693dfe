"""Which rows answer a question, and the reason for each row that does not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence import LeftOut, load_evidence, select
from tests.support import QUESTION, Tiny, study

NO_FIGURES = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
AWAITING = NO_FIGURES | {"status": "awaiting_extraction", "status_reason": "behind a paywall"}


def other(**cells: str) -> dict[str, str]:
    """A second row, of another sample."""
    return study(**({"row_id": "other", "study": "Other 2021", "sample_id": "other"} | cells))


def chosen(tiny: Tiny, **changes):
    evidence = load_evidence(tiny.write())
    options = {name: changes.pop(name) for name in ("add_rows", "drop_rows") if name in changes}
    question = evidence.question("tea.sleep").model_copy(update=changes)
    selection = select(evidence, question, **options)
    return [evidence.studies["row_id"][position] for position in selection.used], selection.left_out


def test_narrower_terms_answer_a_broader_question(tiny):
    used, left_out = chosen(tiny)
    assert (used, left_out) == (["smith2020.sleep.6w"], ())


@pytest.mark.parametrize(
    "cells",
    [
        {"population": "people"},
        {"intervention": "tea", "population": "people"},
        {"outcome": "waking", "instrument": ""},
    ],
)
def test_rows_on_something_broader_or_else_do_not_belong_to_the_question(tiny, cells):
    tiny.studies = [study(), other(**cells)]
    assert chosen(tiny) == (["smith2020.sleep.6w"], ())


def test_sex(tiny):
    tiny.studies = [study(), other(sex="female")]
    assert chosen(tiny, sex=("female",)) == (["other"], ())


REASONS = [
    (AWAITING, {}, "awaiting_extraction", "behind a paywall"),
    (AWAITING | {"finding": "no_difference"}, {}, "null_without_figures", "found no difference; behind a paywall"),
    ({"verification": "as_cited", "seen": "false"}, {}, "not_verified", "only in the text that is being checked"),
    ({"verification": "unverified", "seen": "false"}, {}, "not_verified", "nobody has seen"),
    ({"status": "excluded", "status_reason": "a protocol"}, {}, "excluded", "a protocol"),
    ({}, {"exclude": {"other": "printing error"}}, "excluded", "printing error"),
    ({}, {"drop_rows": ["other"]}, "excluded", "left out in this sensitivity analysis"),
    ({"time_weeks": "26"}, {}, "outside_window", "at 26 weeks; the question takes 2 to 12"),
    ({"design": "cohort"}, {}, "design", "its design is cohort; the question takes rct"),
    (NO_FIGURES | {"p_value": "<.05"}, {}, "no_usable_figures", "do not give SMD with a variance"),
    ({"instrument": "diary"}, {"only_instruments": ("scale",)}, "other_measurement", "measured with diary; the"),
    (
        NO_FIGURES | {"effect_measure": "SMD", "effect": "0.5", "ci_low": "0", "ci_high": "1"},
        {"score": "post"},
        "no_usable_figures",
        "from scores at the end",
    ),
]


@pytest.mark.parametrize(("cells", "changes", "kind", "reason"), REASONS)
def test_a_row_that_is_left_out(tiny, cells, changes, kind, reason):
    tiny.studies = [study(), other(**cells)]
    used, left_out = chosen(tiny, **changes)
    assert used == ["smith2020.sleep.6w"]
    (row,) = left_out
    assert (row.row_id, row.study, row.kind) == ("other", "Other 2021", kind)
    assert reason in row.reason


def test_the_gravest_reason_is_the_one_that_is_given(tiny):
    tiny.studies = [other(**(AWAITING | {"time_weeks": "52", "status": "excluded", "status_reason": "a duplicate"}))]
    tiny.claims = ""
    assert [row.kind for row in chosen(tiny)[1]] == ["excluded"]


def test_a_time_that_is_not_stated_is_not_known_to_be_outside(tiny):
    tiny.studies = [study(time_weeks="")]
    assert chosen(tiny)[0] == ["smith2020.sleep.6w"]


SAME_SAMPLE = [
    study(row_id="scale.4w", time_weeks="4"),
    study(row_id="scale.7w", time_weeks="7"),
    study(row_id="diary.12w", time_weeks="12", instrument="diary"),
]


def test_one_row_per_sample_by_instrument_then_time_then_order(tiny):
    tiny.claims = ""
    tiny.studies = SAME_SAMPLE
    used, left_out = chosen(tiny)
    assert used == ["diary.12w"]
    assert {(row.row_id, row.kind) for row in left_out} == {
        ("scale.4w", "other_measurement"),
        ("scale.7w", "other_measurement"),
    }
    assert left_out[0].reason == "the same people are represented by diary.12w"
    assert chosen(tiny, prefer_instruments=())[0] == ["scale.7w"]
    assert chosen(tiny, prefer_instruments=(), time_target=None)[0] == ["scale.4w"]


def test_adding_and_dropping_rows(tiny):
    tiny.claims = ""
    tiny.studies = [*SAME_SAMPLE, other(verification="unverified", seen="false")]
    used, _ = chosen(tiny, add_rows=["other", "scale.4w"], drop_rows=["diary.12w"])
    assert used == ["scale.4w", "other"]


def test_a_row_without_figures_cannot_be_added(tiny):
    tiny.studies = [study(), other(**AWAITING)]
    used, left_out = chosen(tiny, add_rows=["other"])
    assert used == ["smith2020.sleep.6w"]
    assert left_out == (LeftOut("other", "Other 2021", "awaiting_extraction", "behind a paywall"),)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"add_rows": ["smith2020.slep.6w"]}, "Did you mean smith2020.sleep.6w"),
        ({"drop_rows": ["nobody"]}, "a row_id of studies.csv"),
        ({"add_rows": ["smith2020.sleep.6w"], "drop_rows": ["smith2020.sleep.6w"]}, "both added and dropped"),
    ],
)
def test_rows_that_cannot_be_added_or_dropped(tiny, options, message):
    with pytest.raises(InputError, match=message):
        chosen(tiny, **options)


def test_to_frame(tiny):
    evidence = load_evidence(tiny.write())
    frame = select(evidence, evidence.question("tea.sleep")).to_frame()
    assert frame["used"].tolist() == [(0,)]


rows = st.lists(
    st.fixed_dictionaries(
        {
            "sample_id": st.sampled_from(["a", "b", "c"]),
            "time_weeks": st.sampled_from(["", "1", "4", "8", "30"]),
            "instrument": st.sampled_from(["", "scale", "diary"]),
            "design": st.sampled_from(["rct", "cohort"]),
            "population": st.sampled_from(["people", "poor_sleepers", "shift_workers"]),
            "verification": st.sampled_from(["full_text", "secondary"]),
        }
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows)
def test_every_row_of_the_question_is_used_or_left_out_and_nobody_counts_twice(tmp_path, drawn):
    studies = [study(row_id=f"r{number}", **cells) for number, cells in enumerate(drawn)]
    evidence = load_evidence(Tiny(tmp_path / "data", studies=studies, claims="", questions=QUESTION).write())
    selection = select(evidence, evidence.question("tea.sleep"))
    samples = evidence.studies["sample_id"][list(selection.used)]
    assert samples.is_unique
    used = set(evidence.studies["row_id"][list(selection.used)])
    left_out = {row.row_id for row in selection.left_out}
    asked = {row["row_id"] for row in studies if row["population"] != "people"}
    assert used.isdisjoint(left_out)
    assert used | left_out == asked
