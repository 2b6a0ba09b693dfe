"""A small, complete data folder on a topic of its own, for every test that needs one.

The topic is not the one of ``data/``: nothing in the code may know what the tables are about.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "data" / "datapackage.json"

VOCABULARY = """\
[population.people]
label = "people"

[population.poor_sleepers]
label = "people who sleep badly"
is_a = ["people"]

[population.shift_workers]
label = "shift workers who sleep badly"
is_a = ["poor_sleepers"]

[intervention.tea]
label = "herbal tea"

[intervention.camomile]
label = "camomile tea"
is_a = ["tea"]

[comparator.any]
label = "any comparison"

[comparator.water]
label = "hot water"
is_a = ["any"]

[outcome.sleep]
label = "sleep"

[outcome.waking]
label = "waking at night"
"""

QUESTION = """\
[[question]]
id = "tea.sleep"
title = "Tea against any comparison, sleep"
plain = "Does tea make people sleep better?"
population = ["poor_sleepers"]
intervention = ["tea"]
comparator = ["any"]
outcome = ["sleep"]
designs = ["rct"]
time_weeks = [2, 12]
time_target = 6
measure = "SMD"
arms = ["Tea", "Other"]
favours = ["favours tea", "favours other"]
prefer_instruments = ["diary", "scale"]
"""

CLAIM = """\
[[claim]]
id = "C01"
section = "Sleep"
statement = "Tea helps people who sleep badly."
population = "poor_sleepers"
intervention = "tea"
comparator = "water"
outcome = ["sleep"]
finding = "increases"
relation = "causes"
certainty = "does"
rows = ["smith2020.sleep.6w"]
carried = "Nobody knows yet."
review_by = "2030-01-01"
"""

STUDY = {
    "row_id": "smith2020.sleep.6w",
    "study_id": "smith2020",
    "study": "Smith 2020",
    "sample_id": "smith2020",
    "year": "2020",
    "design": "rct",
    "population": "shift_workers",
    "sex": "mixed",
    "intervention": "camomile",
    "comparator": "water",
    "outcome": "sleep",
    "instrument": "scale",
    "time_weeks": "6",
    "n_enrolled": "50",
    "n1": "24",
    "n2": "23",
    "mean1_post": "5.20",
    "sd1_post": "2.0",
    "mean2_post": "4.1",
    "sd2_post": "2.4",
    "verification": "full_text",
    "seen": "true",
    "status": "extracted",
    "read_in": "Table 2",
}

POOL = {
    "pool_id": "jones2022.sleep",
    "review_id": "jones2022",
    "review": "Jones 2022",
    "population": "people",
    "sex": "mixed",
    "intervention": "tea",
    "comparator": "any",
    "outcome": "sleep",
    "design": "rct",
    "measure": "SMD",
    "estimate": "0.30",
    "ci_low": "0.10",
    "ci_high": "0.50",
    "finding": "increases",
    "verification": "abstract",
    "seen": "true",
    "read_in": "abstract",
}

SCALE = {
    "instrument": "scale",
    "name": "Sleep scale 0-10",
    "outcome": "sleep",
    "unit": "points",
    "minimum": "0",
    "maximum": "10",
    "higher_is_better": "true",
}
DIARY = {"instrument": "diary", "name": "Sleep diary", "outcome": "sleep", "unit": "hours", "higher_is_better": "true"}

QUALITY = {"study_id": "smith2020", "tool": "PEDro", "item": "total", "judgement": "6/10", "read_in": "Figure 2"}


def judged(words: str, study_id: str = "smith2020", outcome: str = "sleep", **cells: str) -> list[dict[str, str]]:
    """Return judgements that are in order: a word a domain ("low", "some", "high"), the overall one last."""
    key = {"study_id": study_id, "outcome": outcome, "tool": "RoB 2", "version": "2019"}
    who = {"assessor": "A. Bee", "judged_on": "2029-05-01"}
    long = {"low": "Low", "some": "Some concerns", "high": "High"}
    domains = ("D1", "D2", "D3", "D4", "D5", "overall")
    return [
        key | who | {"domain": domain, "judgement": long[word]} | cells
        for domain, word in zip(domains, words.split(), strict=True)
    ]


TABLES = ("studies", "published_pools", "instruments", "reported_quality", "risk_of_bias")


def study(**cells: str) -> dict[str, str]:
    """Return a row of studies.csv that is in order, with some cells changed."""
    return STUDY | cells


def columns(table: str) -> list[str]:
    """Return the columns of a table, as the schema orders them."""
    resources = json.loads(SCHEMA.read_text(encoding="utf-8"))["resources"]
    return next(
        [column["name"] for column in resource["schema"]["fields"]]
        for resource in resources
        if resource["name"] == table
    )


def csv_text(table: str, rows: list[dict[str, str]]) -> str:
    """Return a table as CSV text."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(table), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


@dataclass
class Tiny:
    """What a data folder will hold: change it, then ``write()``.

    ``files`` replaces whole files by bytes; ``None`` leaves one out.
    """

    path: Path
    studies: list[dict[str, str]] = field(default_factory=lambda: [study()])
    published_pools: list[dict[str, str]] = field(default_factory=lambda: [POOL])
    instruments: list[dict[str, str]] = field(default_factory=lambda: [SCALE, DIARY])
    reported_quality: list[dict[str, str]] = field(default_factory=lambda: [QUALITY])
    risk_of_bias: list[dict[str, str]] = field(default_factory=list)
    vocabulary: str = VOCABULARY
    questions: str = QUESTION
    claims: str = CLAIM
    references: list[dict[str, object]] = field(default_factory=lambda: [{"id": "smith2020"}, {"id": "jones2022"}])
    files: dict[str, bytes | None] = field(default_factory=dict)

    def write(self) -> Path:
        """Write the folder and return its path."""
        self.path.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCHEMA, self.path / "datapackage.json")
        texts = {
            **{f"{table}.csv": csv_text(table, getattr(self, table)) for table in TABLES},
            "vocabulary.toml": self.vocabulary,
            "questions.toml": self.questions,
            "claims.toml": self.claims,
            "references.json": json.dumps(self.references, indent=1),
        }
        for name, text in texts.items():
            (self.path / name).write_bytes(text.encode())
        for name, data in self.files.items():
            if data is None:
                (self.path / name).unlink()
            else:
                (self.path / name).write_bytes(data)
        return self.path
