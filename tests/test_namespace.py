"""The public namespace is exactly what it says, and costs nothing until it is used."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys

import pytest

import hipevidence
from tests.support import ROOT

HEAVY = ("pandas", "statsmodels", "matplotlib", "scipy.stats", "jinja2", "typst")
PRINT_LOADED = "import sys; print(*[name for name in {heavy} if name in sys.modules])"
#: What other people's scripts call: these names stay.
PROMISED = {
    "effect_size",
    "load_evidence",
    "pool",
    "synthesise",
    "verdicts",
    "Interval",
    "InputError",
    "EvidenceError",
    "HipEvidenceError",
}


def test_it_is_sorted_and_without_repetition():
    assert hipevidence.__all__ == sorted(set(hipevidence.__all__))


def test_it_keeps_its_promises():
    assert set(hipevidence.__all__) >= PROMISED


@pytest.mark.parametrize("name", hipevidence.__all__)
def test_each_name_is_there_and_documented(name):
    value = getattr(hipevidence, name)
    assert value.__name__ == name
    assert value.__doc__


def test_each_name_has_one_home_and_type_checkers_see_the_same():
    """The lazy table, ``__all__`` and the imports for type checkers are three lists of the same names."""
    tree = ast.parse((ROOT / "hipevidence" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    for_checkers = {alias.name: node.module for node in block.body for alias in node.names}
    assert set(for_checkers) == set(hipevidence.__all__) == set(hipevidence._ROOMS)
    for name, module in for_checkers.items():
        assert getattr(importlib.import_module(module), name) is getattr(hipevidence, name)


def test_no_public_name_hides_a_room():
    rooms = {path.stem for path in (ROOT / "hipevidence").iterdir() if path.name[0] not in "_."}
    assert not rooms & set(hipevidence.__all__)


def test_dir_shows_names_that_are_not_loaded_yet():
    assert set(hipevidence.__all__) <= set(dir(hipevidence))


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="has no attribute 'poool'"):
        _ = hipevidence.poool


@pytest.mark.slow
@pytest.mark.parametrize(
    "script",
    [
        "import hipevidence",
        "import hipevidence; hipevidence.InputError, hipevidence.Interval",
        "from typer.testing import CliRunner; from hipevidence.cli import app; CliRunner().invoke(app, ['--help'])",
        "from typer.testing import CliRunner; from hipevidence.cli import app; CliRunner().invoke(app, ['pool', '-h'])",
    ],
)
def test_starting_loads_nothing_heavy(script):
    code = f"{script}; {PRINT_LOADED.format(heavy=HEAVY)}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []
