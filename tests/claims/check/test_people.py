"""The sentence offered for a ratio that is told as a risk, or without what it is a ratio of."""

from __future__ import annotations

import pytest

from hipevidence import check_text, load_evidence
from hipevidence.claims.checking import prepare
from tests.support import ROOT

WHY = "cannot be said without the risk of those with hip abductor strength in the highest quarter"


@pytest.fixture(scope="module")
def desk():
    return prepare(load_evidence(ROOT / "data"))


def offered(text, desk, code):
    return [finding.suggestion for finding in check_text(text, desk, notes=True) if finding.code == code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Women with weak hips are 1.7 times as likely to have worsening knee pain.", "odds_read_as_risk"),
        ("Weak hips raise the risk of worsening knee pain in women by 70%.", "odds_read_as_risk"),
        ("Weak hips raise the risk of worsening knee pain in women by 70%.", "relative_without_baseline"),
    ],
)
def test_without_a_baseline_the_odds_are_called_odds_and_why(desk, text, code):
    (sentence,) = offered(text, desk, code)
    assert "1.70 (95% CI 1.10 to 2.60) times the odds of worsening of knee pain within 104 weeks" in sentence
    assert sentence.startswith("In women (older adults with or at risk of knee osteoarthritis)")
    assert WHY in sentence
    assert "of 100 become" not in sentence


@pytest.mark.parametrize(
    "text",
    [
        "In women with weak hips the risk of worse knee pain is 1.7 times that of strong women, of whom 20% get worse.",
        "Of 100 women with strong hips, 20 get worse knee pain; women with weak hips are 1.7 times as likely to.",
    ],
)
def test_a_share_that_the_text_tells_is_turned_into_the_right_one(desk, text):
    (sentence,) = offered(text, desk, "odds_read_as_risk")
    assert (
        "If the 20% told is the risk with hip abductor strength in the highest quarter, which no row prints" in sentence
    )
    assert "20 of 100 become about 30 (95% CI 22 to 39), not 34." in sentence
    assert WHY not in sentence


@pytest.mark.parametrize("code", ["odds_read_as_risk", "relative_without_baseline"])
def test_counted_people_are_offered_where_the_table_has_them(desk, code):
    (sentence,) = offered("In army recruits, leg exercises cut the risk of kneecap pain by 75%.", desk, code)
    assert sentence.startswith("Of 100 British Army recruits with usual warm-up, about 5 (95% CI 4 to 7)")
    assert "36 of 743 without, 10 of 759 with" in sentence


def test_the_finding_names_the_row_of_the_ratio(desk):
    found = check_text("Weak hips raise the risk of worsening knee pain in women by 70%.", desk)
    rows = {finding.code: finding.rows for finding in found}
    assert rows["relative_without_baseline"] == ("most2023.worse_knee_pain.female.104w",)


def test_a_ratio_per_unit_stronger_is_no_ratio_of_two_groups(desk):
    assert "finnoff2011.new_pfp" not in desk.ratios
    assert "prevention.knee_pain" in desk.ratios
