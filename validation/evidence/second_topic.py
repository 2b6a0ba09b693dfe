"""Build a second evidence base from nothing: thirteen trials of BCG, each typed in by one of the four ways.

``python validation/evidence/second_topic.py [--transcript]`` from the top of the repository, on a system with
pseudo-terminals and git. It prints what a researcher would see, or only what came of it, and ends with 1 if the pooled
estimate is not metafor's.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TRIALS: Final = ROOT / "validation" / "effects" / "metafor_datasets.json"
#: metafor 5.1.12, ``rma(yi, vi, method = "REML")`` on ``escalc("RR", ...)`` of ``dat.bcg``.
METAFOR: Final = {"estimate": -0.714532342158139, "tau2": 0.313243258136481}
NAMES: Final = (
    *("Aronson 1948", "Ferguson & Simes 1949", "Rosenthal et al. 1960", "Hart & Sutherland 1977"),
    *("Frimodt-Møller et al. 1973", "Stein & Aronson 1953", "Vandiviere et al. 1973", "TPT Madras 1980"),
    *("Coetzee & Berjak 1968", "Rosenthal et al. 1961", "Comstock et al. 1974", "Comstock & Webster 1969"),
    "Comstock et al. 1976",
)
#: Column ``alloc`` of ``dat.bcg``: at random, by turns (alternate) or by a system, in the order of the names.
ALLOTTED: Final = ("random",) * 4 + ("alternate",) * 2 + ("random",) * 3 + ("systematic",) * 4
VOCABULARY: Final = """
[population.adults_and_children]
label = "people not infected with tuberculosis"
words = ["people", "children", "adults"]

[intervention.bcg]
label = "BCG vaccination"
words = ["BCG", "BCG vaccine", "vaccinated", "BCG vaccination"]

[comparator.no_vaccine]
label = "no vaccination"
words = ["no vaccine", "unvaccinated"]

[outcome.tuberculosis]
label = "tuberculosis"
words = ["tuberculosis", "TB"]
good = "less"
"""
QUESTION: Final = """
[[question]]
id = "bcg.tuberculosis"
title = "BCG against no vaccination, tuberculosis"
plain = "In people not infected yet, does BCG vaccination prevent tuberculosis?"
population = ["adults_and_children"]
intervention = ["bcg"]
comparator = ["no_vaccine"]
outcome = ["tuberculosis"]
designs = ["rct", "quasi_randomised"]
measure = "RR"
lower_is_better = true
arms = ["BCG vaccination", "No vaccination"]
favours = ["favours BCG", "favours no vaccine"]
"""
CLAIM: Final = """
[[claim]]
id = "C01"
section = "Vaccination"
statement = "BCG always prevents tuberculosis."
population = "adults_and_children"
intervention = "bcg"
comparator = "no_vaccine"
outcome = ["tuberculosis"]
finding = "decreases"
relation = "causes"
certainty = "always"
questions = ["bcg.tuberculosis"]
carried = "In the trials, vaccinated people fell ill {question:bcg.tuberculosis#size_ci} times as often as others."
review_by = "2030-01-01"
"""
TEXT: Final = """# Vaccination

BCG vaccination always prevents tuberculosis.

BCG vaccination cuts the risk of tuberculosis by 90%.

In thirteen trials, vaccinated people got tuberculosis about half as often as unvaccinated people (risk ratio 0.49).
"""


def main(*, transcript: bool) -> int:
    """Build the base, pool, report, check a text and compare; return 1 where the numbers are not metafor's."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        desk = Desk(place, place / "bcg", transcript=transcript)
        desk.run("init", "bcg", "--title", "Vaccines against tuberculosis")
        for name, text in (("vocabulary.toml", VOCABULARY), ("questions.toml", QUESTION)):
            (desk.folder / name).write_text(text, encoding="utf-8")
        desk.git("init", "-q")
        desk.commit("empty")
        ways = (by_toml, by_csv, by_set, by_form)
        for number, row in enumerate(rows()):
            way = ways[number % len(ways)]
            said = way(desk, row)
            print(f"{row['study']}: {way.__name__[3:]}; git diff --numstat: {desk.numstat()}")
            if "Written: 1 row." not in said:
                raise SystemExit(said)
            desk.commit(row["study"])
        (desk.folder / "claims.toml").write_text(CLAIM, encoding="utf-8")
        (place / "text.md").write_text(TEXT, encoding="utf-8")
        (place / "out").mkdir()
        answer = json.loads(desk.run("pool", "--json", "--data", "bcg"))["questions"][0]["primary"]
        for command in ("validate", "pool", "claims", "certainty"):
            desk.run(command, "--data", "bcg")
        desk.run("check", "text.md", "--data", "bcg")
        desk.run("diff", "HEAD~1", "--data", "bcg")
        desk.run("report", "--data", "bcg", "--since", "HEAD~1", "--out", "report")
        topic = foreign_words(place / "report")
        print(f"words of the topic of this repository in the report: {topic or 'none'}")
        agree = all(abs(answer[name] - value) <= 1e-6 * abs(value) for name, value in METAFOR.items())
        for name, value in METAFOR.items():
            print(f"{name}: {answer[name]:.10f}, metafor {value:.10f}")
        return 0 if agree and not topic else 1


def rows() -> list[dict[str, str]]:
    """Return the thirteen trials as rows of studies.csv."""
    cases = json.loads(TRIALS.read_text(encoding="utf-8"))["cases"]
    counts = next(case["inputs"] for case in cases if (case["name"], case["measure"]) == ("bcg", "RR"))
    return [_row(place, {column: str(values[place]) for column, values in counts.items()}) for place in range(13)]


def _row(place: int, counts: dict[str, str]) -> dict[str, str]:
    key = f"trial{place + 1:02}"
    return {
        "study_id": key,
        "study": NAMES[place],
        "sample_id": key,
        "year": NAMES[place][-4:] if NAMES[place][-4:].isdigit() else "",
        "design": "rct" if ALLOTTED[place] == "random" else "quasi_randomised",
        "population": "adults_and_children",
        "sex": "not_reported",
        "intervention": "bcg",
        "comparator": "no_vaccine",
        "outcome": "tuberculosis",
        **counts,
        "verification": "secondary",
        "seen": "true",
        "status": "extracted",
        "read_in": "Colditz 1994, Table 1",
        "row_id": f"{key}.tuberculosis",
    }


class Desk:
    """A folder in which somebody works, and what they see."""

    def __init__(self, place: Path, folder: Path, *, transcript: bool) -> None:
        self.place, self.folder, self.transcript = place, folder, transcript

    def run(self, *command: str) -> str:
        """Run a command of the program and return what it printed."""
        line = self.program(*command)
        done = subprocess.run(line, cwd=self.place, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        self.show(f"$ hipevidence {' '.join(command)}\n{done.stdout}{done.stderr}(exit {done.returncode})\n")
        return done.stdout if "Traceback" not in done.stderr else self.stop(done.stderr)

    def program(self, *command: str) -> list[str]:
        """Return the command line of the program."""
        return [sys.executable, "-m", "hipevidence", *command]

    def show(self, text: str) -> None:
        """Print what was seen, where a transcript is wanted."""
        if self.transcript:
            print(text)

    def stop(self, text: str) -> str:
        """End with what went wrong."""
        raise SystemExit(text)

    def git(self, *command: str) -> str:
        """Run git in the folder."""
        person = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        line = ["git", *person, *command]
        return subprocess.run(line, cwd=self.folder, capture_output=True, text=True, check=True).stdout  # noqa: S603 - git

    def commit(self, words: str) -> None:
        """Commit everything."""
        self.git("add", ".")
        self.git("commit", "-qm", words)

    def numstat(self) -> str:
        """Return the lines added and removed in the table."""
        return " ".join(self.git("diff", "--numstat", "studies.csv").split())


def by_toml(desk: Desk, row: dict[str, str]) -> str:
    """Add a row from a TOML file that also holds its reference."""
    cells = "".join(f"{name} = {json.dumps(text, ensure_ascii=False)}\n" for name, text in row.items() if text)
    title = json.dumps(row["study"], ensure_ascii=False)
    (desk.place / "row.toml").write_text(f'{cells}\n[reference]\ntype = "article-journal"\ntitle = {title}\n', "utf-8")
    return desk.run("add", "--from", "row.toml", "--data", "bcg")


def by_csv(desk: Desk, row: dict[str, str]) -> str:
    """Add a row from a CSV file, its reference from a RIS file."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, row)
    writer.writeheader()
    writer.writerow(row)
    (desk.place / "row.csv").write_text(buffer.getvalue(), "utf-8")
    (desk.place / "paper.ris").write_text(f"TY  - JOUR\nTI  - {row['study']}\nER  - \n", "utf-8")
    return desk.run("add", "--from", "row.csv", "--reference", "paper.ris", "--data", "bcg")


def by_set(desk: Desk, row: dict[str, str]) -> str:
    """Add a row cell by cell on the command line, its reference from a BibTeX file."""
    cells = [part for name, text in row.items() if text for part in ("--set", f"{name}={text}")]
    (desk.place / "paper.bib").write_text(f"@article{{x, title = {{{row['study']}}}}}\n", "utf-8")
    return desk.run("add", *cells, "--reference", "paper.bib", "--data", "bcg")


def by_form(desk: Desk, row: dict[str, str]) -> str:
    """Answer the form through a pseudo-terminal, leave it in the middle, and take it up again."""
    left = _form(desk, row, leave_at="n1")
    if "Kept in" not in left:
        raise SystemExit(left)
    return _form(desk, row)


def _form(desk: Desk, row: dict[str, str], leave_at: str = "") -> str:
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(desk.place)
        command = desk.program("add", "--data", "bcg")
        os.execvpe(command[0], command, os.environ | {"COLUMNS": "120", "TERM": "dumb"})  # noqa: S606 - Python itself
    said, answered = "", 0
    while chunk := _read(terminal):
        said += chunk
        prompt = re.search(r"([^\n]+): $", said[answered:])
        if prompt is not None:
            answered = len(said)
            os.write(terminal, f"{_reply(prompt[1], row, leave_at)}\n".encode())
    os.waitpid(child, 0)
    desk.show(said.replace("\r\n", "\n"))
    return said


def _reply(prompt: str, row: dict[str, str], leave_at: str) -> str:
    """Return what somebody types at a prompt: the cell, "." to leave it empty, or Enter for what is offered."""
    name, _, offered = prompt.partition(" [")
    if name == leave_at:
        return "!"
    if name.startswith("Its DOI"):
        return f"10.1000/{row['study_id']}"
    if name.startswith("Write it?"):
        return "y"
    wanted = row.get(name, "")
    return "" if offered.rstrip("]") == wanted else wanted or "."


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # the other end is closed
        return ""


def foreign_words(report: Path) -> set[str]:
    """Return words of the topic of this repository that stand in a report on another."""
    page = (report / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return set(re.findall(r"\b(?:hips?|knees?|kneecap|clinics?|exercis\w+|strengthen\w*|pain)\b", text, re.IGNORECASE))


if __name__ == "__main__":
    sys.exit(main(transcript="--transcript" in sys.argv))
