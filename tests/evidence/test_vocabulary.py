from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hipevidence.evidence import Term, Vocabulary, load_evidence

KEYS = [f"k{number}" for number in range(7)]
graphs = st.fixed_dictionaries({key: st.lists(st.sampled_from(KEYS), max_size=3, unique=True) for key in KEYS})


def made(graph):
    return Vocabulary({"part": {key: Term(label=key, is_a=tuple(parents)) for key, parents in graph.items()}})


@given(graphs, st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_covers_is_transitive_and_every_term_covers_itself(graph, broad, middle, narrow):
    words = made(graph)
    assert words.covers("part", broad, broad)
    if words.covers("part", broad, middle) and words.covers("part", middle, narrow):
        assert words.covers("part", broad, narrow)


@given(graphs, st.sampled_from(KEYS))
def test_what_is_broader_is_what_is_reached_by_is_a(graph, key):
    reached, queue = set(), [key]
    while queue:
        current = queue.pop()
        if current not in reached:
            reached.add(current)
            queue += graph[current]
    assert made(graph).broader("part", key) == reached


def test_covers_is_not_symmetric(tiny):
    words = load_evidence(tiny.write()).vocabulary
    assert words.covers("population", "people", "shift_workers")
    assert not words.covers("population", "shift_workers", "people")
    assert not words.covers("population", "tea", "shift_workers")
    assert not words.covers("intervention", "people", "shift_workers")


def test_it_reads_like_a_mapping(tiny):
    words = load_evidence(tiny.write()).vocabulary
    assert list(words) == ["population", "intervention", "comparator", "outcome"]
    assert words["intervention"]["tea"].label == "herbal tea"
    assert len(words) == 4
