"""Slots: filled only with what is carried, approved and unchanged."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from hipevidence.certainty import Certainty, rate
from hipevidence.claims.plain import plain_sentence
from hipevidence.claims.render import approvals, fill, problems, slots
from hipevidence.cli import app
from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.reporting import verified_figures
from hipevidence.synthesis import synthesise
from tests.support import ROOT

CARRIED = {
    "a.pain": {"id": "a.pain", "hash": "h1", "figure": "1.5", "interval": "", "valid_until": "2027-01-31"},
    "a.run": {"id": "a.run", "hash": "h2", "figure": "92% <b>", "interval": "73% to 99%", "valid_until": ""},
}
VERDICTS = {"C02": "misattributed"}
COPY = 'Less pain: {{ figure("a.pain") }}.\nRan: {{ figure(\'a.run\') }} ({{interval("a.run")}}).'
APPROVED = {"a.pain": {"hash": "h1", "by": "Lead"}, "a.run": {"hash": "h2", "by": "Lead"}}


def why(copy, approved=APPROVED, carried=CARRIED, **options):
    return [problem.found for problem in problems(copy, carried, approved, VERDICTS, **options)]


def test_slots_are_filled_with_what_was_approved():
    assert why(COPY) == []
    assert fill(COPY, CARRIED, marked=False) == "Less pain: 1.5.\nRan: 92% <b> (73% to 99%)."
    assert '<data class="hipevidence" value="a.run">92% &lt;b&gt;</data>' in fill(COPY, CARRIED, marked=True)
    assert [(slot.line, slot.column) for slot in slots(COPY)] == [(1, 12), (2, 6), (2, 29)]


@pytest.mark.parametrize(
    ("copy", "words"),
    [
        ('{{ figure("C02") }}', "the verdict is: misattributed"),
        ('{{ figure("no.such") }}', "no question with an estimate"),
        ('{{ price("a.pain") }}', "it has no price"),
        ('{{ interval("a.pain") }}', "it has no interval"),
        ("{{ figure(a.pain) }}", "is not written like a slot"),
        ('{{ figure("a.pain") ', "is not written like a slot"),
    ],
)
def test_what_cannot_be_filled_is_refused_with_its_reason(copy, words):
    (found,) = why(copy)
    assert words in found


def test_people_out_of_100_only_where_somebody_counted_them():
    entry = CARRIED["a.pain"] | {
        "people_of_100": "Of 100 sleepers, 5.",
        "people_with": "5 of 100",
        "people_missing": "",
    }
    counted = CARRIED | {"a.pain": entry}
    copy = '{{ people_of_100("a.pain") }} {{ people_with("a.pain") }}'
    assert why(copy, carried=counted) == []
    assert fill(copy, counted, marked=False) == "Of 100 sleepers, 5. 5 of 100"
    missing = CARRIED | {"a.pain": CARRIED["a.pain"] | {"people_of_100": "", "people_missing": "Nobody counted."}}
    (found,) = problems('{{ people_of_100("a.pain") }}', missing, APPROVED, VERDICTS)
    assert found.found == "people_of_100(a.pain): how many of 100 is not known. Nobody counted."
    assert "never guess a risk" in found.action


@pytest.fixture(scope="module")
def real():
    evidence = load_evidence(ROOT / "data")
    wanted = ("prevention.knee_pain", "risk.worse_knee_pain_women", "pfp.hip_vs_knee.pain", "itbs.recovery")
    answers = tuple(synthesise(evidence, evidence.question(key)) for key in wanted)
    return {entry["id"]: entry for entry in verified_figures(evidence, answers, ())}


def test_the_recruits_are_counted(real):
    entry = real["prevention.knee_pain"]
    assert entry["people_without"] == "5 of 100"
    assert entry["people_with"] == "1 of 100"
    assert entry["people_difference"] == "4 fewer of 100"
    assert "Of 100 British Army recruits with usual warm-up" in entry["people_of_100"]
    assert "within 14 weeks" in entry["people_of_100"]
    assert entry["people_missing"] == ""


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        ("risk.worse_knee_pain_women", "without the risk of those with hip abductor strength in the highest quarter"),
        ("pfp.hip_vs_knee.pain", "Scores were averaged"),
        ("itbs.recovery", "Only one group was counted"),
    ],
)
def test_what_is_missing_for_others_is_said(real, key, missing):
    approved = {key: {"hash": real[key]["hash"], "by": "Lead"}}
    (found,) = problems(f'{{{{ people_of_100("{key}") }}}}', real, approved, {})
    assert missing in found.found


def test_a_count_that_changes_refuses_the_slot(real, tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    table = tmp_path / "data" / "studies.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("British Army recruits", "Army recruits"), "utf-8")
    evidence = load_evidence(tmp_path / "data")
    (entry,) = verified_figures(evidence, (synthesise(evidence, evidence.question("prevention.knee_pain")),), ())
    assert entry["hash"] != real["prevention.knee_pain"]["hash"]


def test_a_change_refuses_the_slots_on_it_and_no_other():
    changed = CARRIED | {"a.pain": CARRIED["a.pain"] | {"hash": "h9"}}
    (found,) = why(COPY, carried=changed)
    assert "figure(a.pain): the data behind it changed since Lead approved it" in found
    assert len(why(COPY, approved={})) == 3
    assert why(COPY, today="2027-01-31") == []
    assert "valid until 2027-01-31" in why(COPY, today="2027-02-01")[0]


def test_an_approval_names_somebody_and_only_what_is_used():
    assert approvals('{{ figure("a.pain") }}', CARRIED, " Lead ") == {"a.pain": {"hash": "h1", "by": "Lead"}}
    with pytest.raises(InputError, match="names nobody"):
        approvals(COPY, CARRIED, " ")


@pytest.mark.slow
def test_the_command_refuses_after_a_row_changed(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    copy = tmp_path / "copy.md"
    copy.write_text('Function: {{ figure("pfp.hip_vs_none.function") }}. Risk: {{ figure("prevention.knee_pain") }}.\n')
    run = CliRunner().invoke
    assert run(app, ["render", str(copy), "--data", str(data)]).exit_code == 1
    done = run(app, ["render", str(copy), "--data", str(data), "--approve", "Lead"])
    assert done.exit_code == 0, done.output
    assert '<data class="hipevidence" value="prevention.knee_pain">0.27</data>' in done.stdout
    table = data / "studies.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    at = next(number for number, row in enumerate(rows) if row.startswith("hott2019.function.hip_vs_control.13w"))
    assert ",1.0,-4.6,6.6," in rows[at]
    rows[at] = rows[at].replace(",1.0,-4.6,6.6,", ",2.0,-3.6,7.6,")
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run(app, ["render", str(copy), "--data", str(data)])
    assert done.exit_code == 1
    assert "pfp.hip_vs_none.function): the data behind it changed" in done.stderr
    assert "prevention.knee_pain" not in done.stderr


def test_plain_sentences_are_plain_and_never_too_sure(evidence):
    textstat = pytest.importorskip("textstat", reason="measures reading age; comes with the test extra")
    sentences = {}
    for question in evidence.questions:
        answer = synthesise(evidence, question)
        sentences[question.id] = text = plain_sentence(answer, evidence)
        assert text
        sure = rate(evidence, answer).wording
        if sure is Certainty.VERY_LOW and "single_group" not in question.designs:
            assert "not known" in text
        if answer.primary.result.ci.contains(answer.null_value):
            assert "includes no difference" in text
            assert " leads to " not in text.replace("whether", "") or "not known" in text
    grades = [textstat.flesch_kincaid_grade(text) for text in sentences.values()]
    assert max(grades) <= 12
    assert sum(grades) / len(grades) <= 7  # the school year of twelve-year-olds


@pytest.mark.slow
def test_the_check_command_in_all_its_forms(tmp_path):
    text = tmp_path / "a<b>.txt"
    text.write_text("Weak hips cause kneecap pain.\nWe open at 8.\n")
    run = CliRunner().invoke
    options = ["--data", str(ROOT / "data")]
    done = run(app, ["check", str(text), *options])
    assert done.exit_code == 1
    assert f"{text}:1:1 causal_from_observational " in done.stdout
    assert "    ^^^^" in done.stdout
    page = tmp_path / "page.html"
    done = run(app, ["check", str(text), "--json", "--html", str(page), *options])
    found = json.loads(done.stdout)["findings"]
    assert {"line", "column", "code", "verdict", "message", "suggestion", "claim", "rows"} <= set(found[0])
    assert "a&lt;b&gt;.txt" in page.read_text(encoding="utf-8")
    assert "<mark>Weak hips cause kneecap pain.</mark>" in page.read_text(encoding="utf-8")
    sarif = json.loads(run(app, ["check", str(text), "--sarif", *options]).stdout)
    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    done = run(app, ["check", "-", *options], input="We open at 8.\n")
    assert (done.exit_code, done.stdout.strip()) == (0, "Nothing found that the evidence does not carry.")
    assert run(app, ["check", str(tmp_path / "none.txt"), *options]).exit_code == 2
    assert run(app, ["check", str(tmp_path), *options]).exit_code == 2
