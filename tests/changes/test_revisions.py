"""States of the evidence in git: a revision, a folder, and names that are neither."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from hipevidence.changes import state
from hipevidence.errors import EvidenceError, InputError
from tests.support import Tiny, study

GIT = shutil.which("git")

pytestmark = pytest.mark.skipif(GIT is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path):
    """A repository with two commits of a data folder and a change that is not committed."""

    def git(*command: str) -> None:
        person = [
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.autocrlf=false",
        ]
        subprocess.run([GIT, *person, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    for note in ("first", "second"):
        Tiny(tmp_path / "deep" / "data", studies=[study(note=note)]).write()
        git("add", ".")
        git("commit", "-qm", note)
    return Tiny(tmp_path / "deep" / "data", studies=[study(note="now")]).write()


@pytest.mark.parametrize(("name", "note"), [("HEAD", "second"), ("HEAD~1", "first")])
def test_a_revision(repository, name, note):
    assert state(name, repository).studies["note"].tolist() == [note]


def test_the_folder_as_it_is_now(repository):
    assert state(str(repository), repository).studies["note"].tolist() == ["now"]


@pytest.mark.parametrize("name", ["nowhere", "--help", "-v", "HEAD:deep", "", "a\0b", "HEAD..HEAD~1", "a\nb"])
def test_what_is_neither(repository, name):
    with pytest.raises(InputError, match="allowed: a data folder, or a git revision"):
        state(name, repository)


def test_outside_of_any_repository(tmp_path):
    with pytest.raises(InputError, match="allowed: a data folder, or a git revision"):
        state("HEAD", Tiny(tmp_path / "data").write())


def test_a_data_folder_that_does_not_exist(tmp_path):
    with pytest.raises(InputError, match="found no folder"):
        state("HEAD", tmp_path / "none")


def test_a_state_with_errors(repository):
    Tiny(repository, studies=[study(n1="0")]).write()
    with pytest.raises(EvidenceError):
        state(str(repository), repository)
