"""Print recall, precision and false passes on the sets of statements in tests/claims/check and on the blind ones here.

Run: ``python validation/claims/sets.py``.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from hipevidence import check_text, load_evidence
from hipevidence.claims.checking import Desk, prepare

ROOT = Path(__file__).parents[2]
SETS = ROOT / "tests" / "claims" / "check"


def score(path: Path, desk: Desk) -> None:
    """Print one line for a set."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    flagged_wrong = flagged_right = coded = 0
    wrong = [one for one in entries["statement"] if "codes" in one]
    right = [one for one in (*entries["statement"], *entries["innocent"]) if "codes" not in one]
    for one in wrong:
        codes = {finding.code for finding in check_text(one["text"], desk)}
        flagged_wrong += bool(codes)
        coded += bool(codes & set(one["codes"]))
    flagged_right = sum(bool(check_text(one["text"], desk)) for one in right)
    flagged = flagged_wrong + flagged_right
    print(
        f"{path.stem:9} wrong {len(wrong)}: flagged {flagged_wrong}, with a right code {coded}, "
        f"passed {len(wrong) - flagged_wrong}; "
        f"right or innocent {len(right)}: flagged {flagged_right}; "
        f"recall {flagged_wrong / len(wrong):.3f}, precision {flagged_wrong / flagged:.3f}"
    )


def main() -> int:
    """Print every set."""
    desk = prepare(load_evidence(ROOT / "data"))
    for name in ("tuning", "held_out", "fresh", "slogans", "reports"):
        score(SETS / f"{name}.toml", desk)
    for path in sorted(Path(__file__).parent.glob("blind*.toml")):
        score(path, desk)
    return 0


if __name__ == "__main__":
    sys.exit(main())
