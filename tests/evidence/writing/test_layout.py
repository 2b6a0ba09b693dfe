"""A row more in a table: its own line ends, quoting, mark and order, and ``git diff`` shows one added line."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence.writing import insert_rows
from hipevidence.evidence.writing.layout import read_layout
from tests.support import ROOT, TABLES

BOM = b"\xef\xbb\xbf"
PLAIN = b"key,paper,words\nb1,b,one\nc1,c,two\nd1,d,three\n"
NEW = {"key": "e1", "paper": "e", "words": 'five, "six"'}
LINE = b'e1,e,"five, ""six"""'
FORMS = {
    "lf": PLAIN,
    "crlf": PLAIN.replace(b"\n", b"\r\n"),
    "bom": BOM + PLAIN,
    "bom and crlf": BOM + PLAIN.replace(b"\n", b"\r\n"),
    "no line end at the end": PLAIN.rstrip(b"\n"),
    "crlf, no line end at the end": PLAIN.replace(b"\n", b"\r\n").rstrip(b"\r\n"),
    "every cell quoted": b'"key","paper","words"\n"b1","b","one"\n"c1","c",""\n',
    "a line break in a cell": b'key,paper,words\nb1,b,"one\nhalf"\nc1,c,two\n',
    "blank lines at the end": PLAIN + b"\n\n",
    "no order": b"key,paper,words\nz1,z,one\nc1,c,two\nd1,d,three\n",
    "one row": b"key,paper,words\nb1,b,one\n",
    "header only": b"key,paper,words\n",
}


@pytest.fixture
def added_lines(tmp_path):
    """Lines that git shows as added and as removed between two contents of a file."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def _lines(old: bytes, new: bytes) -> tuple[list[bytes], list[bytes]]:
        (tmp_path / "old.csv").write_bytes(old)
        (tmp_path / "new.csv").write_bytes(new)
        command = ["git", "-c", "core.autocrlf=false", "diff", "--no-index", "--no-color", "old.csv", "new.csv"]
        out = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout
        shown = [line for line in out.split(b"\n") if not line.startswith((b"+++", b"---"))]
        return [line[1:] for line in shown if line.startswith(b"+")], [line for line in shown if line.startswith(b"-")]

    return _lines


@pytest.mark.parametrize("form", FORMS)
def test_git_shows_one_added_line_and_nothing_else(form, added_lines):
    new = insert_rows(FORMS[form], [NEW], ("key", "paper"))
    added, removed = added_lines(FORMS[form], new)
    assert removed == []
    assert len(added) == 1
    assert next(csv.reader([added[0].decode().rstrip("\r")])) == list(NEW.values())


@pytest.mark.parametrize("form", [form for form in FORMS if "no line end" not in form])
def test_every_other_byte_stays(form):
    new = insert_rows(FORMS[form], [NEW], ("key", "paper"))
    line_end = b"\r\n" if "crlf" in form else b"\n"
    line = b'"e1","e","five, ""six"""' if "quoted" in form else LINE
    assert new.replace(line + line_end, b"", 1) == FORMS[form]


def test_the_new_line_ends_as_the_others_do():
    assert insert_rows(FORMS["crlf"], [NEW]).endswith(LINE + b"\r\n")


def test_a_file_without_a_line_end_at_its_end_keeps_none():
    assert insert_rows(PLAIN.rstrip(b"\n"), [NEW]) == b"key,paper,words\nb1,b,one\nc1,c,two\n" + LINE + b"\nd1,d,three"


def test_a_header_alone_without_line_end_gets_one_because_it_must():
    assert insert_rows(b"key,paper,words", [NEW]) == b"key,paper,words\n" + LINE


def test_a_row_goes_to_its_place_in_the_order_of_the_file():
    new = insert_rows(PLAIN, [{"key": "a1", "paper": "c", "words": "x"}], ("paper",))
    assert new == b"key,paper,words\nb1,b,one\nc1,c,two\na1,c,x\nd1,d,three\n"


def test_without_an_order_it_goes_to_the_end_and_several_keep_theirs():
    rows = [{"key": "b"}, {"key": "a"}]
    assert insert_rows(FORMS["no order"], rows, ("paper",)) == FORMS["no order"] + b"b,,\na,,\n"


def test_several_rows_keep_an_alphabetical_file_alphabetical():
    rows = [{"paper": "x"}, {"paper": "a"}, {"paper": "y"}, {"paper": "c"}]
    text = insert_rows(PLAIN, rows, ("paper",)).decode()
    assert [line.split(",")[1] for line in text.split()[1:]] == ["a", "b", "c", "c", "d", "x", "y"]


def test_the_order_of_the_columns_is_that_of_the_file():
    assert insert_rows(b"b,a\n1,2\n", [{"a": "x", "b": "y"}]) == b"b,a\n1,2\ny,x\n"


def test_quotes_by_habit_column_by_column():
    table = b'n,"words"\n1,"one"\n2,"two"\n3,""\n'
    assert insert_rows(table, [{"n": "4", "words": "four"}]) == table + b'4,"four"\n'
    assert insert_rows(table, [{"n": "4", "words": ""}]) == table + b'4,""\n'


def test_quotes_out_of_need_are_no_habit():
    table = b'n,words\n1,"one, two"\n2,"three ""four"""\n'
    assert insert_rows(table, [{"n": "3", "words": "five"}]) == table + b"3,five\n"


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        (b"", NEW, "an empty table"),
        (b'a\n"1', {"a": "x"}, "cannot be read"),
        (b"a\n\xff\n", {"a": "x"}, "cannot be read"),
        (b"a\n1\n", {"b": "x"}, "found column b"),
        (b"a\n1\n", {"a": "x\ny"}, "line break"),
        (b"a\n1\n", {"a": "x\ry"}, "line break"),
    ],
)
def test_what_cannot_be_added(table, row, message):
    with pytest.raises(InputError, match=message):
        insert_rows(table, [row])


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_this_repository_taken_apart_and_put_together(table):
    data = (ROOT / "data" / f"{table}.csv").read_bytes()
    assert insert_rows(data, []) == data
    layout = read_layout(data)
    rebuilt = [layout.line(dict(zip(layout.header, cells, strict=True))) for cells in layout.cells]
    assert rebuilt == [block.rstrip("\r\n") for block in layout.blocks]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=12)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(
    tables, st.data(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(list(range(2))), st.booleans(), st.booleans()
)
def test_a_new_row_is_read_back_and_the_others_are_the_same(rows, data, line_end, quoting, mark, last_end):
    width = len(rows[0])
    names = [f"c{place}" for place in range(width)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=quoting, lineterminator=line_end)
    writer.writerows([names, *([*row] for row in rows if any(row))])
    text = buffer.getvalue() if last_end else buffer.getvalue().removesuffix(line_end)
    old = (BOM if mark else b"") + text.encode()
    new = data.draw(st.lists(cells.map(str.strip), min_size=width, max_size=width).filter(any))
    result = insert_rows(old, [dict(zip(names, new, strict=True))], ("c0",))

    def read(content: bytes) -> list[list[str]]:
        return [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if row]

    after = read(result)
    assert new in after
    after.reverse()
    after.remove(new)
    after.reverse()
    assert sorted(after) == sorted(read(old))
    assert result.startswith(BOM) == mark
    assert result.endswith(line_end.encode()) == last_end
