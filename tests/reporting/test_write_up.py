"""The answer in the words of a paper: the numbers of the results, sources that are listed, no verdict by P value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipevidence import format as fmt
from hipevidence.evidence import load_evidence
from hipevidence.pooling import influence, residual_limit
from hipevidence.reporting.build import build_report
from hipevidence.reporting.parts.write_up import write_up_part
from hipevidence.synthesis import synthesise
from tests.support import ROOT

if TYPE_CHECKING:
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis


def words(evidence: Evidence, synthesis: Synthesis) -> tuple[str, str]:
    part = write_up_part(evidence, synthesis)
    assert part is not None
    done, found = part.paragraphs
    return done, found


def test_numbers_are_those_of_the_answer(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]) -> None:
    naps = nap_syntheses[0]
    result = naps.primary.result
    assert result is not None
    done, found = words(nap_evidence, naps)
    assert naps.scale in done
    assert f"beyond ±{fmt.number(residual_limit(3))}, the limit for 3 results" in done
    assert fmt.estimate(result.estimate, result.ci) in found
    assert f"tau² {fmt.tau2(result.tau2)}" in found
    assert f"I² {fmt.i2(result.i2)}" in found
    assert f"{fmt.interval(result.prediction)} (95% prediction interval)" in found
    ends = sorted(row.yi for row in naps.rows)
    assert f"from {fmt.number(ends[0])} to {fmt.number(ends[-1])}" in found
    assert "When 1 known null result counts as zero" in found


def test_a_paper_that_is_cited_is_listed(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], nap_verdicts: tuple[Verdict, ...]
) -> None:
    report = build_report(nap_evidence, nap_syntheses, nap_verdicts, {})
    done, _ = words(nap_evidence, nap_syntheses[0])
    listed = [entry.text for entry in report.method_references]
    cited = re.findall(r"([A-Z]\w+)(?: et al\.| and \w+)? (\d{4})", done)
    assert ("Viechtbauer", "2005") in cited
    for name, year in cited:
        assert any(text.startswith(name) and f" {year};" in text for text in listed), (name, year)


def test_one_result_or_none_has_no_such_part(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]) -> None:
    assert [write_up_part(nap_evidence, each) is None for each in nap_syntheses] == [False, True, True]


def test_a_result_that_stands_apart_is_named() -> None:
    evidence = load_evidence(ROOT / "data")
    question = next(one for one in evidence.questions if one.id == "pfp.hip_vs_knee.function_any_scale")
    answer = synthesise(evidence, question)
    _, found = words(evidence, answer)
    residuals = influence([row.yi for row in answer.rows], [row.vi for row in answer.rows]).rstudent
    (place,) = np.flatnonzero(np.abs(residuals) > residual_limit(len(answer.rows)))
    assert f"{answer.rows[place].label} ({fmt.number(float(residuals[place]))}) stands apart" in found
    assert f"(without {answer.rows[place].label})" in found


@pytest.mark.parametrize("word", ["significan", "trend", "borderline"])
def test_no_verdict_by_p_value(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], word: str) -> None:
    assert word not in " ".join(words(nap_evidence, nap_syntheses[0])).lower()


def test_no_trial_of_bcg_stands_apart_as_metafor_reports() -> None:
    # reporter() of metafor on dat.bcg (log risk ratios, REML): no studentised residual beyond 2.8905
    counts = np.array([
        [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
        [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232],
        [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
    ], dtype=np.float64)  # fmt: skip
    a, b, c, d = counts.T
    found = influence(np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    assert fmt.number(residual_limit(13), 4) == "2.8905"
    assert np.abs(found.rstudent).max() < residual_limit(13)
