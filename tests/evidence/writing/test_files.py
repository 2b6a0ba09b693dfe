"""Files replaced whole: a crash leaves the old or the new one, and the second of two writers is told."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hipevidence.errors import InputError
from hipevidence.evidence.writing import Change, finish_interrupted, insert_rows, write_files
from hipevidence.evidence.writing import files as files_module
from hipevidence.evidence.writing.lock import NAME as LOCK
from hipevidence.evidence.writing.lock import locked
from tests.support import ROOT

posix = pytest.mark.skipif(sys.platform == "win32", reason="forks and kills")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def change(name: str, old: bytes, new: bytes) -> Change:
    return Change(name, digest(old) if old else "", new)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_bytes(b"old a\n")
    (tmp_path / "b.json").write_bytes(b"old b\n")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


BOTH = [change("b.json", b"old b\n", b"new b\n"), change("a.csv", b"old a\n", b"new a\n")]


def test_files_are_replaced_and_nothing_is_left_behind(folder):
    write_files(folder, BOTH)
    assert (folder / "a.csv").read_bytes() == b"new a\n"
    assert (folder / "b.json").read_bytes() == b"new b\n"
    assert names(folder) == ["a.csv", "b.json"]


def test_a_new_file_and_the_rights_of_an_old_one(folder):
    (folder / "a.csv").chmod(0o640)
    write_files(folder, [change("a.csv", b"old a\n", b"new a\n"), change("c.csv", b"", b"c\n")])
    assert (folder / "c.csv").read_bytes() == b"c\n"
    if sys.platform != "win32":
        assert (folder / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_file_that_somebody_changed_is_not_overwritten(folder):
    (folder / "a.csv").write_bytes(b"somebody else's\n")
    with pytest.raises(InputError, match=r"a\.csv was changed by somebody else"):
        write_files(folder, BOTH)
    assert (folder / "a.csv").read_bytes() == b"somebody else's\n"
    assert (folder / "b.json").read_bytes() == b"old b\n"
    assert names(folder) == ["a.csv", "b.json"]


def test_a_file_that_somebody_made_is_not_overwritten(folder):
    with pytest.raises(InputError, match="changed by somebody else"):
        write_files(folder, [change("a.csv", b"", b"new\n")])


def test_while_somebody_writes_the_second_waits_and_is_told(folder):
    with locked(folder), pytest.raises(InputError, match="somebody else is writing"):
        write_files(folder, BOTH, patience=0.05)
    assert (folder / "a.csv").read_bytes() == b"old a\n"
    write_files(folder, BOTH)
    assert (folder / "a.csv").read_bytes() == b"new a\n"


def test_a_lock_left_behind_by_a_dead_writer_locks_nobody_out(folder):
    (folder / LOCK).touch()
    write_files(folder, BOTH, patience=0.05)
    assert names(folder) == ["a.csv", "b.json"]


@posix
def test_a_link_stays_a_link(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "real.csv"
    elsewhere.write_bytes(b"old\n")
    (folder / "link.csv").symlink_to(elsewhere)
    write_files(folder, [change("link.csv", b"old\n", b"new\n")])
    assert (folder / "link.csv").is_symlink()
    assert elsewhere.read_bytes() == b"new\n"


def test_a_disk_that_is_full_changes_nothing(folder, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files_module.os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_files(folder, BOTH)
    monkeypatch.undo()
    assert (folder / "a.csv").read_bytes() == b"old a\n"
    assert names(folder) == ["a.csv", "b.json"]


def stop_after(monkeypatch, moves: int) -> None:
    """Let the writer die after some moves into place, as a power cut would."""
    move = Path.replace
    made = []

    def dying(self: Path, target: Path) -> Path:
        if len(made) == moves:
            raise KeyboardInterrupt
        made.append(target)
        return move(self, target)

    monkeypatch.setattr(Path, "replace", dying)


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_the_next_writer_finishes_what_a_crash_interrupted(folder, monkeypatch, moves):
    """The first move puts the journal in place: before it nothing has happened, after it everything will."""
    with monkeypatch.context() as patched:
        stop_after(patched, moves)
        with pytest.raises(KeyboardInterrupt):
            write_files(folder, BOTH)
    finish_interrupted(folder)
    expected = b"old" if moves == 0 else b"new"
    assert (folder / "a.csv").read_bytes().startswith(expected)
    assert (folder / "b.json").read_bytes().startswith(expected)
    assert names(folder) == ["a.csv", "b.json"]


@pytest.mark.parametrize(
    ("open_elsewhere", "said"), [("b.json", "nothing was changed"), ("a.csv", "it first finishes")]
)
def test_a_file_that_a_spreadsheet_keeps_open(folder, monkeypatch, open_elsewhere, said):
    move = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if Path(target).name == open_elsewhere:
            raise PermissionError(13, "in use")
        return move(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refusing)
        with pytest.raises(InputError, match=said):
            write_files(folder, BOTH)
    finish_interrupted(folder)
    expected = b"old" if open_elsewhere == "b.json" else b"new"
    assert (folder / "a.csv").read_bytes().startswith(expected)
    assert (folder / "b.json").read_bytes().startswith(expected)
    assert names(folder) == ["a.csv", "b.json"]


def test_what_was_interrupted_does_not_overwrite_what_came_after(folder, monkeypatch):
    with monkeypatch.context() as patched:
        stop_after(patched, 2)
        with pytest.raises(KeyboardInterrupt):
            write_files(folder, BOTH)
    (folder / "a.csv").write_bytes(b"by hand\n")
    finish_interrupted(folder)
    assert (folder / "a.csv").read_bytes() == b"by hand\n"
    assert names(folder) == ["a.csv", "b.json"]


def test_a_folder_that_cannot_be_written(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_files(tmp_path / "nowhere", BOTH)


def test_two_people_at_once_lose_no_row(folder):
    """Each reads, adds and writes; whoever is told that the table has changed begins again."""
    table = folder / "table.csv"
    table.write_bytes(b"who,number\n")
    refused = []

    def person(name: str) -> None:
        for number in range(20):
            while True:
                old = table.read_bytes()
                new = insert_rows(old, [{"who": name, "number": str(number)}])
                try:
                    write_files(folder, [change("table.csv", old, new)])
                    break
                except InputError as error:
                    refused.append(str(error))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(person, "abc"))
    lines = table.read_text(encoding="utf-8").split()
    assert sorted(lines[1:]) == sorted(f"{name},{number}" for name in "abc" for number in range(20))
    assert all("somebody else" in message for message in refused)
    assert names(folder) == ["a.csv", "b.json", "table.csv"]


@pytest.mark.slow
@posix
def test_200_kills_lose_and_tear_nothing(tmp_path):
    script = Path(__file__).with_name("kill_loop.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), "200", "20260101"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found = json.loads(done.stdout)
    assert {name: found[name] for name in ("kills", "torn", "lost", "unequal", "left_behind")} == {
        "kills": 200,
        "torn": 0,
        "lost": 0,
        "unequal": 0,
        "left_behind": 0,
    }
    assert found["interrupted"] > 0  # kills that struck in the middle of a write
    assert found["rows"] > 0
