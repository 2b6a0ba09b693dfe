"""The panel over corrections and models."""

from __future__ import annotations

import math

import pytest

from hipevidence.effects import effect_size
from hipevidence.pooling import pool
from hipevidence.rare import glmm, mantel_haenszel, peto, rare_event_panel


@pytest.fixture(scope="module")
def panel(request):
    counts = request.getfixturevalue("nielweise")
    return rare_event_panel(**counts), counts


def row(panel, model, correction="none"):
    return next(one for one in panel.rows if (one.model, one.correction) == (model, correction))


def test_rows_are_the_methods_themselves(panel):
    result, counts = panel
    for model, alone in (
        ("Mantel-Haenszel", mantel_haenszel("OR", **counts)),
        ("Peto", peto(**counts)),
        ("CM.EL", glmm("OR", **counts)),
        ("UM.FS", glmm("OR", **counts, model="UM.FS")),
    ):
        assert (row(result, model).estimate, row(result, model).ci) == (alone.estimate, alone.ci)
    effects = effect_size(
        "OR",
        **{
            name: [v for v, e, f in zip(values, counts["events1"], counts["events2"], strict=True) if e + f]
            for name, values in counts.items()
        },
    )
    alone = pool(effects.yi, effects.vi, ci="wald")
    assert row(result, "inverse variance, random", "0.5 only0").estimate == pytest.approx(alone.estimate, rel=1e-12)
    # Stijnen et al. (2010), table III: the normal model with 0.5 added
    assert alone.estimate == pytest.approx(-0.9804, abs=5e-5)


def test_counts_of_zeros_and_spread(panel):
    result, counts = panel
    assert result.zero_studies == sum(
        (a == 0) != (c == 0) for a, c in zip(counts["events1"], counts["events2"], strict=True)
    )
    assert result.double_zero_studies == 1
    assert result.estimate_low < -1.35
    assert result.estimate_high > -1.0
    assert result.one_direction
    assert result.one_conclusion
    assert result.directions == (result.computed, 0)


def test_treatment_arm_correction_adds_one_in_all():
    result = rare_event_panel(events1=[0, 4], n1=[30, 50], events2=[3, 6], n2=[10, 50])
    assert all(one.ci.exists for one in result.rows if one.correction == "treatment-arm")
    effects = effect_size("OR", events1=[0.75, 4], n1=[31.5, 50], events2=[3.25, 6], n2=[10.5, 50], to="none")
    alone = pool(effects.yi, effects.vi, method="EE", ci="wald")
    assert row(result, "inverse variance, common", "treatment-arm").estimate == pytest.approx(alone.estimate, rel=1e-12)


def test_a_conclusion_that_depends_on_the_correction():
    result = rare_event_panel(events1=[0, 1, 0, 2], n1=[50, 60, 40, 100], events2=[2, 3, 1, 6], n2=[48, 61, 42, 98])
    assert result.one_direction
    assert not result.one_conclusion
    assert 0 < result.excluding_zero < result.computed


def test_nothing_to_go_by():
    result = rare_event_panel(events1=[0, 0], n1=[10, 20], events2=[0, 0], n2=[11, 19])
    assert math.isnan(result.estimate_low)
    assert result.double_zero_studies == 2
    missing = [one for one in result.rows if not one.ci.exists]
    assert missing
    assert all(one.reason for one in missing)


def test_frame_has_one_row_an_analysis(panel):
    frame = panel[0].to_frame()
    assert len(frame) == len(panel[0].rows)
    assert frame["estimate"].tolist() == [one.estimate for one in panel[0].rows]
