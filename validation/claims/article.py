"""Hold the program's findings on the clinic's article against what a careful reader found.

Run: ``python validation/claims/article.py PATH_TO_ARTICLE``. The article itself is not part of the repository.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from hipevidence import check_text, load_evidence
from hipevidence.claims.documents import read_document

HERE = Path(__file__).parent


def main() -> int:
    """Print one line a statement, and the lines with findings that no statement asks for."""
    document = read_document(sys.argv[1])
    expected = tomllib.loads((HERE / "article_expected.toml").read_text(encoding="utf-8"))
    repeats = set(expected.pop("lines")["repeat"])
    by_line: dict[int, set[str]] = {}
    for finding in check_text(document, load_evidence(HERE.parents[1] / "data")):
        by_line.setdefault(finding.line, set()).add(finding.code)
    outcomes = []
    for key, entry in expected.items():
        codes = by_line.get(entry["line"], set())
        if entry.get("silent"):
            outcome = "silent as it should be"
        elif not codes:
            outcome = "MISSED"
        else:
            outcome = "found" if codes & set(entry["codes"]) else "WRONG CODE"
        outcomes.append(outcome)
        print(f"{key}  line {entry['line']:>3}  {outcome:<22} wanted {entry.get('codes', [])}, got {sorted(codes)}")
    claimed = {entry["line"] for entry in expected.values() if not entry.get("silent")} | repeats
    extra = {line: sorted(codes) for line, codes in by_line.items() if line not in claimed}
    for outcome in ("found", "WRONG CODE", "MISSED", "silent as it should be"):
        print(f"{outcome}: {outcomes.count(outcome)}")
    print(f"lines with a finding that make no claim: {extra or 'none'}")
    return 1 if extra or "MISSED" in outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
