"""Every bad input of a data folder: a message in four parts, exit code 2, no traceback, nothing written."""

from __future__ import annotations

import pytest

from tests.support import SCALE, study

CELLS = {
    "text for a number": ({"mean1_post": "about 3"}, ["studies.csv:2", "mean1_post", '"about 3"', "a number"]),
    "sd of zero": ({"sd1_post": "0"}, ["studies.csv:2", "sd1_post", '"0"', "above 0"]),
    "nobody analysed": ({"n1": "0"}, ["studies.csv:2", "n1", '"0"', "at least 1"]),
    "more events than people": ({"events1": "25"}, ["studies.csv:2", "events1", '"25"', "24"]),
    "interval beside its estimate": (
        {"effect_measure": "SMD", "effect": "0.9", "ci_low": "0.1", "ci_high": "0.5"},
        ["studies.csv:2", "effect", "0.9"],
    ),
    "unknown instrument": ({"instrument": "diry"}, ["studies.csv:2", '"diry"', "Did you mean diary?"]),
}


def spoilt(tiny, name):
    """The folder with one file replaced, and what the message must say."""
    studies = (tiny.write() / "studies.csv").read_bytes()
    changes = {
        "missing file": (None, "instruments.csv", ["instruments.csv"]),
        "unknown column": (
            studies.replace(b"mean1_post", b"mean1_pst", 1),
            "studies.csv",
            ["mean1_pst", "Did you mean"],
        ),
        "broken toml": (b"[[question]\nid =", "questions.toml", ["questions.toml:1"]),
        "latin-1": (
            studies.replace(b"Smith 2020", "Sm\xefth 2020".encode("latin-1")),
            "studies.csv",
            ["studies.csv:2", "UTF-8"],
        ),
        "semicolons": (studies.replace(b",", b";"), "studies.csv", ["studies.csv", "semicolon"]),
        "empty table": (b"", "studies.csv", ["studies.csv", "empty"]),
    }
    data, file, said = changes[name]
    tiny.files[file] = data
    return said


@pytest.fixture
def reports(tmp_path):
    """A folder with an earlier report, which must stay as it is."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "index.html").write_text("an earlier report", encoding="utf-8")
    return folder


def refuse(done, said):
    assert done.code == 2
    assert "Traceback" not in done.err
    for part in (*said, "found:", "allowed:", "do:"):
        assert part in done.err
    assert done.out == ""


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("command", ["pool", "claims"])
def test_a_wrong_cell(run, tiny, command, name):
    cells, said = CELLS[name]
    tiny.studies = [study(**cells)]
    refuse(run(command, "--data", tiny.write()), [*said, "smith2020.sleep.6w"])


@pytest.mark.parametrize("name", CELLS)
def test_a_wrong_cell_leaves_the_report_alone(run, tiny, reports, name):
    cells, said = CELLS[name]
    tiny.studies = [study(**cells)]
    refuse(run("report", "--data", tiny.write(), "--out", reports), said)
    assert [path.name for path in reports.iterdir()] == ["index.html"]
    assert (reports / "index.html").read_text(encoding="utf-8") == "an earlier report"


FILES = ["missing file", "unknown column", "broken toml", "latin-1", "semicolons", "empty table"]


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file(run, tiny, name):
    said = spoilt(tiny, name)
    refuse(run("pool", "--data", tiny.write()), said)


def test_a_duplicate_key(run, tiny):
    tiny.studies = [study(), study(sample_id="other")]
    refuse(run("pool", "--data", tiny.write()), ["studies.csv:3", "row_id", "smith2020.sleep.6w"])


def test_every_problem_of_every_file_in_one_run(run, tiny):
    tiny.studies = [study(**CELLS["text for a number"][0]), study(row_id="b", sample_id="b", sd1_post="-1")]
    tiny.instruments = [SCALE | {"higher_is_better": "perhaps"}]
    tiny.files["claims.toml"] = b"[[claim]]\nid = "
    done = run("pool", "--data", tiny.write())
    refuse(done, ["studies.csv:2", "studies.csv:3", "instruments.csv:2", "claims.toml:2"])
    count = done.err.count("found:")
    assert f"{count} problems found; nothing was changed." in done.err


@pytest.mark.parametrize(
    "change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")], ids=["bom", "crlf"]
)
def test_windows_files_are_read_like_others(run, tiny, change):
    plain = run("pool", "--json", "--data", tiny.write())
    for path in tiny.path.iterdir():
        path.write_bytes(change(path.read_bytes()))
    windows = run("pool", "--json", "--data", tiny.path)
    assert windows.code == 0
    assert windows.json == plain.json


@pytest.mark.parametrize("command", ["pool", "claims", "report", "validate"])
def test_a_data_folder_that_is_not_there(run, tmp_path, command):
    done = run(command, "--data", tmp_path / "nowhere", *(["--out", tmp_path / "out"] if command == "report" else []))
    assert done.code == 2
    assert "no such folder" in done.out + done.err
    assert "--data" in done.out + done.err
    assert not (tmp_path / "out").exists()


def test_a_file_as_data_folder(run, tmp_path):
    file = tmp_path / "studies.csv"
    file.write_text("a", encoding="utf-8")
    refuse(run("pool", "--data", file), ["a file", "a data folder"])
