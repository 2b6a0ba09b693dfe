"""The clinic's 45 statements: what the program finds from the tables, beside what a careful reader concluded."""

from __future__ import annotations

import dataclasses

import pytest

from hipevidence.claims import Context, evidence_items, judge, verdicts
from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.synthesis import synthesise
from tests.support import ROOT

OVER, MISPLACED, NOWHERE = "overstated", "misattributed", "not verifiable"
QUALIFIED = "supported with qualifier"

#: Claim: verdict, codes that must be among its reasons, and the reader's own conclusion in short.
EXPECTED = {
    "C01": (
        OVER,
        "null_or_contrary_left_out causal_from_observational population",
        "cause overstated; cohorts mostly null",
    ),
    "C02": (MISPLACED, "population study_count", "figures right, but for arthritis, three of seven trials"),
    "C03": (OVER, "null_or_contrary_left_out", "largest head-to-head trials found no advantage"),
    "C04": (
        OVER,
        "causal_from_observational null_or_contrary_left_out",
        "link of strength and alignment weak or absent",
    ),
    "C05": (OVER, "causal_from_observational intervention", "cross-sectional association told as cause"),
    "C06": (MISPLACED, "source untraced", "wrong journal and year; the 28 % was not seen"),
    "C07": (
        MISPLACED,
        "source no_comparison_group",
        "direction right; wrong paper named, no untreated group with pain",
    ),
    "C08": (OVER, "null_or_contrary_left_out", "experiments that weakened the muscle changed nothing"),
    "C09": (OVER, "null_or_contrary_left_out subgroup", "holds for women; two measures mixed up"),
    "C10": (OVER, "causal_from_observational", "cause overstated, rotation conflicting"),
    "C11": (OVER, "subgroup null_or_contrary_left_out", "only in women who have it now"),
    "C12": (OVER, "population causal_from_observational", "association in established arthritis only"),
    "C13": (NOWHERE, "untraced", "no source found"),
    "C14": (NOWHERE, "untraced", "no source found; one small null"),
    "C15": (OVER, "causal_from_observational", "association, order unknown"),
    "C16": (NOWHERE, "untraced", "the review could not tell which errors matter"),
    "C17": (OVER, "population null_or_contrary_left_out certainty_too_strong", "not superior, and other people"),
    "C18": (QUALIFIED, "", "matches"),
    "C19": (MISPLACED, "comparator", "two comparisons confused"),
    "C20": (NOWHERE, "figure_unverified figure_disagrees_with_source", "figures suspected wrong, table not seen"),
    "C21": (OVER, "no_comparison_group", "partly right; the lasting part is uncontrolled"),
    "C22": ("supported", "", "matches"),
    "C23": (NOWHERE, "untraced null_or_contrary_left_out", "counts not found; groups did not differ"),
    "C24": (OVER, "no_comparison_group", "figure right, uncontrolled series"),
    "C25": (QUALIFIED, "rounded no_comparison_group", "matches when rounded"),
    "C26": (OVER, "enrolled_for_analysed", "629 of 832 analysed"),
    "C27": (OVER, "null_or_contrary_left_out", "early, unadjusted, not found again"),
    "C28": (NOWHERE, "untraced population", "number not in the abstract; who they were is not said"),
    "C29": (MISPLACED, "outcome population null_or_contrary_left_out", "only worsening; nulls left out"),
    "C30": (NOWHERE, "untraced", "the clinic's own plan"),
    "C31": (NOWHERE, "composite", "put together; within the range of trials"),
    "C32": (NOWHERE, "composite", "put together; no minimum tested"),
    "C33": (NOWHERE, "composite", "put together, from other people"),
    "C34": (NOWHERE, "composite", "matches in part, put together"),
    "C35": (NOWHERE, "untraced", "no source found"),
    "C36": (OVER, "number within_group_change certainty_too_strong", "pooled differences are 1.5 to 3.3 points"),
    "C37": (OVER, "population no_comparison_group certainty_too_strong", "one series told as typical"),
    "C38": (MISPLACED, "population intervention", "range of mixed care in band syndrome"),
    "C39": (NOWHERE, "untraced", "no source found"),
    "C40": ("contradicted", "direction", "contradicted by the closest trial"),
    "C41": (MISPLACED, "intervention population", "hip work added to knee work; comparator left out"),
    "C42": (OVER, "null_or_contrary_left_out certainty_too_strong", "cause overstated, largely contradicted"),
    "C43": (NOWHERE, "", "no source gives a proportion"),
    "C44": (NOWHERE, "untraced", "nothing quantitative to check"),
    "C45": (OVER, "population causal_from_observational", "alarm without evidence"),
}


@pytest.fixture(scope="module")
def evidence():
    return load_evidence(ROOT / "data")


@pytest.fixture(scope="module")
def found(evidence):
    return {verdict.claim.id: verdict for verdict in verdicts(evidence)}


def sentence(found, claim_id, code):
    (text,) = [reason.sentence for reason in found[claim_id].reasons if str(reason.code) == code]
    return text


def test_every_registered_statement_is_expected(found):
    assert list(found) == list(EXPECTED)


@pytest.mark.parametrize("claim_id", EXPECTED)
def test_verdict_and_codes(found, claim_id):
    verdict, codes, _ = EXPECTED[claim_id]
    assert found[claim_id].verdict == verdict, [reason.sentence for reason in found[claim_id].reasons]
    assert set(codes.split()) <= set(found[claim_id].codes)


def test_effect_sizes_belong_to_knee_osteoarthritis_and_to_three_of_seven_trials(found):
    assert "knee osteoarthritis" in sentence(found, "C02", "population")
    assert "7 studies; the figure rests on 3" in sentence(found, "C02", "study_count")
    assert found["C02"].homes[:2] == (("thomas2022.pain",), ("thomas2022.function",))


def test_three_points_belong_to_no_training_and_the_own_comparison_gives_one_and_a_half(found):
    text = sentence(found, "C19", "comparator")
    assert text.startswith("3.3 belongs to the comparison with no treatment")
    assert "1.5 (0.8 to 2.3)" in text
    (change,) = found["C19"].changed
    assert (change.stated.value, change.carried.value) == (3.3, -1.5)


def test_of_832_runners_629_were_analysed(found):
    assert sentence(found, "C26", "enrolled_for_analysed").startswith("629 of the 832 people")


def test_the_odds_are_for_worsening_in_women_between_the_outer_quarters_and_new_pain_is_null(found):
    text = sentence(found, "C29", "outcome")
    for part in (
        "1.7 is for worsening",
        "women only",
        "lowest quarter",
        "highest quarter",
        "no difference in new knee pain",
    ):
        assert part in text


def test_22_of_24_is_a_series_without_a_comparison_group(found):
    assert "(22 of 24 people) gives no comparison with other people" in sentence(found, "C24", "no_comparison_group")


def test_the_fall_in_pain_was_seen_nowhere_and_disagrees_with_its_authors(found):
    assert "nobody has checked it" in sentence(found, "C20", "figure_unverified")
    assert sentence(found, "C20", "figure_disagrees_with_source") == (
        "6.7 to 1.4 is a change of 79.1%; the authors quote 82% (Khayambashi 2012)."
    )


def test_verdicts_are_the_same_twice_and_whatever_is_handed_over(evidence, found):
    answers = [synthesise(evidence, question) for question in evidence.questions]
    again = {verdict.claim.id: verdict for verdict in verdicts(evidence, answers)}
    assert [verdict.as_dict() for verdict in again.values()] == [verdict.as_dict() for verdict in found.values()]


def test_only_expiry_depends_on_the_day(evidence, found):
    later = {verdict.claim.id: verdict for verdict in verdicts(evidence, today="2999-01-01")}
    for claim_id, verdict in later.items():
        assert set(verdict.codes) - set(found[claim_id].codes) == {"expired"}
    assert later["C22"].verdict == QUALIFIED


def test_the_day_is_written_like_the_dates_it_is_compared_with(evidence):
    with pytest.raises(InputError, match="'1 May'; allowed: a date as in 2027-01-31"):
        verdicts(evidence, today="1 May")


def test_a_verdict_shows_itself_as_a_table(found):
    frame = found["C19"].to_frame()
    assert frame.loc[0, "verdict"] == MISPLACED
    assert found["C19"]._repr_html_().startswith("<table")


def test_no_slot_is_left_in_a_carried_sentence(found):
    assert not [verdict.claim.id for verdict in found.values() if set("{}") & set(verdict.carried)]


def test_a_changed_figure_moves_the_statements_that_rest_on_it_and_no_others(evidence):
    answers = {question.id: synthesise(evidence, question) for question in evidence.questions}
    items = evidence_items(evidence, answers)
    context = Context(evidence.vocabulary, evidence.references)

    def judge_all(shelf):
        return {
            claim.id: judge(
                claim,
                [
                    *(shelf["row", key] for key in claim.rows),
                    *(shelf["pool", key] for key in claim.pools),
                    *(shelf["question", key] for key in claim.questions),
                ],
                context,
            )
            for claim in evidence.claims
        }

    before = judge_all(items)
    homes = {key for judgement in before.values() for home in judgement.homes for key in home}
    checked = 0
    for name, item in items.items():
        if item.id not in homes:
            continue
        moved = tuple(dataclasses.replace(figure, value=figure.value * 1.7 + 0.9) for figure in item.figures)
        after = judge_all({**items, name: dataclasses.replace(item, figures=moved)})
        for claim in evidence.claims:
            rests = item.id in {key for home in before[claim.id].homes for key in home}
            listed = item.id in (*claim.rows, *claim.pools, *claim.questions)
            if rests:
                assert after[claim.id] != before[claim.id], (claim.id, item.id)
                checked += 1
            elif not listed:
                assert after[claim.id] == before[claim.id], (claim.id, item.id)
    assert checked >= 15
