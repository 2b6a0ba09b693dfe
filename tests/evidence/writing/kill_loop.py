"""Kill a writer at a random moment, look at what is left, and start the next one: prints what was found as JSON.

Started by ``test_files.py`` in a process of its own, because it forks.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from hipevidence.evidence.writing.bibliography import insert_reference
from hipevidence.evidence.writing.files import Change, finish_interrupted, write_files
from hipevidence.evidence.writing.layout import insert_rows

HEADER = "key,paper,words\n"


def main(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Return how many rows there are, how many of those reported written are lost, and how many files are torn."""
    (folder / "table.csv").write_text(HEADER, encoding="utf-8")
    (folder / "references.json").write_text("[]\n", encoding="utf-8")
    moments = random.Random(seed)  # noqa: S311 - repeatable chance for a test
    found = {"kills": 0, "interrupted": 0, "torn": 0, "lost": 0, "unequal": 0, "left_behind": 0, "rows": 0}
    reported = 0
    for _ in range(kills):
        reported = max(reported, killed_writer(folder, moments.uniform(0, 0.03)))
        found["kills"] += 1
        rows, entries = contents(folder)
        found["torn"] += rows is None or entries is None
        found["interrupted"] += len(list(folder.iterdir())) > 2
        finish_interrupted(folder)
        rows, entries = contents(folder)
        found["left_behind"] += len(list(folder.iterdir())) > 2
        found["unequal"] += rows != entries
        found["lost"] += rows is None or rows < reported
        found["rows"] = rows or 0
    return found


def killed_writer(folder: Path, patience: float) -> int:
    """Let a writer run for a moment, kill it, and return the last row that it reported as written."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        write_for_ever(folder, writing)
    os.close(writing)
    first = os.read(reading, 8)  # it has begun
    time.sleep(patience)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    said = first
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return max(int.from_bytes(said[place : place + 8]) for place in range(0, len(said) - len(said) % 8, 8))


def write_for_ever(folder: Path, report: int) -> None:
    """Add rows, each with its reference, and report each when it is written."""
    number = contents(folder)[0] or 0
    os.write(report, number.to_bytes(8))
    while True:
        number += 1
        table, references = ((folder / name).read_bytes() for name in ("table.csv", "references.json"))
        row = {"key": f"r{number:05}", "paper": f"p{number:05}", "words": "some, words " * 40}
        new = {
            "references.json": insert_reference(references, {"id": f"p{number:05}", "title": "words " * 40}),
            "table.csv": insert_rows(table, [row]),
        }
        old = {"references.json": references, "table.csv": table}
        write_files(folder, [Change(name, digest(old[name]), new[name]) for name in new])
        os.write(report, number.to_bytes(8))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def contents(folder: Path) -> tuple[int | None, int | None]:
    """Return the number of rows and of references; ``None`` where a file is not whole."""
    try:
        rows = list(csv.reader((folder / "table.csv").read_text(encoding="utf-8").splitlines(), strict=True))
        keys = [row[0] for row in rows[1:]]
        whole = keys == [f"r{number:05}" for number in range(1, len(keys) + 1)] and all(len(row) == 3 for row in rows)
        entries = [entry["id"] for entry in json.loads((folder / "references.json").read_text(encoding="utf-8"))]
        complete = entries == [f"p{number:05}" for number in range(1, len(entries) + 1)]
    except (OSError, ValueError, KeyError, csv.Error):
        return None, None
    return len(keys) if whole else None, len(entries) if complete else None


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
