"""The report folder: made in memory, written beside its place, and moved there in one go."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hipevidence.errors import InputError
from hipevidence.reporting.build import build_report
from hipevidence.reporting.folder import foreign_files, replace_folder
from hipevidence.reporting.html import html
from hipevidence.reporting.manifest import NAME, manifest, read_manifest, to_json
from hipevidence.reporting.pdf import pdf
from hipevidence.reporting.pictures import picture
from hipevidence.reporting.tables import csv_tables
from hipevidence.reporting.verified import verified_figures
from hipevidence.reporting.verified_page import verified_csv, verified_html
from hipevidence.reporting.word import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.evidence import Evidence

    Progress = Callable[[str, int, int], None]

PAGE: Final = "index.html"
PRINT: Final = "report.pdf"
WORD: Final = "report.docx"
VERIFIED: Final = "verified_figures.json"
VERIFIED_TABLE: Final = "verified_figures.csv"
VERIFIED_PAGE: Final = "verified_figures.html"
#: Steps beside one estimate and one picture a question.
_OTHER_STEPS: Final = 4


class Since(NamedTuple):
    """An earlier state of the evidence that a report compares with: its name, and what stood there."""

    name: str
    evidence: Evidence


def report_files(
    evidence: Evidence, *, docx: bool = False, since: Since | None = None, progress: Progress | None = None
) -> dict[str, bytes]:
    """Return every file of the report.

    Parameters
    ----------
    evidence
        The tables, as ``load_evidence`` gives them.
    docx
        Whether to make a Word document as well, which needs python-docx.
    since
        An earlier state; the report then has a section on what changed since.
    progress
        Called before each step with its name, the number of steps done, and the number of all steps.

    Returns
    -------
    dict of str to bytes
        Path in the report folder to content; the same tables give the same bytes.
    """
    from hipevidence.changes import compare  # noqa: PLC0415 - reading a committed report does not need the engine
    from hipevidence.claims import verdicts  # noqa: PLC0415 - the same
    from hipevidence.synthesis import synthesise  # noqa: PLC0415 - the same

    tick = _counter(progress, 2 * len(evidence.questions) + _OTHER_STEPS + docx + (since is not None))
    syntheses = []
    for question in evidence.questions:
        tick(f"pooling {question.id}")
        syntheses.append(synthesise(evidence, question))
    answers = tuple(syntheses)
    tick("verdicts")
    found = tuple(verdicts(evidence, answers))
    figures = {}
    for answer in answers:
        tick(f"drawing {answer.question.id}")
        if answer.rows:
            figures[answer.question.id] = picture(evidence, answer)
    compared = None
    if since is not None:
        tick("comparing")
        compared = since.name, compare(since.evidence, evidence)
    report = build_report(evidence, answers, found, figures, compared)
    files = {figure.file: figure.svg.encode() for figure in report.figures}
    files |= {f"tables/{name}": content for name, content in csv_tables(answers, found).items()}
    entries = verified_figures(evidence, answers, found)
    files |= {
        VERIFIED: to_json(entries),
        VERIFIED_TABLE: verified_csv(entries),
        VERIFIED_PAGE: verified_html(entries),
    }
    tick("page")
    files[PAGE] = html(report)
    tick("print")
    files[PRINT] = pdf(report)
    if docx:
        tick("Word document")
        files[WORD] = word(report)
    tick("manifest")
    record = manifest(evidence, answers, files)
    if since is not None:
        record["since"] = {"name": since.name, "inputs": dict(sorted(since.evidence.hashes.items()))}
    files[NAME] = to_json(record)
    return dict(sorted(files.items()))


def write_report(
    evidence: Evidence,
    out: str | Path,
    *,
    docx: bool = False,
    since: Since | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write the report to a folder, whole or not at all.

    Parameters
    ----------
    evidence
        The tables, as ``load_evidence`` gives them.
    out
        Folder of the report: a new or empty one, or one that holds an earlier report. Other files beside an earlier
        report stay.
    docx
        Whether to write a Word document as well, which needs python-docx.
    since
        An earlier state; the report then has a section on what changed since.
    progress
        Called before each step with its name, the number of steps done, and the number of all steps.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    InputError
        If the folder holds something else than a report, or cannot be written. It is then untouched.
    """
    target = Path(out).resolve()
    kept = foreign_files(target)
    files = report_files(evidence, docx=docx, since=since, progress=progress)
    try:
        replace_folder(target, files, kept)
    except OSError as error:
        raise InputError(
            f"the report cannot be written to {target}: {error.strerror or error}; allowed: a folder you may write and "
            "rename. Choose another with --out; nothing was changed."
        ) from error
    return tuple(target / path for path in files)


def check_report(
    evidence: Evidence, out: str | Path, *, since: Since | None = None, progress: Progress | None = None
) -> list[str]:
    """Return the files of a written report that are not what the tables give.

    Parameters
    ----------
    evidence
        The tables, as ``load_evidence`` gives them.
    out
        Folder of the report.
    since
        The earlier state that the report should compare with.
    progress
        As for ``write_report``.

    Returns
    -------
    list of str
        Paths that differ, are missing, or that an earlier report left behind; empty when all is well.

    Notes
    -----
    With the versions of the programs that the manifest names, every byte is compared. With others, what those programs
    draw may differ by a hair: pictures, print and Word are then not compared, the page without its pictures, and the
    manifest without versions and output hashes. Tables, figures in text and rows used must agree in any case.
    """
    folder = Path(out)
    old = read_manifest(folder)
    has_word = old is not None and WORD in old["outputs"]
    new = report_files(evidence, docx=has_word, since=since, progress=progress)
    same_programs = old is not None and old.get("versions") == _versions_of(new)
    differing = [path for path, content in new.items() if not _agrees(folder / path, content, exact=same_programs)]
    stale = [path for path in (old or {}).get("outputs", {}) if path not in new and (folder / path).exists()]
    return sorted({*differing, *stale})


def _counter(progress: Progress | None, total: int) -> Callable[[str], None]:
    done = 0

    def tick(name: str) -> None:
        nonlocal done
        if progress is not None:
            progress(name, done, total)
        done += 1

    return tick


def _versions_of(files: dict[str, bytes]) -> Any:
    return json.loads(files[NAME])["versions"]


def _agrees(path: Path, content: bytes, *, exact: bool) -> bool:
    try:
        found = path.read_bytes()
    except OSError:
        return False
    if exact or found == content:
        return found == content
    if path.name == NAME:
        return bool(_without_programs(found) == _without_programs(content))
    if path.name == PAGE:
        return _without_pictures(found) == _without_pictures(content)
    return path.suffix in {".svg", ".pdf", ".docx"}


def _without_pictures(page: bytes) -> bytes:
    return re.sub(rb"<svg\b.*?</svg>", b"", page, flags=re.DOTALL)


def _without_programs(content: bytes) -> Any:
    try:
        parts = json.loads(content)
    except ValueError:
        return None
    return {name: part for name, part in parts.items() if name not in {"versions", "outputs"}}
