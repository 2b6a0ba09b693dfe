from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import Tiny

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "data")
