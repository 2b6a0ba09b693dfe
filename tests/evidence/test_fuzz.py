"""Damaged tables and rows: a message for a person every time, no traceback, no write (20,000: validation/evidence)."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.mutations import survives
from tests.support import Tiny


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = Tiny(tmp_path_factory.mktemp("fuzz") / "data").write()
    return folder, {path.name: path.read_bytes() for path in folder.iterdir()}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_damage_is_met_with_a_message(whole, chance):
    assert survives(*whole, chance, plan=False)


def test_rows_of_any_text_are_added_or_refused(whole):
    chance = random.Random(20261123)  # noqa: S311 - repeatable chance for a test
    ended = Counter(survives(*whole, chance, plan=True) for _ in range(60))
    assert ended["refused"] > 0
    assert ended["planned"] + ended["not added"] + ended["added"] > 0
