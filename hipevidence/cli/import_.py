"""``hipevidence import``: rows of other programs in our columns, or a data package as a new folder."""

from __future__ import annotations

import csv
import enum
import io
import json
from pathlib import Path  # noqa: TC003 - typer reads the annotation when the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from hipevidence.cli.common import DEFAULT_DATA, AsJson, DataFolder, print_json
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from hipevidence.evidence.schema import Resource


class Format(enum.StrEnum):
    """What other programs write."""

    REVMAN = "revman"
    RM5 = "rm5"
    METAFOR = "metafor"
    METAPSY = "metapsy"
    PACKAGE = "package"


def import_(
    source: Annotated[Path, typer.Argument(help="File of another program.")],
    out: Annotated[Path, typer.Argument(help="CSV to write, or folder for a data package; it must not exist yet.")],
    form: Annotated[Format, typer.Option("--format", help="Format.")] = Format.METAFOR,
    cells: Annotated[
        list[str] | None, typer.Option("--set", help="A cell of every row, as column=value. Repeatable.")
    ] = None,
    data: DataFolder = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Turn another program's file into rows of studies.csv to look through; then: hipevidence add --from OUT."""
    from hipevidence.evidence import load_evidence
    from hipevidence.evidence.exchange import unpack_package
    from hipevidence.evidence.writing import row_from_pairs
    from hipevidence.evidence.writing.start import write_new_folder

    if form is Format.PACKAGE:
        written = [str(path) for path in write_new_folder(out, unpack_package(_bytes(source)))]
        load_evidence(out)
    else:
        resource = load_evidence(data).schema.resource("studies")
        rows = _rows(source, form, row_from_pairs(cells or [], resource))
        papers = out.with_suffix(".references.json")
        _write(out, _table(rows, resource))
        _write(papers, _bibliography(rows, source.name))
        written = [str(out), str(papers)]
    if as_json:
        print_json({"written": written})
    else:
        typer.echo(f"Written: {', '.join(written)}")
        if form is not Format.PACKAGE:
            typer.echo(f"Look through them, then: hipevidence add --from {written[0]} --reference {written[1]}")


def _rows(source: Path, form: Format, common: dict[str, str]) -> list[dict[str, str]]:
    from hipevidence.evidence.exchange import finished, read_data_rows, read_metafor, read_metapsy, read_rm5
    from hipevidence.evidence.writing.row import read_text

    measure = common.get("effect_measure", "")
    if form is Format.RM5:
        rows = read_rm5(_bytes(source), measure)
    else:
        readers = {Format.REVMAN: read_data_rows, Format.METAFOR: read_metafor, Format.METAPSY: read_metapsy}
        rows = readers[form](read_text(source), measure)
    kept = {name: text for name, text in common.items() if name != "effect_measure"}
    return finished(rows, kept, source.name)


def _table(rows: list[dict[str, str]], resource: Resource) -> bytes:
    from hipevidence.evidence.exchange.columns import neutralised
    from hipevidence.reporting.tables import cell

    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(resource.columns), restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:  # somebody will look through them in a spreadsheet
        writer.writerow({name: neutralised(text, cell) for name, text in row.items()})
    return buffer.getvalue().encode()


def _bibliography(rows: list[dict[str, str]], source: str) -> bytes:
    """Return a bare entry for each paper: its name is all that the other program says."""
    papers = {row["study_id"]: row for row in rows}
    entries = [
        {"id": key, "type": "article-journal", "note": f"Named {row['study']} in {source}; complete this entry"}
        for key, row in sorted(papers.items())
    ]
    return (json.dumps(entries, indent=2, ensure_ascii=False) + "\n").encode()


def _write(out: Path, content: bytes) -> None:
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise InputError(f"{out} exists already; allowed: a new file. Choose another name.") from error


def _bytes(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise InputError(f"{source} cannot be read ({error.strerror}); allowed: a file. Check the name.") from error
