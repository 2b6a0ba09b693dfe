"""The four levels of certainty, in words and as signs."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from hipevidence.evidence.certainty import WORDS

if TYPE_CHECKING:
    from hipevidence.evidence.certainty import Word


class Certainty(enum.IntEnum):
    """How far the true effect may lie from the estimate, after GRADE.

    References
    ----------
    Balshem H, et al. GRADE guidelines 3. J Clin Epidemiol 2011;64:401-406. doi:10.1016/j.jclinepi.2010.07.015

    Examples
    --------
    >>> Certainty.LOW.word, Certainty.LOW.signs
    ('low', '⊕⊕◯◯')
    """

    VERY_LOW = 1
    LOW = 2
    MODERATE = 3
    HIGH = 4

    @property
    def key(self) -> Word:
        """As in certainty.toml."""
        return WORDS[self - 1]

    @property
    def word(self) -> str:
        """In words."""
        return self.key.replace("_", " ")

    @property
    def signs(self) -> str:
        """As GRADE's signs; never without the word beside them."""
        return "⊕" * self + "◯" * (Certainty.HIGH - self)

    @classmethod
    def of(cls, word: Word) -> Certainty:
        """Return the level of a word of certainty.toml."""
        return cls(WORDS.index(word) + 1)
