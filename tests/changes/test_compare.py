"""What differs between two states of the evidence: rows, estimates, verdicts, and how much it matters."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from hipevidence.certainty import rate
from hipevidence.changes import Severity, as_markdown, as_record, as_text, compare
from hipevidence.changes.certainty import certainty_lines
from hipevidence.changes.severity import crossed
from hipevidence.evidence import load_evidence
from hipevidence.pooling import pool
from hipevidence.results import Interval
from hipevidence.synthesis import synthesise
from tests.support import CLAIM, QUESTION, Tiny, judged, study

SECOND = study(row_id="doe2021.sleep.6w", study_id="jones2022", study="Doe 2021", sample_id="doe2021", mean1_post="4.4")
THIRD = study(row_id="roe2022.sleep.6w", study_id="jones2022", study="Roe 2022", sample_id="roe2022", mean1_post="2.2")


@pytest.fixture
def state(tmp_path):
    """Load a state of the tiny evidence with other rows or files."""
    made = []

    def _state(*studies: dict[str, str], **parts):
        made.append(None)
        return load_evidence(Tiny(tmp_path / str(len(made)), studies=list(studies), **parts).write())

    return _state


def test_nothing_differs(state):
    changes = compare(state(study(), SECOND), state(study(), SECOND))
    assert not changes.any
    assert changes.severity is Severity.NONE
    assert as_text(changes) == "Nothing differs."


def test_the_order_of_rows_is_no_difference_to_the_rows(state):
    assert compare(state(study(), SECOND), state(SECOND, study())).rows == ()


def test_a_row_added(state):
    changes = compare(state(study(), SECOND), state(study(), SECOND, THIRD))
    (row,) = changes.rows
    assert (row.table, row.key, row.kind) == ("studies", "roe2022.sleep.6w", "added")
    assert {cell.column: cell.new for cell in row.cells} == {name: text for name, text in THIRD.items() if text}
    (question,) = changes.questions
    assert question.old.k == 2
    assert question.new.k == 3
    assert (question.n_old, question.n_new) == (94, 141)
    (attribution,) = question.attributions
    assert (attribution.row_id, attribution.kind) == ("roe2022.sleep.6w", "entered")
    moved = question.new.result.estimate - question.old.result.estimate
    assert attribution.shift == pytest.approx(moved, rel=1e-9)


def test_a_row_removed_is_an_added_one_backwards(state):
    few, many = state(study(), SECOND), state(study(), SECOND, THIRD)
    there, back = compare(few, many).questions[0], compare(many, few).questions[0]
    assert back.attributions[0].kind == "left"
    assert back.attributions[0].shift == pytest.approx(-there.attributions[0].shift, rel=1e-12)


def test_a_cell_changed(state):
    changes = compare(state(study(), SECOND), state(study(), SECOND | {"mean1_post": "4.40", "note": "again"}))
    (row,) = changes.rows
    assert [(cell.column, cell.old, cell.new) for cell in row.cells] == [
        ("mean1_post", "4.4", "4.40"),
        ("note", "", "again"),
    ]
    assert changes.questions == ()
    assert changes.severity is Severity.NONE
    assert changes.any


def test_a_changed_figure_moved_the_estimate_by_all_of_the_change(state):
    changes = compare(state(study(), SECOND, THIRD), state(study(), SECOND, THIRD | {"mean1_post": "2.4"}))
    (question,) = changes.questions
    (attribution,) = question.attributions
    assert attribution.kind == "changed"
    moved = question.new.result.estimate - question.old.result.estimate
    assert attribution.shift == pytest.approx(moved, rel=1e-9)


def test_several_rows_each_have_their_share(state):
    """Each share is the estimate with everything minus the estimate without that row: leave one out."""
    fourth = THIRD | {"row_id": "poe.sleep", "sample_id": "poe", "mean1_post": "9.9"}
    new = state(study(), SECOND, THIRD, fourth)
    (question,) = compare(state(study(), SECOND), new).questions
    rows = synthesise(new, "tea.sleep").rows
    for attribution in question.attributions:
        rest = [row for row in rows if row.row_id != attribution.row_id]
        without = pool([row.yi for row in rest], [row.vi for row in rest]).estimate
        assert attribution.shift == pytest.approx(question.new.result.estimate - without, rel=1e-9)
    assert {attribution.row_id for attribution in question.attributions} == {"roe2022.sleep.6w", "poe.sleep"}


def test_the_first_row_of_a_question_is_an_answer_that_appears(state):
    changes = compare(state(SECOND | {"outcome": "waking"}, claims=""), state(study(), claims=""))
    (question,) = changes.questions
    assert question.old.result is None
    assert question.severity is Severity.CROSSES
    (attribution,) = question.attributions
    assert math.isnan(attribution.shift)
    assert attribution.reason
    assert "The answer is new." in as_text(changes)


def test_a_row_that_waits_changes_the_list_beside_the_answer_only(state):
    waiting = THIRD | {"status": "awaiting_extraction", "status_reason": "no figures", "mean1_post": "", "sd1_post": ""}
    waiting |= {"mean2_post": "", "sd2_post": ""}
    (question,) = compare(state(study(), SECOND), state(study(), SECOND, waiting)).questions
    assert question.left_out == (("roe2022.sleep.6w", "", "no figures"),)
    assert question.severity is Severity.NONE
    assert question.attributions == ()


def test_a_known_null_changes_a_sensitivity_analysis(state):
    null = THIRD | {"status": "awaiting_extraction", "status_reason": "no figures", "finding": "no_difference"}
    null |= dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
    (question,) = compare(state(study(), SECOND), state(study(), SECOND, null)).questions
    assert [row for row, *_ in question.left_out] == ["roe2022.sleep.6w"]


def test_the_protocol_counts_too(state):
    other = QUESTION.replace("time_target = 6", 'time_target = 6\nmethod = "DL"')
    changes = compare(state(study(), SECOND, THIRD), state(study(), SECOND, THIRD, questions=other))
    (row,) = changes.rows
    assert (row.table, row.key, row.cells[0].column, row.cells[0].new) == ("questions", "tea.sleep", "method", "DL")
    assert len(changes.questions) == 1


def test_judgements_and_the_search_count_too(state):
    old = state(study(), risk_of_bias=judged("low low low low low low"), files={"flow.toml": b"screened = 5"})
    new = state(study(), risk_of_bias=judged("high low low low low high"), files={"flow.toml": b"screened = 6"})
    assert [(change.table, change.key, change.cells[0].new) for change in compare(old, new).rows] == [
        ("risk_of_bias", "smith2020 / sleep / D1", "High"),
        ("risk_of_bias", "smith2020 / sleep / overall", "High"),
        ("flow", "flow.toml", "6"),
    ]


def test_an_instrument_turned_round_is_found(state, tmp_path):
    scale = Tiny(tmp_path).instruments[0] | {"higher_is_better": "false"}
    changes = compare(
        state(study(), SECOND), state(study(), SECOND, instruments=[scale, Tiny(tmp_path).instruments[1]])
    )
    assert [row.table for row in changes.rows] == ["instruments"]
    (question,) = changes.questions
    assert question.new.result.estimate == pytest.approx(-question.old.result.estimate, rel=1e-12)
    assert 0.0 in question.crossed
    assert question.severity is Severity.CROSSES


def test_a_certainty_that_falls_though_the_numbers_stay(state):
    """Only a judgement of risk of bias differs: the rows and the estimate are those of before."""
    large = {"study_id": "smith2020", "n1": "400", "n2": "400", "n_enrolled": "800"}
    rows = [study(**large, row_id=f"{key}.sleep", sample_id=key) for key in ("a", "b", "c")]
    low, high = judged("low low low low low low"), judged("high low low low low high")
    changes = compare(state(*rows, claims="", risk_of_bias=low), state(*rows, claims="", risk_of_bias=high))
    assert {row.table for row in changes.rows} == {"risk_of_bias"}
    (question,) = changes.questions
    assert question.attributions == ()
    assert question.rating_old.level > question.rating_new.level
    assert question.severity is Severity.NUMERIC
    text = as_text(changes)
    assert re.search(r"certainty  .*, suggested, not signed  ->  .*, suggested, not signed", text)
    assert "Risk of bias: −2, before 0: " in text
    assert "The pooled numbers stay; how certain they are does not." in text
    assert "Risk of bias: −2, before 0: " in as_markdown(changes)


def test_a_level_up_that_is_no_longer_counted_is_said(state):
    evidence = state(study(), SECOND)
    (answer,) = (synthesise(evidence, question) for question in evidence.questions)
    after = rate(evidence, answer)
    up = dataclasses.replace(after.steps[0], domain="large_effect", levels=1)
    before = dataclasses.replace(after, steps=(*after.steps, up))
    assert list(certainty_lines(before, after)) == ["Large effect: no longer counted, before +1"]
    assert not list(certainty_lines(after, after))


def test_a_signature_is_a_change_of_no_number(state):
    signed = """\
[[certainty]]
id = "tea.sleep"
start = "high"
level = "high"
signed_by = "A. Reader"
signed_on = "2026-01-01"
basis = "0000000000000000"
"""
    changes = compare(state(study(), SECOND), state(study(), SECOND, files={"certainty.toml": signed.encode()}))
    assert [(row.table, row.key, row.kind) for row in changes.rows] == [("certainty", "tea.sleep", "added")]
    (question,) = changes.questions
    assert "stale" in question.rating_new.state
    assert changes.severity is Severity.NONE


def test_a_question_that_is_gone(state):
    changes = compare(state(study()), state(study(), questions="", claims=CLAIM))
    (question,) = changes.questions
    assert question.new is None
    assert "The answer is gone." in as_text(changes)


def test_a_verdict_that_flips(state):
    """The one trial behind the statement turns from seen to only cited: nothing carries the statement any more."""
    unseen = study(verification="as_cited", seen="false")
    changes = compare(state(study()), state(unseen))
    (claim,) = changes.claims
    assert claim.claim_id == "C01"
    assert claim.old != claim.new
    assert claim.gained
    assert changes.severity is Severity.CLAIM_FLIPS
    assert f"C01: {claim.old}  ->  {claim.new}" in as_text(changes)


def test_a_statement_more_and_one_less(state):
    two = CLAIM + CLAIM.replace("C01", "C02")
    (claim,) = compare(state(study()), state(study(), claims=two)).claims
    assert (claim.claim_id, claim.old) == ("C02", "")
    (claim,) = compare(state(study(), claims=two), state(study())).claims
    assert (claim.claim_id, claim.new) == ("C02", "")


@pytest.mark.parametrize(
    ("old", "new", "marks", "expected"),
    [
        ((-0.5, -0.9, -0.1), (-0.4, -0.8, -0.1), (0.0,), ()),
        ((-0.5, -0.9, -0.1), (-0.4, -0.8, 0.1), (0.0,), (0.0,)),
        ((-0.5, -0.9, 0.1), (0.1, -0.9, 0.2), (0.0,), (0.0,)),
        ((-0.5, -0.9, -0.4), (-0.5, -0.9, -0.2), (0.0, -0.37, 0.37), (-0.37,)),
        ((0.2, 0.1, 0.3), (0.2, -0.1, 0.5), (0.0, -0.37, 0.37), (0.0, 0.37)),
        ((0.5, 0.1, 0.9), (-0.5, -0.9, -0.1), (math.nan,), ()),
    ],
)
def test_marks_that_are_passed(old, new, marks, expected):
    pair = [(estimate, Interval(low, high)) for estimate, low, high in (old, new)]
    assert crossed(*pair, marks) == expected
    assert crossed(*reversed(pair), marks) == expected


def test_two_long_texts_are_shown_where_they_part(state):
    text = as_text(compare(state(study(note="word " * 200 + "before")), state(study(note="word " * 200 + "after"))))
    (line,) = [line for line in text.splitlines() if "note:" in line]
    assert 'word before"  ->  "... ' in line
    assert line.endswith('word after"')
    assert len(line) < 200


HOSTILE = "=1 | <b>x</b> [a](b) `c` @all\x1b[31m"


def test_hostile_text_stays_text(state):
    changes = compare(state(study()), state(study(note=HOSTILE.replace("\x1b", ""))))
    markdown = as_markdown(changes)
    (line,) = [line for line in markdown.splitlines() if "=1" in line]
    assert not re.search(r"(?<!\\)[<`\[]|@", line)
    assert len(re.findall(r"(?<!\\)\|", line)) == 6
    assert "\x1b" not in as_text(changes)


def test_json_has_stable_keys(state):
    record = as_record(compare(state(study(), SECOND), state(study(), SECOND, THIRD)))
    assert set(record) == {"severity", "rows", "questions", "claims"}
    assert set(record["questions"][0]) == {
        "id",
        "title",
        "severity",
        "crossed",
        "old",
        "new",
        "attributions",
        "certainty",
        "left_out",
    }
    assert record["questions"][0]["certainty"]["new"]["level"] == "very_low"
    assert record["questions"][0]["new"]["k"] == 3


def test_what_was_reused_equals_what_is_computed_anew(state):
    """Answers are taken over where nothing that they rest on differs; the shortcut must never show."""
    old, new = (
        state(study(), SECOND, THIRD),
        state(study(), SECOND, THIRD, SECOND | {"row_id": "x", "outcome": "waking"}),
    )
    assert compare(old, new).questions == ()
    before, after = synthesise(old, "tea.sleep"), synthesise(new, "tea.sleep")
    assert before.primary.result.estimate == after.primary.result.estimate
