"""Every effect size beside metafor's: ``python validation/make_table.py effects`` prints the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hipevidence.effects import MEASURES, effect_size

HERE = Path(__file__).parent
FILES = ("metafor_datasets.json", "metafor_fixed_inputs.json")


def cases() -> list[dict[str, Any]]:
    """Return every reference case of a measure that this package has."""
    found = [case for name in FILES for case in json.loads((HERE / name).read_text(encoding="utf-8"))["cases"]]
    return [case for case in found if case["measure"] in MEASURES]


def difference(ours: Any, theirs: Any) -> float:
    """Return the largest relative difference (absolute where the reference is 0)."""
    ours, theirs = np.atleast_1d(ours), np.atleast_1d(np.asarray(theirs, dtype=float))
    scale = np.where(theirs == 0, 1.0, np.abs(theirs))
    return float(np.max(np.abs(ours - theirs) / scale))


def compare() -> dict[str, tuple[int, float]]:
    """Return, by measure and variance type, how many numbers were compared and the largest difference."""
    table: dict[str, tuple[int, float]] = {}
    for case in cases():
        vtype = case.get("vtype")
        effect = effect_size(case["measure"], vtype=vtype, **case["inputs"])
        label = f"{case['measure']} ({vtype})" if vtype not in (None, "LS") else case["measure"]
        count, worst = table.get(label, (0, 0.0))
        here = max(difference(effect.yi, case["yi"]), difference(effect.vi, case["vi"]))
        table[label] = (count + 2 * np.size(case["yi"]), max(worst, here))
    return table
