"""Whether a text speaks of women, of men or of both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence.models import Sex

FEMALE: Final = re.compile(r"\b(?:women|woman|women's|female|females|girls?|schoolgirls?|she|her)\b", re.IGNORECASE)
MALE: Final = re.compile(r"\b(?:men|man|men's|male|males|boys?|schoolboys?)\b", re.IGNORECASE)
ABOVE_ALL: Final = re.compile(
    r"\b(?:especially|particularly|above all|mostly|most of all|notably)\b[^.,;]*$", re.IGNORECASE
)


def sex_of(text: str, zones: Iterable[tuple[int, int]], *, is_given: bool) -> Sex:
    """Return whom a text is about.

    Parameters
    ----------
    text
        The part of the sentence.
    zones
        Stretches that tell what is compared with; the sex named there counts only for a treatment, and only where no
        other is named.
    is_given
        Whether it is about a treatment.
    """
    blank = list(text)
    for start, end in zones:
        blank[start:end] = " " * (end - start)
    outside = "".join(blank)
    female, male = FEMALE.search(outside), MALE.search(outside)
    if female is None and male is None and is_given:
        outside = text
        female, male = FEMALE.search(outside), MALE.search(outside)
    if female is not None and male is None:
        return "mixed" if _is_above_all(outside, female) else "female"
    if male is not None and female is None:
        return "mixed" if _is_above_all(outside, male) else "male"
    return "mixed"


def names_both_sexes(text: str) -> bool:
    """Return whether a text speaks of women and of men."""
    return FEMALE.search(text) is not None and MALE.search(text) is not None


def _is_above_all(text: str, word: re.Match[str]) -> bool:
    behind = re.match(r"\W+(?:especially|particularly|above all|in particular)\b", text[word.end() :], re.IGNORECASE)
    return bool(ABOVE_ALL.search(text[: word.start()]) or behind)
