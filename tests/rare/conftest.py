"""Counts of published data sets with the peers' numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("no-clock", deadline=None, database=None)
settings.load_profile("no-clock")

VALIDATION = Path(__file__).parents[2] / "validation" / "rare"
PEER = json.loads((VALIDATION / "metafor.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def peer():
    """Return metafor's file."""
    return PEER


@pytest.fixture(scope="session")
def value():
    """Return a look-up of metafor's single values by data set, call and quantity."""
    values = {(row["name"], row["call"], row["quantity"]): row["value"] for row in PEER["values"]}
    return lambda *key: values[key]


@pytest.fixture(scope="session")
def meta_value():
    """Return a look-up of meta's values by call and quantity."""
    rows = json.loads((VALIDATION / "meta.json").read_text(encoding="utf-8"))["values"]
    values = {(row["call"], row["quantity"]): row["value"] for row in rows}
    return lambda *key: values[key]


@pytest.fixture(scope="session")
def bcg():
    """Return the BCG trials as tables."""
    a, b, c, d = (np.array(PEER["data"]["bcg"][name]) for name in ("ai", "bi", "ci", "di"))
    return {"events1": a, "n1": a + b, "events2": c, "n2": c + d}


@pytest.fixture(scope="session")
def nielweise():
    """Return the catheter trials of Niel-Weise et al. (2007): rare events, zero cells."""
    data = PEER["data"]["nielweise2007"]
    return {"events1": data["ai"], "n1": data["n1i"], "events2": data["ci"], "n2": data["n2i"]}
