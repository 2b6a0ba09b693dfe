"""Rows as people hand them over, and rows that wait in a draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.evidence.writing import (
    discard_draft,
    form_fields,
    load_draft,
    row_from_pairs,
    rows_from_file,
    save_draft,
    suggested_key,
    suggestions,
)
from tests.support import Tiny, study


@pytest.fixture
def evidence(tmp_path):
    other = study(row_id="smith2020.waking.6w", outcome="waking", instrument="", mean1_post="9.10", dose="one cup")
    return load_evidence(Tiny(tmp_path / "data", studies=[study(dose="one cup"), other]).write())


@pytest.fixture
def resource(evidence):
    return evidence.schema.resource("studies")


@pytest.fixture
def file(tmp_path):
    def _file(name: str, text: str):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _file


def test_figures_keep_the_digits_as_typed(file, resource):
    text = 'row_id = "a"\nmean1_post = 5.20\nn1 = 24\nseen = true\ntime_weeks = 6.0\n[reference]\nDOI = "10.1/x"\n'
    rows, reference = rows_from_file(file("row.toml", text), resource)
    assert rows == [{"row_id": "a", "mean1_post": "5.20", "n1": "24", "seen": "true", "time_weeks": "6.0"}]
    assert reference == {"DOI": "10.1/x"}


def test_several_rows_of_a_csv(file, resource):
    text = "\ufeffrow_id,mean1_post\r\na,5.20\r\n\r\nb, 6.0\r\n"
    rows, reference = rows_from_file(file("rows.csv", text), resource)
    assert rows == [{"row_id": "a", "mean1_post": "5.20"}, {"row_id": "b", "mean1_post": "6.0"}]
    assert reference is None


def test_pairs(resource):
    assert row_from_pairs(["sex=mixed", "note = a = b"], resource) == {"sex": "mixed", "note": "a = b"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("row.toml", "sexx = 'mixed'", r"Did you mean sex\?"),
        ("row.toml", "sex = [1]", "several values for sex"),
        ("row.toml", "sex = ", "is no TOML"),
        ("row.toml", "reference = 1", "bare value for reference"),
        ("rows.csv", "row_id\n", "holds no row"),
        ("rows.csv", "row_id,sex\na\n", "a row of 1 cells"),
        ("rows.csv", 'row_id\n"a\n', "is no CSV"),
        ("rows.csv", "colour\nred\n", "found column"),
    ],
)
def test_files_that_hold_no_row(file, resource, name, text, message):
    with pytest.raises(InputError, match=message):
        rows_from_file(file(name, text), resource)


@pytest.mark.parametrize(("pair", "message"), [("sex", "column=value"), ("colour=red", "found column")])
def test_pairs_that_are_none(resource, pair, message):
    with pytest.raises(InputError, match=message):
        row_from_pairs([pair], resource)


def test_no_such_file_and_no_text(tmp_path, resource):
    with pytest.raises(InputError, match="cannot be read"):
        rows_from_file(tmp_path / "none.csv", resource)
    (tmp_path / "latin.csv").write_bytes(b"row_id\n\xff\n")
    with pytest.raises(InputError, match="not UTF-8"):
        rows_from_file(tmp_path / "latin.csv", resource)


# ------------------------------------------------------------------ drafts


@given(st.dictionaries(st.sampled_from(["sex", "note", "arm1"]), st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_draft_comes_back_as_it_was(tmp_path_factory, row):
    folder = tmp_path_factory.mktemp("draft")
    save_draft(folder, "studies", row)
    assert load_draft(folder, "studies") == {name: text for name, text in row.items() if text}
    assert load_draft(folder, "instruments") == {}
    discard_draft(folder)
    assert load_draft(folder, "studies") == {}


def test_a_draft_that_somebody_spoilt(tmp_path):
    save_draft(tmp_path, "studies", {"sex": "mixed"}).write_text("sex =", encoding="utf-8")
    with pytest.raises(InputError, match="Correct or delete it"):
        load_draft(tmp_path, "studies")


# ------------------------------------------------------------------ what a form knows


def test_every_column_has_a_field_in_order(evidence, resource):
    assert [field.column.name for field in form_fields(evidence, "studies")] == list(resource.columns)


def test_keys_choices_and_earlier_values(evidence):
    fields = {field.column.name: field for field in form_fields(evidence, "studies")}
    assert fields["outcome"].keys == {"sleep": "sleep", "waking": "waking at night"}
    assert fields["instrument"].keys["diary"] == "Sleep diary"
    assert fields["seen"].choices == ("true", "false")
    assert "rct" in fields["design"].choices
    assert fields["dose"].earlier == ("one cup",)


@pytest.mark.parametrize(
    ("column", "text", "found"),
    [
        ("outcome", "slep", 'unknown key "slep"'),
        ("instrument", "scal", 'unknown key "scal"'),
        ("design", "RCT", '"RCT"'),
        ("n1", "2,6", '"2,6"'),
        ("n1", "0", '"0"'),
        ("sex", "", "nothing"),
        ("note", "a\x1bb", "control characters"),
    ],
)
def test_an_answer_that_may_not_stand_there(evidence, column, text, found):
    field = {field.column.name: field for field in form_fields(evidence, "studies")}[column]
    words = field.objection(text)
    assert words is not None
    assert words.found.startswith(found)


@pytest.mark.parametrize(
    ("column", "text"), [("outcome", "sleep"), ("note", ""), ("mean1_post", "-5.20"), ("study_id", "new")]
)
def test_an_answer_that_may_stand_there(evidence, column, text):
    field = {field.column.name: field for field in form_fields(evidence, "studies")}[column]
    assert field.objection(text) is None


def test_the_next_row_of_a_paper_is_suggested_from_the_last(evidence):
    suggested = suggestions(evidence, "studies", {"study_id": "smith2020", "sex": "female"})
    assert suggested["study"] == "Smith 2020"
    assert suggested["dose"] == "one cup"
    assert not {"row_id", "outcome", "sex", "mean1_post", "time_weeks"} & suggested.keys()
    assert suggestions(evidence, "studies", {"study_id": "new2025"}) == {}


def test_a_key_is_suggested(resource):
    row = {"study_id": "new2025", "outcome": "sleep", "time_weeks": "6"}
    assert suggested_key(resource, row) == "new2025.sleep.6w"
    assert suggested_key(resource, {"study_id": "new2025"}) == ""
