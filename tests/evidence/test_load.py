"""What a good folder gives, however its files were saved; and that no content whatever makes the reader fall over."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import string

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipevidence.errors import EvidenceError, InputError
from hipevidence.evidence import load_evidence, validate
from tests.support import QUESTION, STUDY, TABLES, Tiny, columns, csv_text, study


def test_types(tiny):
    tiny.studies = [study(), study(row_id="b", sample_id="b", year="", instrument="", seen="TRUE")]
    evidence = load_evidence(tiny.write())
    studies = evidence.studies
    assert list(studies.columns) == columns("studies")
    assert list(studies.index) == [0, 1]
    assert studies["year"].dtype == "float64"
    assert studies["mean1_post"].dtype == "float64"
    assert studies["seen"].dtype == "bool"
    assert studies["seen"].tolist() == [True, True]
    assert studies["instrument"].tolist() == ["scale", ""]
    assert studies["year"][0] == 2020
    assert math.isnan(studies["year"][1])


def test_numbers_keep_the_precision_they_were_printed_with(tiny):
    evidence = load_evidence(tiny.write())
    assert evidence.printed["studies"]["mean1_post"][0] == "5.20"
    assert evidence.studies["mean1_post"][0] == 5.2


def test_lines_count_the_header_blank_lines_and_cells_of_several_lines(tiny):
    tiny.studies = [study(note="one\ntwo"), study(row_id="b", sample_id="b")]
    text = csv_text("studies", tiny.studies).replace("\nsmith", "\n\nsmith", 1)
    tiny.files["studies.csv"] = text.encode()
    assert load_evidence(tiny.write()).lines["studies"] == (3, 5)


def test_hashes_are_those_of_the_bytes(tiny):
    evidence = load_evidence(tiny.write())
    assert evidence.hashes == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(tiny.path.iterdir())
    }


def test_entries_references_and_records(tiny):
    evidence = load_evidence(tiny.write())
    assert evidence.question("tea.sleep").prefer_instruments == ("diary", "scale")
    assert evidence.claims[0].rows == ("smith2020.sleep.6w",)
    assert list(evidence.references) == ["smith2020", "jones2022"]
    assert evidence.warnings == ()
    assert evidence.records("studies")[0]["n1"] == 24
    assert evidence.instrument("scale")["maximum"] == 10
    assert repr(evidence).endswith("1 rows, 1 questions, 1 claims)")


@pytest.mark.parametrize("method", ["question", "instrument"])
def test_an_unknown_question_or_instrument(tiny, method):
    with pytest.raises(InputError, match=r"Did you mean (tea.sleep|scale)"):
        getattr(load_evidence(tiny.write()), method)("tea.slep" if method == "question" else "scal")


def same(one, other):
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
        pd.testing.assert_frame_equal(one.printed[table], other.printed[table])
    assert one.lines == other.lines
    assert (one.questions, one.claims, one.references) == (other.questions, other.claims, other.references)


@pytest.mark.parametrize("saved", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tiny, saved):
    plain = load_evidence(tiny.write())
    for path in tiny.path.iterdir():
        path.write_bytes(saved(path.read_bytes()))
    same(load_evidence(tiny.path), plain)


def test_the_order_of_the_columns_does_not_matter(tiny):
    plain = load_evidence(tiny.write())
    table = list(csv.reader(io.StringIO(csv_text("studies", tiny.studies))))
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(row[::-1] for row in table)
    tiny.files["studies.csv"] = buffer.getvalue().encode()
    same(load_evidence(tiny.write()), plain)


def test_an_empty_evidence_base_loads(tiny):
    tiny.studies, tiny.instruments, tiny.references = [], [], []
    tiny.vocabulary = tiny.questions = ""
    for name in ("claims.toml", "published_pools.csv", "reported_quality.csv", "risk_of_bias.csv"):
        tiny.files[name] = None
    evidence = load_evidence(tiny.write())
    assert (evidence.questions, evidence.claims) == ((), ())
    assert list(evidence.published_pools.columns) == columns("published_pools")
    assert evidence.studies["mean1_post"].dtype == "float64"
    assert evidence.studies["seen"].dtype == "bool"
    assert evidence.records("studies") == []


def test_a_question_about_a_column_of_another_case_of_letters_is_not_guessed(tiny):
    tiny.questions = QUESTION.replace('"people"', '"People"').replace('"poor_sleepers"', '"Poor_sleepers"')
    with pytest.raises(EvidenceError, match="Poor_sleepers"):
        load_evidence(tiny.write())


def check_whatever_comes_out(folder):
    try:
        problems = load_evidence(folder).warnings
    except EvidenceError as error:
        problems = error.problems
    assert problems == validate(folder)
    assert all(str(problem).isprintable() for problem in problems)


nasty = st.one_of(
    st.text(max_size=20),
    st.text(string.digits + ".,-+eE<>= ", max_size=12),
    st.sampled_from(
        ["=1+1", '"', '""', "\x00", "\x1b[2J", "\u202e", "\r", "\n", "1e400", "-0", "nan", "9" * 5000, "x" * 140_000]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_cell_only_evidence_errors_come_out(tmp_path, data):
    cells = data.draw(st.dictionaries(st.sampled_from(sorted(STUDY)), nasty, max_size=4))
    tiny = Tiny(tmp_path / "data", studies=[study(), study(row_id="b", sample_id="b") | cells])
    check_whatever_comes_out(tiny.write())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_bytes_stand_in_a_file_only_evidence_errors_come_out(tmp_path, data):
    tiny = Tiny(tmp_path / "data")
    folder = tiny.write()
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    whole = path.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(len(whole), start + 30)))
    patch = data.draw(st.one_of(st.binary(max_size=8), st.text('[]{}",;=\n\t#', max_size=8).map(str.encode)))
    path.write_bytes(whole[:start] + patch + whole[stop:])
    check_whatever_comes_out(folder)
