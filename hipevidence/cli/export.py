"""``hipevidence export``: the pooled rows for another program, or the whole evidence base as one file."""

from __future__ import annotations

import csv
import enum
import io
from pathlib import Path  # noqa: TC003 - typer reads the annotation when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, AsJson, DataFolder, chosen, print_json
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.exchange import Entry


class Format(enum.StrEnum):
    """What other programs read."""

    REVMAN = "revman"
    METAFOR = "metafor"
    METAPSY = "metapsy"
    PACKAGE = "package"


def export(
    out: Annotated[Path, typer.Argument(help="File to write; it must not exist yet.")],
    questions: Annotated[list[str] | None, typer.Argument(help="Questions; all when none is named.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Format.")] = Format.METAFOR,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Write the rows that answer questions for RevMan, metafor or Metapsy, or the whole base as a data package."""
    from hipevidence.evidence import load_evidence
    from hipevidence.evidence.exchange import data_package, data_rows, metafor_rows, metapsy_rows
    from hipevidence.reporting.tables import cell

    evidence = load_evidence(data)
    if form is Format.PACKAGE:
        _write(out, data_package(data, cell))
    else:
        ids = chosen(questions or [], [question.id for question in evidence.questions], "question")
        writer = {Format.REVMAN: data_rows, Format.METAFOR: metafor_rows, Format.METAPSY: metapsy_rows}[form]
        _write(out, _csv(writer(_entries(evidence, ids))))
    if as_json:
        print_json({"written": [str(out)]})
    else:
        typer.echo(f"Written: {out}")


def _entries(evidence: Evidence, questions: list[str]) -> Iterator[Entry]:
    """Yield the rows of the primary analysis of each question, with the figures as printed."""
    from hipevidence.evidence.exchange import Entry
    from hipevidence.synthesis import synthesise
    from hipevidence.synthesis.row_effect import choose_way

    records = {str(row["row_id"]): row for row in evidence.records("studies")}
    printed = {str(row["row_id"]): row for row in evidence.printed["studies"].to_dict("records")}
    for key in questions:
        answer = synthesise(evidence, key)
        for row in answer.rows:
            way = choose_way(records[row.row_id], answer.question.measure, answer.question.score)
            texts = {str(name): str(text) for name, text in printed[row.row_id].items()}
            yield Entry(key, answer.question.title, row.measure, row.label, way, row.yi, row.vi, texts)


def _csv(rows: Iterable[Mapping[str, str | float | None]]) -> bytes:
    """Return rows as CSV, numbers at full precision and text harmless for a spreadsheet."""
    from hipevidence.reporting.tables import cell

    listed = list(rows)
    if not listed:
        raise InputError("found no row that answers these questions; allowed: at least one. Choose other questions.")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(listed[0]), lineterminator="\n")
    writer.writeheader()
    for row in listed:
        texts = {name: _exact(value) if isinstance(value, float) else value for name, value in row.items()}
        writer.writerow({name: cell(text) for name, text in texts.items()})
    return buffer.getvalue().encode()


def _exact(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _write(out: Path, content: bytes) -> None:
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise InputError(f"{out} exists already; allowed: a new file. Choose another name.") from error
