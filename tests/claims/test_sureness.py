"""A carried sentence is never surer than the certainty of what it rests on; one that is, is withheld everywhere."""

from __future__ import annotations

import dataclasses

import pytest

from hipevidence.claims import verdicts
from hipevidence.evidence import load_evidence
from hipevidence.reporting.verified import verified_figures
from hipevidence.synthesis import synthesise
from tests.support import ROOT

FIGURE = "{pool:nascimento2018.pain.hip_and_knee_vs_knee#size_ci}"


@pytest.fixture(scope="module")
def evidence():
    """The tables with two statements: C18 rests on an answer of very low certainty, C36 also on one of low."""
    whole = load_evidence(ROOT / "data")
    return dataclasses.replace(whole, claims=tuple(claim for claim in whole.claims if claim.id in {"C18", "C36"}))


@pytest.fixture(scope="module")
def syntheses(evidence):
    needed = dict.fromkeys(key for claim in evidence.claims for key in claim.questions)
    return tuple(synthesise(evidence, key) for key in needed)


def judged(evidence, syntheses, key: str, sentence: str):
    claims = tuple(
        claim.model_copy(update={"carried": sentence}) if claim.id == key else claim for claim in evidence.claims
    )
    changed = dataclasses.replace(evidence, claims=claims)
    found = verdicts(changed, syntheses)
    return changed, found, next(verdict for verdict in found if verdict.claim.id == key)


def test_the_registered_sentences_are_not_too_sure():
    assert not {
        verdict.claim.id: verdict.withheld for verdict in verdicts(load_evidence(ROOT / "data")) if verdict.withheld
    }


@pytest.mark.parametrize(
    ("key", "sentence", "is_withheld"),
    [
        ("C18", f"In people with kneecap pain, hip and knee exercise brings {FIGURE} points less pain.", True),
        ("C18", "In people with kneecap pain, adding hip exercise to knee exercise may reduce pain.", True),
        ("C18", f"A review from 2018 found that people with kneecap pain had {FIGURE} points less pain.", False),
        ("C36", "In people with knee arthritis, hip exercise reduces pain.", True),
        ("C36", "In people with knee arthritis, hip exercise may reduce pain.", False),
    ],
)
def test_what_a_treatment_does_takes_the_certainty_for_it(evidence, syntheses, key, sentence, is_withheld):
    _, _, verdict = judged(evidence, syntheses, key, sentence)
    assert (verdict.carried == "", bool(verdict.withheld)) == (is_withheld, is_withheld)
    assert not is_withheld or "surer than its evidence: the certainty of " in verdict.withheld


def test_a_withheld_sentence_is_no_verified_figure(evidence, syntheses):
    changed, found, verdict = judged(evidence, syntheses, "C18", "Hip and knee exercise reduces pain in everyone.")
    assert verdict.verdict == "supported with qualifier"
    assert "C18" not in {entry["id"] for entry in verified_figures(changed, syntheses, found)}
    _, found, _ = judged(evidence, syntheses, "C18", next(c.carried for c in evidence.claims if c.id == "C18"))
    assert "C18" in {entry["id"] for entry in verified_figures(evidence, syntheses, found)}
