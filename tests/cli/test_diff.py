"""``hipevidence diff``: two folders, two revisions, or the tables as they are against those committed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.support import Tiny, study

GIT = shutil.which("git")


@pytest.fixture
def two(tmp_path):
    other = study(row_id="doe2021.sleep.6w", study_id="jones2022", sample_id="doe2021", mean1_post="2.4")
    old = Tiny(tmp_path / "old").write()
    return old, Tiny(tmp_path / "new", studies=[study(), other]).write()


def test_nothing_differs(run, two):
    done = run("diff", two[0], two[0])
    assert (done.code, done.out) == (0, "Nothing differs.\n")


def test_something_differs(run, two):
    done = run("diff", *two)
    assert done.code == 1
    assert "+ studies: doe2021.sleep.6w added" in done.out
    assert "doe2021.sleep.6w entered; moves the estimate by" in done.out
    assert "Severity: " in done.out


def test_markdown_and_json(run, two):
    markdown = run("diff", *two, "--markdown")
    assert markdown.code == 1
    assert markdown.out.startswith("## What changes\n")
    record = run("diff", *two, "--json")
    assert record.code == 1
    assert record.json["severity"] in {"numeric", "crosses", "claim_flips"}
    assert record.json["questions"][0]["new"]["k"] == 2


def test_a_state_that_cannot_be_read(run, two):
    done = run("diff", "no such revision", "--data", two[0])
    assert done.code == 2
    assert "allowed: a data folder, or a git revision" in done.err
    (two[1] / "questions.toml").write_text("[[question", encoding="utf-8")
    assert run("diff", *two).code == 2


@pytest.mark.skipif(GIT is None, reason="git is not installed")
def test_the_tables_as_they_are_against_those_committed(run, two):
    def git(*command):
        person = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        subprocess.run([GIT, *person, *command], cwd=two[0], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "before")
    assert run("diff", "--data", two[0]).code == 0
    shutil.copy(two[1] / "studies.csv", two[0])
    done = run("diff", "--data", two[0])
    assert done.code == 1
    assert "+ studies: doe2021.sleep.6w added" in done.out
    git("commit", "-qam", "after")
    assert run("diff", "HEAD~1", "HEAD", "--data", two[0]).out == done.out
