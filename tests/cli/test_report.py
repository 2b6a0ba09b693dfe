"""``hipevidence report``: written whole or not at all, and checked against what the data give."""

from __future__ import annotations

import json
import os
import shutil

import pytest

WRITTEN = {
    "index.html",
    "report.pdf",
    "verified_figures.json",
    "verified_figures.csv",
    "verified_figures.html",
    "manifest.json",
}


@pytest.fixture
def made(run, tiny, tmp_path):
    """A report of the small folder: the data folder and the report folder."""
    data, out = tiny.write(), tmp_path / "reports"
    assert run("report", "--data", data, "--out", out).code == 0
    return data, out


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
class TestMade:
    def test_it_says_where_the_report_is_and_exits_0(self, run, tiny, tmp_path):
        out = tmp_path / "reports"
        done = run("report", "--data", tiny.write(), "--out", out)
        assert done.code == 0
        assert f"{out / 'index.html'}" in done.out
        assert {path.name for path in out.iterdir() if path.is_file()} >= WRITTEN

    def test_json_lists_what_was_written(self, run, tiny, tmp_path):
        done = run("report", "--data", tiny.write(), "--out", tmp_path / "reports", "--json")
        assert {os.path.basename(path) for path in done.json["written"]} >= WRITTEN  # noqa: PTH119 - plain text here

    def test_check_of_a_fresh_report_finds_nothing_and_writes_nothing(self, run, made):
        data, out = made
        before = contents(out)
        done = run("report", "--check", "--data", data, "--out", out)
        assert done.code == 0
        assert "is what the data give" in done.out
        assert contents(out) == before

    def test_check_of_an_edited_report_exits_1_and_names_the_file(self, run, made):
        data, out = made
        (out / "index.html").write_text("changed by hand", encoding="utf-8")
        done = run("report", "--check", "--data", data, "--out", out)
        assert done.code == 1
        assert "index.html" in done.out
        assert "Run: hipevidence report" in done.out
        assert (out / "index.html").read_text(encoding="utf-8") == "changed by hand"

    def test_check_as_json(self, run, made):
        data, out = made
        (out / "manifest.json").unlink()
        done = run("report", "--check", "--json", "--data", data, "--out", out)
        assert done.code == 1
        assert "manifest.json" in done.json["different"]

    def test_check_after_a_change_of_the_data_exits_1(self, run, tiny, made):
        data, out = made
        tiny.studies[0]["mean1_post"] = "6.20"
        tiny.write()
        assert run("report", "--check", "--data", data, "--out", out).code == 1

    def test_twice_gives_the_same_bytes(self, run, made):
        data, out = made
        before = contents(out)
        assert run("report", "--data", data, "--out", out).code == 0
        assert contents(out) == before

    def test_a_word_document_comes_when_asked_for_and_goes_with_the_next_report(self, run, made):
        data, out = made
        done = run("report", "--docx", "--data", data, "--out", out)
        assert f"{out / 'report.docx'}" in done.out
        assert (out / "report.docx").read_bytes().startswith(b"PK")
        assert run("report", "--data", data, "--out", out).code == 0
        assert not (out / "report.docx").exists()

    def test_a_section_on_what_changed_comes_when_asked_for_and_goes_with_the_next_report(self, run, made, tmp_path):
        data, out = made
        before = contents(out)
        earlier = shutil.copytree(data, tmp_path / "earlier")
        (earlier / "studies.csv").write_text((data / "studies.csv").read_text().replace("5.20", "5.60"))
        assert run("report", "--since", earlier, "--data", data, "--out", out).code == 0
        page = (out / "index.html").read_text(encoding="utf-8")
        assert f"What changed since {earlier}" in page
        assert run("report", "--check", "--since", earlier, "--data", data, "--out", out).code == 0
        assert run("report", "--check", "--data", data, "--out", out).code == 1
        assert run("report", "--data", data, "--out", out).code == 0
        assert contents(out) == before

    def test_a_change_that_is_refused_leaves_the_earlier_report(self, run, tiny, made):
        data, out = made
        before = contents(out)
        tiny.studies[0]["sd1_post"] = "0"
        tiny.write()
        assert run("report", "--data", data, "--out", out).code == 2
        assert contents(out) == before

    def test_the_manifest_is_no_stranger_to_the_files(self, made):
        _, out = made
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        files = {path.as_posix() for path in contents(out)} - {"manifest.json"}
        assert set(manifest["outputs"]) == files


def refuse(done, *said):
    assert done.code == 2
    assert "Traceback" not in done.err
    assert all(part in done.err for part in said)


def test_a_folder_with_other_things_in_it_is_left_alone(run, tiny, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    refuse(run("report", "--data", tiny.write(), "--out", tmp_path / "photos"), "photos", "--out")
    assert contents(tmp_path / "photos").keys() == {(tmp_path / "photos" / "cat.jpg").relative_to(tmp_path / "photos")}


def test_a_state_that_there_is_not_is_refused_before_anything_is_made(run, tiny, tmp_path):
    done = run("report", "--since", "nowhere", "--data", tiny.write(), "--out", tmp_path / "reports")
    refuse(done, "nowhere", "allowed: a data folder, or a git revision")
    assert not (tmp_path / "reports").exists()


def test_a_file_in_the_place_of_the_folder(run, tiny, tmp_path):
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    refuse(run("report", "--data", tiny.write(), "--out", tmp_path / "reports"), "a file", "--out")


@pytest.mark.slow
def test_a_file_above_the_folder(run, tiny, tmp_path):
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    refuse(run("report", "--data", tiny.write(), "--out", tmp_path / "file" / "reports"), "--out")


@pytest.mark.skipif(os.name == "nt", reason="the words are those of POSIX systems")
def test_a_name_that_no_file_system_takes(run, tiny, tmp_path):
    refuse(run("report", "--data", tiny.write(), "--out", tmp_path / ("r" * 300)), "too long", "--out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever runs this may write everywhere")
def test_a_folder_that_may_not_be_written(run, tiny, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    refuse(run("report", "--data", tiny.write(), "--out", locked / "reports"), "--out", "nothing was changed")


def test_check_where_there_is_no_report_writes_none(run, tiny, tmp_path):
    done = run("report", "--check", "--data", tiny.write(), "--out", tmp_path / "reports")
    assert done.code == 1
    assert not (tmp_path / "reports").exists()
