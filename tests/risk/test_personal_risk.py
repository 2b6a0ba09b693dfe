"""The risk model on the real tables: what it answers, what it refuses, and that every row is heard."""

from __future__ import annotations

import math

import pytest

from hipevidence.errors import InputError
from hipevidence.evidence.risk_models import find_risk_model
from hipevidence.personal_risk import as_record, as_text, personal_risk
from hipevidence.risk import absolute_risk, e_value

WOMEN = {"sex": "female", "outcome": "worsening", "quartile": "lowest"}


def roles(found):
    return {item.id: item.role for item in found.evidence}


@pytest.mark.parametrize(("baseline", "risk", "low", "high"), [
    (0.10, 0.15888, 0.10891, 0.22414),
    (0.20, 0.29825, 0.21569, 0.39394),
    (0.30, 0.42149, 0.32039, 0.52703),
])  # fmt: skip
def test_women_in_the_lowest_quarter(evidence, baseline, risk, low, high):
    found = personal_risk(evidence, **WOMEN, baseline=baseline)
    (one,) = found.at_baseline
    assert found.answer == "absolute"
    assert (one.risks.risk, one.risks.ci.low, one.risks.ci.high) == pytest.approx((risk, low, high), abs=5e-6)
    assert one.risks.risk == absolute_risk("OR", 1.7, baseline=baseline).risk
    ratio = one.risk_ratio
    assert one.e_value.limit == e_value("RR", ratio.value, ratio.ci.low, ratio.ci.high).limit
    assert "Strength was not changed by anyone" in " ".join(found.caveats)


def test_the_answer_shows_what_stands_beside_and_against_it(evidence):
    found = personal_risk(evidence, **WOMEN, baseline=0.2)
    heard = roles(found)
    assert heard["most2023.worse_knee_pain.female.104w"] == "estimate"
    assert heard["most2023.worse_knee_pain.male.104w"] == "no_difference"
    assert heard["most2023.new_knee_pain.female.104w"] == "no_difference"
    assert heard["finnoff2011.new_pfp"] == heard["herbst2015.new_pfp"] == "less"
    assert heard["neal2019.new_pfp.adolescents"] == "less"
    assert "3 found less of it with weaker hips" in found.caveats[0]
    assert "7 found no association" in found.caveats[0]


def test_every_row_on_these_outcomes_is_in_the_model(evidence):
    model = find_risk_model(evidence, "hip_strength")
    listed = {*model.rows, *(association.row for association in model.associations)}
    outcomes = set(model.outcomes.values())
    for row in evidence.records("studies"):
        on_topic = row["intervention"] == "weak_hip" and any(
            evidence.vocabulary.covers("outcome", outcome, str(row["outcome"])) for outcome in outcomes
        )
        assert not on_topic or row["status"] == "excluded" or row["row_id"] in listed, row["row_id"]


def test_the_stratum_with_strong_knee_extensors(evidence):
    found = personal_risk(evidence, **WOMEN, stratum="strong_knee_extensors", baseline=0.2)
    assert found.relative.effect == 2.0
    assert found.at_baseline[0].risks.risk == pytest.approx(0.5 / 1.5)


def test_no_baseline_gives_a_ratio_and_says_why(evidence):
    found = personal_risk(evidence, **WOMEN)
    assert found.answer == "relative"
    assert found.at_baseline == ()
    assert "odds ratio 1.70 (95% CI 1.10 to 2.60)" in found.statement
    assert "How many of 100 cannot be said" in found.reasons[0]
    assert "no row prints" in found.reasons[0]
    assert "A ratio of odds is not one of risks" in found.reasons[0]


def test_the_scenario_is_called_one(evidence):
    found = personal_risk(evidence, **WOMEN, scenario="grid")
    assert [one.risks.baseline for one in found.at_baseline] == [0.05, 0.1, 0.2, 0.3]
    assert {one.kind for one in found.at_baseline} == {"scenario"}
    assert found.statement.count("Scenario, observed by nobody") == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sex": "male"}, "the only study, MOST 2023 (men), found no association"),
        ({"outcome": "new"}, "the only study, MOST 2023 (women), found no association"),
        ({"sex": "male", "outcome": "new"}, "the only study, MOST 2023 (men), found no association"),
        ({"population": "runners"}, "no result on worsening of knee pain in women (runners) is in the tables"),
        ({"population": "runners", "outcome": "new"}, "Thijs 2011 (women) found no association"),
        ({"population": "novice runners", "outcome": "new"}, "Ramskov 2015 (people) found more of it with weaker hips"),
        ({"population": "adolescent_athletes", "outcome": "new"}, "found less of it with weaker hips"),
        ({"quartile": "second"}, "MOST 2023 prints no ratio for hip abductor strength in the second quarter"),
        ({"quartile": "highest"}, "is the group that the others are compared with"),
        ({"sex": "mixed"}, "MOST 2023 (women) found more of it with weaker hips; MOST 2023 (men) found no association"),
        ({"population": "people"}, "found"),
    ],
)
@pytest.mark.parametrize("baseline", [None, 0.2])
def test_refusals_say_what_was_found_and_give_no_figure(evidence, asked, said, baseline):
    found = personal_risk(evidence, **(WOMEN | asked), baseline=baseline)
    assert found.answer == "none"
    assert found.relative is None
    assert found.at_baseline == ()
    assert said in found.statement
    assert "estimate" not in roles(found).values()


def test_an_absence_of_association_without_figures_is_no_proof(evidence):
    found = personal_risk(evidence, **(WOMEN | {"sex": "male"}))
    assert "does not prove" in found.reasons[0]
    assert "only for worsening of knee pain in women" in found.reasons[1]


def test_an_observed_baseline_serves_its_own_people_only(evidence):
    found = personal_risk(evidence, **WOMEN, baseline="coppack")
    assert found.answer == "relative"
    assert "36 of 743" in found.reasons[0]
    assert "military recruits. It serves nobody else." in found.reasons[0]


@pytest.mark.parametrize("baseline", [0, 1, -0.1, 1.5, 20, math.nan, math.inf])
def test_a_baseline_that_is_no_risk_raises(evidence, baseline):
    with pytest.raises(InputError, match="above 0 and below 1"):
        personal_risk(evidence, **WOMEN, baseline=baseline)


def test_percent_is_recognised():
    from hipevidence.personal_risk.baselines import _checked

    with pytest.raises(InputError, match=r"For 20 % write 0\.2"):
        _checked(20)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sex": "woman"}, 'no sex "woman"; allowed: female'),
        ({"outcome": "worsning"}, "Did you mean worsening"),
        ({"quartile": "fifth"}, "allowed: lowest, second, third, highest"),
        ({"population": "martians"}, 'no population "martians"'),
        ({"stratum": "tall"}, "strong_knee_extensors"),
        ({"baseline": "copack"}, "or: coppack"),
        ({"scenario": "worst"}, "allowed: grid"),
    ],
)
def test_unknown_words_name_those_there_are(evidence, asked, said):
    with pytest.raises(InputError) as caught:
        personal_risk(evidence, **(WOMEN | asked))
    assert said in str(caught.value)


def test_a_ratio_printed_the_other_way_round_is_shown_both_ways(evidence):
    text = as_text(personal_risk(evidence, **WOMEN))
    assert (
        "less of it with weaker hips; OR 0.19 (0.05 to 0.68), turned round from the printed 5.35 (1.46 to 19.53)"
        in text
    )
    assert "SMD −0.71 (−1.04 to −0.39), turned round from the printed 0.71 (0.39 to 1.04)" in text


def test_no_text_calls_odds_a_risk(evidence):
    for baseline in (None, 0.2):
        text = as_text(personal_risk(evidence, **WOMEN, baseline=baseline))
        assert "1.70 times the risk" not in text
        assert "risk ratio 1.70" not in text


def test_the_record_of_a_refusal_has_the_keys_of_an_answer(evidence):
    answer = as_record(personal_risk(evidence, **WOMEN, baseline=0.2))
    refusal = as_record(personal_risk(evidence, **(WOMEN | {"sex": "male"})))
    assert list(answer) == list(refusal)
    assert list(answer["evidence"][0]) == list(refusal["evidence"][0])
