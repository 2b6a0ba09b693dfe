"""The part "What this means for 100 people": counted risks, scenarios named as such, and refusals that say why."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from scipy.stats import norm

from hipevidence.evidence import load_evidence
from hipevidence.evidence.models import FactBoxForm
from hipevidence.figures.fact_box import ITEMS
from hipevidence.personal_risk import counted_risk
from hipevidence.personal_risk.uncounted import NOBODY_COUNTED
from hipevidence.reporting.parts.people import people_part
from hipevidence.synthesis import synthesise
from tests.support import ROOT

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Part


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence(ROOT / "data")


def part(evidence: Evidence, question: str) -> Part | None:
    return people_part(evidence, synthesise(evidence, evidence.question(question)))


def texts(found: Part) -> str:
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return " ".join([*found.paragraphs, *cells])


def test_counted_risks_are_told_as_people_with_their_intervals(evidence: Evidence) -> None:
    found = part(evidence, "prevention.knee_pain")
    assert found is not None
    assert found.title == "What this means for 100 people"
    first, second, third = found.paragraphs
    assert "Of 100 British Army recruits with usual warm-up, about 5 (95% CI 4 to 7)" in first
    assert "within 14 weeks" in first
    assert first.endswith("about 1 (1 to 2) of 100 had: 4 fewer (2 fewer to 5 fewer).")
    assert "36 of 743 without, 10 of 759 with" in second
    assert third == "It takes about 29 people (95% CI 19 to 56) to spare one."


def test_icons_and_fact_box_say_the_same(evidence: Evidence) -> None:
    found = part(evidence, "prevention.knee_pain")
    assert found is not None
    icons, box = found.figures
    assert "5 of 100 (95% CI 4 to 7)" in icons.alt
    assert icons.alt.endswith("4 fewer of 100.")
    assert "5 of 100 (95 do not, 95% CI 4 to 7)" in box.alt
    assert "Harms: not reported" in box.alt
    assert "within 14 weeks" in box.alt
    (form,) = found.tables
    assert len(form.rows) == len(ITEMS) == 8


def test_the_certainty_of_a_fact_box_is_that_of_the_question(evidence: Evidence) -> None:
    found = part(evidence, "prevention.knee_pain")
    assert found is not None
    assert "Certainty of the evidence: low (suggested, not signed). One trial; the programme" in found.figures[1].alt


def with_form(evidence: Evidence, form: FactBoxForm | None) -> Evidence:
    models = tuple(
        model.model_copy(
            update={"baselines": tuple(one.model_copy(update={"fact_box": form}) for one in model.baselines)}
        )
        for model in evidence.risk_models
    )
    return dataclasses.replace(evidence, risk_models=models)


@pytest.mark.parametrize("form", [None, FactBoxForm(title="a", remark="b", time_period="within 14 weeks")])
def test_a_form_that_is_not_filled_gives_no_box_and_says_what_is_missing(
    evidence: Evidence, form: FactBoxForm | None
) -> None:
    found = part(with_form(evidence, form), "prevention.knee_pain")
    assert found is not None
    assert len(found.figures) == 1
    assert found.tables == ()
    refusal = found.paragraphs[-1]
    assert refusal.startswith("No fact box is shown")
    assert "how sure the numbers are" in refusal
    assert ("the period in which the events happen" in refusal) == (form is None)


def test_without_a_baseline_only_the_ratio_and_why(evidence: Evidence) -> None:
    found = part(evidence, "risk.worse_knee_pain_women")
    assert found is not None
    assert "odds ratio 1.70 (95% CI 1.10 to 2.60)" in found.paragraphs[0]
    assert "cannot be said without the risk of those with hip abductor strength in the highest" in found.paragraphs[1]
    assert "A ratio of odds is not one of risks." in found.paragraphs[1]
    assert any("Strength was not changed by anyone" in text for text in found.paragraphs)


def test_a_scenario_is_printed_as_one(evidence: Evidence) -> None:
    found = part(evidence, "risk.worse_knee_pain_women")
    assert found is not None
    scenario, others = found.tables
    assert scenario.caption.startswith("Scenario, observed by nobody")
    assert [row.cells[0].text for row in scenario.rows] == ["5", "10", "20", "30"]
    assert [cell.text for cell in scenario.rows[2].cells] == [
        "20", "30 (22 to 39)", "10 more (2 more to 19 more)", "1.49",
    ]  # fmt: skip
    (curve,) = found.figures
    assert curve.title.startswith("Scenario")
    assert curve.alt.startswith("Scenario, observed by nobody.")
    said = " ".join(row.cells[0].text for row in others.rows)
    assert "in men" in said
    assert "novice runners" in said


def test_averaged_scores_of_trials_say_where_the_average_person_stands_and_no_more(evidence: Evidence) -> None:
    synthesis = synthesise(evidence, evidence.question("pfp.hip_vs_knee.pain"))
    result = synthesis.primary.result
    found = people_part(evidence, synthesis)
    assert found is not None
    assert result is not None
    nobody, standing = found.paragraphs
    assert nobody.startswith("Scores were averaged")
    share, low, high = (round(100 * norm.cdf(-x)) for x in (result.estimate, result.ci.high, result.ci.low))
    assert f"would do better than about {share} of 100 with knee exercise (95% CI {low} to {high})" in standing
    assert standing.startswith("If scores were normal and equally spread")
    assert standing.endswith("with no difference it would be 50.")
    assert found.figures == ()


def test_points_and_studies_that_only_watched_say_less(evidence: Evidence) -> None:
    points = part(evidence, "pfp.hip_vs_knee.function")
    assert points is not None
    assert len(points.paragraphs) == 1
    assert part(evidence, "pfp.strength_deficit") is None
    assert part(evidence, "itbs.recovery") is None


def test_a_ratio_that_no_table_knows_more_of_is_said_to_be_only_a_ratio(evidence: Evidence) -> None:
    found = part(dataclasses.replace(evidence, risk_models=()), "risk.worse_knee_pain_women")
    assert found is not None
    assert found.paragraphs == (NOBODY_COUNTED,)


@pytest.mark.parametrize(("column", "value"), [("verification", "as_cited"), ("status", "excluded"), ("seen", False)])
def test_counts_nobody_has_seen_are_no_people(evidence: Evidence, column: str, value: object) -> None:
    table = evidence.studies.copy()
    table.loc[table["row_id"] == "coppack_nd.new_pfp.14w", column] = value
    assert counted_risk(dataclasses.replace(evidence, studies=table), "coppack_nd.new_pfp.14w") is None
    assert counted_risk(evidence, "coppack_nd.new_pfp.14w") is not None


def test_hostile_words_of_a_form_are_drawn_as_words(evidence: Evidence, hostile_texts: tuple[str, ...]) -> None:
    for text in hostile_texts:
        words: dict[str, Any] = dict.fromkeys(("title", "remark", *ITEMS), text)
        found = part(with_form(evidence, FactBoxForm(**words)), "prevention.knee_pain")
        assert found is not None
        assert "<script" not in found.figures[1].svg
