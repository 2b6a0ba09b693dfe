"""What a person signs in certainty.toml: checked, current or stale, and never a reason to word things more surely."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.certainty import Certainty, as_entry, as_record, as_text
from hipevidence.claims.plain import plain_sentence
from hipevidence.evidence import load_evidence, validate
from hipevidence.evidence.certainty import WORDS, add_up
from hipevidence.synthesis import synthesise
from tests.certainty.conftest import rated, trial


def signed(tiny, entry: str) -> None:
    filled = entry.replace('signed_by = ""', 'signed_by = "A. Reviewer"').replace('_on = ""', '_on = "2026-11-28"')
    tiny.files["certainty.toml"] = filled.encode()


def test_the_entry_that_is_printed_can_be_filled_in_and_signed(tiny):
    tiny.studies = [trial("one", 90, "4.4"), trial("two", 90, "4.5")]
    before = rated(tiny)
    tiny.files["certainty.toml"] = as_entry(before).encode()
    assert {problem.column for problem in validate(tiny.write())} == {"signed_by", "signed_on"}
    signed(tiny, as_entry(before))
    after = rated(tiny)
    assert after.is_signed
    assert after.state == "signed by A. Reviewer on 2026-11-28"
    assert (after.level, after.wording, after.basis) == (before.suggested, before.suggested, before.basis)
    assert [step.reason for step in after.reasons] == [step.reason for step in before.steps if step.levels]


@pytest.mark.parametrize(
    "change",
    [
        {"mean1_post": "4.39"},
        {"read_in": "Table 3"},
        {"design": "quasi_randomised"},
        {"status": "excluded", "status_reason": "withdrawn"},
    ],
)
def test_a_signature_is_stale_once_the_data_behind_it_changed(tiny, change):
    signed(tiny, as_entry(rated(tiny)))
    assert not rated(tiny).is_stale
    tiny.studies[0] |= change
    rating = rated(tiny)
    assert rating.is_stale
    assert "stale, to be judged again" in rating.state
    assert rating.level is rating.suggested


def test_a_signature_stays_while_another_question_changes(tiny):
    signed(tiny, as_entry(rated(tiny)))
    tiny.studies.append(trial("other", 20, "3.0", outcome="waking"))
    assert rated(tiny).is_signed


def test_a_new_study_on_the_list_of_those_to_be_read_makes_it_stale(tiny):
    signed(tiny, as_entry(rated(tiny)))
    empty = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
    tiny.studies.append(trial("new", 9, "") | empty | {"status": "awaiting_extraction", "status_reason": "not read"})
    assert rated(tiny).is_stale


@pytest.mark.parametrize(
    ("people", "signs", "wording"),
    [
        (2000, "", "tea leads to less sleep"),
        (2000, "low", "tea may lead to less sleep"),
        (2000, "very_low", "it is not known whether tea leads to less sleep"),
        (90, "", "tea may lead to less sleep"),
        (90, "high", "tea may lead to less sleep"),
    ],
)
def test_words_are_never_surer_than_suggested_or_signed(tiny, people, signs, wording):
    tiny.questions = tiny.questions.replace("Does tea make", "In people who sleep badly, does tea make")
    tiny.studies = [trial("one", people, "4.40"), trial("two", people, "4.41")]
    if signs:
        down = {"high": 0, "low": -2, "very_low": -3}[signs]
        steps = f'[[certainty.steps]]\ndomain = "indirectness"\nlevels = {down}\nreason = "Others."\n' if down else ""
        tiny.files["certainty.toml"] = _entry(signs, rated(tiny).basis, steps).encode()
    evidence = load_evidence(tiny.write())
    assert wording in plain_sentence(synthesise(evidence, "tea.sleep"), evidence)


def test_one_study_alone_is_never_worded_as_settled(tiny):
    tiny.questions = tiny.questions.replace("Does tea make", "In people who sleep badly, does tea make")
    tiny.studies = [trial("one", 2000, "4.40")]
    assert rated(tiny).suggested is Certainty.HIGH
    evidence = load_evidence(tiny.write())
    assert "probably leads to" in plain_sentence(synthesise(evidence, "tea.sleep"), evidence)


def _entry(level: str, basis: str, steps: str = "") -> str:
    head = f'[[certainty]]\nid = "tea.sleep"\nstart = "high"\nlevel = "{level}"\nsigned_by = "B"\n'
    return f'{head}signed_on = "2026-11-28"\nbasis = "{basis}"\n{steps}'


BASIS = "0123456789abcdef"
STEP = '[[certainty.steps]]\ndomain = "imprecision"\nlevels = -1\nreason = "Few people."\n'
GOOD = _entry("moderate", BASIS, STEP)


def test_a_sound_entry_passes(tiny):
    tiny.files["certainty.toml"] = GOOD.encode()
    assert validate(tiny.write()) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "found", "allowed"),
    [
        ('"moderate"', '"low"', 4, "level", '"low"', "moderate, to which the steps lead from high"),
        ("levels = -1", "levels = 1", 10, "steps[1].levels", "1 for imprecision", "-1 to -3"),
        ('"imprecision"', '"large_effect"', 10, "steps[1].levels", "-1 for large_effect", "1 or 2"),
        ("levels = -1", "levels = 0", 10, "steps[1].levels", "0 for imprecision", "-1 to -3"),
        ('"Few people."', '""', 11, "steps[1].reason", "nothing", "text of length at least 1"),
        ('"imprecision"', '"imprecison"', 9, "steps[1].domain", '"imprecison"', "risk_of_bias"),
        ("2026-11-28", "2026-02-30", 6, "signed_on", "2026-02-30", "a day of the calendar"),
        ('signed_by = "B"\n', 'signed_by = ""\n', 5, "signed_by", "nothing", "text of length at least 1"),
        (BASIS, "abc", 7, "basis", '"abc"', "text of the pattern"),
        ('"tea.sleep"', '"tea.slep"', 2, "id", '"tea.slep"', "questions"),
    ],
)
def test_a_wrong_entry_is_named_with_its_place(tiny, old, new, line, column, found, allowed):
    assert old in GOOD
    tiny.files["certainty.toml"] = GOOD.replace(old, new).encode()
    problem = next(one for one in validate(tiny.write()) if one.column == column)
    assert (problem.file, problem.line) == ("certainty.toml", line)
    assert (found in problem.found, allowed in problem.allowed) == (True, True), problem


@given(start=st.sampled_from(WORDS), levels=st.lists(st.integers(-3, 2), max_size=6))
def test_levels_add_up_between_the_ends_and_in_order(start, levels):
    reached = WORDS.index(add_up(start, levels))
    assert 0 <= reached < len(WORDS)
    assert reached >= WORDS.index(add_up(start, [*levels, -1]))


def test_records_and_texts_show_the_same(tiny):
    signed(tiny, as_entry(rated(tiny)))
    rating = rated(tiny)
    record = json.loads(json.dumps(as_record(rating)))
    assert list(record) == [
        *("id", "title", "level", "signs", "state", "is_stale", "wording_at_most", "suggested", "signed", "basis"),
    ]
    assert record["signed"]["signed_by"] == "A. Reviewer"
    text = as_text(rating)
    assert "⊕⊕⊕⊕ high certainty (signed by A. Reviewer on 2026-11-28)" in text
    assert rating.basis in text
