"""Findings as lines of a terminal and as SARIF."""

from __future__ import annotations

import unicodedata
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hipevidence import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hipevidence.claims.checking import Finding
    from hipevidence.claims.documents import Document

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
SHOWN = 110  # characters of a line


def as_lines(documents: Iterable[Document], findings: Sequence[Finding]) -> Iterator[str]:
    """Yield findings as a linter prints them: place, code, message, the words underlined once, a sentence to use."""
    by_name = {document.name: document for document in documents}
    for index, one in enumerate(findings):
        yield f"{visible(one.file)}:{one.line}:{one.column} {one.code} {visible(one.message)}"
        following = findings[index + 1] if index + 1 < len(findings) else None
        if following is None or _words(following) != _words(one):
            yield from _underlined(by_name[one.file].lines, one)
        is_last = following is None or (following.file, following.text) != (one.file, one.text)
        if one.suggestion and is_last:
            yield f"    carried: {visible(one.suggestion)}"
    count = fmt.plural(len(findings), "finding")
    yield f"{count}." if findings else "Nothing found that the evidence does not carry."


def _words(one: Finding) -> tuple[str, int, int, int, int]:
    return one.file, one.line, one.column, one.end_line, one.end_column


def _underlined(lines: Sequence[str], one: Finding) -> Iterator[str]:
    if not 1 <= one.line <= len(lines):
        return
    line = lines[one.line - 1]
    last = one.end_column - 1 if one.end_line == one.line else len(line)
    start = max(one.column - 1 - 20, 0) if last > SHOWN else 0
    shown = line[start : start + SHOWN]
    width = max(min(last - start, len(shown)) - (one.column - 1 - start), 1)
    yield f"    {visible(shown)}"
    yield f"    {' ' * (one.column - 1 - start)}{'^' * width}"


def visible(text: str) -> str:
    r"""Return text in which nothing can act on a terminal or hide: control and direction marks are replaced.

    Examples
    --------
    >>> visible("a\x1b[31m\u202eb") == "a\ufffd[31m\ufffdb"
    True
    """
    return "".join("\ufffd" if unicodedata.category(mark) in UNSEEN else mark for mark in text.replace("\t", " "))


def as_sarif(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return findings as a SARIF 2.1.0 log."""
    found = list(findings)
    rules = [{"id": code} for code in sorted({one.code for one in found})]
    driver = {"name": "hipevidence", "version": version("hipevidence"), "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(one) for one in found]}
        ],
    }


def _result(one: Finding) -> dict[str, Any]:
    message = f"{one.message} Carried: {one.suggestion}" if one.suggestion else one.message
    region = {
        "startLine": one.line,
        "startColumn": one.column,
        "endLine": one.end_line,
        "endColumn": one.end_column,
        "snippet": {"text": one.text},
    }
    return {
        "ruleId": one.code,
        "level": "error" if one.level == "error" else "note",
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(one.file)}, "region": region}}],
        "properties": {"verdict": one.verdict, "claim": one.claim, "rows": list(one.rows)},
    }


def _uri(name: str) -> str:
    return quote(name.replace("\\", "/"))
