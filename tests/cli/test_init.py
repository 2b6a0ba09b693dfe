"""``hipevidence init``: another topic, from an empty folder to a report, without touching code.

The thirteen trials of BCG against tuberculosis (Colditz et al. 1994, 10.1001/jama.1994.03510330076038) are typed in by
their counts, which are those of metafor's ``dat.bcg``.
"""

from __future__ import annotations

import json
import re
import shutil

import pytest

from hipevidence.evidence import load_evidence
from tests.support import ROOT, SCHEMA

TRIALS = (
    "Aronson 1948",
    "Ferguson & Simes 1949",
    "Rosenthal et al. 1960",
    "Hart & Sutherland 1977",
    "Frimodt-Møller et al. 1973",
    "Stein & Aronson 1953",
    "Vandiviere et al. 1973",
    "TPT Madras 1980",
    "Coetzee & Berjak 1968",
    "Rosenthal et al. 1961",
    "Comstock et al. 1974",
    "Comstock & Webster 1969",
    "Comstock et al. 1976",
)
WORDS = """
[population.people]
label = "people without tuberculosis"
[intervention.bcg]
label = "BCG vaccination"
words = ["BCG", "BCG vaccine"]
[comparator.no_vaccine]
label = "no vaccination"
[outcome.tuberculosis]
label = "tuberculosis"
words = ["tuberculosis"]
good = "less"
"""
QUESTION = """
[[question]]
id = "bcg.tuberculosis"
title = "BCG against no vaccination, tuberculosis"
plain = "In people not infected yet, does BCG vaccination prevent tuberculosis?"
population = ["people"]
intervention = ["bcg"]
comparator = ["no_vaccine"]
outcome = ["tuberculosis"]
designs = ["rct", "quasi_randomised"]
measure = "RR"
lower_is_better = true
arms = ["BCG vaccination", "No vaccination"]
favours = ["favours BCG", "favours no vaccine"]
"""
CLAIM = """
[[claim]]
id = "C01"
section = "Vaccination"
statement = "BCG prevents tuberculosis."
population = "people"
intervention = "bcg"
comparator = "no_vaccine"
outcome = ["tuberculosis"]
finding = "decreases"
relation = "causes"
certainty = "does"
questions = ["bcg.tuberculosis"]
carried = "Vaccinated people fall ill {question:bcg.tuberculosis#size_ci} times as often."
review_by = "2030-01-01"
"""


def uncommented(text: str) -> str:
    """The examples of a file, taken as the pattern they are meant to be."""
    return (
        "\n".join(line.removeprefix("# ") for line in text.splitlines() if re.match(r"# (\[|[a-z_]+ = )", line)) + "\n"
    )


@pytest.fixture
def folder(run, tmp_path):
    target = tmp_path / "base"
    assert run("init", target, "--title", "Vaccines").code == 0
    return target


def test_a_new_folder_is_empty_documented_and_in_order(folder):
    evidence = load_evidence(folder)
    assert len(evidence.studies) == len(evidence.questions) == len(evidence.claims) == len(evidence.references) == 0
    assert evidence.schema.title == "Vaccines"
    assert [problem.rule for problem in evidence.warnings] == ["no_rows"]
    assert "vocabulary.toml" in (folder / "README.md").read_text(encoding="utf-8")


def test_every_command_works_on_it(run, folder, tmp_path):
    for command in ("validate", "pool", "claims", "certainty", "bias"):
        done = run(command, "--data", folder)
        assert done.code in {0, 1}, done.err
        assert done.out.strip()
        assert run(command, "--json", "--data", folder).json is not None
    assert run("report", "--data", folder, "--out", tmp_path / "report").code == 0
    assert run("report", "--check", "--data", folder, "--out", tmp_path / "report").code == 0
    assert run("diff", folder, folder).code == 0
    assert run("export", tmp_path / "all.zip", "--format", "package", "--data", folder).code == 0
    (tmp_path / "text.md").write_text("BCG always prevents tuberculosis.", encoding="utf-8")
    done = run("check", tmp_path / "text.md", "--data", folder)
    assert (done.code, "no text can be read" in done.err) == (2, True)  # silence would look like approval
    assert "write the first into questions.toml" in run("pool", "--data", folder).out
    done = run("export", tmp_path / "rows.csv", "--data", folder)
    assert (done.code, "found no row" in done.err) == (2, True)


def test_the_examples_in_it_work_once_they_are_taken(run, folder):
    for name in ("vocabulary.toml", "questions.toml", "claims.toml", "certainty.toml", "flow.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        assert load_evidence(folder)
        (folder / name).write_text(uncommented(text), encoding="utf-8")
    evidence = load_evidence(folder)
    assert [question.id for question in evidence.questions] == ["tea.sleep"]
    assert [claim.id for claim in evidence.claims] == ["C01"]
    assert [entry.level for entry in evidence.certainty] == ["moderate"]
    assert evidence.flow.last_search == "2030-01-01"
    assert [problem.rule for problem in evidence.warnings] == ["flow_table", "flow_table", "no_rows"]
    assert run("claims", "--data", folder).code == 0


def test_nothing_is_overwritten(run, folder, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run("init", folder)
    assert done.code == 2
    assert "is not empty" in done.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below", "a\0b"):
        assert run("init", place).code == 2
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty").code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "empty", "file"]


def test_the_schema_of_a_new_folder_is_that_of_this_repository():
    """Only examples and what is named after the topic differ; a column added there has to be added here."""
    new = json.loads((ROOT / "hipevidence" / "evidence" / "template" / "datapackage.json").read_text(encoding="utf-8"))
    ours = json.loads(SCHEMA.read_text(encoding="utf-8"))

    def shape(package):
        return {
            resource["name"]: (
                {key: value for key, value in resource["schema"].items() if key != "fields"},
                [(field["name"], field["type"], field.get("constraints")) for field in resource["schema"]["fields"]],
            )
            for resource in package["resources"]
        }

    assert shape(new) == shape(ours)


def test_nothing_in_a_new_folder_is_about_the_topic_of_this_one():
    template = ROOT / "hipevidence" / "evidence" / "template"
    text = " ".join(path.read_text(encoding="utf-8") for path in template.iterdir())
    assert not re.search(r"\b(hip|knee|pain|clinic|bennell|thomas)\b", text, re.IGNORECASE)


def bcg_counts():
    cases = json.loads((ROOT / "validation" / "effects" / "metafor_datasets.json").read_text(encoding="utf-8"))["cases"]
    inputs = next(case["inputs"] for case in cases if (case["name"], case["measure"]) == ("bcg", "RR"))
    return [dict(zip(inputs, values, strict=True)) for values in zip(*inputs.values(), strict=True)]


@pytest.fixture
def bcg(run, folder):
    """The thirteen trials, typed in one by one on the command line."""
    for name, text in (("vocabulary.toml", WORDS), ("questions.toml", QUESTION), ("claims.toml", CLAIM)):
        (folder / name).write_text(text if name != "claims.toml" else "", encoding="utf-8")
    for place, (trial, counts) in enumerate(zip(TRIALS, bcg_counts(), strict=True), 1):
        key = f"trial{place:02}"
        row = {
            "row_id": f"{key}.tuberculosis",
            "study_id": key,
            "study": trial,
            "sample_id": key,
            "year": trial[-4:],
            "design": "rct",
            "population": "people",
            "sex": "not_reported",
            "intervention": "bcg",
            "comparator": "no_vaccine",
            "outcome": "tuberculosis",
            "verification": "secondary",
            "seen": "true",
            "status": "extracted",
            "read_in": "Colditz 1994, Table 1",
        } | {name: str(value) for name, value in counts.items()}
        cells = [part for name, text in row.items() for part in ("--set", f"{name}={text}")]
        done = run("add", *cells, "--reference", f"10.1000/bcg.{place}", "--data", folder)
        assert "Written: 1 row." in done.out, done.out + done.err
    (folder / "claims.toml").write_text(CLAIM, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_the_thirteen_bcg_trials_from_nothing_to_a_report(run, bcg, tmp_path):
    """Pooled log risk ratio and tau² as metafor's ``rma(yi, vi, method="REML")`` prints them: −0.7145, 0.3132."""
    assert run("validate", "--data", bcg).code in {0, 1}
    (answer,) = run("pool", "--json", "--data", bcg).json["questions"]
    assert answer["primary"]["k"] == 13
    assert answer["primary"]["estimate"] == pytest.approx(-0.714532342158139, rel=1e-6)
    assert answer["primary"]["tau2"] == pytest.approx(0.313243258136481, rel=1e-6)
    (claim,) = run("claims", "--json", "--data", bcg).json["claims"]
    assert re.search(r"0\.49 \(95% CI 0\.\d\d to 0\.\d\d\)", claim["carried"]), claim["carried"]
    (tmp_path / "text.md").write_text("BCG always prevents tuberculosis.\n", encoding="utf-8")
    said = run("check", tmp_path / "text.md", "--data", bcg).out
    assert "certainty_too_strong" in said  # a prediction interval that holds no effect
    out = tmp_path / "report"
    assert run("report", "--data", bcg, "--out", out).code == 0
    assert run("report", "--check", "--data", bcg, "--out", out).code == 0
    page = (out / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|script|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.findall(r"\b(?:hips?|knees?|kneecap|clinics?|exercis\w+|pain)\b", text, re.IGNORECASE)
    assert "BCG against no vaccination" in text
    plain = json.loads((out / "verified_figures.json").read_text(encoding="utf-8"))[0]["plain"]
    assert "BCG vaccination" in plain  # an abbreviation keeps its capitals inside a sentence
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    without = tmp_path / "without"
    shutil.copytree(bcg, without)
    table = (without / "studies.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (without / "studies.csv").write_text("".join(table[:-1]), encoding="utf-8")
    (question,) = run("diff", without, bcg, "--json").json["questions"]
    assert (question["old"]["k"], question["new"]["k"]) == (12, 13)


@pytest.mark.slow
def test_they_go_out_to_other_programs_and_come_back(run, bcg, tmp_path):
    common = ["design=rct", "population=people", "sex=not_reported", "intervention=bcg", "comparator=no_vaccine"]
    common += ["outcome=tuberculosis", "effect_measure=RR"]
    cells = [part for pair in common for part in ("--set", pair)]
    expected = run("pool", "--json", "--data", bcg).json["questions"][0]["primary"]
    for form in ("revman", "metafor", "metapsy"):
        sent, taken, base = tmp_path / f"{form}.csv", tmp_path / f"{form}.rows.csv", tmp_path / form
        assert run("export", sent, "--format", form, "--data", bcg).code == 0
        assert run("import", sent, taken, "--format", form, *cells, "--data", bcg).code == 0
        shutil.copytree(bcg, base)
        (base / "claims.toml").unlink()
        header = (bcg / "studies.csv").read_text(encoding="utf-8").split("\n")[0]
        (base / "references.json").write_text("[]", encoding="utf-8")
        (base / "studies.csv").write_text(f"{header}\n", encoding="utf-8")
        papers = taken.with_suffix(".references.json")
        done = run("add", "--from", taken, "--reference", papers, "--data", base)
        assert "Written: 13 rows." in done.out, done.out + done.err
        found = run("pool", "--json", "--data", base).json["questions"][0]["primary"]
        assert found["estimate"] == pytest.approx(expected["estimate"], rel=1e-8)
        assert found["tau2"] == pytest.approx(expected["tau2"], rel=1e-8)
    assert run("export", tmp_path / "all.zip", "--format", "package", "--data", bcg).code == 0
    assert run("import", tmp_path / "all.zip", tmp_path / "back", "--format", "package").code == 0
    assert run("diff", bcg, tmp_path / "back").code == 0
