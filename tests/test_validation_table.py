"""The table of validation/README.md: every part is there, and every difference above 1e-6 has a cause."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

VALIDATION = Path(__file__).parents[1] / "validation"
PAGE = (VALIDATION / "README.md").read_text(encoding="utf-8")


def rows():
    """Yield the cells of every row of the tables that make_table.py wrote."""
    table = PAGE.split("<!-- table: made by make_table.py -->")[1].split("<!-- end of the table -->")[0]
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[2][:1].isdigit():
            yield cells


def test_every_folder_that_compares_is_on_the_page():
    rooms = tomllib.loads((VALIDATION / "peers.toml").read_text(encoding="utf-8"))["room"]
    assert {room["folder"] for room in rooms} == {path.parent.name for path in VALIDATION.glob("*/compare.py")}
    for room in rooms:
        assert f"## {room['title']}" in PAGE


def test_differences_on_the_page_have_causes():
    found = list(rows())
    assert len(found) > 100
    for method, peer, _, worst, cause in found:
        assert peer
        if not 0.95e-6 < float(worst) < 1.05e-6:  # the page rounds
            assert (float(worst) > 1e-6) == bool(cause), method


@pytest.mark.slow
def test_the_table_can_be_made_again():
    run = subprocess.run(
        [sys.executable, VALIDATION / "make_table.py", "--check"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
