"""The shape of the house: imports point down, modules stay small, numbers become text in one place."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "hipevidence"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 500
#: A fixed number of decimals, an exponent, a percentage or grouping. A bare ``g`` repeats a number a person typed.
ROUNDING = re.compile(r".*(\.\d+|[feEn%,_])[gG]?$")
TEXT = {".py", ".toml", ".md", ".csv", ".json", ".j2", ".typ", ".css", ".cfg", ".txt"}
FOLDERS = ("hipevidence", "tests", "docs", "data", "validation", "benchmarks", "notebooks", ".ci")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path, *kinds: type[ast.AST]) -> list[ast.AST]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_imports_point_down_the_picture_only():
    pytest.importorskip("importlinter", reason="comes with the dev extra")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_stays_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def formats(path: Path) -> list[str]:
    """Every format specification in f-strings, ``format()``, ``str.format`` and ``%``."""
    specs = [
        "".join(part.value for part in node.format_spec.values if isinstance(part, ast.Constant))
        for node in nodes(path, ast.FormattedValue)
        if node.format_spec is not None
    ]
    for call in nodes(path, ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "format" and len(call.args) == 2:
            specs.append(ast.unparse(call.args[1]).strip("'\""))
        if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
            specs += re.findall(r"\{[^{}]*:([^{}]+)\}", ast.unparse(call.func.value))
    for operation in nodes(path, ast.BinOp):
        if isinstance(operation.op, ast.Mod) and isinstance(operation.left, ast.Constant):
            specs += re.findall(r"%([-+ #0]*[\d.]*[feEgG])", str(operation.left.value))
    return specs


@pytest.mark.parametrize("path", [path for path in MODULES if path != PACKAGE / "format.py"], ids=name)
def test_numbers_are_rounded_in_one_module_only(path):
    assert [spec for spec in formats(path) if ROUNDING.match(spec)] == []


def test_the_rule_on_rounding_sees_what_it_should():
    assert any(ROUNDING.match(spec) for spec in formats(PACKAGE / "format.py"))
    assert all(ROUNDING.match(spec) for spec in (".2f", ",.1f", "+.3f", ".0%", ".3g", "e", ",", ">8.2f", "%"))
    assert not any(ROUNDING.match(spec) for spec in ("g", "<12", ">3", "x", "02d", ""))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_assert_checks_no_input(path):
    assert [node.lineno for node in nodes(path, ast.Assert)] == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_is_printed_past_the_command_line(path):
    calls = nodes(path, ast.Call)
    assert [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"] == []


def machine_paths() -> re.Pattern[str]:
    places = {str(ROOT), str(ROOT.parent), tempfile.gettempdir(), str(Path.home())} - {"/"}
    return re.compile("|".join(rf"(?<![\w.:/]){re.escape(place)}(?![\w-])" for place in sorted(places)))


def test_no_file_names_a_place_on_this_machine():
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in TEXT]
    files += [path for path in ROOT.iterdir() if path.suffix in TEXT]
    pattern = machine_paths()
    found = {name(path) for path in files if pattern.search(path.read_text(encoding="utf-8", errors="replace"))}
    assert found == set()
