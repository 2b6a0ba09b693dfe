"""Few results, and small ones: what a prior makes of them, and whether small studies report other effects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.bayes import HalfNormal, bayes_pool
from hipevidence.bias import bias_panel, pustejovsky
from hipevidence.bias.caution import FEW
from hipevidence.reporting.anchors import studies_anchor
from hipevidence.reporting.answers import estimate_in_table, estimate_with_level
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.text import tidy
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from hipevidence.bias import BiasPanel
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

TITLE: Final = "Few and small studies"
#: Below this number of results a regression on their precision has fewer than three degrees of freedom.
LEAST: Final = 5
#: Scale of the half-normal prior, for effects on which it says: heterogeneity above 1 is unlikely.
PRIOR_SCALE: Final = 0.5
_SUITED: Final = frozenset({"SMD", "OR", "RR", "HR", "IRR"})


def small_studies_part(_: Evidence, synthesis: Synthesis) -> Part | None:
    """Return what few and small studies leave open, or ``None`` where fewer than two results are pooled."""
    if synthesis.primary.result is None or len(synthesis.rows) < 2:
        return None
    key = f"small-{synthesis.question.id}"
    if len(synthesis.rows) < LEAST:
        results = fmt.plural(len(synthesis.rows), "result")
        text = (
            f"Whether small or missing studies bend this estimate cannot be tested: {results} "
            f"{'are' if len(synthesis.rows) > 1 else 'is'} too few for any such test."
        )
        return Part(key, TITLE, tuple(line for line in (_bayes(synthesis), text) if line))
    panel = _panel(synthesis)
    texts = (_bayes(synthesis), _warning(panel, synthesis), _standardised(synthesis))
    return Part(
        key,
        TITLE,
        tuple(line for line in texts if line),
        tables=(_table(panel, synthesis, key).resting_on(studies_anchor(synthesis.question.id), 2),),
    )


def _bayes(synthesis: Synthesis) -> str:
    """Say what a weakly informative prior on the heterogeneity makes of few results; the scale has to suit it."""
    if len(synthesis.rows) >= FEW or synthesis.question.measure not in _SUITED:
        return ""
    rows, level = synthesis.rows, synthesis.question.level
    found = bayes_pool(
        [row.yi for row in rows], [row.vi for row in rows], tau_prior=HalfNormal(PRIOR_SCALE), level=level
    )
    lower, higher = synthesis.question.favours
    below = 1.0 - found.probability_above_zero
    side, probability = (lower, below) if below >= 0.5 else (higher, found.probability_above_zero)
    percent = fmt.coverage(level)
    return tidy(
        f"A Bayesian analysis that takes large differences between settings as unlikely beforehand (half-normal prior "
        f"with scale {fmt.exact(PRIOR_SCALE)} on tau, flat prior on the mean) gives "
        f"{value_text(synthesis.primary, found.estimate)} ({percent} credible interval "
        f"{interval_text(synthesis.primary, found.ci)}); the probability of “{side}” is {_probability(probability)}, "
        f"for these results alone, and {percent} of new settings are expected at "
        f"{interval_text(synthesis.primary, found.prediction)}. It knows nothing of the results that are missing."
    )


def _probability(value: float) -> str:
    return "above 99%" if value > 0.99 else fmt.proportion(value)


def _panel(synthesis: Synthesis) -> BiasPanel:
    question, rows = synthesis.question, synthesis.rows
    # effects looked for are those in favour of arm 1, or, where arms have no better side, those the results lean to
    estimate = synthesis.primary.result.estimate if synthesis.primary.result else 0.0
    return bias_panel(
        [row.yi for row in rows],
        [row.vi for row in rows],
        alternative="less" if estimate < 0.0 else "greater",
        method=question.method,
        ci=question.ci,
        level=question.level,
    )


def _warning(panel: BiasPanel, synthesis: Synthesis) -> str:
    few = (
        f" {fmt.plural(panel.k, 'result')} are fewer than {fmt.count(FEW)}: take nothing from one of these lines alone."
        if panel.few
        else ""
    )
    side = "lower" if panel.unadjusted < 0.0 else "higher"
    return (
        f"Tests and adjustments for small-study effects, all on the {fmt.count(len(synthesis.rows))} results pooled, "
        f"taking {side} values as those looked for. They cannot tell missing studies from other reasons why small "
        f"studies differ, and silence is no proof that nothing is missing.{few}"
    )


def _standardised(synthesis: Synthesis) -> str:
    rows = synthesis.rows
    if synthesis.question.measure != "SMD" or any(math.isnan(row.n1 + row.n2) for row in rows):
        return ""
    test = pustejovsky(
        [row.yi for row in rows],
        [row.vi for row in rows],
        n1=[row.n1 for row in rows],
        n2=[row.n2 for row in rows],
    )
    return (
        "The standard error of a standardised difference contains the difference, so Egger’s test and PET-PEESE find "
        f"asymmetry in it where there is none; the test that avoids this (Pustejovsky and Rodgers 2019) gives P "
        f"{fmt.p_value(test.p_value)}."
    )


def _table(panel: BiasPanel, synthesis: Synthesis, key: str) -> Table:
    unadjusted = estimate_with_level(synthesis.primary, panel.unadjusted, panel.unadjusted_ci)
    return Table(
        id=f"panel-{key}",
        caption=f"Small-study effects; unadjusted: {unadjusted}",
        columns=(
            Column("Method", "label", 1.0),
            Column("P", "number", 0.5),
            Column("Adjusted estimate (CI)", "number", 1.3),
            Column("What it can and cannot show", "text", 3.0),
        ),
        rows=tuple(
            Row(
                (
                    Cell(row.method),
                    Cell(fmt.p_value(row.p_value, missing=fmt.DASH)),
                    Cell(
                        fmt.DASH
                        if math.isnan(row.estimate)
                        else estimate_in_table(synthesis.primary, row.estimate, row.ci)
                    ),
                    Cell(tidy(" ".join(text for text in (row.caution, _sentence(row.reason)) if text))),
                )
            )
            for row in panel.rows
        ),
    )


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:].removesuffix('.')}." if reason else ""
