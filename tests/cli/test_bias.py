"""``hipevidence bias``: from rows to fill in to pictures in the report, in a folder on another topic."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.cli.test_init import QUESTION, WORDS
from tests.support import csv_text

TRIALS = (("Aronson 1948", 4, 123, 11, 139), ("Ferguson 1949", 6, 306, 29, 303), ("Hart 1977", 62, 13598, 248, 12867))
#: Invented judgements, in the order of the domains, the overall one last.
WORDS_OF = {"trial1": ["Some concerns", "Low", "Low", "Low", "Low", "Some concerns"], "trial2": ["Low"] * 6}


@pytest.fixture
def folder(run, tmp_path):
    """A new folder with three trials."""
    base = tmp_path / "base"
    assert run("init", base).code == 0
    (base / "vocabulary.toml").write_text(WORDS, encoding="utf-8")
    (base / "questions.toml").write_text(QUESTION, encoding="utf-8")
    common = {"design": "rct", "population": "people", "sex": "not_reported", "intervention": "bcg"}
    common |= {"comparator": "no_vaccine", "outcome": "tuberculosis", "verification": "secondary", "seen": "true"}
    rows = [
        common
        | {"row_id": f"trial{n}.tb", "study_id": f"trial{n}", "study": study, "sample_id": f"trial{n}"}
        | {"status": "extracted", "read_in": "Table 1"}
        | dict(zip(("events1", "n1", "events2", "n2"), map(str, counts), strict=True))
        for n, (study, *counts) in enumerate(TRIALS, 1)
    ]
    (base / "studies.csv").write_text(csv_text("studies", rows), encoding="utf-8")
    keys = ", ".join(f'{{"id": "trial{n}"}}' for n in (1, 2, 3))
    (base / "references.json").write_text(f"[{keys}]", encoding="utf-8")
    return base


def filled(text: str) -> str:
    """The rows that were printed, filled in for two of the three trials."""
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["study_id"] in WORDS_OF]
    words = [word for found in WORDS_OF.values() for word in found]
    who = {"assessor": "A. Bee", "judged_on": "2029-05-01", "reason": "allocation <by> =a system"}
    return csv_text("risk_of_bias", [row | who | {"judgement": word} for row, word in zip(rows, words, strict=True)])


def test_from_rows_to_fill_in_to_the_report(run, folder, tmp_path):
    assert run("bias", "--data", folder).out.count("nobody has judged it yet; RoB 2, 2019 fits its design (rct)") == 3
    printed = run("bias", "bcg.tuberculosis", "--entry", "--data", folder).out
    assert printed.count("RoB 2,2019") == 3 * 6
    (tmp_path / "empty.csv").write_text(printed, encoding="utf-8")
    assert run("add", "--table", "risk_of_bias", "--from", tmp_path / "empty.csv", "--data", folder).code == 2
    (tmp_path / "filled.csv").write_text(filled(printed), encoding="utf-8")
    done = run("add", "--table", "risk_of_bias", "--from", tmp_path / "filled.csv", "--data", folder)
    assert "Written: 12 rows." in done.out, done.out + done.err
    assert run("validate", "--data", folder).code == 0
    assert (
        "Aronson 1948, tuberculosis: Some concerns (RoB 2, 2019: D1 Some concerns" in run("bias", "--data", folder).out
    )
    assert run("bias", "--entry", "--data", folder).out.count("RoB 2,2019") == 6
    (question,) = run("bias", "--json", "--data", folder).json["bias"]
    assert [result["judgements"].get("overall") for result in question["results"]] == ["Some concerns", "Low", None]
    (rating,) = run("certainty", "--json", "--data", folder).json["certainty"]
    assert "Not judged, or without information: Hart 1977" in rating["suggested"]["steps"][0]["reason"]
    out = tmp_path / "report"
    assert run("report", "--data", folder, "--out", out).code == 0
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "2 of 3 results, with" in re.sub(r"<[^>]+>", "", page)
    assert "Nobody has judged Hart 1977 yet." in page
    assert "allocation &lt;by&gt; =a system" in page
    for name in ("bias-bcg.tuberculosis-1", "bias-bcg.tuberculosis-1-bars"):
        assert (out / "figures" / f"{name}.svg").is_file()
    forest = (out / "figures" / "bcg.tuberculosis.svg").read_text(encoding="utf-8")
    assert "Aronson 1948 0.41 [0.13 to 1.26], risk of bias some concerns" in forest


def test_without_judgements_the_report_says_so(run, folder, tmp_path):
    assert run("report", "--data", folder, "--out", tmp_path / "report").code == 0
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Nobody has judged risk of bias yet: no result was gone through with RoB 2 or ROBINS-I." in page
    assert 'id="bias-bcg' not in page
