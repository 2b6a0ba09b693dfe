"""The dose-response across the groups of a risk model: fitted where rows allow it, refused with a reason elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.evidence import load_evidence
from hipevidence.personal_risk import as_record, personal_risk
from hipevidence.risk.dose_response import DoseStudy, dose_response
from tests.risk.test_risk_model_file import BARE, row
from tests.support import Tiny, study

MODEL = """\
[[risk_model]]
id = "tea"
title = "Tea at night and waking"
population = "poor_sleepers"
levels = { much = "much tea", some = "some tea", none = "no tea" }
reference_level = "none"
outcomes = { waking = "waking" }
associations = [{ row = "lee2021.much", level = "much" }, { row = "lee2021.some", level = "some" }]
"""
ASKED = {"sex": "mixed", "outcome": "waking", "quartile": "much"}
#: Rohan & McMichael (1988), three of its four groups: cases and people, odds ratios.
SOME = {
    "events1": "90",
    "n1": "186",
    "events2": "165",
    "n2": "337",
    "effect": "1.16",
    "ci_low": "0.73",
    "ci_high": "1.85",
}
MUCH = {
    "events1": "122",
    "n1": "212",
    "events2": "165",
    "n2": "337",
    "effect": "1.57",
    "ci_low": "0.99",
    "ci_high": "2.51",
}


@pytest.fixture
def asked(tmp_path):
    """Ask the model of tables in which the two rows are changed as given."""

    def _asked(some=SOME, much=MUCH, model=MODEL, **both):
        tiny = Tiny(tmp_path / "data")
        cells = BARE | {"effect_measure": "OR", "instrument": "", "study": "Lee 2021"} | both
        tiny.studies = [study(), row("lee2021.some", **(cells | some)), row("lee2021.much", **(cells | much))]
        tiny.files["risk_models.toml"] = model.encode()
        return personal_risk(load_evidence(tiny.write()), **ASKED)

    return _asked


def test_two_groups_with_counts_have_the_trend_of_their_table(asked):
    found = asked()
    table = DoseStudy.from_limits(
        "Lee", "case_control", dose=[0, 1, 2], ratio=[1, 1.16, 1.57], low=[1, 0.73, 0.99], high=[1, 1.85, 2.51],
        cases=[165, 90, 122], total=[337, 186, 212],
    )  # fmt: skip
    expected = dose_response([table])
    assert found.trend.ratio == pytest.approx(math.exp(expected.coefficients[0]), rel=1e-12)
    limits = np.exp([expected.ci.low[0], expected.ci.high[0]])
    assert [found.trend.ci.low, found.trend.ci.high] == pytest.approx(limits, rel=1e-12)
    assert found.trend.p_value == pytest.approx(expected.p_value, rel=1e-12)
    assert set(found.trend.row_ids) == {"lee2021.some", "lee2021.much"}
    assert "Over 2 groups beside “none”: OR 1.25" in found.caveats[1]
    assert as_record(found)["dose_response"]["ratio_per_group"] == found.trend.ratio


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"some": SOME | {"events1": "", "n1": "", "events2": "", "n2": ""}}, "which are not printed"),
        ({"effect_measure": "HR"}, "the time at risk in each group"),
        ({"some": SOME | {"sex": "female"}}, "only “much” is compared with “none”"),
    ],
)
def test_without_what_it_takes_there_is_no_trend_and_the_answer_says_why(asked, changes, said):
    found = asked(**changes)
    assert found.answer == "relative"
    assert math.isnan(found.trend.ratio)
    assert said in found.trend.reason
    assert found.trend.reason in found.caveats


def test_of_two_groups_nobody_expects_a_trend(asked):
    two = MODEL.replace('some = "some tea", ', "").replace(', { row = "lee2021.some", level = "some" }', "")
    assert "dose-response" not in " ".join(asked(model=two).caveats)


def test_the_study_of_hip_strength_prints_one_group_only(evidence):
    found = personal_risk(evidence, sex="female", outcome="worsening", quartile="second")
    assert "No dose-response can be fitted: only “lowest” is compared with “highest”" in " ".join(found.reasons)
    men = personal_risk(evidence, sex="male", outcome="worsening", quartile="second")
    assert "no group is compared" in men.trend.reason
    assert men.trend.reason not in men.reasons
