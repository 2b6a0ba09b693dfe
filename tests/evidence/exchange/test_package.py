"""A whole evidence base as one file: the same bytes, the same cells back, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence.exchange import data_package, unpack_package
from hipevidence.evidence.exchange.columns import neutralised, restored
from hipevidence.reporting.tables import cell
from tests.support import ROOT, Tiny, study

HOSTILE = "=1+1"


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path / "data", studies=[study(note=HOSTILE, dose="  two  cups", arm1="-5.20")])


def test_the_same_tables_give_the_same_bytes(tiny):
    folder = tiny.write()
    first = data_package(folder, cell)
    (folder / "studies.csv").touch()
    assert data_package(folder, cell) == first


def test_every_file_comes_back(tiny):
    folder = tiny.write()
    (folder / ".draft-row.toml").write_text("", encoding="utf-8")
    files = unpack_package(data_package(folder, cell))
    assert files == {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def test_no_cell_in_it_is_a_formula(tiny):
    with zipfile.ZipFile(io.BytesIO(data_package(tiny.write(), cell))) as archive:
        text = archive.read("studies.csv").decode()
    cells = [text for row in csv.reader(io.StringIO(text)) for text in row]
    assert "'=1+1" in cells
    assert "-5.20" in cells
    assert not [text for text in cells if text.startswith(("=", "+", "@"))]


def test_the_tables_of_this_repository_come_back_byte_by_byte():
    files = unpack_package(data_package(ROOT / "data", cell))
    assert all(content == (ROOT / "data" / name).read_bytes() for name, content in files.items())
    assert {"studies.csv", "questions.toml", "references.json", "datapackage.json"} <= files.keys()


def packed(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no zip"),
        (b"PK\x03\x04 broken", "no zip"),
        (packed(**{"studies.csv": "a\n"}), "no datapackage.json"),
        (packed(**{"../evil.csv": "a\n", "datapackage.json": "{}"}), "without folders"),
        (packed(**{"a/b.csv": "a\n", "datapackage.json": "{}"}), "without folders"),
        (packed(**{".hidden.csv": "a\n", "datapackage.json": "{}"}), "without folders"),
        (packed(**{"run.py": "", "datapackage.json": "{}"}), "without folders"),
        (packed(**{"a.csv": '"', "datapackage.json": "{}"}), "cannot be read"),
    ],
)
def test_what_is_no_data_package(data, message):
    with pytest.raises(InputError, match=message):
        unpack_package(data)


@given(st.text(st.sampled_from(" '\t=+-@1a\xa0."), max_size=6))
def test_a_cell_made_harmless_comes_back(text):
    harmless = neutralised(text, cell)
    assert restored(harmless) == text
    assert cell(harmless).lstrip() == cell(text).lstrip() or harmless.startswith("'")
