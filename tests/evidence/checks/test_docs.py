"""The page on the row checks has one section a rule, with its level and its meaning."""

from __future__ import annotations

import re

from hipevidence.evidence import all_rules
from hipevidence.evidence.checks.acknowledge import RULE
from hipevidence.evidence.flow_sums import RULES as FLOW_RULES
from tests.support import ROOT

PAGE = ROOT / "docs" / "rules" / "README.md"
SECTION = re.compile(r"^### ([a-z0-9_]+)\n\nLevel: (\w+)\. \*(.+)\.\*$", re.MULTILINE)


def test_every_rule_has_its_section():
    sections = {rule: (level, meaning) for rule, level, meaning in SECTION.findall(PAGE.read_text(encoding="utf-8"))}
    assert sections.pop(RULE)[0] == "warning"
    assert sections == {rule.id: (rule.level, rule.meaning) for rule in all_rules()} | FLOW_RULES


def test_every_section_is_of_this_form():
    headings = re.findall(r"^### ([a-z0-9_]+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) == len(set(headings)) == len(SECTION.findall(PAGE.read_text(encoding="utf-8")))
