"""Files that people write texts in, read as passages whose every character knows its line and column.

Modules
-------
- ``passage``: the passage, and how characters become one
- ``plain``, ``markdown``, ``page``, ``word``: plain text, Markdown, HTML and Word
- ``allow``: the comments that allow a finding
- ``read``: which reader a file needs
"""

from __future__ import annotations

from hipevidence.claims.documents.allow import Allowance
from hipevidence.claims.documents.passage import Document, Kind, Passage
from hipevidence.claims.documents.read import FORMATS, as_document, read_document

__all__ = ["FORMATS", "Allowance", "Document", "Kind", "Passage", "as_document", "read_document"]
