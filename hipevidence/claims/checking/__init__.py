"""Statements of a text held against all evidence.

Modules
-------
- ``desk``: what is prepared once for all texts
- ``resemblance``: which registered statement or question a text comes near
- ``gather``: the evidence that bears on a statement by its meaning
- ``extra``: comparisons that only the wording of a text allows: intervals told, arms, times, size words
- ``assess``: the reasons that are worth a finding, and those that are only a note
- ``finding``: what is reported
"""

from __future__ import annotations

from hipevidence.claims.checking.desk import Desk, prepare
from hipevidence.claims.checking.finding import Finding

__all__ = ["Desk", "Finding", "prepare"]
