"""Row checks: what a reviewer would ask about a row's figures. Importing this package registers every rule.

A finding is a question to the person who entered the row; it never removes one. Pure functions on printed numbers do
the arithmetic (``printed``, ``lattice``, ``grim``, ``grimmer``, ``debit``, ``bounds``, ``intervals``); the others ask
them about rows. ``docs/rules/README.md`` has a section on each rule.
"""

from __future__ import annotations

from hipevidence.evidence.checks import (
    bias,
    change,
    direction,
    estimates,
    integer_scales,
    papers,
    recompute,
    repeats,
    spread,
)
from hipevidence.evidence.checks.acknowledge import acknowledge

__all__ = [
    "acknowledge",
    "bias",
    "change",
    "direction",
    "estimates",
    "integer_scales",
    "papers",
    "recompute",
    "repeats",
    "spread",
]
