"""Real tables, small tables, and no clock for the properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from hipevidence.evidence import Evidence, load_evidence

ROOT = Path(__file__).parents[2]

settings.register_profile("no-clock", deadline=None, database=None)
settings.load_profile("no-clock")


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return load_evidence(ROOT / "data")


@pytest.fixture(scope="session")
def printed() -> dict[str, Any]:
    return json.loads((ROOT / "validation" / "risk" / "dose_response.json").read_text(encoding="utf-8"))
