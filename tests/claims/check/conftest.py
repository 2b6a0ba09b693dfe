from __future__ import annotations

import pytest

from hipevidence.claims.checking import Desk, prepare
from hipevidence.evidence import Evidence, load_evidence
from tests.support import ROOT


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    return load_evidence(ROOT / "data")


@pytest.fixture(scope="session")
def desk(evidence) -> Desk:
    return prepare(evidence)
