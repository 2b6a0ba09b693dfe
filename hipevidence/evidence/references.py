"""The bibliography: ``references.json`` in CSL-JSON."""

from __future__ import annotations

import re
from typing import Any

from hipevidence.errors import Problem
from hipevidence.evidence.schema import parse_json
from hipevidence.evidence.sources import Source, file_problem
from hipevidence.evidence.wording import Words, plain, shown


def read_references(source: Source, problems: list[Problem]) -> dict[str, dict[str, Any]] | None:
    """Read ``references.json``, adding what is wrong with it to ``problems``.

    Parameters
    ----------
    source
        The file: a list of CSL-JSON entries.
    problems
        Collects what is wrong.

    Returns
    -------
    dict or None
        ``id`` to entry, in the order of the file; ``None`` when it is no list.
    """
    data = parse_json(source, problems)
    if not isinstance(data, list):
        if data is not None or source.text.strip() == "null":
            action = "Put the entries between [ and ]."
            words = Words("no list", "a list of CSL-JSON entries", action)
            problems.append(file_problem(source.name, 0, words, "entry"))
        return None
    references: dict[str, dict[str, Any]] = {}
    for position, entry in enumerate(data, 1):
        key = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(key, str) or not key:
            action = 'Write it as {"id": "smith2020", "type": "article-journal", ...}.'
            words = Words("an entry without an id in quotes", "an entry with an id", action)
            problems.append(Problem(source.name, 0, f"entry {position}", "id", *words, rule="entry"))
        elif key in references:
            action = "Delete one of the two, or give it an id of its own."
            words = Words(f"{shown(key)} again", "each id once", action)
            line = _line_of(source, key, 2)
            problems.append(Problem(source.name, line, plain(key), "id", *words, rule="duplicate_key"))
        else:
            references[key] = entry
    return references


def _line_of(source: Source, key: str, occurrence: int) -> int:
    """Return the line of the n-th entry with this id, or 0."""
    places = list(re.finditer(rf'"id"\s*:\s*"{re.escape(key)}"', source.text))
    if len(places) < occurrence:
        return 0
    return source.text.count("\n", 0, places[occurrence - 1].start()) + 1
