"""A comparison as Markdown, for a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hipevidence.changes.certainty import certainty_lines
from hipevidence.changes.wording import LONG, answer_lines, moved_rows, remark, summary
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.changes.compare import Changes

#: Signs with which a text from a table could become a heading, a link, a table, HTML or a mention.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~&$])")


def as_markdown(changes: Changes) -> str:
    """Return a comparison as Markdown.

    Parameters
    ----------
    changes
        From ``compare``.

    Returns
    -------
    str
        Headings and tables; text from the tables is escaped, so that it stays text.
    """
    parts = ["## What changes", "", summary(changes), ""]
    for title, section in (
        ("Questions", _questions(changes)),
        ("Statements", _claims(changes)),
        ("Rows", _rows(changes)),
    ):
        if lines := list(section):
            parts += [f"### {title}", "", *lines, ""]
    return "\n".join(parts).rstrip("\n") + "\n"


def _questions(changes: Changes) -> Iterator[str]:
    for change in changes.questions:
        yield f"**{_safe(change.question.title)}** (`{change.question.id}`)"
        yield ""
        yield "| | before | after |"
        yield "| --- | --- | --- |"
        yield from (f"| {what} | {_safe(old)} | {_safe(new)} |" for what, old, new in answer_lines(change))
        yield ""
        yield from (f"- {_safe(row_id)} {_safe(what)}" for row_id, what in moved_rows(change))
        yield from (f"- {_safe(line)}" for line in certainty_lines(change.rating_old, change.rating_new))
        if remark(change):
            yield f"- **{remark(change)}**"
        yield ""


def _claims(changes: Changes) -> Iterator[str]:
    if not changes.claims:
        return
    yield "| statement | before | after | reasons gained | reasons lost |"
    yield "| --- | --- | --- | --- | --- |"
    for change in changes.claims:
        reasons = (" ".join(map(_safe, sentences)) or "none" for sentences in (change.gained, change.lost))
        cells = (f"{change.claim_id} {_safe(change.statement)}", change.old or "none", change.new or "none", *reasons)
        yield f"| {' | '.join(cells)} |"


def _rows(changes: Changes) -> Iterator[str]:
    if not changes.rows:
        return
    yield "| table | row | column | before | after |"
    yield "| --- | --- | --- | --- | --- |"
    for change in changes.rows:
        yield f"| {change.table} | {_safe(change.key)} | {change.kind} | | |"
        for cell in change.cells:
            yield f"| | | {_safe(cell.column)} | {_safe(cell.old)} | {_safe(cell.new)} |"


def _safe(text: str) -> str:
    return _MARKUP.sub(r"\\\1", plain(text, LONG)).replace("@", "&#64;")
