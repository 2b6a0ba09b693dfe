"""What a question's numbers mean, in sentences: estimation language, one fact a sentence, no verdict by P value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.certainty import Certainty
from hipevidence.reporting.anchors import MCID_ANCHOR, missing_anchor, studies_anchor
from hipevidence.reporting.differences import behind
from hipevidence.reporting.model import Cell
from hipevidence.reporting.numbers import joined, leading
from hipevidence.reporting.text import tidy
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from hipevidence.pooling import PoolResult
    from hipevidence.results import Interval
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis

NULLS_AS_ZERO = frozenset({"nulls_as_zero", "all_nulls_as_zero"})
TWO = 2


def estimate_with_level(analysis: Analysis, value: float, interval: Interval) -> str:
    """Return an estimate of the analysis scale as readers know it, with the level of its interval."""
    if math.isnan(value):
        return fmt.NOT_ESTIMATED
    level = fmt.coverage(interval.level)
    return f"{value_text(analysis, value)} ({level} CI {interval_text(analysis, interval)})"


def estimate_in_table(analysis: Analysis, value: float, interval: Interval) -> str:
    """Return an estimate of the analysis scale with its limits, for a column whose heading names the level."""
    if math.isnan(value):
        return fmt.NOT_ESTIMATED
    return f"{value_text(analysis, value)} ({interval_text(analysis, interval)})"


def people(rows: tuple[RowEffect, ...]) -> str:
    """Return how many people the rows are about, each sample once; ``""`` when no row prints a number of them."""
    samples = {row.sample_id: row for row in rows}.values()
    counted = [row for row in samples if not math.isnan(row.people)]
    if not counted:
        return ""
    text = fmt.plural(int(sum(row.people for row in counted)), "person", "people")
    enrolled = int(sum(row.people for row in counted if row.is_as_enrolled))
    if enrolled:
        text += f", {fmt.count(enrolled)} of them as enrolled, since their group sizes are not printed"
    missing = len(samples) - len(counted)
    return f"{text}, not counting {fmt.plural(missing, 'result')} without a number of people" if missing else text


def studied(synthesis: Synthesis) -> str:
    """Return how many results and people stand behind an answer."""
    results = fmt.plural(len(synthesis.rows), "result")
    size = people(synthesis.rows)
    return f"{results} ({size})" if size else results


def answer(synthesis: Synthesis, sure: Certainty) -> tuple[Cell, ...]:
    """Return the sentences that answer a question, one in plain language first.

    Parameters
    ----------
    synthesis
        The question's answer.
    sure
        How sure the wording may be, from :func:`hipevidence.claims.plain.wording`.

    Returns
    -------
    tuple of Cell
        What it comes to and how certain that is, the estimate, what its interval includes, size against the smallest
        difference that matters, what a new setting may show, and what is missing; a sentence that has nothing to say is
        left out. Numbers lead to the rows behind them.
    """
    result = synthesis.primary.result
    found = _unanswered(synthesis) if result is None or not synthesis.rows else _answered(synthesis, result, sure)
    missing = zip(
        missing_results(synthesis), (missing_anchor(synthesis.question.id), _nulls_anchor(synthesis)), strict=False
    )
    return tuple(one for one in (*found, *(leading(text, anchor) for text, anchor in missing)) if one.text)


def _unanswered(synthesis: Synthesis) -> tuple[Cell, ...]:
    first = Cell("Nobody can say yet: no result whose figures could be read answers this question.")
    if synthesis.rows:
        first = leading(
            f"Nobody can say yet: {studied(synthesis)} could be read, but no estimate was computed.",
            studies_anchor(synthesis.question.id),
        )
    return first, Cell(synthesis.primary.note)


def _answered(synthesis: Synthesis, result: PoolResult, sure: Certainty) -> tuple[Cell, ...]:
    rows = studies_anchor(synthesis.question.id)
    return (
        leading(_in_plain_words(synthesis, result, sure), rows),
        leading(_main(synthesis, result), rows),
        leading(_what_the_interval_includes(synthesis, result.ci), rows),
        leading(_against_mcid(synthesis, result), MCID_ANCHOR),
        joined(
            leading(_new_setting(synthesis, result), rows),
            leading(_new_setting_with_nulls(synthesis, result), _nulls_anchor(synthesis)),
        ),
    )


def _in_plain_words(synthesis: Synthesis, result: PoolResult, sure: Certainty) -> str:
    single = len(synthesis.rows) == 1
    who, plural = ("One study", "s") if single else ("The studies together", "")
    null, ci = synthesis.null_value, result.ci
    if math.isnan(null):
        limits = interval_text(synthesis.primary, ci)
        return f"{who} found {value_text(synthesis.primary, result.estimate)}; anything from {limits} fits."
    if _is_below_mcid(synthesis, ci):
        return _as_sure(f"{who} point{plural} to no difference that matters", sure)
    mcid = synthesis.question.mcid
    if ci.contains(null) and mcid is not None and abs(result.estimate - null) < mcid / 2:
        return f"Not settled: {'one study is' if single else 'the studies together are'} close to no difference."
    lower, upper = synthesis.question.favours
    side = lower if result.estimate < null else upper
    if ci.exists and not ci.contains(null):
        return _as_sure(f"{who} point{plural} one way (“{side}”)", sure)
    subject = f"one study lean{plural}" if single else "the studies together lean"
    return (
        f"Not settled: {subject} one way (“{side}”), but {'it' if single else 'they'} also fit{plural} no difference."
    )


def _as_sure(text: str, sure: Certainty) -> str:
    """Say what the studies point to with its certainty; where that is very low, that it is not known comes first."""
    if sure is Certainty.VERY_LOW:
        return f"Not known: {text[:1].lower()}{text[1:]}, but with {sure.word} certainty."
    return f"{text}, with {sure.word} certainty."


def _is_below_mcid(synthesis: Synthesis, ci: Interval) -> bool:
    """Whether every value of the interval is smaller than the smallest difference that matters."""
    mcid = synthesis.question.mcid
    return mcid is not None and max(abs(ci.low - synthesis.null_value), abs(ci.high - synthesis.null_value)) < mcid


def _main(synthesis: Synthesis, result: PoolResult) -> str:
    value = estimate_with_level(synthesis.primary, result.estimate, result.ci)
    if len(synthesis.rows) == 1:
        size = people(synthesis.rows)
        return (
            f"{synthesis.rows[0].label}{f', {size}' if size else ''}: {value}, {synthesis.scale}. "
            "A single study cannot show how much results differ between settings."
        )
    return f"On average over {studied(synthesis)}: {value}, {synthesis.scale}."


def _what_the_interval_includes(synthesis: Synthesis, ci: Interval) -> str:
    if math.isnan(synthesis.null_value) or not ci.contains(synthesis.null_value):
        return ""
    limits = (value_text(synthesis.primary, ci.low), value_text(synthesis.primary, ci.high))
    text = f"The interval includes no difference: the data agree with anything from {limits[0]} to {limits[1]}."
    return text + _why_so_wide(synthesis)


def _why_so_wide(synthesis: Synthesis) -> str:
    """Say of two results that their spread can hardly be known, and what a method says that assumes there is none."""
    fixed = next((one for one in synthesis.sensitivity if one.id == "fixed_effect"), None)
    if synthesis.primary.k != TWO or fixed is None or fixed.result is None:
        return ""
    return (
        " It is this wide because two results can hardly show how much results differ; if they did not differ at all, "
        f"the interval would be {interval_text(fixed, fixed.result.ci)}."
    )


def _against_mcid(synthesis: Synthesis, result: PoolResult) -> str:
    mcid, null = synthesis.question.mcid, synthesis.null_value
    if mcid is None or math.isnan(null):
        return ""
    size = tidy(f"{fmt.exact(mcid)} {synthesis.question.mcid_unit}")
    return f"The smallest difference that matters was set at {size}: {_reach(synthesis, result, null, mcid)}."


def _reach(synthesis: Synthesis, result: PoolResult, null: float, mcid: float) -> str:
    if not result.ci.exists:
        return "no interval could be computed to hold against it"
    if _is_below_mcid(synthesis, result.ci):
        return "the whole interval is smaller than that, in either direction"
    nearest = min(abs(result.ci.low - null), abs(result.ci.high - null))
    if nearest >= mcid and not result.ci.contains(null):
        return "the whole interval is at least that large"
    size = "at least that large" if abs(result.estimate - null) >= mcid else "smaller"
    return f"the estimate is {size}, and the interval includes both smaller and larger differences"


def _new_setting(synthesis: Synthesis, result: PoolResult) -> str:
    prediction = result.prediction
    if not prediction.exists or len(synthesis.rows) < 3:
        return ""
    limits = interval_text(synthesis.primary, prediction)
    level = fmt.coverage(prediction.level)
    text = f"In a new, similar setting the true effect is expected at {limits} ({level} prediction interval)"
    crosses = not math.isnan(synthesis.null_value) and prediction.contains(synthesis.null_value)
    return f"{text}, a range that includes no effect." if crosses else f"{text}."


def _new_setting_with_nulls(synthesis: Synthesis, result: PoolResult) -> str:
    nulls = nulls_analysis(synthesis)
    if not _new_setting(synthesis, result) or nulls is None or nulls.result is None:
        return ""
    if not nulls.result.prediction.exists:
        return ""
    return f" With the known null results as zero it is {interval_text(nulls, nulls.result.prediction)}."


def missing_results(synthesis: Synthesis) -> tuple[str, ...]:
    """Return what is known to be missing from an answer, and what the known null results would do to it."""
    unread = len(synthesis.awaiting)
    if not unread:
        return ()
    lack = "is missing here because its" if unread == 1 else "are missing here because their"
    text = f"{fmt.plural(unread, 'eligible result')} {lack} figures could not be read"
    known = len(synthesis.nulls)
    if known:
        found = "it is" if unread == known == 1 else f"{fmt.count(known)} of them {'is' if known == 1 else 'are'}"
        text += f"; {found} known to have found no difference"
    return f"{text}.", *_with_nulls_as_zero(synthesis)


def _with_nulls_as_zero(synthesis: Synthesis) -> tuple[str, ...]:
    analysis = nulls_analysis(synthesis)
    if analysis is None:
        return ()
    if analysis.result is None or not analysis.zero_rows:
        return (f"The known null results could not be counted as zero. {analysis.note}".strip(),)
    value = estimate_with_level(analysis, analysis.result.estimate, analysis.result.ci)
    counted = fmt.plural(len(analysis.zero_rows), "known null result")
    verb = "counts" if len(analysis.zero_rows) == 1 else "count"
    return (f"When {counted} {verb} as zero, the estimate becomes {value}. {analysis.note}".strip(),)


def _nulls_anchor(synthesis: Synthesis) -> str:
    """Return where the rows stand that count as zero; ``""`` where that could not be computed."""
    analysis = nulls_analysis(synthesis)
    return "" if analysis is None or analysis.result is None else behind(synthesis, analysis)


def nulls_analysis(synthesis: Synthesis) -> Analysis | None:
    """Return the analysis in which most known null results count as zero, or ``None`` when the question has none."""
    if not synthesis.rows:
        return None  # zeros alone would be an estimate made of nothing that was read
    found = [one for one in synthesis.sensitivity if one.id in NULLS_AS_ZERO and (one.zero_rows or one.note)]
    return max(found, key=lambda one: len(one.zero_rows), default=None)
