"""The report for print, set by typst from the same model as the web page."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
import typst

from hipevidence.reporting.templates import template

if TYPE_CHECKING:
    from hipevidence.reporting.model import ReportModel

#: PDF/UA-1: the build fails when a picture has no alternative text or a heading is skipped.
STANDARD: Final = "ua-1"


def pdf(report: ReportModel) -> bytes:
    """Return the report as PDF.

    Parameters
    ----------
    report
        The report.

    Returns
    -------
    bytes
        Accessible (PDF/UA-1), without a date; the same report gives the same bytes.
    """
    with tempfile.TemporaryDirectory() as name:
        main = write_project(report, Path(name))
        return bytes(
            typst.compile(
                main,
                root=main.parent,
                font_paths=[Path(mpl.get_data_path()) / "fonts" / "ttf"],
                ignore_system_fonts=True,
                pdf_standards=[STANDARD],
            )
        )


def write_project(report: ReportModel, folder: Path) -> Path:
    """Write what the typesetter needs to a folder and return its main file.

    The template is fixed; every text of the report goes into report.json, so the typesetter never reads it as markup.
    """
    for figure in report.figures:
        picture = folder / figure.file
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(figure.svg, encoding="utf-8")
    (folder / "report.json").write_text(json.dumps(report.as_data()), encoding="utf-8")
    main = folder / "report.typ"
    main.write_text(template("report.typ"), encoding="utf-8")
    return main
