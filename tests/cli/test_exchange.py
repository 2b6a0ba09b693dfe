"""``hipevidence export`` and ``hipevidence import``: out to other programs and in again, and what is refused."""

from __future__ import annotations

import csv

import pytest

from hipevidence.evidence import load_evidence
from hipevidence.evidence.exchange.columns import restored
from hipevidence.evidence.writing import rows_from_file
from tests.support import study


@pytest.fixture
def folder(tiny):
    tiny.studies = [
        study(),
        study(row_id="doe.sleep", sample_id="doe", study="=cmd()", arm1="@home", mean1_post="-0.40"),
    ]
    tiny.instruments[0] = tiny.instruments[0] | {"minimum": "-10"}
    return tiny.write()


@pytest.mark.parametrize("form", ["revman", "metafor", "metapsy"])
def test_no_cell_that_goes_out_is_a_formula(run, folder, tmp_path, form):
    assert run("export", tmp_path / "out.csv", "tea.sleep", "--format", form, "--data", folder).code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=cmd()" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    assert ("-0.40" in cells) == (form == "metapsy")  # RevMan gets it turned round, metafor the effect


@pytest.mark.parametrize("form", ["revman", "metafor", "metapsy"])
def test_a_name_comes_back_as_it_was(run, folder, tmp_path, form):
    run("export", tmp_path / "out.csv", "--format", form, "--data", folder)
    done = run("import", tmp_path / "out.csv", tmp_path / "in.csv", "--format", form, "--data", folder)
    assert done.code == 0, done.err
    with (tmp_path / "in.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [restored(row["study"]).removesuffix(" 2020") for row in rows] == ["Smith", "=cmd()"]
    assert list(rows[0]) == list(load_evidence(folder).schema.resource("studies").columns)


def test_every_column_that_the_metapsy_standard_wants_goes_out(run, folder, tmp_path):
    """As metapsyTools' ``checkDataFormat`` asks for them (https://docs.metapsy.org/data-preparation/format/)."""
    run("export", tmp_path / "out.csv", "--format", "metapsy", "--data", folder)
    header = (tmp_path / "out.csv").read_text(encoding="utf-8").split("\n")[0].split(",")
    arms = ("condition", "multi", "mean", "sd", "n", "event", "totaln")
    wanted = {"study", "outcome_type", "instrument", "time", "time_weeks", "rating"}
    assert wanted | {f"{name}_arm{arm}" for name in arms for arm in (1, 2)} <= set(header)


def test_what_comes_in_is_no_formula_until_it_is_added(run, folder, tmp_path):
    """Whoever looks through imported rows in a spreadsheet runs nothing; adding them takes the apostrophe off."""
    (tmp_path / "their.csv").write_text("slab,year,yi,vi\n=cmd() 2001,2001,-0.3,0.04\n", encoding="utf-8")
    run("import", tmp_path / "their.csv", tmp_path / "in.csv", "--set", "effect_measure=SMD", "--data", folder)
    with (tmp_path / "in.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["study"], row["effect"]) == ("'=cmd() 2001", "-0.3")
    assert not [text for text in row.values() if text.startswith(("=", "@", "+"))]
    rows, _ = rows_from_file(tmp_path / "in.csv", load_evidence(folder).schema.resource("studies"))
    assert rows[0]["study"] == "=cmd() 2001"


def test_effects_go_out_at_full_precision(run, folder, tmp_path):
    run("export", tmp_path / "out.csv", "--data", folder)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        sent = [(float(row["yi"]), float(row["vi"])) for row in csv.DictReader(file)]
    rows = run("pool", "--json", "--data", folder).json["questions"][0]["rows"]
    assert sent == [(row["yi"], row["vi"]) for row in rows]


def test_what_is_there_is_not_overwritten(run, folder, tmp_path):
    taken = tmp_path / "taken.csv"
    taken.write_text("slab,yi,vi\na,1,1\n", encoding="utf-8")
    assert "exists already" in run("export", taken, "--data", folder).err
    assert "exists already" in run("import", taken, taken, "--data", folder).err
    assert run("export", tmp_path / "all.zip", "--format", "package", "--data", folder).code == 0
    assert "is not empty" in run("import", tmp_path / "all.zip", folder, "--format", "package").err
    assert taken.read_text(encoding="utf-8") == "slab,yi,vi\na,1,1\n"


@pytest.mark.parametrize(
    ("name", "content", "form", "message"),
    [
        ("a.csv", b"a,b\n1,2\n", "metafor", "found the columns a, b"),
        ("a.csv", b"\xff\xfe", "metafor", "not UTF-8"),
        ("a.rm5", b"<x/>", "rm5", "found no data"),
        ("a.zip", b"", "package", "found no zip"),
        ("", b"", "revman", "cannot be read"),
        ("", b"", "rm5", "cannot be read"),
    ],
)
def test_what_cannot_come_in(run, folder, tmp_path, name, content, form, message):
    source = tmp_path / (name or "missing.csv")
    if name:
        source.write_bytes(content)
    done = run("import", source, tmp_path / "out", "--format", form, "--data", folder)
    assert done.code == 2
    assert message in done.err
    assert not (tmp_path / "out").exists()


def test_json(run, folder, tmp_path):
    assert run("export", tmp_path / "a.csv", "--json", "--data", folder).json == {"written": [str(tmp_path / "a.csv")]}
    done = run("import", tmp_path / "a.csv", tmp_path / "b.csv", "--json", "--data", folder)
    assert done.json == {"written": [str(tmp_path / "b.csv"), str(tmp_path / "b.references.json")]}
    assert run("init", tmp_path / "new", "--json").json["written"]


def test_an_unknown_question(run, folder, tmp_path):
    assert "no question coffee" in run("export", tmp_path / "a.csv", "coffee", "--data", folder).err
