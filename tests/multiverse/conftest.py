from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hipevidence.evidence import load_evidence
from tests.support import ROOT, Tiny

if TYPE_CHECKING:
    from pathlib import Path

    from hipevidence.evidence import Evidence


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "data", claims="", published_pools=[], reported_quality=[], risk_of_bias=[])


@pytest.fixture(scope="session")
def data() -> Evidence:
    return load_evidence(ROOT / "data")
