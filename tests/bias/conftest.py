"""Published data sets with the peers' numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("no-clock", deadline=None, database=None)
settings.load_profile("no-clock")

VALIDATION = Path(__file__).parents[2] / "validation" / "bias"
PEER = json.loads((VALIDATION / "metafor.json").read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc):
    """Run a test that asks for ``case`` on every data set and measure."""
    if "case" in metafunc.fixturenames:
        names = [f"{case['name']}-{case['measure']}" for case in PEER["cases"]]
        metafunc.parametrize("case", PEER["cases"], ids=names)


@pytest.fixture(scope="session")
def sample():
    """Return a look-up of effects and variances by data set and measure."""
    cases = {(case["name"], case["measure"]): (np.array(case["yi"]), np.array(case["vi"])) for case in PEER["cases"]}
    return lambda *key: cases[key]


@pytest.fixture(scope="session")
def hackshaw(sample):
    """Return the passive smoking studies of Hackshaw (1998)."""
    return sample("hackshaw1998", "GEN")


@pytest.fixture(scope="session")
def values():
    """Return a look-up of metafor's single values by data set and call: quantity to number."""

    def look_up(data, call):
        return {row["quantity"]: row["value"] for row in PEER["values"] if (row["data"], row["call"]) == (data, call)}

    return look_up


@pytest.fixture(scope="session")
def meta_values():
    """Return a look-up of meta's tests of the BCG trials by name: quantity to number."""
    rows = json.loads((VALIDATION / "meta.json").read_text(encoding="utf-8"))["values"]
    return lambda name: {row["quantity"]: row["value"] for row in rows if row["call"] == f"metabias OR {name}"}


@pytest.fixture(scope="session")
def bcg():
    """Return the BCG trials as tables."""
    a, b, c, d = (np.array(PEER["counts"]["bcg"][name], dtype=float) for name in ("ai", "bi", "ci", "di"))
    return {"events1": a, "n1": a + b, "events2": c, "n2": c + d}
