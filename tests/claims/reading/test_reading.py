"""From words to numbers, sentences, terms and passages."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.claims.documents import as_document
from hipevidence.claims.reading.lexicon import Lexicon
from hipevidence.claims.reading.quantities import TENS, UNITS, number, quantities
from hipevidence.claims.reading.sentences import clauses, sentences
from hipevidence.evidence import Term
from hipevidence.evidence.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pain fell by 1.5 points", [(1.5, None, "points")]),
        ("5-6 points", [(5, 6, "points")]),
        ("between 10% and 57%", [(10, 57, "percent")]),
        ("10 to 57 per cent", [(10, 57, "percent")]),
        ("from 6.7 to 1.4", [(6.7, None, ""), (1.4, None, "")]),
        ("7.0 and 7.6 points", [(7.0, None, "points"), (7.6, None, "points")]),
        ("an effect size of 0.60", [(0.6, None, "effect")]),
        ("1.7 times the odds", [(1.7, None, "odds")]),
        ("1.7 (95% CI 1.1 to 2.6) times the odds", [(1.7, None, "odds"), (1.1, 2.6, "interval")]),
        ("1,502 recruits", [(1502, None, "people")]),
        ("twenty-two runners", [(22, None, "people")]),
        ("seven small trials", [(7, None, "studies")]),
        ("in 2018 a review", [(2018, None, "year")]),
        ("three sessions a week", [(3, None, "sessions")]),
        ("2-3 sets of 8-20 repetitions", [(2, 3, "sets"), (8, 20, "repetitions")]),
        ("over 12 months", [(12, None, "months")]),
    ],
)
def test_numbers_with_their_units(text, expected):
    found = [(one.value, one.high, one.unit) for one in quantities(text) if one.unit != "level"]
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "Call 020 7946 0958.", "on 3 March 2025", "2026-02-14", "see www.example.org/2018/14", "mail 12@example.org",
        "doi 10.2519/jospt.2018.7365", "$120 or £65", "from 9 am to 5 pm",
    ],
)  # fmt: skip
def test_contact_details_dates_and_prices_are_no_figures(text):
    assert [one for one in quantities(text) if one.unit not in {"year", "clock"}] == []


@given(st.integers(1, 99))
def test_number_words_are_read_back(value):
    names = {worth: word for word, worth in UNITS.items()}
    tens = {worth: word for word, worth in TENS.items()}
    ten, one = value - value % 10, value % 10
    word = names[value] if value in names else tens[ten] + (f"-{names[one]}" if one else "")
    assert number(word) == value


@given(st.text(max_size=300))
def test_nothing_makes_the_readers_of_text_fail(text):
    for one in quantities(text):
        assert 0 <= one.start < one.end <= len(text)
        assert math.isfinite(one.value)
    spans = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    for start, end in spans:
        assert clauses(text[start:end])[-1][1] == end - start


@given(st.text(max_size=300), st.sampled_from(["txt", "md", "html"]))
def test_every_character_of_a_passage_has_a_place_in_the_file(text, form):
    if "\x00" in text:
        return
    document = as_document(text, "a", form)
    for passage in document.passages:
        assert len(passage.text) == len(passage.places) == len(passage.from_slot)
        assert list(passage.places) == sorted(passage.places)
        assert passage.text == passage.text.strip() != ""


def test_abbreviations_and_brackets_do_not_end_a_sentence():
    text = "Smith et al. (2012) found 1.5 points, e.g. less pain (p. 3). Was that all? Yes."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Smith et al. (2012) found 1.5 points, e.g. less pain (p. 3).", "Was that all?", "Yes.",
    ]  # fmt: skip


def test_the_longest_term_counts_and_a_star_stands_for_words_between():
    terms = {
        "tea": Term(label="tea", words=("tea",)),
        "evening_tea": Term(label="evening tea", words=("tea * evening/night",)),
    }
    (found,) = Lexicon(Vocabulary({"intervention": terms})).find("Drink tea late in the evening.")
    assert (found.key, found.text) == ("evening_tea", "tea late in the evening")
