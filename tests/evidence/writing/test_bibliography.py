"""An entry more in references.json, and the reference of a row from whatever a researcher has at hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.evidence.writing import new_references
from hipevidence.evidence.writing.bibliography import insert_reference
from tests.support import ROOT, Tiny

ENTRY = {"id": "new2025", "type": "article-journal", "title": "Ünique", "issued": {"date-parts": [[2025]]}}


@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("ids", [[], ["zoe1999"], ["ann2001", "zoe2002"], ["zoe2002", "ann2001"]])
def test_the_entry_is_in_and_every_other_byte_is_as_it_was(indent, line_end, ids):
    entries = [{"id": key, "title": "A title"} for key in ids]
    old = (json.dumps(entries, indent=indent) + "\n").replace("\n", line_end).encode()
    new = insert_reference(old, ENTRY)
    after = json.loads(new)
    assert ENTRY in after
    assert [entry for entry in after if entry != ENTRY] == entries
    if ids == sorted(ids):
        assert [entry["id"] for entry in after] == sorted([*ids, "new2025"])
    for key in ids:
        text = json.dumps({"id": key, "title": "A title"}, indent=indent).replace("\n", line_end).encode()
        assert text.split(line_end.encode())[0] in new


def test_in_this_repository_only_lines_are_added():
    old = (ROOT / "data" / "references.json").read_bytes()
    new = insert_reference(old, ENTRY)
    expected = sorted([*json.loads(old), ENTRY], key=lambda entry: entry["id"])
    assert new.decode() == json.dumps(expected, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("text", ["", "{}", "[", "null", '[{"title": "no id"}]', "[1]", '[{"id": "a"} '])
def test_what_is_no_bibliography(text):
    with pytest.raises(InputError, match="no list of entries"):
        insert_reference(text.encode(), ENTRY)


def test_an_id_that_is_there():
    with pytest.raises(InputError, match="each id once"):
        insert_reference(b'[{"id": "new2025"}]', ENTRY)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(texts, unique=True, max_size=5), texts, st.sampled_from([None, 2]))
def test_any_text_survives(ids, title, indent):
    old = json.dumps([{"id": key, "title": "]},"} for key in ids], indent=indent, ensure_ascii=False).encode()
    new = json.loads(insert_reference(old, {"id": "the new one, longer than any", "title": title}))
    assert len(new) == len(ids) + 1
    assert {"id": "the new one, longer than any", "title": title} in new


# ------------------------------------------------------------------ the reference of a row


@pytest.fixture
def evidence(tmp_path):
    references = [{"id": "smith2020", "DOI": "10.1000/OLD"}, {"id": "jones2022"}]
    return load_evidence(Tiny(tmp_path / "data", references=references).write())


ROWS = [{"study_id": "new2025"}]


def test_from_a_doi(evidence):
    (entry,) = new_references(evidence, "studies", ROWS, "doi:10.1000/new.")
    assert entry == {"id": "new2025", "type": "article-journal", "DOI": "10.1000/new"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ris", "TY  - JOUR\nTI  - Tea\nER  - \n"),
        ("a.bib", "@article{key, title = {Tea}}"),
        ("a.json", '{"id": "other", "type": "article-journal", "title": "Tea"}'),
    ],
)
def test_from_a_file_under_the_key_of_the_row(evidence, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (entry,) = new_references(evidence, "studies", ROWS, str(tmp_path / name))
    assert entry == {"id": "new2025", "type": "article-journal", "title": "Tea"}


def test_a_file_whose_name_is_a_doi(evidence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "10.1000").mkdir()
    (tmp_path / "10.1000" / "x.ris").write_text("TY  - BOOK\nTI  - Tea\n", encoding="utf-8")
    assert new_references(evidence, "studies", ROWS, "10.1000/x.ris")[0]["type"] == "book"


def test_several_papers_take_the_entries_with_their_ids(evidence):
    rows = [{"study_id": "a"}, {"study_id": "b"}, {"study_id": "smith2020"}, {"study_id": "a"}]
    given = json.dumps([{"id": key, "title": key.upper()} for key in ("b", "a", "smith2020", "other")])
    assert new_references(evidence, "studies", rows, given) == ({"id": "b", "title": "B"}, {"id": "a", "title": "A"})


def test_none_given(evidence):
    assert new_references(evidence, "studies", ROWS, None) == ()


@pytest.mark.parametrize(
    ("rows", "given", "message"),
    [
        (ROWS, "10.1000/old", 'stands in references.json as "smith2020"'),
        ([{"study_id": "smith2020"}], "10.1000/new", "is in references.json already"),
        ([{"study_id": "a"}, {"study_id": "b"}], "10.1000/new", "found 1 references for the rows of a, b"),
        ([{"study_id": ""}], "10.1000/new", "no paper"),
        (ROWS, "no such file.ris", "cannot be read"),
        (ROWS, "TY  - JOUR\nER  - \nTY  - JOUR\nER  - \n", "found 2 references"),
    ],
)
def test_what_cannot_be_the_reference(evidence, rows, given, message):
    with pytest.raises(InputError, match=message):
        new_references(evidence, "studies", rows, given)
