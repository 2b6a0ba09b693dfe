"""The tables in a data folder: schema, reading, checks, and which rows answer which question."""

from __future__ import annotations

from hipevidence.evidence.figures import PValue, read_p_value, usable_figures
from hipevidence.evidence.flow import Flow
from hipevidence.evidence.load import Evidence, load_evidence, validate
from hipevidence.evidence.models import Claim, Network, Question, Term
from hipevidence.evidence.questions import LeftOut, Selection, select
from hipevidence.evidence.rulebook import Rule
from hipevidence.evidence.rules import all_rules
from hipevidence.evidence.schema import Schema, data_dictionary, template_row
from hipevidence.evidence.vocabulary import Vocabulary

__all__ = [
    "Claim",
    "Evidence",
    "Flow",
    "LeftOut",
    "Network",
    "PValue",
    "Question",
    "Rule",
    "Schema",
    "Selection",
    "Term",
    "Vocabulary",
    "all_rules",
    "data_dictionary",
    "load_evidence",
    "read_p_value",
    "select",
    "template_row",
    "usable_figures",
    "validate",
]
