"""Every bad table gets its message: file, line, entry, column, what was found, what is allowed, what to do."""

from __future__ import annotations

import pytest

from hipevidence.errors import EvidenceError
from hipevidence.evidence import load_evidence, validate
from tests.support import SCALE, Tiny, columns, csv_text, study

ENTRY = "smith2020.sleep.6w"
WIDTH = len(columns("studies"))


def only(tiny: Tiny):
    """The one problem of a folder that has one."""
    (problem,) = validate(tiny.write())
    return problem


def check(problem, place, found, allowed, action):
    assert (problem.file, problem.line, problem.entry, problem.column) == place
    assert found in problem.found
    assert allowed in problem.allowed
    assert action in problem.action
    assert problem.level == "error"


CELLS = [
    ("mean1_post", "2,6", '"2,6"', "a number", "decimal point: 2.6"),
    ("n1", "2,6", '"2,6"', "a whole number at least 1", "without a comma"),
    ("mean1_post", "\u22122.0", '"\u22122.0"', "a number", "hyphen of the keyboard: -2.0"),
    ("mean1_post", "about 3", '"about 3"', "a number", "bare figure"),
    ("mean1_post", "nan", '"nan"', "a number", "bare figure"),
    ("mean1_post", "inf", '"inf"', "a number", "bare figure"),
    ("mean1_post", "1_000", '"1_000"', "a number", "bare figure"),
    ("mean1_post", "1e999", '"1e999"', "a number", "Look the figure up"),
    ("n1", "45.0", '"45.0"', "a whole number", "bare figure"),
    ("n1", "9" * 400, "(400 characters)", "a whole number", "bare figure"),
    ("n1", "0", '"0"', "at least 1", "Look the figure up"),
    ("sd1_post", "0", '"0"', "above 0", "Look the figure up"),
    ("sd1_post", "-1.5", '"-1.5"', "above 0", "Look the figure up"),
    ("year", "1820", '"1820"', "at least 1900 and at most 2100", "Look the figure up"),
    ("year", "20200", '"20200"', "at most 2100", "Look the figure up"),
    ("ci_level", "100", '"100"', "at most 99.99", "Look the figure up"),
    ("sex", "femal", '"femal"', "one of female, male, mixed, not_reported", "Did you mean female?"),
    ("effect_sign", "2", '"2"', "one of 1, -1", "Choose one"),
    ("seen", "yes", '"yes"', "true or false", "Write true or false"),
    ("read_in", "", "nothing", "text such as", "Fill it in. Where the figures were read"),
    ("p_value", "small", '"small"', "pattern", "such as .006, <0.001 or >0.05"),
    ("doi", "https://doi.org/10.1/x", "https://doi.org", "text such as 10.", "Correct it."),
    ("population", "poor_sleeper", '"poor_sleeper"', "vocabulary.population (3 are known)", "mean poor_sleepers?"),
    ("outcome", "mood", '"mood"', "vocabulary.outcome", "add it to vocabulary.toml as [outcome.mood]"),
    ("instrument", "diry", '"diry"', "instruments (2 are known)", "Did you mean diary?"),
    ("study_id", "smith2021", '"smith2021"', "references", "Did you mean smith2020?"),
    ("study", "Smith \x1b[31m2020", r"\x1b[31m", "printable text", "type its text again"),
]


@pytest.mark.parametrize(("column", "text", "found", "allowed", "action"), CELLS)
def test_a_wrong_cell(tiny, column, text, found, allowed, action):
    tiny.studies = [study(**{column: text})]
    check(only(tiny), ("studies.csv", 2, ENTRY, column), found, allowed, action)


def test_a_key_that_is_no_key(tiny):
    tiny.studies = [study(), study(row_id="Smith 2020", outcome="waking", instrument="")]
    check(only(tiny), ("studies.csv", 3, "Smith 2020", "row_id"), '"Smith 2020"', "pattern", "Key of the row")


def test_a_hostile_key_is_shown_harmless(tiny):
    tiny.claims = ""
    tiny.studies = [study(row_id="\x1b]0;x\x07\u202e" + "a" * 100)]
    problem = next(problem for problem in validate(tiny.write()) if problem.column == "row_id")
    assert str(problem).isprintable()
    assert "\\x1b" in problem.entry
    assert "\\u202e" in problem.found
    assert len(str(problem)) < 600


def test_a_duplicate_key(tiny):
    tiny.studies = [study(), study(outcome="waking", instrument="")]
    check(only(tiny), ("studies.csv", 3, ENTRY, "row_id"), "first in line 2", "each key once", "a key of its own")


def test_a_duplicate_key_of_several_columns(tiny):
    tiny.reported_quality = tiny.reported_quality * 2
    place = ("reported_quality.csv", 3, "smith2020 / PEDro / total", "study_id, tool, item")
    check(only(tiny), place, "first in line 2", "each key once", "delete it if it is a copy")


def edited(tiny, old, new, count=-1):
    text = csv_text("studies", tiny.studies)
    assert old in text
    tiny.files["studies.csv"] = text.replace(old, new, count).encode()


def test_an_unknown_and_a_missing_column(tiny):
    edited(tiny, "mean1_post", "mean1_pots")
    unknown, missing = validate(tiny.write())
    check(unknown, ("studies.csv", 1, "", "mean1_pots"), '"mean1_pots"', "data dictionary", "Did you mean mean1_post?")
    check(missing, ("studies.csv", 1, "", "mean1_post"), "no such column", "once", "Add it to the header.")


def test_a_duplicate_column(tiny):
    edited(tiny, ",acknowledged\n", ",acknowledged,acknowledged\n")
    problems = validate(tiny.write())
    check(problems[0], ("studies.csv", 1, "", "acknowledged"), '"acknowledged" 2 times', "once", "Keep one")


def test_a_column_without_a_name(tiny):
    tiny.files["studies.csv"] = csv_text("studies", tiny.studies).replace("\n", ",\n").encode()
    check(only(tiny), ("studies.csv", 1, "", ""), "without a name", "once", "Delete the empty column")


def test_a_ragged_row(tiny):
    edited(tiny, "Smith 2020", "Smith, 2020")
    check(
        only(tiny), ("studies.csv", 2, ENTRY, ""), f"{WIDTH + 1} cells", f"{WIDTH} cells, as in the header", "A comma"
    )


def test_a_row_of_commas(tiny):
    tiny.files["studies.csv"] = (csv_text("studies", tiny.studies) + "," * (WIDTH - 1) + "\n").encode()
    check(only(tiny), ("studies.csv", 3, "", ""), "without any text", "a filled row", "Delete this line")


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators(tiny, sign, word):
    tiny.files["studies.csv"] = csv_text("studies", tiny.studies).replace(",", sign).encode()
    # A claim refers to a row of the table that cannot be read: that is not reported again.
    check(only(tiny), ("studies.csv", 1, "", ""), word, "commas", "CSV UTF-8")


def test_the_separator_line_of_excel(tiny):
    text = csv_text("studies", tiny.studies).replace(",", ";")
    tiny.files["studies.csv"] = f"sep=;\r\n{text}".encode()
    check(only(tiny), ("studies.csv", 1, "", ""), "semicolons", "commas", "CSV UTF-8")


def test_windows_letters(tiny):
    tiny.studies = [study(), study(row_id="mueller", study="Müller 2020", sample_id="m")]
    tiny.files["studies.csv"] = csv_text("studies", tiny.studies).encode("latin-1")
    check(only(tiny), ("studies.csv", 3, "", ""), 'byte 0xFC ("ü"', "UTF-8", "CSV UTF-8")


def test_the_rest_of_a_file_with_windows_letters_is_checked_too(tiny):
    tiny.studies = [study(study="Müller 2020", n1="0")]
    tiny.files["studies.csv"] = csv_text("studies", tiny.studies).encode("cp1252")
    assert [problem.rule for problem in validate(tiny.write())] == ["encoding", "cell"]


def test_utf16(tiny):
    tiny.files["studies.csv"] = csv_text("studies", tiny.studies).encode("utf-16")
    check(only(tiny), ("studies.csv", 1, "", ""), "UTF-16", "UTF-8", "CSV UTF-8")


def test_a_nul_byte(tiny):
    edited(tiny, "Table 2", "Table\0")
    check(only(tiny), ("studies.csv", 2, "", ""), "NUL", "UTF-8 text", "CSV UTF-8")


def test_an_open_quote(tiny):
    tiny.studies = [study(), study(row_id="b", study='"open')]
    edited(tiny, '"""open"', '"open')
    check(only(tiny), ("studies.csv", 3, "", ""), "quotes that do not fit", "comma-separated", "doubled")


def test_a_cell_beyond_all_measure(tiny):
    tiny.studies = [study(note="x" * 200_000)]
    check(only(tiny), ("studies.csv", 2, "", ""), "field larger", "comma-separated", "Check the row")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_an_empty_file(tiny, data):
    tiny.files["instruments.csv"] = data
    problems = validate(tiny.write())
    check(problems[0], ("instruments.csv", 0, "", ""), "an empty file", "a header line", "data dictionary")


def test_no_studies_is_legal_and_said(tiny):
    tiny.studies, tiny.claims = [], ""
    problem = only(tiny)
    assert (problem.file, problem.line, problem.level, problem.found) == ("studies.csv", 1, "warning", "no rows")
    assert load_evidence(tiny.path).warnings == (problem,)


@pytest.mark.parametrize(
    "name",
    ["studies.csv", "instruments.csv", "questions.toml", "vocabulary.toml", "references.json", "datapackage.json"],
)
def test_a_missing_file(tiny, name):
    tiny.files[name] = None
    problems = validate(tiny.write())
    missing = [problem for problem in problems if problem.rule == "missing_file"]
    check(*missing, (name, 0, "", ""), "no such file", "a file of this name", "Put the file there")
    # What refers to the missing file is not reported as well.
    assert problems == tuple(missing)


def test_a_missing_folder(tmp_path):
    with pytest.raises(EvidenceError) as raised:
        load_evidence(tmp_path / "nowhere")
    (problem,) = raised.value.problems
    check(problem, (str(tmp_path / "nowhere"), 0, "", ""), "no such folder", "a data folder", "--data")


def test_a_file_instead_of_a_folder(tiny):
    (problem,) = validate(tiny.write() / "studies.csv")
    assert problem.found == "a file"


def test_a_folder_instead_of_a_file(tiny):
    tiny.files["claims.toml"] = None
    (tiny.write() / "claims.toml").mkdir()
    (problem,) = validate(tiny.path)
    check(problem, ("claims.toml", 0, "", ""), "directory", "can be read", "Check that it is a file")


def test_all_problems_of_all_files_come_together_in_order(tiny):
    tiny.studies = [study(n1="x", seen="maybe"), study(row_id="b", sample_id="b", sd1_post="0")]
    tiny.instruments = [SCALE | {"maximum": "ten"}]
    tiny.questions = tiny.questions.replace('"tea"', '"coffee"') + "colour = 1\n"
    tiny.claims = "[[claim]\n"
    tiny.references = [{"id": "smith2020"}]
    with pytest.raises(EvidenceError) as raised:
        load_evidence(tiny.write())
    places = [(problem.file, problem.line, problem.column) for problem in raised.value.problems]
    assert places == [
        ("claims.toml", 1, ""),
        ("instruments.csv", 2, "maximum"),
        ("published_pools.csv", 2, "review_id"),
        ("questions.toml", 6, "intervention[1]"),
        ("questions.toml", 15, "prefer_instruments[1]"),
        ("questions.toml", 16, "colour"),
        ("studies.csv", 2, "n1"),
        ("studies.csv", 2, "seen"),
        ("studies.csv", 3, "sd1_post"),
    ]
    assert str(raised.value).count("\n") == len(places) - 1
