"""The documentation holds: its examples run, its commands, names and links exist, its picture is that of the code."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex

import pytest
from typer.main import get_command

import hipevidence
from hipevidence.cli import app
from tests.support import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(path for path in ROOT.glob("docs/**/*.md") if "_build" not in path.parts)])
ROOMS = "bias|bayes|effects|figures|multilevel|network|pooling|rare|risk"


def name(path):
    return path.relative_to(ROOT).as_posix()


def pages_with(pattern):
    found = [(path, re.findall(pattern, path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)) for path in PAGES]
    return [pytest.param(parts, id=name(path)) for path, parts in found if parts]


@pytest.mark.parametrize("blocks", pages_with(r"^```python\n(.*?)^```"))
def test_the_examples_of_a_page_run_one_after_the_other(blocks, monkeypatch):
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "example", "exec"), names)  # noqa: S102 - our own pages


@pytest.mark.parametrize("lines", pages_with(r"^(?: {4,}|.*?`)(?:python3 run\.py|hipevidence) +([a-z][^`\n]*)"))
def test_a_command_and_its_options_exist(lines):
    commands = get_command(app).commands
    for line in lines:
        words = shlex.split(re.split(r"\s{2,}", line)[0], comments=True)
        if words[0] in {"test", "docs"}:
            continue
        assert words[0] in commands, line
        known = {option for parameter in commands[words[0]].params for option in parameter.opts} | {"--help"}
        assert {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)} <= known, line


@pytest.mark.parametrize("names", pages_with(rf"`(?:he\.|hipevidence\.)?((?:{ROOMS})\.[a-z]\w+)"))
def test_a_name_that_a_page_mentions_exists(names):
    for each in set(names):
        room, attribute = each.split(".")
        module = importlib.import_module(f"hipevidence.{room}")
        submodule = importlib.util.find_spec(f"hipevidence.{room}.{attribute}")
        assert attribute == "py" or hasattr(module, attribute) or submodule, each


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_link_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target


def test_every_public_room_has_a_page_and_every_page_a_room():
    pages = {path.stem for path in (ROOT / "docs" / "api").glob("*.md")} - {"index"}
    for room in pages:
        assert importlib.import_module(f"hipevidence.{room}").__doc__
    assert {"effects", "pooling", "bias", "risk", "network", "claims", "figures"} <= pages


def test_every_public_name_has_an_example_or_says_what_it_returns():
    for each in hipevidence.__all__:
        assert getattr(hipevidence, each).__doc__, each


def test_the_drawn_rooms_are_those_of_the_import_rule():
    path = ROOT / "docs" / "draw_architecture.py"
    spec = importlib.util.spec_from_file_location("draw_architecture", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PICTURE.read_text(encoding="utf-8") == script.picture()
    rooms = {room.strip() for layer in script.layers() for room in layer}
    there = {path.stem for path in (ROOT / "hipevidence").iterdir() if path.name[0] not in "_."}
    assert rooms == there
