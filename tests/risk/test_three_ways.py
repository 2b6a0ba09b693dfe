"""The table of docs/methods-risk.md: what every public function of the room was checked against."""

from __future__ import annotations

import inspect
import re

import pytest

from hipevidence import risk
from hipevidence.risk import dose_response
from tests.support import ROOT

TABLE = (ROOT / "docs" / "methods-risk.md").read_text(encoding="utf-8").split("## Checked three ways")[1]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("| ")][
    1:
]
FUNCTIONS = sorted(
    name for room in (risk, dose_response) for name in room.__all__ if inspect.isfunction(getattr(room, name))
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_has_a_printed_example_or_says_that_none_was_found(name):
    found = [row for row in ROWS if name in re.findall(r"`(\w+)`", row[0])]
    assert found, f"{name} is not in the table"
    assert any(row[2] or "no printed example found" in row[1] for row in found)
    assert any(row[4] or row[5] for row in found)


def test_files_that_are_named_exist():
    for name in set(re.findall(r"`(test_\w+\.py)`", TABLE)):
        assert (ROOT / "tests" / "risk" / name).exists(), name
