"""Whatever the statement and its evidence: no exception, the table of precedence holds, support needs evidence."""

from __future__ import annotations

import dataclasses
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from hipevidence.claims import judge
from hipevidence.claims.verdict import PRECEDENCE
from hipevidence.results import Interval
from tests.claims.support import VOCABULARY, claim, context, figure, pool

FINDINGS = ("increases", "decreases", "no_difference", "mixed", "not_reported")
ROLES = ("mean_difference", "point_change", "value_before", "value_after", "percent_change", "odds_ratio", "risk_ratio")
ROLES += ("count_people", "count_studies", "weeks", "sets", "proportion_percent")
USUAL = {"population": "poor_sleepers", "intervention": "tea", "comparator": "water", "outcome": "waking"}
GOOD = ("supported", "supported with qualifier")

sizes = st.sampled_from([0.5, 1.5, 3.0, 8.0, 14.0, 91.7])
counts = st.sampled_from([math.nan, 3.0, 8.0, 28.0, 500.0])


def terms(section):
    """Return any term of a section, half of the time the usual one, so that evidence and statement often meet."""
    return st.just(USUAL[section]) | st.sampled_from(sorted(VOCABULARY[section]))


figures = st.builds(
    lambda role, value, half, scope, arm: figure(
        role, value, low=value - half, high_limit=value + half, scope=scope, arm=arm
    ),
    st.sampled_from(ROLES),
    sizes,
    st.sampled_from([math.nan, 0.4, 9.0]),
    st.sampled_from(["between", "within", "arm", "size", "dose"]),
    st.integers(0, 2),
)
items = st.builds(
    lambda **fields: pool(**{key: (value,) if key in SINGLE else value for key, value in fields.items()}),
    id=st.sampled_from("abcdefgh"),
    kind=st.sampled_from(["row", "pool", "question"]),
    source_id=st.sampled_from(["", "jones2022", "x"]),
    sample_id=st.sampled_from(["", "x"]),
    population=terms("population"),
    intervention=terms("intervention"),
    comparator=terms("comparator"),
    outcome=terms("outcome"),
    design=st.just("rct") | st.sampled_from(["rct", "cohort", "single_group", "laboratory", "mixed"]),
    sex=st.sampled_from(["female", "male", "mixed", "not_reported"]),
    finding=st.just("decreases") | st.sampled_from(FINDINGS),
    interval_includes_no_effect=st.just(None),
    figures=st.lists(figures, max_size=3).map(tuple),
    k_pooled=counts,
    k_review=counts,
    n_enrolled=counts,
    n_analysed=counts,
    verification=st.just("abstract") | st.sampled_from(["full_text", "secondary", "as_cited", "unverified"]),
    status=st.just("extracted") | st.sampled_from(["awaiting_extraction", "excluded"]),
    mcid=st.sampled_from([math.nan, 2.0]),
    time_weeks=counts,
    prediction=st.sampled_from([Interval(math.nan, math.nan), Interval(-3.0, 1.0)]),
)
SINGLE = ("population", "intervention", "comparator", "outcome", "design")
stated = st.builds(
    lambda role, value, span: {"role": role, "value": value, "high": value + span if span else None},
    st.sampled_from(ROLES),
    sizes,
    st.sampled_from([0, 0, 0, 2.0]),
)
claims = st.builds(
    claim,
    population=terms("population"),
    intervention=terms("intervention"),
    comparator=terms("comparator"),
    outcome=st.just(("waking",)) | st.lists(terms("outcome"), min_size=1, max_size=2, unique=True).map(tuple),
    finding=st.just("decreases") | st.sampled_from(FINDINGS),
    relation=st.sampled_from(["describes", "associates", "causes", "recommends", "promises"]),
    certainty=st.sampled_from(["may", "does", "always"]),
    needs_comparison=st.booleans(),
    time_weeks=st.sampled_from([None, 8.0]),
    figures=st.just(())
    | st.just(({"role": "mean_difference", "value": 1.5},))
    | st.lists(stated, max_size=3).map(tuple),
    source=st.sampled_from(
        [
            {},
            {"named": "a review", "certainty": "none"},
            {"named": "a review", "year": 2022, "studies": 8, "identified": "jones2022", "certainty": "certain"},
            {"journal": "JSTR", "design": "randomised trial", "identified": "jones2022", "certainty": "likely"},
        ]
    ),
)
evidence = st.builds(
    lambda base, rest: [*base, *rest],
    st.sampled_from([[], [pool()]]),
    st.lists(items, max_size=3, unique_by=lambda item: item.id),
)


@given(claims, evidence)
@settings(max_examples=400, deadline=None)
def test_the_heaviest_reason_decides_and_every_reason_names_listed_evidence(said, listed):
    found = judge(said, listed, context("2029-01-01"))
    if found.reasons:
        assert found.verdict == PRECEDENCE[max(reason.severity for reason in found.reasons)]
        assert list(found.reasons) == sorted(found.reasons, key=lambda reason: -reason.severity)
    else:
        assert found.verdict == "supported"
    assert {key for reason in found.reasons for key in reason.evidence} <= {item.id for item in listed}
    assert not [reason.sentence for reason in found.reasons if "nan" in reason.sentence.split()]


@given(claims, evidence)
@settings(max_examples=200, deadline=None)
def test_support_needs_verified_evidence(said, listed):
    unseen = [dataclasses.replace(item, seen=False) for item in listed]
    assert judge(said, unseen, context()).verdict not in GOOD


@given(claims, evidence)
@settings(max_examples=200, deadline=None)
def test_support_of_a_direction_rests_on_verified_evidence_that_found_it(said, listed):
    found = judge(said, listed, context())
    if found.verdict in GOOD:
        seen = [item for item in listed if item.verified]
        told = {said.finding_on(key) for key in said.outcome} - {"not_reported", "mixed"}
        assert told <= {item.finding for item in seen}


@given(claims, evidence)
@settings(max_examples=200, deadline=None)
def test_a_contrary_trial_never_helps(said, listed):
    stated_finding = said.finding
    if stated_finding not in {"increases", "decreases"} or judge(said, listed, context()).verdict in GOOD:
        return
    against = pool(
        id="contrary",
        population=(said.population,),
        intervention=(said.intervention,),
        comparator=(said.comparator,),
        outcome=(said.outcome[0],),
        finding="no_difference",
        figures=(),
        source_id="contrary",
    )
    assert judge(said, [*listed, against], context()).verdict not in GOOD


@given(claims, evidence, st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_order_of_the_evidence_does_not_change_the_verdict(said, listed, random):
    shuffled = list(listed)
    random.shuffle(shuffled)
    assert judge(said, shuffled, context()).verdict == judge(said, listed, context()).verdict
