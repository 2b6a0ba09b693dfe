"""risk_models.toml on another topic, and every mistake in it found at once."""

from __future__ import annotations

import pytest

from hipevidence.errors import EvidenceError, InputError
from hipevidence.evidence import load_evidence, validate
from hipevidence.evidence.risk_models import find_risk_model
from hipevidence.personal_risk import as_text, personal_risk
from tests.support import Tiny, study

MODEL = """\
[[risk_model]]
id = "tea"
title = "Tea at night and waking"
population = "poor_sleepers"
levels = { much = "much tea", none = "no tea" }
reference_level = "none"
outcomes = { waking = "waking" }
associations = [{ row = "lee2021.waking", level = "much" }]
rows = ["kim2022.waking"]
pools = ["jones2022.sleep"]
baselines = [{ id = "lee", row = "lee2021.counts", arm = 2, label = "people without tea" }]
scenarios = [{ id = "grid", title = "what if", baselines = [0.1, 0.4] }]
"""

BOX = '{ title = "Tea", remark = "one trial", time_period = "in two years" }'

BARE = {"mean1_post": "", "sd1_post": "", "mean2_post": "", "sd2_post": "", "n1": "", "n2": "", "n_enrolled": ""}
RATIO = BARE | {"effect_measure": "HR", "effect": "0.8", "ci_low": "0.5", "ci_high": "1.28", "instrument": ""}


def row(row_id: str, **cells: str) -> dict[str, str]:
    own = {"row_id": row_id, "sample_id": row_id, "design": "cohort", "outcome": "waking", "sex": "mixed"}
    return study(**({"population": "poor_sleepers"} | own | cells))


@pytest.fixture
def written(tmp_path):
    """Write a data folder with this risk_models.toml (or none) and return where."""

    def _write(model: str | None = MODEL, **lee: str):
        tiny = Tiny(tmp_path / "data")
        tiny.studies = [
            study(),
            row("lee2021.waking", **(RATIO | lee)),
            row("kim2022.waking", **BARE, finding="no_difference", status="awaiting_extraction", status_reason="none"),
            row("lee2021.counts", **(BARE | {"events1": "9", "n1": "90", "events2": "30", "n2": "100"})),
        ]
        if model is not None:
            tiny.files["risk_models.toml"] = model.encode()
        return tiny.write()

    return _write


@pytest.fixture
def folder(written):
    """Write and load a data folder."""
    return lambda *model, **lee: load_evidence(written(*model, **lee))


ASKED = {"sex": "mixed", "outcome": "waking", "quartile": "much"}


def test_another_topic_needs_no_code(folder):
    found = personal_risk(folder(), **ASKED, baseline=0.4)
    assert found.answer == "absolute"
    assert found.at_baseline[0].risks.risk == pytest.approx(1 - 0.6**0.8)
    assert found.at_baseline[0].risks.difference_ci.high > 0
    assert "fewer" in found.statement


def test_an_observed_baseline_of_the_same_people_carries_its_own_uncertainty(folder):
    evidence = folder()
    observed = personal_risk(evidence, **ASKED, baseline="lee").at_baseline[0]
    known = personal_risk(evidence, **ASKED, baseline=0.3).at_baseline[0]
    assert observed.kind == "row"
    assert "30 of 100" in observed.label
    assert observed.risks.risk == pytest.approx(known.risks.risk)
    assert observed.risks.ci.high > known.risks.ci.high


def test_a_ratio_printed_the_other_way_round_is_turned(folder):
    found = personal_risk(folder(effect_sign="-1"), **ASKED)
    assert found.relative.effect == pytest.approx(1.25)
    assert (found.relative.ci.low, found.relative.ci.high) == pytest.approx((1 / 1.28, 2))


def test_a_model_says_in_its_own_words_who_is_exposed(folder):
    asked = ASKED | {"quartile": "none"}
    assert "in the exposed" in as_text(personal_risk(folder(finding="decreases"), **asked))
    named = MODEL.replace("levels =", 'exposed = "more tea"\nlevels =')
    assert "found less of it with more tea" in as_text(personal_risk(folder(named, finding="decreases"), **asked))


def test_another_coverage_is_kept(folder):
    assert personal_risk(folder(ci_level="90"), **ASKED, baseline=0.4).relative.ci.level == pytest.approx(0.9)


def test_a_kind_of_these_people_is_answered_and_a_wider_group_is_not(folder):
    evidence = folder()
    assert personal_risk(evidence, **ASKED, population="shift_workers").answer == "relative"
    assert personal_risk(evidence, **ASKED, population="people").answer == "none"


def test_a_folder_without_models_is_whole_and_has_none_to_ask(folder):
    evidence = folder(None)
    assert evidence.risk_models == ()
    assert "risk_models.toml" not in evidence.hashes
    with pytest.raises(InputError, match="no risk model named; allowed: none yet"):
        find_risk_model(evidence)
    with pytest.raises(InputError, match='no risk model "tea"; allowed: none yet'):
        find_risk_model(evidence, "tea")


def test_an_empty_file_is_no_model(folder):
    assert folder("").risk_models == ()


def test_models_come_in_the_order_of_the_file(folder):
    evidence = folder(MODEL + MODEL.replace('"tea"', '"coffee"'))
    assert [model.id for model in evidence.risk_models] == ["tea", "coffee"]
    assert len(evidence.hashes["risk_models.toml"]) == 64


def test_one_id_belongs_to_one_model(written):
    problems = [problem for problem in validate(written(MODEL * 2)) if problem.level == "error"]
    assert [(problem.file, problem.rule) for problem in problems] == [("risk_models.toml", "duplicate_key")]


def test_several_models_have_to_be_named(folder):
    evidence = folder(MODEL + MODEL.replace('"tea"', '"coffee"'))
    assert find_risk_model(evidence, "coffee").id == "coffee"
    with pytest.raises(InputError, match="allowed: tea, coffee"):
        find_risk_model(evidence)
    with pytest.raises(InputError, match="Did you mean coffee"):
        find_risk_model(evidence, "cofee")


@pytest.mark.parametrize(
    ("old", "new", "rule", "column"),
    [
        ('"kim2022.waking"', '"kim"', "unknown_key", "rows[1]"),
        ('"jones2022.sleep"', '"jones"', "unknown_key", "pools[1]"),
        ('"poor_sleepers"', '"poor"', "unknown_key", "population"),
        ('waking = "waking"', 'waking = "wake"', "unknown_key", "outcomes.waking"),
        ('reference_level = "none"', 'reference_level = "no"', "unknown_key", "reference_level"),
        ('level = "much"', 'level = "lots"', "unknown_key", "associations[1].level"),
        ('level = "much"', 'level = "much", stratum = "old"', "unknown_key", "associations[1].stratum"),
        ('row = "lee2021.waking"', 'row = "kim2022.waking"', "no_ratio", "associations[1].row"),
        ('row = "lee2021.counts"', 'row = "lee2021.waking"', "no_counts", "baselines[1].row"),
        ("baselines = [0.1, 0.4]", "baselines = [0.1, 1.4]", "entry", "scenarios[1].baselines[2]"),
        ("arm = 2", "arm = 3", "entry", "baselines[1].arm"),
        ("arm = 2", f"arm = 2, fact_box = {BOX}", "other_time", "baselines[1].fact_box.time_period"),
        ('title = "Tea', 'titel = "Tea', "entry", "titel"),
        ("[[risk_model]]", "[[risk_model", "toml_syntax", ""),
    ],
)
def test_each_mistake_is_found_in_its_place(written, old, new, rule, column):
    assert old in MODEL
    where = written(MODEL.replace(old, new, 1))
    with pytest.raises(EvidenceError) as caught:
        load_evidence(where)
    found = {(problem.file, problem.rule, problem.column) for problem in caught.value.problems}
    assert ("risk_models.toml", rule, column) in found
    assert caught.value.problems == validate(where)


def test_all_mistakes_are_found_at_once(written):
    broken = MODEL.replace('"kim2022.waking"', '"kim"').replace('level = "much"', 'level = "lots"')
    problems = [problem for problem in validate(written(broken)) if problem.level == "error"]
    assert {problem.column for problem in problems} == {"rows[1]", "associations[1].level"}
    assert all(problem.file == "risk_models.toml" and problem.line for problem in problems)
