"""Tables and references of other programs, in and out.

- ``references``, ``ris``, ``bibtex``: a bibliography entry from a DOI, RIS, BibTeX or CSL-JSON
- ``revman``, ``rm5``, ``metafor``, ``metapsy``: rows of other programs
- ``package``: a whole data folder as one file
- ``columns``, ``entry``: what they share
"""

from __future__ import annotations

from hipevidence.evidence.exchange.columns import finished
from hipevidence.evidence.exchange.entry import Entry
from hipevidence.evidence.exchange.metafor import metafor_rows, read_metafor
from hipevidence.evidence.exchange.metapsy import metapsy_rows, read_metapsy
from hipevidence.evidence.exchange.package import data_package, unpack_package
from hipevidence.evidence.exchange.references import read_references
from hipevidence.evidence.exchange.revman import data_rows, read_data_rows
from hipevidence.evidence.exchange.rm5 import read_rm5

__all__ = [
    "Entry",
    "data_package",
    "data_rows",
    "finished",
    "metafor_rows",
    "metapsy_rows",
    "read_data_rows",
    "read_metafor",
    "read_metapsy",
    "read_references",
    "read_rm5",
    "unpack_package",
]
