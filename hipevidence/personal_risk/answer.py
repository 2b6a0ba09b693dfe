"""From a question to an answer: absolute risks where the data reach, a ratio alone, or a refusal that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.evidence.risk_models import find_risk_model
from hipevidence.personal_risk import wording
from hipevidence.personal_risk.asked import Asked, items, read_question
from hipevidence.personal_risk.baselines import at_baseline, observed_for, read_baselines
from hipevidence.personal_risk.ratios import printed_ratios
from hipevidence.personal_risk.result import PersonalRisk
from hipevidence.personal_risk.trend import trend_across, trend_sentence

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import RiskModel
    from hipevidence.personal_risk.result import AtBaseline, EvidenceItem, Relative, Trend


def personal_risk(
    evidence: Evidence,
    model: RiskModel | str | None = None,
    *,
    sex: str,
    outcome: str,
    quartile: str,
    population: str | None = None,
    stratum: str | None = None,
    baseline: float | str | None = None,
    scenario: str | None = None,
) -> PersonalRisk:
    """Return what an exposure means for the risk of people like these, as far as the tables reach.

    Parameters
    ----------
    evidence
        The data folder.
    model
        A model of risk_models.toml or its id; may be left out where there is one.
    sex
        ``female``, ``male``, ``mixed`` or ``not_reported``.
    outcome
        Short word of the model, or vocabulary key.
    quartile
        Group of the exposure, a key of the model's levels.
    population
        Vocabulary key or label; the model's own people if left out.
    stratum
        A part of those people, a key of the model's strata; everybody if left out.
    baseline
        Risk of the model's reference group over the same time (above 0, below 1), or the name of an observed one,
        which serves its own people only.
    scenario
        Name of a grid of baselines that is printed as a scenario.

    Returns
    -------
    PersonalRisk
        With ``answer`` ``absolute``, ``relative`` or ``none``; a refusal is an answer, never an error.

    Raises
    ------
    InputError
        If a word is unknown or the baseline is no risk.
    EvidenceError
        If risk_models.toml is missing or wrong.

    Notes
    -----
    Rows answer when they are about the same sex, about all of the people asked for and about the outcome. Nothing is
    carried over to other people, and nothing is interpolated between groups of the exposure.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> found = personal_risk(load_evidence("data"), sex="female", outcome="worsening", quartile="lowest")
    >>> found.answer, found.relative.effect
    ('relative', 1.7)
    """
    entry = find_risk_model(evidence, model) if model is None or isinstance(model, str) else model
    asked = read_question(
        evidence, entry, sex=sex, outcome=outcome, level=quartile, population=population, stratum=stratum
    )
    baselines, notes = read_baselines(asked, baseline, scenario=scenario)
    ratios = printed_ratios(asked)
    relative, trend = ratios.get(asked.level), trend_across(asked, ratios)
    if relative is None:
        found = items(asked, "")
        statement, why = wording.refusal(asked, found)
        between = _trend_told(asked, trend) if ratios and asked.level != entry.reference_level else ()
        return _result(asked, statement, (*why, *between, *notes), None, (), found, trend)
    risks = tuple(at_baseline(one, relative) for one in baselines)
    statement, why = wording.answer(asked, relative, risks, observed_for(asked))
    return _result(asked, statement, (*notes, *why), relative, risks, items(asked, relative.row_id), trend)


def _trend_told(asked: Asked, trend: Trend) -> tuple[str, ...]:
    """Return the trend in words; of two groups nobody expects one."""
    return (trend_sentence(asked, trend),) if len(asked.model.levels) > 2 else ()


def _result(
    asked: Asked,
    statement: str,
    reasons: tuple[str, ...],
    relative: Relative | None,
    risks: tuple[AtBaseline, ...],
    found: tuple[EvidenceItem, ...],
    trend: Trend,
) -> PersonalRisk:
    caveats = (wording.balance(found, asked.model), *_trend_told(asked, trend), *asked.model.caveats)
    return PersonalRisk(
        model=asked.model,
        sex=asked.sex,
        outcome=asked.outcome,
        level=asked.level,
        population=asked.population,
        stratum=asked.stratum,
        answer="none" if relative is None else "absolute" if risks else "relative",
        statement=statement,
        reasons=reasons,
        relative=relative,
        at_baseline=risks,
        evidence=found,
        trend=trend,
        caveats=caveats if relative is not None else (),
    )
