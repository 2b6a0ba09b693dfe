"""``hipevidence risk``: answers, refusals, errors; as text and as JSON."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from hipevidence.cli import app

WOMEN = ("--sex", "female", "--outcome", "worsening", "--quartile", "lowest")
KEYS = [
    "model",
    "asked",
    "answer",
    "statement",
    "reasons",
    "relative",
    "dose_response",
    "absolute",
    "evidence",
    "caveats",
]
AT_BASELINE = [
    "baseline",
    "baseline_kind",
    "baseline_label",
    "baseline_ci",
    "risk",
    "risk_ci",
    "difference",
    "difference_ci",
    "risk_ratio",
    "risk_ratio_ci",
    "e_value",
    "method",
    "reason",
]


@pytest.fixture
def run():
    def _run(*arguments):
        return CliRunner().invoke(app, ["risk", *arguments])

    return _run


def read(done):
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))["risk"]


def test_json_of_an_answer_is_stable(run):
    found = read(run(*WOMEN, "--baseline", "0.20", "--json"))
    assert list(found) == KEYS
    assert list(found["absolute"][0]) == AT_BASELINE
    assert found["asked"] == {
        "sex": "female",
        "outcome": "worse_knee_pain",
        "level": "lowest",
        "reference_level": "highest",
        "population": "knee_oa_or_at_risk",
        "stratum": None,
    }
    assert found["absolute"][0]["risk"] == pytest.approx(0.425 / 1.425)
    assert run(*WOMEN, "--baseline", "0.20", "--json").stdout == run(*WOMEN, "--baseline", "0.2", "--json").stdout


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (WOMEN, "relative"),
        ((*WOMEN, "--scenario"), "absolute"),
        ((*WOMEN, "--baseline", "coppack"), "relative"),
        (("--sex", "male", *WOMEN[2:]), "none"),
        (("--sex", "female", "--outcome", "new", "--quartile", "lowest"), "none"),
        ((*WOMEN, "--population", "runners", "--baseline", "0.1"), "none"),
    ],
)
def test_a_refusal_is_an_answer(run, arguments, answer):
    found = read(run(*arguments, "--json"))
    assert list(found) == KEYS
    assert found["answer"] == answer
    assert (found["absolute"] == []) == (answer != "absolute")
    assert run(*arguments).stdout.startswith(found["statement"])


def test_text_has_counts_out_of_one_hundred_and_both_sides(run):
    text = run(*WOMEN, "--baseline", "0.20").stdout
    assert "about 30 of 100 (95% CI 22 to 39)" in text
    assert "10 more (2 more to 19 more)" in text
    assert "Finnoff 2011" in text
    assert "Rests on:" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*WOMEN, "--baseline", "20"), "For 20 % write 0.2"),
        ((*WOMEN, "--baseline", "0"), "above 0 and below 1"),
        ((*WOMEN, "--baseline", "0,2"), "with a point"),
        ((*WOMEN, "--baseline", "nan"), "above 0 and below 1"),
        ((*WOMEN, "--model", "other"), "no risk model"),
        (("--sex", "x", *WOMEN[2:]), "no sex"),
        (("--sex", "female"), "--outcome"),
        ((*WOMEN, "--data", "nowhere"), "no such folder"),
    ],
)
def test_mistakes_exit_with_two_and_say_what_is_allowed(run, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
