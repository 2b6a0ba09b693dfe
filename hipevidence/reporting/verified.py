"""verified_figures.json: the figures that may be copied into other texts, each with what must stand beside it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from hipevidence import format as fmt
from hipevidence.claims.plain import plain_sentence
from hipevidence.claims.render import PEOPLE
from hipevidence.personal_risk import counted_risk, counted_words, why_not_counted
from hipevidence.reporting.answers import estimate_with_level, missing_results, studied
from hipevidence.reporting.tables import cell
from hipevidence.reporting.text import tidy
from hipevidence.reporting.vancouver import reference
from hipevidence.synthesis.wording import interval_text, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis

Effects = list[list[str]]
USABLE: Final = frozenset({"supported", "supported with qualifier"})


def verified_figures(
    evidence: Evidence, syntheses: tuple[Synthesis, ...], verdicts: tuple[Verdict, ...]
) -> list[dict[str, Any]]:
    """Return the figures that the evidence carries.

    Parameters
    ----------
    evidence
        The tables.
    syntheses
        The answers; one without an estimate, or that the protocol keeps out of print, is left out.
    verdicts
        The verdicts; a statement that is not supported, or whose sentence is surer than its evidence, is left out.

    Returns
    -------
    list of dict
        ``kind``, ``id``, ``sentence``, ``figure`` and ``interval`` as text, ``source``, ``qualifier`` (must be said
        with it), ``plain`` (the same in plain words), ``slot`` for copy, ``do_not_say``, ``valid_until`` (the day by
        which the registry must be read again), ``people_of_100``, ``people_without``, ``people_with`` and
        ``people_difference`` (where one row counted both groups; else ``people_missing`` says what is missing), and
        ``hash``: SHA-256 of the entry and of the numbers behind it. A text that copied a figure is out of date when its
        hash is gone.
    """
    until = min((claim.review_by for claim in evidence.claims), default="")
    answers = [
        _answer(evidence, each, each.primary.result, until)
        for each in syntheses
        if each.primary.result and each.rows and not each.question.not_for_print
    ]
    effects = {each.question.id: _effects(each) for each in syntheses}
    usable = [verdict for verdict in verdicts if str(verdict.verdict) in USABLE and verdict.carried]
    statements = [_statement(evidence, verdict, effects) for verdict in usable]
    return answers + statements


def _answer(evidence: Evidence, synthesis: Synthesis, result: PoolResult, until: str) -> dict[str, Any]:
    question = synthesis.question
    entry = {
        "kind": "question",
        "id": question.id,
        "sentence": (
            f"{tidy(question.title)}: {estimate_with_level(synthesis.primary, result.estimate, result.ci)}, "
            f"{synthesis.scale}, {studied(synthesis)}."
        ),
        "figure": value_text(synthesis.primary, result.estimate),
        "interval": interval_text(synthesis.primary, result.ci),
        "source": " ".join(_sources(evidence, [row.study_id for row in synthesis.rows])),
        "qualifier": " ".join(
            [*map(tidy, question.caveats), *_uncertain(synthesis, result), *missing_results(synthesis)]
        ),
    }
    people = _people(evidence, [row.row_id for row in synthesis.rows])
    behind = [entry, _effects(synthesis), *_counted(people)]
    return _with_terms(entry, behind, plain_sentence(synthesis, evidence), _not_of(synthesis), until) | people


def _people(evidence: Evidence, rows: list[str]) -> dict[str, str]:
    """Return the number of people out of 100 in words, or what is missing for one."""
    missing = why_not_counted(evidence, rows)
    found = None if missing else counted_risk(evidence, rows[0])
    words = dict.fromkeys(PEOPLE, "") if found is None else counted_words(found)
    return {name: tidy(text) for name, text in words.items()} | {"people_missing": tidy(missing)}


def _counted(people: dict[str, str]) -> list[str]:
    """Return what of the people belongs into a hash: nothing where there is no number of them."""
    return [people["people_of_100"]] if people["people_of_100"] else []


def _not_of(synthesis: Synthesis) -> str:
    """Return what the figure of an answer must not be used for."""
    second = synthesis.question.arms[1]
    compared = (
        f"Do not leave out what it was compared with ({second}). "
        if second
        else "Do not say that it was the programme. "
    )
    who = synthesis.question.plain.partition(",")[0] if synthesis.question.plain.startswith("In ") else ""
    people = f"Do not say it of others than: {tidy(who.removeprefix('In '))}. " if who else ""
    return f"{compared}{people}Do not call it proven."


def _with_terms(entry: dict[str, Any], behind: Any, plain: str, do_not_say: str, until: str) -> dict[str, Any]:
    """Return an entry with what comes beside it; its hash is of the entry and the numbers behind it only."""
    slot = '{{ figure("' + entry["id"] + '") }}' if entry["figure"] else ""
    return entry | {
        "plain": tidy(plain),
        "slot": slot,
        "do_not_say": tidy(do_not_say),
        "valid_until": until,
        "hash": _hash(behind),
    }


def _uncertain(synthesis: Synthesis, result: PoolResult) -> list[str]:
    if result.ci.contains(synthesis.null_value):
        return [f"The {fmt.coverage(result.ci.level)} interval includes no difference."]
    return []


def _statement(evidence: Evidence, verdict: Verdict, effects: Mapping[str, Effects]) -> dict[str, Any]:
    claim = verdict.claim
    homes = {key for found in verdict.homes for key in found}
    entry = {
        "kind": "statement",
        "id": claim.id,
        "sentence": tidy(verdict.carried),
        "figure": "; ".join(_figures(verdict)),
        "interval": "",
        "source": " ".join(_sources(evidence, _papers(evidence, homes or {*verdict.rows, *verdict.pools}))),
        "qualifier": " ".join(tidy(reason.sentence) for reason in verdict.reasons),
    }
    behind = [_printed(evidence, verdict.rows, "studies"), _printed(evidence, verdict.pools, "published_pools")]
    rows = [row for row in verdict.rows if row in homes] or list(verdict.rows)
    people = _people(evidence, rows)
    content = [entry, behind, [effects.get(key) for key in verdict.questions], *_counted(people)]
    suggested = " ".join(f"“{tidy(meaning)}”" for meaning in claim.implied)
    do_not_say = f"Do not say or suggest: {suggested}" if suggested else ""
    return _with_terms(entry, content, verdict.carried, do_not_say, claim.review_by) | people


def _papers(evidence: Evidence, keys: set[str]) -> list[str]:
    """Return the papers of rows and published pooled results, in the order of the tables."""
    rows = [record["study_id"] for record in evidence.records("studies") if record["row_id"] in keys]
    return rows + [record["review_id"] for record in evidence.records("published_pools") if record["pool_id"] in keys]


def _printed(evidence: Evidence, keys: tuple[str, ...], table: str) -> list[list[str]]:
    """Return rows of a table as printed."""
    frame = evidence.printed[table]
    return [list(values) for values in frame.itertuples(index=False, name=None) if values[0] in keys]


def _figures(verdict: Verdict) -> list[str]:
    texts = []
    for figure, homes in zip(verdict.claim.figures, verdict.homes, strict=True):
        if not homes:
            continue  # a supported sentence may hold a detail that nobody found
        value = (
            fmt.exact(figure.value) if figure.high is None else f"{fmt.exact(figure.value)} to {fmt.exact(figure.high)}"
        )
        texts.append(tidy(f"{value} {figure.unit}"))
    return texts


def _sources(evidence: Evidence, papers: list[str]) -> list[str]:
    return [
        reference(key, evidence.references[key]).text for key in dict.fromkeys(papers) if key in evidence.references
    ]


def _effects(synthesis: Synthesis) -> Effects:
    """Return the effects behind an answer."""
    return [[row.row_id, cell(row.yi), cell(row.vi)] for row in synthesis.rows]


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
