"""The claims: each statement held against the evidence, a verdict with reasons.

Modules
-------
- ``item``, ``tables``, ``answers``: one view of a study row, a published pool and an answered question
- ``codes``, ``reason``: what can be wrong with a statement, and how much it weighs
- ``relevance``, ``lookup``: which evidence speaks for or against; where a figure comes from
- ``support``: what a statement rests on
- ``placement``, ``numbers``, ``sources``, ``strength``, ``precision``: the comparisons, one function a code
- ``verdict``: the table of precedence
- ``carry``: the sentence that the evidence does carry
- ``registry``: all of it for a data folder
- ``documents``, ``reading``, ``checking``, ``check``: the same for the statements of a text
- ``plain``, ``render``: sentences for texts, and the slots that pull figures into them
- ``people``: what to say in place of a ratio that is told as a risk
"""

from __future__ import annotations

from hipevidence.claims.check import check_text
from hipevidence.claims.codes import CODES, Code, CodeInfo, Severity
from hipevidence.claims.context import Context
from hipevidence.claims.item import EvidenceItem, ItemFigure
from hipevidence.claims.reason import Reason
from hipevidence.claims.registry import Verdict, carried_problems, evidence_items, verdicts
from hipevidence.claims.verdict import ChangedFigure, Judgement, judge

__all__ = [
    "CODES",
    "ChangedFigure",
    "Code",
    "CodeInfo",
    "Context",
    "EvidenceItem",
    "ItemFigure",
    "Judgement",
    "Reason",
    "Severity",
    "Verdict",
    "carried_problems",
    "check_text",
    "evidence_items",
    "judge",
    "verdicts",
]
