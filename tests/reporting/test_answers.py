"""Sentences about an answer: what each says for every shape of result."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import pytest

from hipevidence.certainty import Certainty, rate
from hipevidence.reporting import answers
from hipevidence.reporting.answers import missing_results, nulls_analysis, people
from hipevidence.reporting.limits import limits, overview
from hipevidence.reporting.methods import method_references, methods
from hipevidence.results import Interval

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.reporting.model import Part, Passage
    from hipevidence.synthesis import Analysis, Synthesis


def with_result(synthesis: Synthesis, estimate: float, low: float, high: float, mcid: float | None = 0.5) -> Synthesis:
    primary = synthesis.primary
    assert primary.result is not None
    result = dataclasses.replace(primary.result, estimate=estimate, ci=Interval(low, high))
    question = synthesis.question.model_copy(update={"mcid": mcid})
    return dataclasses.replace(
        synthesis, question=question, primary=dataclasses.replace(primary, result=result), left_out=(), sensitivity=()
    )


def with_rows(synthesis: Synthesis, count: int) -> Synthesis:
    primary = dataclasses.replace(synthesis.primary, rows=synthesis.rows[:count])
    return dataclasses.replace(synthesis, primary=primary)


def said(synthesis: Synthesis, sure: Certainty = Certainty.MODERATE) -> tuple[str, ...]:
    return tuple(sentence.text for sentence in answers.answer(synthesis, sure))


def written(part: Part) -> tuple[str, ...]:
    return tuple(text if isinstance(text, str) else text.text for text in part.paragraphs)


@pytest.fixture
def naps(nap_syntheses: tuple[Synthesis, ...]) -> Synthesis:
    return nap_syntheses[0]


@pytest.mark.parametrize(
    ("estimate", "low", "high", "words"),
    [
        (
            -0.4,
            -1.2,
            0.4,
            "Not settled: the studies together lean one way (“favours napping”), but they also fit no difference.",
        ),
        (
            0.4,
            -0.4,
            1.2,
            "Not settled: the studies together lean one way (“favours walking”), but they also fit no difference.",
        ),
        (-0.9, -1.2, -0.6, "The studies together point one way (“favours napping”), with moderate certainty."),
        (0.9, 0.1, 1.6, "The studies together point one way (“favours walking”), with moderate certainty."),
        (0.1, -0.2, 0.4, "The studies together point to no difference that matters, with moderate certainty."),
        (-0.3, -0.4, -0.2, "The studies together point to no difference that matters, with moderate certainty."),
        (
            -0.9,
            math.nan,
            math.nan,
            "Not settled: the studies together lean one way (“favours napping”), but they also fit no difference.",
        ),
    ],
)
def test_first_sentence_in_plain_words(naps: Synthesis, estimate: float, low: float, high: float, words: str) -> None:
    assert said(with_result(naps, estimate, low, high))[0] == words


@pytest.mark.parametrize(
    ("estimate", "low", "high", "words"),
    [
        (-0.3, -0.4, -0.2, "the whole interval is smaller than that, in either direction."),
        (-0.9, -1.2, -0.6, "the whole interval is at least that large."),
        (
            -0.9,
            -1.2,
            -0.2,
            "the estimate is at least that large, and the interval includes both smaller and larger differences.",
        ),
        (-0.3, -1.2, 0.6, "the estimate is smaller, and the interval includes both smaller and larger differences."),
        (-0.9, math.nan, math.nan, "no interval could be computed to hold against it."),
    ],
)
def test_size_against_the_smallest_difference_that_matters(
    naps: Synthesis, estimate: float, low: float, high: float, words: str
) -> None:
    sentence = f"The smallest difference that matters was set at 0.5 standard deviations: {words}"
    assert sentence in said(with_result(naps, estimate, low, high))


def test_without_a_smallest_difference_nothing_is_said_of_it(naps: Synthesis) -> None:
    assert not [text for text in said(with_result(naps, -0.9, -1.2, -0.6, mcid=None)) if "matters" in text]


def test_no_interval_means_no_word_on_what_it_includes(naps: Synthesis) -> None:
    text = " ".join(said(with_result(naps, -0.9, -1.2, -0.6)))
    assert "includes no difference" not in text


def test_a_single_study_says_so(nap_syntheses: tuple[Synthesis, ...]) -> None:
    sentences = said(nap_syntheses[1])
    assert sentences[0].startswith("One study found 92%; anything from ")
    assert sentences[1].startswith("Theta 2000, 24 people: 92% (95% CI ")
    assert "A single study cannot show how much results differ between settings." in sentences[1]
    assert len(sentences) == 2


def test_two_results_are_too_few_to_speak_of_a_new_setting(naps: Synthesis) -> None:
    assert [text for text in said(naps) if "new, similar setting" in text]
    assert not [text for text in said(with_rows(naps, 2)) if "new, similar setting" in text]


def test_an_open_question_says_that_nobody_can_say(nap_syntheses: tuple[Synthesis, ...]) -> None:
    assert (
        said(nap_syntheses[2])[0] == "Nobody can say yet: no result whose figures could be read answers this question."
    )


def test_people_count_once_and_unknown_sizes_are_told(naps: Synthesis) -> None:
    assert people(naps.rows) == "150 people"
    assert people((*naps.rows, naps.rows[0])) == "150 people"
    silent = dataclasses.replace(naps.rows[0], n1=math.nan, n2=math.nan)
    assert people((silent, *naps.rows[1:])) == "110 people, not counting 1 result without a number of people"
    assert people((silent,)) == ""
    enrolled = dataclasses.replace(silent, n_enrolled=44.0)
    assert people((enrolled, *naps.rows[1:])) == (
        "154 people, 44 of them as enrolled, since their group sizes are not printed"
    )


def test_the_first_sentence_is_never_surer_than_the_certainty(naps: Synthesis) -> None:
    clear, trivial = with_result(naps, -0.9, -1.2, -0.6), with_result(naps, 0.1, -0.2, 0.4)
    assert said(clear, Certainty.HIGH)[0].endswith("(“favours napping”), with high certainty.")
    assert said(trivial, Certainty.LOW)[0].endswith("no difference that matters, with low certainty.")
    for shown in (clear, trivial):
        sentence = said(shown, Certainty.VERY_LOW)[0]
        assert sentence.startswith("Not known: the studies together point ")
        assert sentence.endswith(", but with very low certainty.")


def test_certainty_and_report_count_the_same_people(nap_evidence: Evidence, naps: Synthesis) -> None:
    imprecise = next(step for step in rate(nap_evidence, naps).steps if step.domain == "imprecision")
    assert people(naps.rows) == "150 people"
    assert "150 people" in imprecise.reason


def test_missing_results_and_what_known_nulls_do(naps: Synthesis) -> None:
    first, second = missing_results(naps)
    assert first == (
        "2 eligible results are missing here because their figures could not be read; "
        "1 of them is known to have found no difference."
    )
    nulls = nulls_analysis(naps)
    assert nulls is not None
    assert second.startswith("When 1 known null result counts as zero, the estimate becomes −0.29 (95% CI ")


def test_one_missing_null_result(naps: Synthesis) -> None:
    only = dataclasses.replace(naps, left_out=tuple(row for row in naps.left_out if row.kind == "null_without_figures"))
    assert missing_results(only)[0] == (
        "1 eligible result is missing here because its figures could not be read; "
        "it is known to have found no difference."
    )


def test_nulls_that_cannot_be_counted_are_told(naps: Synthesis) -> None:
    def uncounted(analysis: Analysis) -> Analysis:
        return dataclasses.replace(analysis, zero_rows=(), note="Not counted: Delta.")

    changed = dataclasses.replace(
        naps, sensitivity=tuple(uncounted(one) if one.id == "nulls_as_zero" else one for one in naps.sensitivity)
    )
    assert missing_results(changed)[1] == "The known null results could not be counted as zero. Not counted: Delta."


def test_zeros_alone_are_no_estimate(naps: Synthesis) -> None:
    assert nulls_analysis(with_rows(naps, 0)) is None


# ------------------------------------------------------------------ limits and methods


def test_limits_name_what_is_easy_to_read_and_count_it(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]
) -> None:
    passage = limits(nap_evidence, nap_syntheses)
    texts = written(passage)
    assert passage.title == "What is easy to read is what favours napping"
    assert "3 of 3 pooled results lie on its side of no difference" in texts[1]
    assert "1 of them is known to have found no difference" in texts[1]
    assert "counted as zero" in texts[2]


def test_limits_do_not_accuse_where_no_null_result_is_known(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]
) -> None:
    without = tuple(
        dataclasses.replace(each, left_out=tuple(row for row in each.left_out if row.kind != "null_without_figures"))
        for each in nap_syntheses
    )
    assert limits(nap_evidence, without).title == "What is missing"
    assert written(limits(nap_evidence, ())) == ("Every eligible result in the table has its figures.",)


def test_overview_has_a_line_for_every_question(nap_syntheses: tuple[Synthesis, ...]) -> None:
    rows = overview(nap_syntheses).rows
    assert [row.cells[0].href for row in rows] == [f"#question-{each.question.id}" for each in nap_syntheses]
    assert [row.cells[3].text for row in rows] == ["3", "1", "0"]
    assert [row.cells[2].text for row in rows][1:] == ["none known", "none known"]
    assert [row.cells[5].text for row in rows] == ["2", "0", "0"]


def prose(passages: tuple[Passage, ...]) -> str:
    return " ".join(paragraph for passage in passages for paragraph in passage.paragraphs)


def test_methods_describe_what_was_used_and_nothing_else(nap_syntheses: tuple[Synthesis, ...]) -> None:
    text = prose(methods(nap_syntheses))
    assert "Hedges 1981" in text
    assert "Viechtbauer 2005" in text
    assert "Röver et al. 2015" in text
    assert "log odds" in text
    assert "Risk ratios" not in text
    assert "{" not in text
    cited = [entry.text.split()[0] for entry in method_references(methods(nap_syntheses))]
    assert "Hedges" in cited
    assert "Freeman" not in cited
    assert cited == sorted(cited)


def test_methods_without_questions_describe_no_model() -> None:
    text = prose(methods(()))
    assert "Hedges" not in text
    assert "maximum likelihood" not in text
    assert "byte for byte" in text


def test_estimation_language_only(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]) -> None:
    texts = [prose(methods(nap_syntheses)), *written(limits(nap_evidence, nap_syntheses))]
    texts += [sentence for each in nap_syntheses for sentence in said(each)]
    assert not [text for text in texts if "significan" in text.lower()]
