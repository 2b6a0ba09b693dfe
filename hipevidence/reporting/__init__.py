"""The report: one frozen model of every string, printed as web page, PDF, tables and copy-ready figures."""

from __future__ import annotations

from hipevidence.reporting.build import build_report
from hipevidence.reporting.model import ReportModel
from hipevidence.reporting.verified import verified_figures
from hipevidence.reporting.write import Since, check_report, report_files, write_report

__all__ = ["ReportModel", "Since", "build_report", "check_report", "report_files", "verified_figures", "write_report"]
