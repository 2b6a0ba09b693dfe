"""Check a text: every statement that could be checked, held against all evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence.claims.checking.assess import assess
from hipevidence.claims.checking.desk import Desk, prepare
from hipevidence.claims.checking.finding import Finding
from hipevidence.claims.codes import CODES, Code
from hipevidence.claims.documents import Document, as_document
from hipevidence.claims.people import right_sentence
from hipevidence.claims.reading import read_statements
from hipevidence.claims.reading.quantities import quantities
from hipevidence.claims.reading.unread import unread
from hipevidence.claims.registry import ISO_DATE
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hipevidence.claims.checking.assess import Assessment
    from hipevidence.claims.documents import Allowance
    from hipevidence.claims.reading import Statement
    from hipevidence.claims.reason import Reason
    from hipevidence.evidence import Evidence

TYPED: Final = "typed_figure"  # the code of a figure in copy that no slot wrote
RESULTS: Final = frozenset(
    {
        "percent",
        "points",
        "effect",
        "odds",
        "risk",
        "hazard",
        "likely",
        "times",
        "part",
        "part_word",
        "people",
        "studies",
        "outcomes",
    }
)
ALLOWANCE: Final = "allowance"  # the code of a comment that allows nothing: no reason, no known code, nothing to allow


def check_text(
    text: str | Document,
    evidence: Evidence | Desk,
    *,
    name: str = "<text>",
    form: str = "txt",
    today: str | None = None,
    notes: bool = False,
) -> tuple[Finding, ...]:
    """Return what the evidence does not carry in a text.

    Parameters
    ----------
    text
        The text, or a document that was read.
    evidence
        The data folder; or what :func:`hipevidence.claims.checking.prepare` made of it, to check many texts.
    name
        What to call the text in findings.
    form
        ``txt``, ``md`` or ``html``, for a text given as such.
    today
        ISO date; statements whose registry entry had to be read again by then are reported. ``None`` leaves it out.
    notes
        Whether to return notes as well: what is carried, but should have something beside it.

    Returns
    -------
    tuple of Finding
        In the order of the text. Right figures with the right people, comparison and outcome give none, and what could
        not be checked (prices, dates, instructions, questions) neither.

    Raises
    ------
    InputError
        If ``form`` or ``today`` is not as described.

    Examples
    --------
    >>> from hipevidence import load_evidence
    >>> found = check_text("Weak hips cause kneecap pain.", load_evidence("data"))
    >>> "causal_from_observational" in {finding.code for finding in found}
    True
    >>> check_text("We are open from 8 to 6.", load_evidence("data"))
    ()
    """
    if today is not None and not ISO_DATE.fullmatch(today):
        raise InputError(f"today is {today!r}; allowed: a date as in 2027-01-31, or None. Write year, month and day.")
    desk = evidence if isinstance(evidence, Desk) else prepare(evidence)
    document = text if isinstance(text, Document) else as_document(text, name, form)
    found: list[Finding] = []
    statements = tuple(read_statements(document, desk.resources))
    for statement in statements:
        found += _findings(assess(statement, desk, today), document, desk, statements)
    found += [_not_read(*place, document, desk) for place in unread(document, statements, desk.resources)]
    found = _as_allowed(found, document)
    kept = [one for one in found if notes or one.level == "error"]
    return tuple(sorted(kept, key=lambda one: (one.line, one.column)))


def is_rendered(document: Document) -> bool:
    """Return whether any word of a document came through a slot."""
    return any(any(passage.from_slot) for passage in document.passages)


def typed_figures(document: Document) -> tuple[Finding, ...]:
    """Return the result figures of rendered copy that did not come through a slot.

    Parameters
    ----------
    document
        Copy as ``hipevidence render`` writes it, in Markdown or HTML.
    """
    found = []
    for passage in document.passages:
        for number in quantities(passage.text):
            from_slot = any(passage.from_slot[number.start : number.end])
            if number.unit not in RESULTS or from_slot:
                continue
            (line, column), (end_line, end_column) = passage.place(number.start), passage.place(number.end - 1)
            words = passage.text[number.start : number.end]
            message = f"{words}: typed by hand; pull it through a slot such as {{{{ figure(ID) }}}}."
            place = (line, column, end_line, end_column + 1)
            found.append(Finding(document.name, *place, "error", TYPED, "", message, "", "", (), words))
    return tuple(found)


def _findings(
    assessment: Assessment, document: Document, desk: Desk, statements: Iterable[Statement]
) -> Iterable[Finding]:
    statement = assessment.statement
    siblings = [one for one in statements if one is not statement and one.sentence == statement.sentence]
    passage = document.passages[statement.passage]
    suggestion, nearest = desk.suggestion(statement.text)
    claim = assessment.lenders[0].claim.id if assessment.lenders else nearest
    end_line, end_column = passage.place(max(statement.end - 1, statement.start))
    for level, reasons in (("error", assessment.errors), ("note", assessment.notes)):
        for reason in reasons:
            line, column, last_line, last_column = _where(reason, assessment, document) or (
                statement.line, statement.column, end_line, end_column + 1,
            )  # fmt: skip
            yield Finding(
                file=document.name,
                line=line,
                column=column,
                end_line=last_line,
                end_column=last_column,
                level="error" if level == "error" else "note",
                code=str(reason.code),
                verdict=assessment.verdict,
                message=reason.sentence,
                suggestion=right_sentence(reason, statement, siblings, desk.ratios) or suggestion,
                claim=claim,
                rows=reason.evidence,
                text=statement.text,
            )


def _not_read(passage: int, start: int, end: int, document: Document, desk: Desk) -> Finding:
    """Return the finding for a sentence that asserts something on the topic in words that were not understood."""
    place = document.passages[passage]
    text = place.text[start:end].strip()
    (line, column), (end_line, end_column) = place.place(start), place.place(max(end - 1, start))
    suggestion, nearest = desk.suggestion(text)
    return Finding(
        file=document.name,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column + 1,
        level="error",
        code=str(Code.UNTRACED),
        verdict="not verifiable",
        message="This could not be found in the tables, or its words were not understood: put it more plainly.",
        suggestion=suggestion,
        claim=nearest,
        rows=(),
        text=text,
    )


def _where(reason: Reason, assessment: Assessment, document: Document) -> tuple[int, int, int, int] | None:
    """Return the place of the one figure that a reason names; ``None`` where it is about the whole statement."""
    statement = assessment.statement
    passage = document.passages[statement.passage]
    named = [
        figure
        for figure in (*statement.figures, *statement.others)
        if passage.text[statement.start + figure.start : statement.start + figure.end].split()[0:1]
        and passage.text[statement.start + figure.start : statement.start + figure.end].split()[0].strip("%(),")
        in reason.sentence
    ]
    if len(named) != 1:
        return None
    first, last = statement.start + named[0].start, statement.start + max(named[0].end - 1, named[0].start)
    return (*passage.place(first), passage.place(last)[0], passage.place(last)[1] + 1)


def _as_allowed(found: Sequence[Finding], document: Document) -> list[Finding]:
    """Return findings without those that a comment allows, and with one for each comment that cannot stand."""
    kept = list(found)
    for allowance in document.allowances:
        problem = _problem(allowance)
        if problem:
            kept.append(_about_comment(allowance, problem, document))
            continue
        first, last = _reach(allowance, document)
        allowed = [one for one in kept if one.code == allowance.code and first <= one.line <= last]
        if not allowed:
            kept.append(
                _about_comment(allowance, f"nothing here gives {allowance.code}; take the comment out", document)
            )
        kept = [one for one in kept if one not in allowed]
    return kept


def _problem(allowance: Allowance) -> str:
    known = {str(code) for code in CODES}
    if allowance.code not in known:
        what = f"{allowance.code!r} is no reason code" if allowance.code else "it names no reason code"
        return f"{what}; write: hipevidence: allow CODE reason"
    return "" if allowance.reason else "it gives no reason; say why the statement may stand"


def _reach(allowance: Allowance, document: Document) -> tuple[int, int]:
    """Return the lines a comment holds for: its own passage if it stands in one, else the next."""
    spans = [(passage.places[0][0], passage.places[-1][0]) for passage in document.passages if passage.places]
    for first, last in spans:
        if first <= allowance.line <= last:
            return first, last
    return next(((first, last) for first, last in spans if first >= allowance.last_line), (0, 0))


def _about_comment(allowance: Allowance, problem: str, document: Document) -> Finding:
    return Finding(
        file=document.name,
        line=allowance.line,
        column=allowance.column,
        end_line=allowance.line,
        end_column=allowance.column + 1,
        level="error",
        code=ALLOWANCE,
        verdict="",
        message=f"This comment allows nothing: {problem}.",
        suggestion="",
        claim="",
        rows=(),
        text="",
    )
