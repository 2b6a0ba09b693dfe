"""Adding to the tables: nothing is lost, nothing else changes, and every file is whole at every moment.

- ``row``, ``draft``, ``fields``: a new row, handed over or typed
- ``layout``, ``bibliography``: the same file with a row or an entry more, every other byte as it was
- ``addition``: what the checks say of it, before anything is written
- ``files``, ``lock``: writing whole, one at a time
"""

from __future__ import annotations

from hipevidence.evidence.writing.addition import Addition, candidate, plan_addition, write_addition
from hipevidence.evidence.writing.citation import new_references
from hipevidence.evidence.writing.draft import discard_draft, load_draft, save_draft
from hipevidence.evidence.writing.fields import Field, form_fields, suggested_key, suggestions
from hipevidence.evidence.writing.files import Change, finish_interrupted, write_files
from hipevidence.evidence.writing.layout import insert_rows
from hipevidence.evidence.writing.row import row_from_pairs, rows_from_file

__all__ = [
    "Addition",
    "Change",
    "Field",
    "candidate",
    "discard_draft",
    "finish_interrupted",
    "form_fields",
    "insert_rows",
    "load_draft",
    "new_references",
    "plan_addition",
    "row_from_pairs",
    "rows_from_file",
    "save_draft",
    "suggested_key",
    "suggestions",
    "write_addition",
    "write_files",
]
