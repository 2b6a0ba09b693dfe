"""``hipevidence claims``: 45 verdicts with reasons, as text and as JSON."""

from __future__ import annotations

import pytest

VERDICTS = {
    "supported",
    "supported with qualifier",
    "overstated",
    "contradicted",
    "misattributed",
    "not verifiable",
}
KEYS = {"id", "statement", "verdict", "codes", "reasons", "rows", "pools", "questions", "carried"}


@pytest.fixture
def verdicts(run, data):
    def _verdicts(*ids: str):
        done = run("claims", *ids, "--json", "--data", data)
        assert done.code == 0
        return done.json["claims"]

    return _verdicts


@pytest.mark.slow
def test_all_45_when_none_is_named(verdicts):
    found = verdicts()
    assert len(found) == 45
    assert [claim["id"] for claim in found] == sorted(claim["id"] for claim in found)
    for claim in found:
        assert set(claim) >= KEYS
        assert claim["verdict"] in VERDICTS
        assert claim["codes"] or claim["verdict"] in {"supported", "not verifiable"}
        assert claim["carried"]


@pytest.mark.slow
def test_text_names_the_claim_the_verdict_and_why(run, verdicts, data):
    (claim,) = verdicts("C19")
    done = run("claims", "C19", "--data", data)
    assert done.code == 0
    assert "C19" in done.out
    assert claim["verdict"] in done.out.lower()
    assert all(reason["sentence"] in done.out for reason in claim["reasons"])


def test_an_unknown_claim_names_those_there_are(run, data):
    done = run("claims", "C19", "C99", "--data", data)
    assert done.code == 2
    assert "no claim C99; there are: C01" in done.err
    assert done.out == ""


def test_no_claims_are_no_error(run, tiny):
    tiny.claims = ""
    done = run("claims", "--json", "--data", tiny.write())
    assert (done.code, done.json) == (0, {"claims": []})
