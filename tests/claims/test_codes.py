"""Each code fires on a small example and is silent on its innocent twin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hipevidence.claims import CODES, Code, Severity, judge
from hipevidence.claims.reason import reason
from hipevidence.errors import InputError
from hipevidence.results import Interval
from tests.claims.support import claim, context, figure, pool, trial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.claims import EvidenceItem, Judgement
    from hipevidence.evidence import Claim

PAGE = Path(__file__).parents[2] / "docs" / "claim-codes.md"

NO_FIGURE: dict[str, Any] = {"figures": ()}
NAMED = {"named": "a review", "identified": "jones2022", "certainty": "certain"}
BEFORE_AFTER = ({"value": 6.7, "role": "value_before"}, {"value": 1.4, "role": "value_after"})
COHORT: dict[str, Any] = {"design": ("cohort",), "intervention": ("screen_light",), "comparator": ("no_screen",)}
SCREENS: dict[str, Any] = {"intervention": "screen_light", "comparator": "no_screen", "finding": "increases"}


def course(before: float, after: float) -> tuple[Any, ...]:
    """Return the figures of one arm of a trial."""
    return (
        figure("value_before", before, scope="arm", arm=1),
        figure("value_after", after, scope="arm", arm=1),
        figure("percent_change", 100 * (after - before) / before, scope="within", arm=1, derived=True),
    )


@dataclass(frozen=True)
class Pair:
    """A statement with evidence on which a code fires, and a twin on which it does not."""

    guilty: tuple[Claim, Sequence[EvidenceItem]]
    innocent: tuple[Claim, Sequence[EvidenceItem]]
    severity: Severity
    today: str | None = None


PAIRS = {
    Code.NUMBER: Pair(
        (claim(figures=({"value": 3.9, "role": "mean_difference"},)), [pool()]),
        (claim(), [pool()]),
        Severity.OVERREACHES,
    ),
    Code.ROUNDED: Pair(
        (
            claim(figures=({"value": 35, "high": 50, "role": "percent_change"},), comparator="baseline"),
            [
                trial(
                    comparator=("baseline",),
                    figures=(
                        figure("percent_change", -34.9, scope="within"),
                        figure("percent_change", -51.4, scope="within"),
                    ),
                )
            ],
        ),
        (
            claim(figures=({"value": 35, "high": 51, "role": "percent_change"},), comparator="baseline"),
            [
                trial(
                    comparator=("baseline",),
                    figures=(
                        figure("percent_change", -34.9, scope="within"),
                        figure("percent_change", -51.4, scope="within"),
                    ),
                )
            ],
        ),
        Severity.QUALIFIES,
    ),
    Code.DIRECTION: Pair(
        (claim(**NO_FIGURE), [trial(finding="no_difference"), trial(id="b", finding="increases")]),
        (claim(**NO_FIGURE), [trial(), trial(id="b", finding="increases")]),
        Severity.CONTRADICTS,
    ),
    Code.POPULATION: Pair(
        (claim(population="people"), [pool()]),
        (claim(population="shift_workers"), [pool()]),
        Severity.OVERREACHES,
    ),
    Code.INTERVENTION: Pair(
        (claim(), [pool(intervention=("milk",))]),
        (claim(), [pool(intervention=("drink",))]),
        Severity.MISPLACES,
    ),
    Code.COMPARATOR: Pair(
        (
            claim(figures=({"value": 3.3, "role": "mean_difference"},)),
            [pool(), pool(id="b", comparator=("nothing",), figures=(figure(value=-3.3),))],
        ),
        (
            claim(comparator="nothing", figures=({"value": 3.3, "role": "mean_difference"},)),
            [pool(), pool(id="b", comparator=("nothing",), figures=(figure(value=-3.3),))],
        ),
        Severity.MISPLACES,
    ),
    Code.OUTCOME: Pair(
        (
            claim(**SCREENS, outcome=("waking", "new_waking"), figures=({"value": 1.7, "role": "odds_ratio"},)),
            [
                trial(**COHORT, finding="increases", figures=(figure("odds_ratio", 1.7),)),
                trial(**COHORT, id="b", outcome=("new_waking",), finding="no_difference"),
            ],
        ),
        (
            claim(**SCREENS, outcome=("waking",), figures=({"value": 1.7, "role": "odds_ratio"},)),
            [trial(**COHORT, finding="increases", figures=(figure("odds_ratio", 1.7),))],
        ),
        Severity.MISPLACES,
    ),
    Code.TIME: Pair(
        (claim(**NO_FIGURE, time_weeks=52), [pool(time_weeks=8.0)]),
        (claim(**NO_FIGURE, time_weeks=52), [pool(time_weeks=8.0), trial(time_weeks=56.0)]),
        Severity.OVERREACHES,
    ),
    Code.SUBGROUP: Pair(
        (claim(), [pool(sex="female")]),
        (claim(sex="female"), [pool(sex="female")]),
        Severity.OVERREACHES,
    ),
    Code.SOURCE: Pair(
        (claim(source=NAMED | {"journal": "Journal of Athletic Training", "year": 2020}), [pool()]),
        (claim(source=NAMED | {"journal": "Journal of Sleep and Tea Research", "year": 2022}), [pool()]),
        Severity.MISPLACES,
    ),
    Code.STUDY_COUNT: Pair(
        (claim(source=NAMED | {"studies": 7}), [pool(k_pooled=3.0, k_review=7.0)]),
        (claim(source=NAMED | {"studies": 3}), [pool(k_pooled=3.0, k_review=7.0)]),
        Severity.OVERREACHES,
    ),
    Code.ENROLLED_FOR_ANALYSED: Pair(
        (
            claim(finding="not_reported", relation="describes", figures=({"value": 832, "role": "count_people"},)),
            [trial(n_enrolled=832.0, n_analysed=629.0, figures=(figure("count_people", 832.0, scope="size"),))],
        ),
        (
            claim(finding="not_reported", relation="describes", figures=({"value": 629, "role": "count_people"},)),
            [trial(n_enrolled=832.0, n_analysed=629.0, figures=(figure("count_people", 629.0, scope="size"),))],
        ),
        Severity.OVERREACHES,
    ),
    Code.CAUSAL_FROM_OBSERVATIONAL: Pair(
        (claim(**SCREENS, **NO_FIGURE), [trial(**COHORT, finding="increases")]),
        (claim(**SCREENS, **NO_FIGURE, relation="associates"), [trial(**COHORT, finding="increases")]),
        Severity.OVERREACHES,
    ),
    Code.WITHIN_GROUP_CHANGE: Pair(
        (claim(figures=BEFORE_AFTER), [trial(figures=course(6.7, 1.4))]),
        (claim(figures=BEFORE_AFTER, needs_comparison=False, relation="associates"), [trial(figures=course(6.7, 1.4))]),
        Severity.OVERREACHES,
    ),
    Code.NO_COMPARISON_GROUP: Pair(
        (claim(**NO_FIGURE, comparator="baseline"), [trial(design=("single_group",), comparator=("baseline",))]),
        (claim(**NO_FIGURE, comparator="baseline"), [trial()]),
        Severity.OVERREACHES,
    ),
    Code.RELATIVE_WITHOUT_BASELINE: Pair(
        (claim(figures=({"value": 0.8, "role": "risk_ratio"},)), [pool(figures=(figure("risk_ratio", 0.8),))]),
        (
            claim(figures=({"value": 0.8, "role": "risk_ratio"}, {"value": 20, "role": "proportion_percent"})),
            [pool(figures=(figure("risk_ratio", 0.8), figure("proportion_percent", 20.0, scope="arm", arm=1)))],
        ),
        Severity.QUALIFIES,
    ),
    Code.ODDS_READ_AS_RISK: Pair(
        (claim(figures=({"value": 0.8, "role": "risk_ratio"},)), [pool(figures=(figure("odds_ratio", 0.8),))]),
        (claim(figures=({"value": 0.8, "role": "odds_ratio"},)), [pool(figures=(figure("odds_ratio", 0.8),))]),
        Severity.OVERREACHES,
    ),
    Code.CERTAINTY_TOO_STRONG: Pair(
        (claim(certainty="always"), [pool(), trial(finding="no_difference")]),
        (claim(certainty="always"), [pool(), trial()]),
        Severity.OVERREACHES,
    ),
    Code.NULL_OR_CONTRARY_LEFT_OUT: Pair(
        (claim(), [pool(), trial(finding="no_difference")]),
        (claim(), [pool(), trial()]),
        Severity.OVERREACHES,
    ),
    Code.SINGLE_SMALL_STUDY: Pair(
        (claim(**NO_FIGURE), [trial(n_enrolled=28.0, n_analysed=26.0)]),
        (claim(**NO_FIGURE), [trial(n_enrolled=28.0, n_analysed=26.0), trial(id="b", sample_id="b")]),
        Severity.QUALIFIES,
    ),
    Code.CI_INCLUDES_NO_DIFFERENCE: Pair(
        (claim(), [pool(figures=(figure(low=-3.2, high_limit=0.2),), interval_includes_no_effect=True)]),
        (claim(), [pool()]),
        Severity.OVERREACHES,
    ),
    Code.BELOW_MCID: Pair(
        (claim(), [pool(mcid=2.0)]),
        (claim(), [pool(mcid=1.5)]),
        Severity.QUALIFIES,
    ),
    Code.PREDICTION_INTERVAL_CROSSES_ZERO: Pair(
        (claim(), [pool(kind="question", source_id="", prediction=Interval(-3.9, 0.7))]),
        (claim(), [pool(kind="question", source_id="", prediction=Interval(-2.9, -0.1))]),
        Severity.QUALIFIES,
    ),
    Code.FIGURE_UNVERIFIED: Pair(
        (claim(), [pool(verification="as_cited")]),
        (claim(), [pool(verification="secondary")]),
        Severity.UNTRACEABLE,
    ),
    Code.FIGURE_DISAGREES_WITH_SOURCE: Pair(
        (
            claim(figures=BEFORE_AFTER),
            [
                trial(figures=course(6.7, 1.4)),
                trial(id="b", figures=(figure("percent_change", -82.0, scope="within", arm=1),)),
            ],
        ),
        (
            claim(figures=BEFORE_AFTER),
            [
                trial(figures=course(6.7, 1.4)),
                trial(id="b", figures=(figure("percent_change", -79.0, scope="within", arm=1),)),
            ],
        ),
        Severity.UNTRACEABLE,
    ),
    Code.DETAIL_UNVERIFIED: Pair(
        (claim(source=NAMED | {"studies": 14}), [pool(k_pooled=float("nan"), k_review=float("nan"))]),
        (claim(source=NAMED), [pool()]),
        Severity.QUALIFIES,
    ),
    Code.COMPOSITE: Pair(
        (
            claim(
                relation="recommends",
                finding="not_reported",
                figures=({"value": 3, "high": 5, "role": "sessions_per_week"},),
            ),
            [
                trial(figures=(figure("sessions_per_week", 3.0, scope="dose"),)),
                trial(id="b", source_id="b", figures=(figure("sessions_per_week", 5.0, scope="dose"),)),
            ],
        ),
        (
            claim(
                relation="describes",
                finding="not_reported",
                figures=({"value": 3, "high": 5, "role": "sessions_per_week"},),
            ),
            [
                trial(figures=(figure("sessions_per_week", 3.0, scope="dose"),)),
                trial(id="b", figures=(figure("sessions_per_week", 5.0, scope="dose"),)),
            ],
        ),
        Severity.UNTRACEABLE,
    ),
    Code.UNTRACED: Pair(
        (claim(**NO_FIGURE), [trial(outcome=("hormone",), finding="increases")]),
        (claim(**NO_FIGURE), [trial()]),
        Severity.UNTRACEABLE,
    ),
    Code.AWAITING_EXTRACTION: Pair(
        (claim(), [pool(), trial(status="awaiting_extraction")]),
        (claim(), [pool(), trial()]),
        Severity.QUALIFIES,
    ),
    Code.EXPIRED: Pair(
        (claim(review_by="2026-12-31"), [pool()]),
        (claim(review_by="2027-01-01"), [pool()]),
        Severity.QUALIFIES,
        today="2027-01-01",
    ),
}


def judged(case: tuple[Claim, Sequence[EvidenceItem]], today: str | None) -> Judgement:
    return judge(*case, context(today))


def test_every_code_has_a_pair():
    assert set(PAIRS) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_code_fires_on_its_example(code):
    found = judged(PAIRS[code].guilty, PAIRS[code].today)
    fired = [reason for reason in found.reasons if reason.code is code]
    assert fired, found.codes
    assert fired[0].severity is PAIRS[code].severity


@pytest.mark.parametrize("code", Code)
def test_code_is_silent_on_the_innocent_twin(code):
    found = judged(PAIRS[code].innocent, PAIRS[code].today)
    assert code not in found.codes, [reason.sentence for reason in found.reasons]


@pytest.mark.parametrize("code", Code)
def test_sentence_ends_once_and_names_evidence_that_exists(code):
    listed = {item.id for item in PAIRS[code].guilty[1]}
    for found in judged(PAIRS[code].guilty, PAIRS[code].today).reasons:
        assert found.sentence.endswith(".")
        assert not found.sentence.endswith("..")
        assert "nan" not in found.sentence.split()
        assert set(found.evidence) <= listed


def test_a_statement_with_everything_right_is_supported_in_silence():
    found = judge(claim(), [pool(), trial()], context("2029-12-31"))
    assert (found.verdict, found.reasons) == ("supported", ())
    assert found.homes == (("jones2022.waking",),)


def test_without_any_evidence_nothing_is_supported():
    assert judge(claim(), [], context()).verdict == "not verifiable"
    assert judge(claim(figures=()), [], context()).verdict == "not verifiable"
    assert judge(claim(figures=(), finding="not_reported"), [], context()).verdict == "not verifiable"


@pytest.mark.parametrize("change", [{"verification": "as_cited"}, {"seen": False}, {"status": "excluded"}])
def test_evidence_that_nobody_checked_supports_nothing(change):
    assert judge(claim(figures=()), [pool(**change)], context()).verdict == "not verifiable"


def test_a_stronger_protection_than_printed_is_overstated_a_weaker_one_contradicted():
    printed = pool(figures=(figure("hazard_ratio", 0.25),))
    for stated, verdict in ((0.15, "overstated"), (0.5, "contradicted"), (0.25, "supported with qualifier")):
        said = claim(figures=({"value": stated, "role": "hazard_ratio"},))
        assert judge(said, [printed], context()).verdict == verdict


def test_may_turns_an_overstatement_by_wide_intervals_into_a_qualifier():
    wide = pool(figures=(figure(low=-3.2, high_limit=0.2),), interval_includes_no_effect=True)
    assert judge(claim(), [wide], context()).verdict == "overstated"
    assert judge(claim(certainty="may"), [wide], context()).verdict == "supported with qualifier"


def test_an_equality_with_a_wide_interval_is_not_settled():
    wide = pool(figures=(figure(value=0.1, low=-8.9, high_limit=6.7),), finding="no_difference", mcid=2.0)
    narrow = pool(figures=(figure(value=0.1, low=-0.9, high_limit=0.7),), finding="no_difference", mcid=2.0)
    equal = claim(figures=(), finding="no_difference")
    assert Code.CERTAINTY_TOO_STRONG in judge(equal, [wide], context()).codes
    assert judge(equal, [narrow], context()).verdict == "supported"


def test_a_figure_of_the_comparison_group_is_misattributed():
    both = trial(
        figures=(figure("value_before", 6.7, scope="arm", arm=2), figure("value_after", 1.4, scope="arm", arm=1))
    )
    found = judge(claim(figures=BEFORE_AFTER), [both], context())
    assert found.verdict == "misattributed"
    assert "comparison group" in found.reasons[0].sentence


def test_a_report_of_a_comparison_in_other_people_is_misattributed_a_conclusion_from_it_is_overstated():
    wide = {"population": "people"}
    assert judge(claim(**wide, relation="describes"), [pool()], context()).verdict == "misattributed"
    assert judge(claim(**wide), [pool()], context()).verdict == "overstated"


def test_conflicting_findings_carry_a_statement_that_they_conflict():
    mixed = claim(figures=(), finding="mixed", relation="associates")
    assert judge(mixed, [trial(), trial(id="b", finding="no_difference")], context()).verdict == "supported"
    assert judge(mixed, [trial(), trial(id="b")], context()).verdict == "not verifiable"


def test_a_reason_takes_only_the_weights_of_its_code():
    with pytest.raises(InputError, match="MISPLACES for rounded; allowed: QUALIFIES"):
        reason(Code.ROUNDED, "Rounded.", (), Severity.MISPLACES)


def block(code: Code) -> str:
    """Return what the page has to say of a code."""
    info = CODES[code]
    weights = ", ".join(severity.name.lower() for severity in info.severities)
    when = f" ({info.when})" if info.when else ""
    return f"### {code}\n\n{info.meaning}\n\n- Weight: {weights}{when}.\n- Example: {info.example}\n"


@pytest.mark.parametrize("code", Code)
def test_documentation_is_in_step(code):
    assert block(code) in PAGE.read_text(encoding="utf-8")


def test_documentation_has_no_other_codes():
    headings = [line[4:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
    assert headings == [str(code) for code in Code]
