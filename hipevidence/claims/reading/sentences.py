"""Where a sentence ends, and which parts of it say something of their own."""

from __future__ import annotations

import re
from typing import Final

Span = tuple[int, int]

#: A full stop behind these does not end a sentence.
SHORT: Final = re.compile(
    r"(?:\b(?:al|vs|e\.g|i\.e|etc|approx|ca|fig|no|nr|dr|mr|mrs|ms|prof|st|inc|ltd|dept|vol|pp|min|max|ave|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|j|int|br|med|sci|phys|ther|orthop|musculoskelet|disord|clin|res)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
END: Final = re.compile(r"[.!?]+[\"')\]]*(?=\s+\S|$)")
#: An interval belongs to the figure before it.
_NO_INTERVAL: Final = r"(?!(?:an?|the|its)\s+(?:\d+\s*(?:%|per\s?cent)\s*)?(?:confidence\s+)?(?:interval|ci)\b)"
#: Behind these begins a part that says something of its own.
JOINTS: Final = re.compile(
    rf";\s+(?!values from\b)|,\s*and\s+that\s+|,\s*(?:while|whereas|but|yet|although|though)\s+{_NO_INTERVAL}|"
    rf":\s+(?=[a-z].*\b\w+(?:ed|es|s)\b)"
    rf"|,\s*with\s+{_NO_INTERVAL}(?=[^,]*\d)|,\s*(?:and|which)\s+(?=(?:it|they|this|these|the|those|"
    rf"her|his|their|your|not)\b)"
    r"|\s+while\s+(?=(?:[\w-]+\s+){0,4}?(?:stay(?:s|ed)|remain(?:s|ed)|did|was|were|is|are|fell|rose|"
    r"had|has|dropped|improved|went)\b)"
    r"|,\s*so\s+(?=(?:nobody|no one|we|it|you|that|this|they|there)\b)"
    r"|\s+but\s+(?=(?:their|the|its|his|her|no|did|it|they)\b)"
    r"|,\s*(?:suggesting|meaning|showing|proving)\s+(?:that\s+)?",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[Span, ...]:
    """Return where each sentence begins and ends.

    Parameters
    ----------
    text
        A passage on one line.

    Examples
    --------
    >>> [text[a:b] for text in ["Smith et al. found 1.5 points. So what?"] for a, b in sentences(text)]
    ['Smith et al. found 1.5 points.', 'So what?']
    """
    found = []
    start = 0
    for match in END.finditer(text):
        if match[0].startswith(".") and SHORT.search(text[start : match.start() + 1]):
            continue
        if text[match.end() :].lstrip()[:1].islower() and not match[0].startswith(("!", "?")):
            continue
        found.append((start, match.end()))
        start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if text[start:].strip():
        found.append((start, len(text)))
    return tuple(found)


def clauses(sentence: str) -> tuple[Span, ...]:
    """Return the parts of a sentence that say something of their own, never cutting inside brackets.

    Examples
    --------
    >>> text = "Pain fell by 1.5 points, while strength (in men; not in women) did not change."
    >>> [text[a:b] for a, b in clauses(text)]
    ['Pain fell by 1.5 points', 'strength (in men; not in women) did not change.']
    """
    found = []
    start = 0
    for match in JOINTS.finditer(sentence):
        before = sentence[: match.start()]
        if before.count("(") > before.count(")") or len(sentence[start : match.start()].split()) < 2:
            continue
        if sentence[: match.start()].lstrip().lower().startswith(("compared", "relative", "unlike", "although")) and (
            start == 0 and match[0].lstrip().startswith(",") and before.count(",") == 0
        ):
            continue
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(sentence)))
    return tuple(found)
