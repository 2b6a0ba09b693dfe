"""Holds numbers to exact ones (40 digits, validation/exact) where a peer is the limit, and says how far that is off."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

VALIDATION = Path(__file__).parents[1] / "validation"


def read(*path):
    return json.loads(VALIDATION.joinpath(*path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def differences():
    spec = importlib.util.spec_from_file_location("exact_compare", VALIDATION / "exact" / "compare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [(kind, what, abs(ours / exact - 1.0)) for kind, what, ours, exact in module.comparisons()]
