"""A number as a paper prints it: its exact value, and everything it may have been before it was rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hipevidence.evidence.rulebook import View

MOST_DIGITS = 12  # before or behind the point: beyond that no paper prints, and squares would leave the range of floats


@dataclass(frozen=True, slots=True)
class Printed:
    """A rounded number.

    Attributes
    ----------
    value
        The number itself, exactly.
    half
        Half a unit of its last printed digit: 1/200 for ``5.20``.

    Examples
    --------
    >>> mean = Printed.read("5.20")
    >>> mean.value, mean.half, mean.digits
    (Fraction(26, 5), Fraction(1, 200), 3)
    """

    value: Fraction
    half: Fraction

    @classmethod
    def read(cls, text: str) -> Printed:
        """Return the number that a text prints.

        Parameters
        ----------
        text
            A decimal number such as ``-5.20`` or ``.006``.

        Returns
        -------
        Printed
            With half a unit of the last digit as its uncertainty.
        """
        number = Decimal(text)
        exponent = number.as_tuple().exponent
        return cls(Fraction(number), Fraction(10) ** int(exponent) / 2)

    @property
    def low(self) -> Fraction:
        """Smallest number that may be printed so; the end counts, so that every way of rounding passes."""
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        """Largest number that may be printed so."""
        return self.value + self.half

    def squared(self) -> tuple[Fraction, Fraction]:
        """Return the ends of the square, for a number that cannot be negative such as an SD."""
        return max(self.low, Fraction(0)) ** 2, self.high**2

    @property
    def digits(self) -> int:
        """How many digits are printed from the first that is not 0: 3 for ``5.20``, 1 for ``0.3``, 0 for ``0.00``."""
        return len(str(int(abs(self.value) / (2 * self.half)))) if self.value else 0

    @property
    def decimals(self) -> int:
        """How many digits stand behind the point."""
        unit = 2 * self.half
        return len(str(unit.denominator)) - 1 if unit < 1 else 0


def figure(row: View, column: str) -> Printed | None:
    """Return a cell as a printed number, ``None`` when it is empty, wrong, or too long to have been printed."""
    name = row.name(column)
    if not isinstance(row.row.cells.get(name), (int, float)):
        return None
    number = Decimal(row.row.printed[name])
    readable = number.adjusted() <= MOST_DIGITS and -MOST_DIGITS <= int(number.as_tuple().exponent) <= MOST_DIGITS
    return Printed.read(row.row.printed[name]) if readable else None


def figures(row: View, *columns: str) -> tuple[Printed, ...] | None:
    """Return several cells as printed numbers, ``None`` unless all are filled."""
    found = tuple(figure(row, column) for column in columns)
    return None if None in found else tuple(number for number in found if number is not None)
