"""How near two texts come in their words: rare words that both have count most."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WORD: Final = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
COMMON: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "and",
        "or",
        "for",
        "with",
        "that",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "it",
        "its",
        "their",
        "they",
        "them",
        "than",
        "as",
        "at",
        "by",
        "on",
        "from",
        "this",
        "these",
        "those",
        "who",
        "which",
        "have",
        "has",
        "had",
        "not",
        "no",
        "people",
        "more",
        "less",
        "one",
        "two",
        "can",
        "may",
        "will",
        "your",
        "you",
        "our",
        "we",
        "when",
        "what",
        "there",
    ]
)
STEM: Final = 6  # letters; longer words count as the same when they begin alike


def stems(text: str) -> Counter[str]:
    """Return the words of a text, endings cut off.

    Examples
    --------
    >>> sorted(stems("Strengthening the hips strengthens knees"))
    ['hip', 'knee', 'streng']
    """
    return Counter(
        (word if word[0].isdigit() else word.rstrip("s")[:STEM])
        for word in WORD.findall(text.lower())
        if word not in COMMON
    )


class Resemblance:
    """Finds the texts of a collection that a text comes nearest to.

    Parameters
    ----------
    texts
        The collection, by key.

    Examples
    --------
    >>> Resemblance({"a": "tea helps sleep", "b": "milk spoils"}).nearest("Does tea bring sleep?")[0][0]
    'a'
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._stems = {key: stems(text) for key, text in texts.items()}
        spread = Counter(stem for counts in self._stems.values() for stem in counts)
        self._weights = {stem: math.log(1 + len(texts) / count) for stem, count in spread.items()}

    def nearest(self, text: str) -> Sequence[tuple[str, float]]:
        """Return keys with their likeness, from 0 to 1, nearest first."""
        asked = stems(text)
        scored = [(key, self._likeness(asked, counts)) for key, counts in self._stems.items()]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))

    def _likeness(self, one: Counter[str], other: Counter[str]) -> float:
        shared = sum(self._weight(stem) ** 2 for stem in one if stem in other)
        size = math.sqrt(sum(self._weight(stem) ** 2 for stem in one) * sum(self._weight(stem) ** 2 for stem in other))
        return shared / size if size else 0.0

    def _weight(self, stem: str) -> float:
        return self._weights.get(stem, max(self._weights.values(), default=1.0))
