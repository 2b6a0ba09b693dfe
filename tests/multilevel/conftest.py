"""Reference values, and a hypothesis profile without a clock."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no-clock", deadline=None, database=None)
settings.load_profile("no-clock")

PEER = json.loads(
    (Path(__file__).parents[2] / "validation" / "multilevel" / "metafor.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="session")
def peer():
    """Return the reference file."""
    return PEER


@pytest.fixture(scope="session")
def value():
    """Return a look-up of single values by data set, call and quantity."""
    values = {(row["name"], row["call"], row["quantity"]): row["value"] for row in PEER["values"]}
    return lambda *key: values[key]


@pytest.fixture(scope="session")
def districts():
    """Return effects, variances and districts of Konstantopoulos (2011)."""
    data = PEER["data"]["konstantopoulos2011"]
    return data["yi"], data["vi"], data["district"]
