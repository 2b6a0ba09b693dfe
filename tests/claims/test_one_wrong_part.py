"""Every verified result of the tables, reported truly, is supported; with one part changed it never is.

A false "supported" is the worst mistake this room can make, so the statements are built from all rows and pools there
are, not from chosen ones.
"""

from __future__ import annotations

import pytest

from hipevidence.claims import Context, evidence_items, judge
from hipevidence.evidence import Claim, load_evidence
from tests.support import ROOT

RESULTS = {"mean_difference", "standardised_effect", "odds_ratio", "risk_ratio", "hazard_ratio"}
RESULTS |= {"percent_difference", "percent_change", "proportion_percent"}
OPPOSITE = {"increases": "decreases", "decreases": "increases", "no_difference": "increases"}


@pytest.fixture(scope="module")
def evidence():
    return load_evidence(ROOT / "data")


@pytest.fixture(scope="module")
def context(evidence):
    return Context(evidence.vocabulary, evidence.references)


@pytest.fixture(scope="module")
def results(evidence):
    """Return every verified item with the first result that it prints."""
    found = []
    for item in evidence_items(evidence, {}).values():
        printed = [shown for shown in item.figures if shown.role in RESULTS and not shown.derived and shown.value]
        if item.verified and item.finding in OPPOSITE and printed:
            found.append((item, printed[0]))
    assert len(found) > 80
    return found


def report(item, shown, **changes):
    """Return a statement that reports one result of one item as it is."""
    entry = {
        "id": "C99",
        "section": "test",
        "statement": "A result.",
        "population": item.population[0],
        "sex": item.sex,
        "intervention": item.intervention[0],
        "comparator": item.comparator[0],
        "outcome": item.outcome,
        "finding": item.finding,
        "relation": "describes",
        "certainty": "does",
        "needs_comparison": shown.scope == "between",
        "figures": ({"value": abs(shown.value), "role": shown.role},),
        "carried": "A result.",
        "review_by": "2030-01-01",
    }
    return Claim.model_validate(entry | changes)


def another(context, section, *keys):
    """Return a term that neither is one of ``keys`` nor is related to one."""
    return next(
        key
        for key in context.vocabulary[section]
        if not context.touches(section, keys, key) and not context.is_unspecific(section, key)
    )


def stretched(item, shown, context):
    """Return the statement with one part changed, once for each part."""
    value = abs(shown.value)
    yield "larger figure", {"figures": ({"value": value * 1.5 + 0.11, "role": shown.role},)}
    yield "smaller figure", {"figures": ({"value": value * 0.6, "role": shown.role},)}
    yield "opposite finding", {"finding": OPPOSITE[item.finding]}
    yield "other outcome", {"outcome": (another(context, "outcome", *item.outcome),)}
    yield "one more outcome", {"outcome": (*item.outcome, another(context, "outcome", *item.outcome))}
    yield "other treatment", {"intervention": another(context, "intervention", *item.intervention)}
    if not any(context.is_unspecific("population", key) for key in item.population):
        yield "other people", {"population": another(context, "population", *item.population)}
        wider = context.vocabulary["population"][item.population[0]].is_a
        yield from (("wider people", {"population": key}) for key in wider)
    if shown.scope == "between" and not any(context.is_unspecific("comparator", key) for key in item.comparator):
        yield "other comparison", {"comparator": another(context, "comparator", *item.comparator)}
    if shown.role == "odds_ratio":
        yield "odds as risk", {"figures": ({"value": value, "role": "risk_ratio"},)}
    if item.sex in {"female", "male"}:
        yield "both sexes", {"sex": "mixed"}
    if item.finding != "no_difference" and not item.controlled:
        yield "cause", {"relation": "causes"}
        yield "promise", {"relation": "promises"}
    if item.kind == "row":
        yield "settled", {"certainty": "always"}
    if item.time_weeks > 0:
        yield "later", {"time_weeks": 3 * item.time_weeks}


def test_a_true_report_is_supported(results, context):
    for item, shown in results:
        judgement = judge(report(item, shown), [item], context)
        assert judgement.verdict in {"supported", "supported with qualifier"}, (item.id, judgement.reasons)


def test_one_wrong_part_is_never_supported(results, context):
    parts = set()
    for item, shown in results:
        for part, change in stretched(item, shown, context):
            judgement = judge(report(item, shown, **change), [item], context)
            assert not judgement.verdict.startswith("supported"), (item.id, part, judgement)
            parts.add(part)
    assert len(parts) == 15


def test_the_figure_of_a_sister_result_is_not_supported(results, context):
    """Two results of one paper that differ in what they are about: the figure of the one does not carry the other."""
    about = ("population", "intervention", "comparator", "outcome", "sex")
    pairs = [
        (one, other, shown)
        for one, first in results
        for other, shown in results
        if one.source_id == other.source_id and first.role == shown.role
        if any(getattr(one, part) != getattr(other, part) for part in about)
        if abs(abs(first.value) - abs(shown.value)) > 0.06
    ]
    assert len(pairs) > 50
    for one, other, shown in pairs:
        claim = report(one, shown)
        judgement = judge(claim, [one, other], context)
        assert not judgement.verdict.startswith("supported"), (one.id, other.id, judgement)
