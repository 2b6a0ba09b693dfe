"""Hold a clinic's public statements about hip strengthening and knee pain against the trials.

Everything meant for other people's scripts is here; each name is loaded when it is first used, so that
``import hipevidence`` costs nothing.

Examples
--------
>>> import hipevidence as he
>>> effect = he.effect_size("SMD", mean1=2.6, sd1=2.1, n1=45, mean2=3.8, sd2=2.2, n2=44)
>>> round(effect.yi, 2)
-0.55
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hipevidence.claims import check_text, verdicts
    from hipevidence.effects import effect_size
    from hipevidence.errors import EvidenceError, HipEvidenceError, InputError
    from hipevidence.evidence import load_evidence, validate
    from hipevidence.figures.forest import forest
    from hipevidence.frames import pool_many
    from hipevidence.pooling import pool
    from hipevidence.reporting import check_report, write_report
    from hipevidence.results import Interval
    from hipevidence.synthesis import synthesise

__all__ = [
    "EvidenceError",
    "HipEvidenceError",
    "InputError",
    "Interval",
    "check_report",
    "check_text",
    "effect_size",
    "forest",
    "load_evidence",
    "pool",
    "pool_many",
    "synthesise",
    "validate",
    "verdicts",
    "write_report",
]

_ROOMS: Final = {
    "EvidenceError": "errors",
    "HipEvidenceError": "errors",
    "InputError": "errors",
    "Interval": "results",
    "check_report": "reporting",
    "check_text": "claims",
    "effect_size": "effects",
    "forest": "figures",
    "load_evidence": "evidence",
    "pool": "pooling",
    "pool_many": "frames",
    "synthesise": "synthesis",
    "validate": "evidence",
    "verdicts": "claims",
    "write_report": "reporting",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its room when it is first asked for (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})
