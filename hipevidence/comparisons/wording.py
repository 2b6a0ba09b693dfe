"""What a network of treatments comes to, in sentences: what it says first, then how little it rests on."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence import format as fmt
from hipevidence.synthesis.wording import estimate_text, value_text

if TYPE_CHECKING:
    from hipevidence.comparisons.result import Piece, TreatmentComparison
    from hipevidence.network import Comparison


def answer(found: TreatmentComparison) -> tuple[str, ...]:
    """Return what the comparison comes to, one in plain language first; a sentence with nothing to say is left out."""
    if not found.pieces:
        first = "Nobody can say yet: no trial whose figures could be read compares any of these treatments."
        return tuple(text for text in (first, _missing(found)) if text)
    sentences = (
        _told_apart(found),
        _basis(found),
        _isolated(found),
        _apart(found),
        _width(found),
        _missing(found),
        _with_nulls(found),
    )
    return tuple(sentence for sentence in sentences if sentence)


def _told_apart(found: TreatmentComparison) -> str:
    """Say which treatments differ by their interval, or that none can be told from another."""
    compared = [pair for piece in found.pieces for pair in _pairs(piece)]
    clear = [one for one in compared if one.ci.exists and not one.ci.contains(0.0)]
    unknown = sum(not one.ci.exists for one in compared)
    if clear:
        texts = (
            f"{one.treatment} differs from {one.other}, {estimate_text(found.shown, one.estimate, one.ci)}, in favour "
            f"of {_better(found, one)}"
            for one in clear
        )
        told = f"{fmt.count(len(clear))} of {fmt.plural(len(compared), 'comparison')}"
        return f"These trials tell treatments apart in {told}: {'; '.join(texts)}."
    if unknown:
        return "Not settled: the trials do not allow an interval for every comparison."
    if len(compared) == 1:
        return "Not settled: these trials cannot tell the two treatments apart; they also fit no difference."
    many = fmt.count(len(compared))
    return (
        f"Not settled: these trials cannot tell any treatment from another; all {many} comparisons fit no difference."
    )


def _pairs(piece: Piece) -> list[Comparison]:
    names = piece.treatments
    return [piece.result.versus(one, other, piece.model) for one, other in itertools.combinations(names, 2)]


def _better(found: TreatmentComparison, one: Comparison) -> str:
    return one.treatment if (one.estimate < 0.0) == found.network.lower_is_better else one.other


def _basis(found: TreatmentComparison) -> str:
    trials = [trial for piece in found.pieces for trial in piece.result.data.trials]
    size = sum(float(trial.persons.sum()) for trial in trials)
    people = "" if math.isnan(size) else f" with {fmt.plural(int(size), 'person', 'people')}"
    counts = [
        count for piece in found.pieces for count in piece.league.trials[np.triu_indices(len(piece.treatments), 1)]
    ]
    direct = [int(count) for count in counts if count]
    one, none = sum(count == 1 for count in direct), len(counts) - len(direct)
    text = f"This rests on {fmt.plural(len(trials), 'trial')}{people}"
    return f"{text}: of {fmt.plural(len(counts), 'comparison')}, {_tally(one, none)}."


def _tally(one: int, none: int) -> str:
    alone = f"{fmt.count(one)} {'is' if one == 1 else 'are'} made by one trial only"
    return f"{alone} and {fmt.count(none)} {'is' if none == 1 else 'are'} made by no trial, only through others"


def _isolated(found: TreatmentComparison) -> str:
    if not found.isolated:
        return ""
    return f"No trial whose figures could be read has {' or '.join(found.isolated)}: nothing is said about it here."


def _apart(found: TreatmentComparison) -> str:
    if len(found.pieces) < 2:
        return ""
    pieces = "; ".join(", ".join(piece.treatments) for piece in found.pieces)
    return (
        f"The network is in {fmt.count(len(found.pieces))} pieces that no trial joins ({pieces}): nothing can be said "
        "between them, and each is analysed by itself."
    )


def _width(found: TreatmentComparison) -> str:
    """Say where the trials can hardly show how much results differ."""
    few = [piece.result.df for piece in found.pieces if piece.result.df <= 2]
    if not few:
        return ""
    if 0 in few:
        return (
            "Where every comparison has one trial, nothing shows how much results differ; the intervals there assume "
            "that they do not differ at all."
        )
    return (
        f"The intervals are this wide because {fmt.plural(min(few), 'degree')} of freedom can hardly show how much "
        "results differ; the common-effect column shows them as if trials did not differ at all."
    )


def _missing(found: TreatmentComparison) -> str:
    unread, known = len(found.awaiting), len(found.known_nulls)
    if not unread:
        return ""
    lack = "is missing here because its" if unread == 1 else "are missing here because their"
    text = f"{fmt.plural(unread, 'eligible result')} {lack} figures could not be read"
    return f"{text}; {fmt.count(known)} of them {'is' if known == 1 else 'are'} known to have found no difference."


def _with_nulls(found: TreatmentComparison) -> str:
    moves = [
        (one, moved)
        for piece in found.pieces
        for one in against(piece)
        if (moved := with_nulls(found, one)) is not None
    ]
    if not moves:
        return ""
    one, moved = max(moves, key=lambda pair: abs(pair[1].estimate - pair[0].estimate))
    counted = fmt.plural(len(found.nulls), "known null result")
    verb = "counts" if len(found.nulls) == 1 else "count"
    before, after = value_text(found.shown, one.estimate), estimate_text(found.shown, moved.estimate, moved.ci)
    text = f"When {counted} {verb} as zero, {one.treatment} against {one.other} moves most, from {before} to {after}."
    return f"{text} {found.note}".strip()


def with_nulls(found: TreatmentComparison, one: Comparison) -> Comparison | None:
    """Return a comparison with known null results counted as zero, or ``None`` where there are none to count."""
    for piece in found.with_nulls:
        if {one.treatment, one.other} <= set(piece.treatments):
            return piece.result.versus(one.treatment, one.other, piece.model)
    return None


def against(piece: Piece, model: str = "") -> tuple[Comparison, ...]:
    """Return every other treatment of a piece against its reference, best first, by its model or another one."""
    reference = piece.result.reference
    return tuple(
        piece.result.versus(name, reference, model or piece.model) for name in piece.treatments if name != reference
    )


def against_reference(found: TreatmentComparison, piece: Piece) -> list[tuple[str, str]]:
    """Return each treatment with its estimate against the reference in words, and with known nulls as zero."""
    lines = []
    for one in against(piece):
        moved = with_nulls(found, one)
        text = estimate_text(found.shown, one.estimate, one.ci)
        if moved is not None:
            text += f"; known nulls as zero {estimate_text(found.shown, moved.estimate, moved.ci)}"
        lines.append((one.treatment, text))
    return lines
