"""The report as one web page: no second file, nothing loaded from elsewhere, whole without its one script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from hipevidence.reporting.glyphs import share_glyphs
from hipevidence.reporting.templates import script, template

if TYPE_CHECKING:
    from hipevidence.reporting.model import ReportModel


def html(report: ReportModel) -> bytes:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    report
        The report.

    Returns
    -------
    bytes
        UTF-8; every text is escaped, pictures and style are inside. Everything is readable without a script; the one
        inline script, which the content policy names by its hash, adds sorting, filtering, finding and copying.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(template("report.html.j2"))
    letters, markups = share_glyphs(figure.svg for figure in report.figures)
    pictures = {figure.id: markup for figure, markup in zip(report.figures, markups, strict=True)}
    code, digest = script("shared.js", "report.js")
    text = page.render(
        report=report, style=template("report.css"), letters=letters, pictures=pictures, script=code, digest=digest
    )
    return (text.strip() + "\n").encode()
