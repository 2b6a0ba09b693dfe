"""What the simulation in ``validation/rowchecks`` prints holds."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from tests.support import ROOT

SCRIPT = ROOT / "validation" / "rowchecks" / "simulate.py"


@pytest.fixture(scope="module")
def simulate():
    spec = importlib.util.spec_from_file_location("rowchecks_simulate", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.slow
def test_no_false_alarm_on_honest_rows(simulate):
    counts = simulate.false_alarms(50_000)
    assert (counts["grim flagged"], counts["grimmer flagged"]) == (0, 0)
    assert counts["grim tested"] > 30_000
    assert counts["grimmer tested"] > 15_000


@pytest.mark.slow
@pytest.mark.parametrize("decimals", [1, 2])
def test_impossible_pairs_are_caught(simulate, decimals):
    """Every mean and SD of 3 to 8 people on a scale from 0 to 10, exhaustively."""
    result = simulate.power(range(3, 9), decimals)
    assert result.false_alarms == 0
    assert result.caught > 0.95 * result.impossible
    assert result.caught_by_grimmer > 0.95 * result.passed_grim


def test_a_small_share_of_both(simulate):
    assert simulate.false_alarms(900)["grimmer flagged"] == 0
    result = simulate.power(range(3, 5), 1)
    assert (result.false_alarms, result.caught) == (0, result.impossible)
