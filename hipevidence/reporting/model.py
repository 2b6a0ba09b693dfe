"""The report as data: every string a reader sees, worded once, printed alike as web page and as PDF.

Nothing here computes or formats. ``build.py`` fills these records; the printers only lay them out.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from hipevidence.format import DASH


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, one sentence, or one link.

    Attributes
    ----------
    text
        What it says.
    href
        Where it leads: ``#id`` of another place in the report, an http(s) address, or ``""``.
    pieces
        The same in pieces, where only some of its words lead somewhere.
    """

    text: str
    href: str = ""
    pieces: tuple[Cell, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """Heading of a column.

    Attributes
    ----------
    title
        The heading.
    kind
        ``label`` names the row, ``number`` is set flush right, ``text`` may be long.
    width
        Share of the width in the PDF; 0 takes what the content needs.
    """

    title: str
    kind: Literal["label", "number", "text"] = "text"
    width: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    cells
        One cell a column.
    id
        Anchor other places lead to, or ``""``.
    strong
        Whether the row carries the main result.
    """

    cells: tuple[Cell, ...]
    id: str = ""
    strong: bool = False

    def leading_to(self, anchor: str, column: int) -> Row:
        """Return the row with one of its cells leading to a place of the report, unless nothing stands in it."""
        if self.cells[column].text == DASH:
            return self
        changed = dataclasses.replace(self.cells[column], href=f"#{anchor}")
        return dataclasses.replace(self, cells=(*self.cells[:column], changed, *self.cells[column + 1 :]))


@dataclasses.dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote of a table: its anchor, its mark and what it says."""

    id: str
    mark: str
    said: Cell


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption.

    Attributes
    ----------
    id, caption, columns, rows
        Anchor, heading and content.
    note
        What the headings cannot explain.
    footnotes
        What single cells need explained; their marks lead here.
    reflows
        Whether each row becomes a card on a narrow screen; other tables scroll there.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str | Cell = ""
    footnotes: tuple[Footnote, ...] = ()
    reflows: bool = False

    def resting_on(self, anchor: str, column: int) -> Table:
        """Return the table with the cells of a column leading to the rows that its numbers rest on."""
        return dataclasses.replace(self, rows=tuple(row.leading_to(anchor, column) for row in self.rows))


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A picture: ``file`` is its path in the report folder, ``svg`` its markup (safe to inline)."""

    id: str
    title: str
    alt: str
    file: str
    svg: str


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """One headline figure of a question: its name, its value, what to know about it, and where its rows stand."""

    name: str
    value: Cell
    note: Cell


@dataclasses.dataclass(frozen=True, slots=True)
class Badge:
    """A verdict as it is shown: ``key`` for the printers, a word and a symbol for the reader, never colour alone."""

    key: str
    word: str
    symbol: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is not better than it is: the code of the comparison that failed, and a sentence."""

    code: str
    sentence: Cell


@dataclasses.dataclass(frozen=True, slots=True)
class ClaimCard:
    """One statement with its verdict.

    Attributes
    ----------
    id, number
        Anchor on the page, and the name of the claim in the tables.
    section
        Where the statement stands.
    statement
        What is said, in our words.
    badge
        The verdict.
    reasons
        One a failed comparison.
    carried
        The sentence the evidence does carry.
    basis, basis_id
        How much stands behind it, in words; anchor of that.
    rests_on
        The questions, published pooled results and rows behind it, as links.
    """

    id: str
    number: str
    section: str
    statement: str
    badge: Badge
    reasons: tuple[Reason, ...]
    carried: Cell
    basis: str
    basis_id: str
    rests_on: tuple[Cell, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class VerdictGroup:
    """All statements of one verdict, with what that verdict asks of whoever writes the next text."""

    id: str
    badge: Badge
    count: str
    advice: str
    cards: tuple[ClaimCard, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A headed part of a question's section or of the report: prose, then pictures, then tables, then smaller parts.

    Attributes
    ----------
    id, title
        Anchor and heading.
    paragraphs
        What it says, main sentence first. In parts of a question, numbers of a plain text lead to the question's rows.
    figures, tables
        What it shows.
    parts
        Parts of it, each headed one level lower.
    """

    id: str
    title: str
    paragraphs: tuple[str | Cell, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def all_figures(self) -> tuple[Figure, ...]:
        """Its pictures and those of its parts, in page order."""
        return (*self.figures, *(figure for part in self.parts for figure in part.all_figures))


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionSection:
    """One question and its answer.

    Attributes
    ----------
    id, title, plain
        Anchor, title, and the question in plain words.
    answer
        Sentences that answer it, main one first.
    facts
        Headline figures.
    figure
        The forest plot; ``None`` where there is nothing to draw.
    studies, pooled, others, missing
        Rows that entered, every analysis, rows in which analyses differ, rows that did not enter; ``None`` where there
        are none.
    caveats
        What to keep in mind.
    parts
        What other rooms add to the answer, one a headed part.
    """

    id: str
    title: str
    plain: str
    answer: tuple[Cell, ...]
    facts: tuple[Fact, ...]
    figure: Figure | None
    studies: Table | None
    pooled: Table | None
    others: Table | None
    missing: Table | None
    caveats: tuple[Cell, ...]
    parts: tuple[Part, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list, already worded."""

    id: str
    text: str
    href: str


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A headed passage of prose, and its anchor where links lead to it."""

    title: str
    paragraphs: tuple[str, ...]
    id: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ReportModel:
    """The whole report, in page order.

    Attributes
    ----------
    title, subtitle
        Head of the first page.
    lead
        What the report says in a few sentences.
    opening
        What stands before the statements, such as the summary of findings.
    groups
        What we can say today: statements by verdict.
    limits, overview
        What the reader must know about missing results before any figure; all estimates in one table.
    questions
        One section a question.
    sections
        What concerns more than one question, between the questions and the data.
    data
        Tables of all rows and of published pooled results.
    references
        Sources of the evidence.
    methods, method_references
        How it was done, and the papers that describe the methods.
    provenance
        Input files and their SHA-256.
    """

    title: str
    subtitle: str
    lead: tuple[Cell, ...]
    groups: tuple[VerdictGroup, ...]
    limits: Part
    overview: Table
    questions: tuple[QuestionSection, ...]
    data: tuple[Table, ...]
    references: tuple[Reference, ...]
    methods: tuple[Passage, ...]
    method_references: tuple[Reference, ...]
    provenance: Table
    opening: tuple[Part, ...] = ()
    sections: tuple[Part, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every picture of the report, in page order."""
        found: list[Figure] = []
        for section in self.questions:
            found += [section.figure] if section.figure is not None else []
            found += [figure for part in section.parts for figure in part.all_figures]
        return (*found, *(figure for part in self.sections for figure in part.all_figures))

    def as_data(self) -> dict[str, Any]:
        """Return the report as plain lists and mappings, pictures by file name only."""
        return dataclasses.asdict(self, dict_factory=_without_markup)


def _without_markup(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if name != "svg"}
