"""``hipevidence add``: every way in, shown with what it changes, one line more in the table, or nothing at all."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from hipevidence.cli import add as add_module
from hipevidence.cli import app
from tests.support import CLAIM, Tiny, csv_text, study

GIT = shutil.which("git")

NEW = study(row_id="doe2025.sleep.6w", study_id="doe2025", study="Doe 2025", sample_id="doe2025", mean1_post="4.40")
PAIRS = [part for name, text in NEW.items() for part in ("--set", f"{name}={text}")]
LINE = (
    "doe2025.sleep.6w,doe2025,Doe 2025,doe2025,2020,rct,shift_workers,,mixed,camomile,,water,,sleep,scale,6,50,24,23,,,"
    "4.40,2.0,,,4.1,2.4,"
)


@pytest.fixture
def folder(tiny):
    return tiny.write()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def toml(row, **more):
    return "\n".join(f"{name} = {json.dumps(text)}" for name, text in row.items()) + "".join(more.values())


def ways(tmp_path):
    """Every way of handing the same row over without being asked."""
    (tmp_path / "row.toml").write_text(toml(NEW, end='\n[reference]\nDOI = "10.1000/new"\n'), encoding="utf-8")
    (tmp_path / "row.csv").write_text(csv_text("studies", [NEW]), encoding="utf-8")
    (tmp_path / "part.toml").write_text(toml(NEW | {"sex": "male"}), encoding="utf-8")
    (tmp_path / "a.ris").write_text("TY  - JOUR\nDO  - 10.1000/new\nER  - \n", encoding="utf-8")
    (tmp_path / "a.bib").write_text("@article{x, doi = {10.1000/new}}", encoding="utf-8")
    (tmp_path / "a.json").write_text('[{"type": "article-journal", "DOI": "10.1000/new"}]', encoding="utf-8")
    return {
        "toml": ["--from", tmp_path / "row.toml"],
        "csv and doi": ["--from", tmp_path / "row.csv", "--reference", "https://doi.org/10.1000/new"],
        "set and ris": [*PAIRS, "--reference", tmp_path / "a.ris"],
        "csv and bibtex": ["--from", tmp_path / "row.csv", "--reference", tmp_path / "a.bib"],
        "toml, set and csl": [
            "--from",
            tmp_path / "part.toml",
            "--set",
            "sex=mixed",
            "--reference",
            tmp_path / "a.json",
        ],
    }


@pytest.mark.parametrize("way", ["toml", "csv and doi", "set and ris", "csv and bibtex", "toml, set and csl"])
def test_each_way_adds_one_line_and_one_reference(run, folder, tmp_path, way):
    before = contents(folder)
    done = run("add", *ways(tmp_path)[way], "--data", folder)
    assert done.code in {0, 1}, done.err
    after = contents(folder)
    assert after.keys() == before.keys()
    old, new = (files["studies.csv"].decode().split("\n") for files in (before, after))
    (line,) = set(new) - set(old)
    assert [each for each in new if each != line] == old
    assert line.startswith(LINE)
    assert json.loads(after["references.json"])[-1]["DOI"] == "10.1000/new"
    assert json.loads(after["references.json"])[-1]["id"] == "doe2025"
    for name in before.keys() - {"studies.csv", "references.json"}:
        assert after[name] == before[name]


def test_what_it_changes_is_said_at_once(run, folder):
    done = run("add", *PAIRS, "--reference", "10.1000/new", "--data", folder)
    assert 'mean1_post: "4.40"' in done.out
    assert "results (k)" in done.out
    assert "1  ->  2" in done.out
    assert "doe2025.sleep.6w entered; moves the estimate by" in done.out
    assert "Written: 1 row." in done.out


def test_a_dry_run_shows_all_and_writes_nothing(run, folder):
    before = contents(folder)
    done = run("add", *PAIRS, "--reference", "10.1000/new", "--dry-run", "--data", folder)
    assert "doe2025.sleep.6w entered" in done.out
    assert "Written" not in done.out
    assert contents(folder) == before


def test_the_same_numbers_as_diff(run, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "old")
    said = run("add", *PAIRS, "--reference", "10.1000/new", "--json", "--data", folder).json
    compared = run("diff", tmp_path / "old", folder, "--json").json
    assert said["written"] is True
    assert said["changes"] == compared


@pytest.mark.parametrize(
    ("pair", "rule"),
    [
        ("n1=0", "cell"),
        ("outcome=slep", "unknown_key"),
        ("mean1_post=11", "outside_scale"),
        ("row_id=smith2020.sleep.6w", "duplicate_key"),
        ("study_id=nobody1999", "unknown_key"),
        ("sex=", "required"),
        ("note=a\x01b", "control_character"),
    ],
)
def test_an_error_stops_it_and_nothing_is_written(run, folder, pair, rule):
    before = contents(folder)
    done = run("add", *PAIRS, "--set", "study_id=jones2022", "--set", pair, "--data", folder)
    assert done.code == 2
    assert f"({rule})" in done.out
    assert "nothing was written" in done.err
    assert contents(folder) == before


def test_a_finding_is_a_question_and_the_row_is_written(run, folder):
    copied = ["--set", "study_id=jones2022", "--set", "sample_id=smith2020"]
    done = run("add", *PAIRS, *copied, "--data", folder)
    assert done.code == 1
    assert "(duplicate_result)" in done.out
    assert b"doe2025.sleep.6w" in (folder / "studies.csv").read_bytes()


def test_findings_of_other_rows_are_not_repeated(run, tiny):
    """A row that is odd already, and moves down a line, is not what the new row is asked about."""
    odd = study(row_id="b", sample_id="smith2020", note="the same result again")
    tiny.studies = [
        study(row_id="a"),
        odd,
        study(row_id="zoe", study_id="jones2022", sample_id="zoe", mean1_post="6.1"),
    ]
    tiny.claims = ""
    folder = tiny.write()
    assert "duplicate_result" in run("validate", "--data", folder).out
    done = run("add", *PAIRS, "--set", "study_id=jones2022", "--data", folder)
    assert "duplicate_result" not in done.out
    assert "Written" in done.out


def test_several_rows_at_once(run, folder, tmp_path):
    rows = [NEW | {"row_id": f"r{n}", "sample_id": f"s{n}", "mean1_post": f"{n}.5"} for n in (3, 4, 5)]
    (tmp_path / "rows.csv").write_text(csv_text("studies", rows), encoding="utf-8")
    done = run("add", "--from", tmp_path / "rows.csv", "--reference", "10.1000/new", "--data", folder)
    assert "Written: 3 rows." in done.out
    assert len((folder / "studies.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_another_table(run, folder):
    pairs = {"instrument": "clock", "name": "A clock", "outcome": "sleep", "unit": "hours", "higher_is_better": "true"}
    cells = [part for name, text in pairs.items() for part in ("--set", f"{name}={text}")]
    done = run("add", "--table", "instruments", *cells, "--data", folder)
    assert done.code == 0, done.out + done.err
    assert (
        (folder / "instruments.csv")
        .read_text(encoding="utf-8")
        .splitlines()[-1]
        .startswith("clock,A clock,sleep,hours")
    )


def test_a_table_that_does_not_exist_yet(run, tiny):
    tiny.files = {"reported_quality.csv": None}
    folder = tiny.write()
    pairs = {"study_id": "smith2020", "tool": "PEDro", "item": "total", "judgement": "6/10", "read_in": "p. 3"}
    cells = [part for name, text in pairs.items() for part in ("--set", f"{name}={text}")]
    assert run("add", "--table", "reported_quality", *cells, "--data", folder).code == 0
    assert "smith2020,PEDro,total,6/10" in (folder / "reported_quality.csv").read_text(encoding="utf-8")


def test_the_second_of_two_people_is_told(run, folder, monkeypatch):
    """While the first looks at what their row would change, somebody else saves the table."""
    show = add_module._show

    def meanwhile(*arguments):
        with (folder / "studies.csv").open("a", encoding="utf-8") as table:
            table.write(csv_text("studies", [NEW | {"row_id": "theirs"}]).split("\n")[1] + "\n")
        show(*arguments)

    monkeypatch.setattr(add_module, "_show", meanwhile)
    done = run("add", *PAIRS, "--reference", "10.1000/new", "--data", folder)
    assert done.code == 2
    assert "changed by somebody else" in done.err
    table = (folder / "studies.csv").read_text(encoding="utf-8")
    assert "theirs" in table
    assert "doe2025.sleep.6w" not in table
    assert "doe2025" not in (folder / "references.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "no such.toml"], "cannot be read"),
        (["--set", "colour=red"], "found column"),
        (["--set", "sex"], "column=value"),
        (["--set", "sex=mixed", "--table", "study"], "found table study"),
        (["--json"], "nothing to add"),
        ([*PAIRS, "--set", "note=a\nb"], "line break"),
        ([*PAIRS, "--reference", "no reference"], "cannot be read"),
    ],
)
def test_what_cannot_be_added(run, folder, arguments, message):
    before = contents(folder)
    done = run("add", *arguments, "--data", folder)
    assert done.code == 2
    assert message in done.err
    assert contents(folder) == before


def test_tables_that_are_broken_already(run, tiny):
    tiny.studies = [study(n1="0")]
    done = run("add", *PAIRS, "--data", tiny.write())
    assert done.code == 2
    assert "smith2020.sleep.6w, n1" in done.err


def test_hostile_text_reaches_no_terminal(run, folder):
    done = run("add", *PAIRS, "--set", "note=red \u202e <b>", "--reference", "10.1000/new", "--data", folder)
    assert "\u202e" not in done.out + done.err


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@pytest.mark.parametrize("form", ["lf", "crlf", "bom"])
def test_git_diff_shows_one_added_line(run, tiny, form):
    text = csv_text("studies", [study(), study(row_id="z", sample_id="z", study_id="jones2022", mean1_post="3.3")])
    changed = {"lf": text, "crlf": text.replace("\n", "\r\n"), "bom": "\ufeff" + text}[form]
    tiny.files = {"studies.csv": changed.encode()}
    folder = tiny.write()

    def git(*command):
        person = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "core.autocrlf=false",
            "-c",
            "commit.gpgsign=false",
        ]
        return subprocess.run([GIT, *person, *command], cwd=folder, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "before")
    run("add", *PAIRS, "--set", "study_id=jones2022", "--data", folder)
    assert git("diff", "--numstat").split() == ["1", "0", "studies.csv"]


@pytest.mark.slow
def test_a_row_more_in_the_tables_of_this_repository(run, data, tmp_path):
    """At its place in the order of the file, with every byte around it as it was."""
    folder = shutil.copytree(data, tmp_path / "data")
    old = (data / "studies.csv").read_bytes()
    row = next(row for row in csv.DictReader(old.decode().splitlines()) if row["status"] == "extracted" and row["n1"])
    new = row | {"row_id": "mmm2025.new", "study_id": "mmm2025", "sample_id": "mmm2025", "acknowledged": ""}
    cells = [part for name, text in new.items() for part in ("--set", f"{name}={text}")]
    done = run("add", *cells, "--reference", "10.1000/new", "--data", folder)
    assert "Written: 1 row." in done.out, done.out + done.err
    lines = (folder / "studies.csv").read_bytes().split(b"\n")
    place = next(place for place, line in enumerate(lines) if line.startswith(b"mmm2025.new,"))
    assert b"\n".join(lines[:place] + lines[place + 1 :]) == old
    assert lines[place - 1].split(b",")[1] < b"mmm2025" < lines[place + 1].split(b",")[1]


# ------------------------------------------------------------------ answer by answer


def typed(folder, *answers: str):
    """Run the form with these answers; the input ends after the last one."""
    return CliRunner().invoke(app, ["add", "--data", str(folder)], input="".join(f"{answer}\n" for answer in answers))


def answers(**changed: str) -> list[str]:
    """One answer a column, the key of the row last (taken as suggested)."""
    row = NEW | changed
    columns = csv_text("studies", []).strip().split(",")
    return [*(row.get(name, "") for name in columns if name != "row_id"), ""]


def test_a_row_typed_cell_by_cell(folder):
    done = typed(folder, *answers(), "10.1000/new", "y")
    assert done.exit_code in {0, 1}, done.output
    assert "Key of the paper in references.json." in done.output
    assert "so far: Smith 2020" in done.output
    assert "one of: rct, cluster_rct" in done.output
    table = (folder / "studies.csv").read_text(encoding="utf-8")
    assert LINE in table
    assert json.loads((folder / "references.json").read_text(encoding="utf-8"))[-1]["id"] == "doe2025"
    assert not (folder / ".draft-row.toml").exists()


def test_a_first_row_is_offered_the_words_of_the_vocabulary(tiny):
    tiny.studies, tiny.claims, tiny.risk_of_bias = [], "", []
    done = typed(tiny.write(), ">", "!")
    assert "known: smith2020, jones2022" in done.output


def test_a_wrong_answer_is_explained_and_asked_again(folder):
    given = answers()
    given[given.index("rct")] = "RCT\nrct"
    done = typed(folder, *given, "10.1000/new", "y")
    assert 'found "RCT"; allowed: one of rct' in done.output
    assert LINE in (folder / "studies.csv").read_text(encoding="utf-8")


def test_help_lists_the_keys_and_back_goes_back(folder):
    given = answers()
    given[given.index("shift_workers")] = "?\n<\ncohort\nshift_workers"
    done = typed(folder, *given, "10.1000/new", "n")
    assert "poor_sleepers: people who sleep badly" in done.output
    assert "design: " in done.output
    assert "cohort" in (folder / ".draft-row.toml").read_text(encoding="utf-8")


def test_left_and_taken_up_again(folder):
    before = (folder / "studies.csv").read_bytes()
    given = answers()
    done = typed(folder, *given[:20], "!")
    assert done.exit_code == 1
    assert "Nothing was written to the tables" in done.output
    assert (folder / "studies.csv").read_bytes() == before
    filled = [place for place, answer in enumerate(given[:20]) if answer]
    again = typed(folder, *given[filled[-1] + 1 :], "10.1000/new", "y")
    assert f"{len(filled)} cells are filled" in again.output
    assert LINE in (folder / "studies.csv").read_text(encoding="utf-8")


def test_a_row_with_an_error_is_taken_up_at_its_end_and_put_right(folder):
    done = typed(folder, *answers(mean1_post="11"), "10.1000/new")
    assert done.exit_code == 2
    assert "(outside_scale)" in done.output
    again = typed(folder, "<mean1_post", "4.40", ">", "10.1000/new", "y")
    assert "Written: 1 row." in again.output, again.output
    assert LINE in (folder / "studies.csv").read_text(encoding="utf-8")


def test_the_end_of_the_input_leaves_it_too(folder):
    done = typed(folder, *answers()[:5])
    assert done.exit_code == 1
    assert 'study_id = "doe2025"' in (folder / ".draft-row.toml").read_text(encoding="utf-8")


def test_on_to_the_next_cell_that_must_be_filled(folder):
    done = typed(folder, "doe2025", "Doe 2025", "doe2025", ">", "!")
    assert done.output.count("design (must be filled)") == 1
    assert "year:" in done.output
    assert "population (must be filled)" not in done.output


def test_no_is_no_and_the_draft_stays(folder):
    before = (folder / "studies.csv").read_bytes()
    done = typed(folder, *answers(), "10.1000/new", "n")
    assert "Written" not in done.output
    assert (folder / "studies.csv").read_bytes() == before
    assert (folder / ".draft-row.toml").exists()


def test_another_result_of_a_known_paper_takes_over_what_belongs_to_the_paper(folder):
    done = typed(folder, "smith2020", "", "", "", "", "!")
    assert "study [Smith 2020]" in done.output
    assert "mean1_post [" not in done.output
    assert 'design = "rct"' in (folder / ".draft-row.toml").read_text(encoding="utf-8")


def test_a_dot_leaves_a_cell_empty(folder):
    typed(folder, "smith2020", "", "", ".", "!")
    assert "year" not in (folder / ".draft-row.toml").read_text(encoding="utf-8")


def test_the_draft_is_no_table(run, tmp_path):
    folder = Tiny(tmp_path / "data", claims=CLAIM).write()
    typed(folder, "doe2025")
    assert run("validate", "--data", folder).code == 0
