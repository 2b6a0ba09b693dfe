from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hipevidence.certainty import rate
from hipevidence.evidence import load_evidence
from hipevidence.synthesis import synthesise
from tests.support import Tiny, study

if TYPE_CHECKING:
    from pathlib import Path

    from hipevidence.certainty import Rating


def trial(name: str, n: int, first: str, second: str = "5.0", **cells: str) -> dict[str, str]:
    """A trial of its own: ``n`` people an arm, the two means, a standard deviation of 1."""
    figures = {"mean1_post": first, "sd1_post": "1.0", "mean2_post": second, "sd2_post": "1.0", "n_enrolled": ""}
    keys = {"row_id": f"{name}.sleep", "sample_id": name, "study": name.title()}
    return study(**(keys | {"n1": str(n), "n2": str(n), "instrument": "diary"} | figures | cells))


def awaiting(name: str, finding: str) -> dict[str, str]:
    """An eligible trial whose figures nobody has read."""
    empty = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post"), "")
    left = {"status": "awaiting_extraction", "status_reason": "not read", "finding": finding}
    return trial(name, 30, "") | empty | left


def rated(tiny: Tiny, question: str = "tea.sleep") -> Rating:
    """Rate the question of a folder as it stands now."""
    evidence = load_evidence(tiny.write())
    return rate(evidence, synthesise(evidence, question))


def step(rating: Rating, domain: str) -> tuple[int, str]:
    return next((step.levels, step.reason) for step in rating.steps if step.domain == domain)


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """Two large trials that agree: nothing takes a level down."""
    made = Tiny(tmp_path / "data", claims="", published_pools=[], reported_quality=[], risk_of_bias=[])
    made.studies = [trial("one", 2000, "4.40"), trial("two", 2000, "4.41")]
    return made
