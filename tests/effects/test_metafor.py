"""Every measure against metafor 5.1-12, on published data sets and on fixed inputs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hipevidence.effects import MEASURES, d_to_log_or, effect_size, log_or_to_d

FOLDER = Path(__file__).parents[2] / "validation" / "effects"
RTOL = 1e-8


def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["cases"]


CASES = read("metafor_datasets.json") + read("metafor_fixed_inputs.json")
OF_THE_DOOR = [case for case in CASES if case["measure"] in MEASURES]
CONVERTED = {case["measure"]: case for case in CASES if case["measure"] not in MEASURES}


@pytest.mark.parametrize("case", OF_THE_DOOR, ids=lambda case: case["call"])
def test_effect_size_is_escalc(case):
    effect = effect_size(case["measure"], vtype=case.get("vtype"), **case["inputs"])
    np.testing.assert_allclose(effect.yi, case["yi"], rtol=RTOL, atol=1e-13)
    np.testing.assert_allclose(effect.vi, case["vi"], rtol=RTOL)
    assert (np.asarray(effect.reason) == "").all()


@pytest.mark.parametrize("case", OF_THE_DOOR, ids=lambda case: case["call"])
def test_one_row_at_a_time_gives_the_same(case):
    rows = np.size(case["yi"])
    together = effect_size(case["measure"], vtype=case.get("vtype"), **case["inputs"])
    for i in range(rows):
        row = {name: np.atleast_1d(value)[i].item() for name, value in case["inputs"].items()}
        alone = effect_size(case["measure"], vtype=case.get("vtype"), **row)
        assert isinstance(alone.yi, float)
        assert alone.yi == np.atleast_1d(together.yi)[i]
        assert alone.vi == np.atleast_1d(together.vi)[i]


def test_every_measure_but_the_pre_post_control_design_is_compared():
    assert set(MEASURES) - {case["measure"] for case in OF_THE_DOOR} == {"PPC"}


@pytest.mark.parametrize(("code", "method"), [("D2ORL", "logistic"), ("D2ORN", "cox")])
def test_log_odds_ratio_from_d(code, method):
    case = CONVERTED[code]
    d = effect_size("SMD", correction="none", **case["inputs"])
    converted = d_to_log_or(d.yi, d.vi, method=method)
    assert converted.yi == pytest.approx(case["yi"], rel=RTOL)
    assert converted.vi == pytest.approx(case["vi"], rel=RTOL)


@pytest.mark.parametrize(("code", "method"), [("OR2DL", "logistic"), ("OR2DN", "cox")])
def test_d_from_log_odds_ratio(code, method):
    case = CONVERTED[code]
    log_or = effect_size("OR", **case["inputs"])
    converted = log_or_to_d(log_or.yi, log_or.vi, method=method)
    assert converted.yi == pytest.approx(case["yi"], rel=RTOL)
    assert converted.vi == pytest.approx(case["vi"], rel=RTOL)
