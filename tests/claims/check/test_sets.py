"""Sets of statements in our own words: true ones pass in silence, wrong ones are told with the right code."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hipevidence import check_text
from hipevidence.claims import CODES

SETS = {name: tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")) for name in (
    "tuning", "held_out", "fresh", "slogans", "reports",
)}  # fmt: skip
STATEMENTS = [one for entries in SETS.values() for one in entries["statement"]]
WRONG = [one for one in STATEMENTS if "codes" in one]
RIGHT = [one["text"] for one in STATEMENTS if "codes" not in one]
INNOCENT = [one["text"] for entries in SETS.values() for one in entries["innocent"]]
#: True statements on which the program raises a false alarm, and why.
FALSE_ALARMS = {
    # Told as what training does, not as what one trial found: other trials of the same did not find more strength.
    "After six weeks of hip training, women who run were stronger but their running form had not changed.",
}


def test_the_sets_are_as_large_as_they_say():
    assert len(STATEMENTS) >= 60
    assert len(INNOCENT) >= 40
    assert 0.4 <= len(WRONG) / len(STATEMENTS) <= 0.62


@pytest.mark.parametrize("entry", WRONG, ids=lambda one: one["text"][:60])
def test_no_wrong_statement_passes_and_the_code_says_what_is_wrong(entry, desk):
    found = check_text(entry["text"], desk)
    assert found
    assert {one.code for one in found} & set(entry["codes"])
    assert all(one.verdict not in {"supported", "supported with qualifier"} or one.level == "error" for one in found)


@pytest.mark.parametrize("text", sorted(set(RIGHT) - FALSE_ALARMS), ids=lambda text: text[:60])
def test_a_true_statement_passes_in_silence(text, desk):
    assert [(one.code, one.message) for one in check_text(text, desk)] == []


@pytest.mark.parametrize("text", sorted(FALSE_ALARMS))
def test_the_known_false_alarms_are_still_the_known_ones(text, desk):
    assert text in RIGHT
    assert check_text(text, desk)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_makes_no_claim_raises_nothing(text, desk):
    assert check_text(text, desk, notes=True) == ()


def test_every_code_turns_up(desk):
    found = {
        one.code for entry in STATEMENTS for one in check_text(entry["text"], desk, notes=True, today="2030-01-01")
    }
    assert {str(code) for code in CODES} <= found
