"""From the words of a text to statements that can be held against evidence.

Modules
-------
- ``sentences``, ``clauses``: where a sentence ends, and which parts of it say something of their own
- ``quantities``: numbers, number words, ranges, parts of a whole, and their units
- ``lexicon``: the terms of ``vocabulary.toml``
- ``signals``: the plain English of more, less, no difference, because, may, proven
- ``resources``: what the reader knows of the tables
- ``roles``: what kind of figure a number is
- ``cited``: the paper that a text names
- ``frame``, ``parts``, ``directions``: who, what, compared with what, and what is said to happen
- ``statement``, ``reader``: the checkable statements of a document
"""

from __future__ import annotations

from hipevidence.claims.reading.lexicon import Lexicon, Mention
from hipevidence.claims.reading.reader import read_statements
from hipevidence.claims.reading.resources import Resources
from hipevidence.claims.reading.statement import Statement

__all__ = ["Lexicon", "Mention", "Resources", "Statement", "read_statements"]
