"""The terms of ``vocabulary.toml`` as they turn up in a text."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence.vocabulary import Vocabulary

SECTIONS: Final = ("population", "intervention", "comparator", "outcome")
SETS: Final = "words"  # the section of the vocabulary with sets of words that entries name as <key>
SET: Final = re.compile(r"<\w+>")
GAP: Final = r"(?:(?!(?:than|versus|vs|against|while|but|compared)\b)[\w'%()-]+[\s-]+){0,3}?"
BETWEEN: Final = r"[\s-]+"
#: Words between two words that stand near each other; none of these, which part what is told.
_PARTING: Final = r"(?!(?:than|versus|vs|against|and|or|nor|but|not|no|without|compared|who|while|with|as)\b)"
NEAR_RANK: Final = 1
NEARBY: Final = rf"[\s-]+(?:{_PARTING}[\w'%-]+[\s-]+){{0,5}}?"


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """A term found in a text.

    Attributes
    ----------
    section, key
        Of the vocabulary.
    start, end
        Where it stands.
    text
        The words, in lower case.
    """

    section: str
    key: str
    start: int
    end: int
    text: str

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether it shares a character with a stretch of the text."""
        return self.start < end and start < self.end


def phrase(words: str) -> str:
    r"""Return the regular expression of one entry of ``words``.

    ``a/b`` is either word, ``*`` up to three words, a space or hyphen between words is the same, and ``a + b`` is both
    in either order, with up to five words between them.

    Examples
    --------
    >>> bool(re.fullmatch(phrase("hip-and-knee exercise/training"), "hip and knee training"))
    True
    >>> bool(re.fullmatch(phrase("weak/weaker + hip"), "hips that are too weak"))
    True
    """
    if " + " in words:
        one, other = (_in_order(side) for side in words.split(" + "))
        return rf"\b(?:{one}{NEARBY}{other}|{other}{NEARBY}{one})\b"
    return rf"\b{_in_order(words)}\b"


def spelled_out(words: Iterable[str]) -> str:
    """Return words as the alternatives of an entry.

    Examples
    --------
    >>> spelled_out(["hip", "hip muscles"])
    'hip/hip-muscles'
    """
    return "/".join(word.replace(" ", "-") for word in words)


def _in_order(words: str) -> str:
    parts: list[str] = []
    for word in words.split():
        if word == "*":
            parts.append(GAP)
            continue
        longest_first = sorted(word.split("/"), key=len, reverse=True)
        options = "|".join(BETWEEN.join(map(re.escape, option.split("-"))) for option in longest_first)
        parts.append(f"(?:{options})" + BETWEEN)
    last = parts.pop().removesuffix(BETWEEN)
    return rf"{''.join(parts)}{last}(?:'s|s|es)?"


def _rank(words: str) -> int:
    """Return which entries go first where they overlap: set phrases, then words near each other, then single words."""
    if " + " in words:
        return NEAR_RANK
    return 0 if re.search(r"[\s*-]", words) else 2


def _precedence(found: tuple[int, Mention, int]) -> tuple[int, int, int, int]:
    """Return the sort key of a find: words near each other the nearer the better, set phrases the longer the better."""
    rank, mention, depth = found
    length = mention.end - mention.start
    return rank, length if rank == NEAR_RANK else -length, mention.start, -depth


class Lexicon:
    """Finds the terms of a vocabulary in a text.

    Of entries that overlap in a section a set phrase goes before words near each other and those before a single word;
    among equals the longest counts, and of equally long ones the narrower term.

    Parameters
    ----------
    vocabulary
        Sections of terms.

    Examples
    --------
    >>> from hipevidence.evidence import Term
    >>> from hipevidence.evidence.vocabulary import Vocabulary
    >>> drinks = {"tea": Term(label="tea", words=("tea",)), "green": Term(label="green tea", words=("green tea",))}
    >>> [mention.key for mention in Lexicon(Vocabulary({"intervention": drinks})).find("Green tea or tea?")]
    ['green', 'tea']
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        sets = {f"<{key}>": spelled_out(term.words) for key, term in vocabulary.get(SETS, {}).items()}
        self._patterns = [
            (
                section,
                key,
                _rank(words),
                re.compile(phrase(SET.sub(lambda match: sets[match[0]], words)), re.IGNORECASE),
                len(vocabulary.broader(section, key)),
            )
            for section in SECTIONS
            for key, term in vocabulary.get(section, {}).items()
            for words in term.words
        ]
        self._hints = [
            (key, re.compile(phrase("/".join(term.hints)), re.IGNORECASE))
            for key, term in vocabulary.get("intervention", {}).items()
            if term.hints
        ]

    def hint(self, text: str) -> Mention | None:
        """Return the treatment or exposure that a text brings to mind without naming one."""
        for key, pattern in self._hints:
            if match := pattern.search(text):
                return Mention("intervention", key, match.start(), match.end(), match[0].lower())
        return None

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the terms of a text, in the order in which they stand."""
        found = [
            (rank, Mention(section, key, match.start(), match.end(), match[0].lower()), depth)
            for section, key, rank, pattern, depth in self._patterns
            for match in pattern.finditer(text)
        ]
        kept: list[Mention] = []
        for _, mention, _ in sorted(found, key=_precedence):
            if not any(
                other.section == mention.section and other.overlaps(mention.start, mention.end) for other in kept
            ):
                kept.append(mention)
        return tuple(sorted(kept, key=lambda one: (one.start, one.end)))


def of_section(mentions: Iterable[Mention], section: str) -> tuple[Mention, ...]:
    """Return the mentions of one section."""
    return tuple(mention for mention in mentions if mention.section == section)
