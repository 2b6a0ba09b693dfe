"""All defensible ways of answering one question, in one batch: what holds in all of them and what does not."""

from __future__ import annotations

from hipevidence.multiverse.model import multiverse
from hipevidence.multiverse.result import Multiverse, Specification

__all__ = ["Multiverse", "Specification", "multiverse"]
