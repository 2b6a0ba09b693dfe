"""Reference values of the peers, as numbers; each file in validation/pooling says where they come from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

VALIDATION = Path(__file__).parents[2] / "validation" / "pooling"


def read(name):
    """Return the content of one file of reference values."""
    return json.loads((VALIDATION / name).read_text(encoding="utf-8"))


METAFOR_CASES = [
    {**case, "yi": np.array(case["yi"]), "vi": np.array(case["vi"])} for case in read("metafor.json")["cases"]
]


def pytest_generate_tests(metafunc):
    """Run a test that asks for ``case`` once for each published data set and measure."""
    if "case" in metafunc.fixturenames:
        names = [f"{case['name']}-{case['measure']}" for case in METAFOR_CASES]
        metafunc.parametrize("case", METAFOR_CASES, ids=names)


@pytest.fixture(scope="session")
def bcg():
    """Return the 13 BCG trials (log risk ratios) with metafor's numbers."""
    return METAFOR_CASES[0]


@pytest.fixture(scope="session")
def metafor_cases():
    """Return all data sets and measures."""
    return METAFOR_CASES


@pytest.fixture(scope="session")
def metafor_case():
    """Return a look-up of the first case of a data set."""
    return lambda name: next(case for case in METAFOR_CASES if case["name"] == name)


@pytest.fixture(scope="session")
def single_value():
    """Return a look-up of metafor's single values by data set, call and quantity."""
    values = {
        (row["name"], row["call"], row["quantity"]): row["value"] for row in read("metafor_values.json")["values"]
    }
    return lambda name, call, quantity: values[name, call, quantity]


@pytest.fixture(scope="session")
def meta_value():
    """Return a look-up of values by the R package meta, by call and quantity."""
    values = {(row["call"], row["quantity"]): row["value"] for row in read("meta.json")["values"]}
    return lambda call, quantity: values[call, quantity]
