"""How it was done, written from what was done: a method that no question used is not described."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from hipevidence import format as fmt
from hipevidence.reporting.anchors import MCID_ANCHOR
from hipevidence.reporting.model import Passage, Reference
from hipevidence.reporting.templates import template
from hipevidence.reporting.text import tidy
from hipevidence.reporting.vancouver import reference, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.synthesis import Synthesis


MCID_TITLE: Final = "Smallest difference that matters"
#: Headings of what parts of the report did, by the beginning of their anchors.
PARTS: Final = {
    "certainty": "How certain an answer is",
    "findings": "How findings are summed up",
    "words": "Results that stand apart",
    "multiverse": "Every defensible analysis",
    "small": "Few and small studies",
    "networks": "Several treatments at once",
}


def methods(syntheses: tuple[Synthesis, ...], parts: Iterable[str] = ()) -> tuple[Passage, ...]:
    """Return the methods as headed passages, citations as authors and year.

    Parameters
    ----------
    syntheses
        The answers; only what they used is described.
    parts
        Anchors of the parts that the report has; so is only what they did.

    Returns
    -------
    tuple of Passage
        A passage that has nothing to say is left out.
    """
    prose = tomllib.loads(template("methods.toml"))
    kinds = {anchor.partition("-")[0] for anchor in parts}
    passages = (
        ("Which results enter", prose["entry"]),
        ("Effect sizes", _measures(syntheses, prose["measures"])),
        ("Pooling", _choices(syntheses, prose)),
        ("How much results differ", prose["heterogeneity"] if syntheses else ()),
        *((title, prose["parts"][kind]) for kind, title in PARTS.items() if kind in kinds),
        (MCID_TITLE, _mcids(syntheses)),
        ("Verdicts", prose["verdicts"]),
        ("Reproduction", prose["reproduction"]),
    )
    return tuple(
        Passage(title, tuple(cited(text) for text in texts), MCID_ANCHOR if title == MCID_TITLE else "")
        for title, texts in passages
        if texts
    )


def method_references(passages: Iterable[Passage]) -> tuple[Reference, ...]:
    """Return the papers that the passages cite, in alphabetical order."""
    text = " ".join(paragraph for passage in passages for paragraph in passage.paragraphs)
    found = (reference(f"method-{key}", entry) for key, entry in _library().items() if short_name(entry) in text)
    return tuple(sorted(found, key=lambda entry: entry.text.casefold()))


def _measures(syntheses: tuple[Synthesis, ...], prose: dict[str, str]) -> list[str]:
    questions = [synthesis.question for synthesis in syntheses]
    changes = [change.measure for question in questions for change in question.sensitivity if change.measure]
    used = dict.fromkeys([*(question.measure for question in questions), *changes])
    return [prose.get(measure, f"{tidy(measure)} is pooled on its usual scale.") for measure in used]


def _choices(syntheses: tuple[Synthesis, ...], prose: dict[str, Any]) -> list[str]:
    several = [synthesis for synthesis in syntheses if len(synthesis.rows) > 1]
    main = [synthesis.primary.result for synthesis in several if synthesis.primary.result]
    others = [change.result for synthesis in several for change in synthesis.sensitivity if change.result]
    sentences = []
    for what, section, field in (
        ("The between-study variance tau² is estimated by", "estimators", "method"),
        ("The interval of the average is", "intervals", "ci_method"),
    ):
        first = dict.fromkeys(getattr(result, field) for result in main)
        beside = [name for name in dict.fromkeys(getattr(result, field) for result in others) if name not in first]
        if first:
            sentences.append(f"{what} {_words(first, prose[section])}.")
        if beside:
            sentences.append(f"Beside it, to show how much the choice matters: {_words(beside, prose[section])}.")
    return sentences


def method_in_words(section: str, name: str) -> str:
    """Return an estimator (section ``estimators``) or interval (``intervals``) in words, with its citations."""
    return cited(_words((name,), tomllib.loads(template("methods.toml"))[section]))


def _words(names: Iterable[str], prose: dict[str, str]) -> str:
    return "; ".join(prose.get(name, f"the method named {tidy(name)}") for name in names)


def _mcids(syntheses: tuple[Synthesis, ...]) -> list[str]:
    questions = [synthesis.question for synthesis in syntheses]
    return sorted(
        {
            f"{fmt.exact(question.mcid)} {tidy(question.mcid_unit)}: {tidy(question.mcid_source)}."
            for question in questions
            if question.mcid is not None
        }
    )


def cited(text: str) -> str:
    """Return prose with `{key}` replaced by the paper's authors and year."""
    library = _library()
    return re.sub(r"\{(\w+)\}", lambda match: short_name(library[match.group(1)]), text)


def _library() -> dict[str, dict[str, Any]]:
    return dict(json.loads(template("method_references.json")))
