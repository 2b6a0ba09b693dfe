"""One study's dose-response table, as a paper prints it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hipevidence.effects._elements import check_choice
from hipevidence.effects.result import normal_quantile
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hipevidence.effects._elements import Array

Design = Literal["case_control", "cumulative", "incidence"]

DESIGNS: Final = ("case_control", "cumulative", "incidence")


@dataclasses.dataclass(frozen=True, slots=True)
class DoseStudy:
    """Ratios of one study by category of exposure, the reference category first.

    Parameters
    ----------
    label
        Name of the study.
    design
        ``"case_control"`` (odds ratios; ``total`` counts cases and controls), ``"cumulative"`` (risk ratios;
        ``total`` counts people) or ``"incidence"`` (rate ratios; ``total`` is person-time).
    dose
        Exposure assigned to each category, in its own unit.
    ratio
        Ratio against the first category, which is 1.
    standard_error
        Standard error of the natural logarithm of each ratio; that of the first category is ignored.
    cases, total
        Cases, and people or person-time, in each category.

    Raises
    ------
    InputError
        If lengths differ, there is no category beside the reference, or a number is impossible.

    Examples
    --------
    >>> study = DoseStudy.from_limits(
    ...     "Rohan 1988",
    ...     "case_control",
    ...     dose=[0, 2, 6, 11],
    ...     ratio=[1, 0.80, 1.16, 1.57],
    ...     low=[1, 0.51, 0.73, 0.99],
    ...     high=[1, 1.27, 1.85, 2.51],
    ...     cases=[165, 74, 90, 122],
    ...     total=[337, 167, 186, 212],
    ... )
    >>> study.standard_error.round(4)
    array([0.    , 0.2327, 0.2372, 0.2373])
    """

    label: str
    design: Design
    dose: Array
    ratio: Array
    standard_error: Array
    cases: Array
    total: Array

    def __post_init__(self) -> None:
        """Turn sequences into arrays and check them against each other."""
        check_choice("design", self.design, DESIGNS)
        for name in ("dose", "ratio", "standard_error", "cases", "total"):
            object.__setattr__(self, name, np.array(getattr(self, name), dtype=np.float64))
        self.standard_error[:1] = 0
        self._check_shape()
        self._check_numbers()

    @classmethod
    def from_limits(
        cls,
        label: str,
        design: Design,
        *,
        dose: Sequence[float] | Array,
        ratio: Sequence[float] | Array,
        low: Sequence[float] | Array,
        high: Sequence[float] | Array,
        cases: Sequence[float] | Array,
        total: Sequence[float] | Array,
        level: float = 0.95,
    ) -> DoseStudy:
        """Return a study whose standard errors are taken from the limits of its ratios.

        Parameters
        ----------
        label, design, dose, ratio, cases, total
            As in the class.
        low, high
            Limits of each ratio; those of the first category are ignored.
        level
            Their coverage.

        Returns
        -------
        DoseStudy
            With (ln high - ln low) / (2 z) as standard errors.
        """
        lows, highs = np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)
        lows[:1], highs[:1] = 1, 1
        if not (np.all(lows > 0) and np.all(highs > 0)):
            raise InputError(f"{label}: a limit is not above 0; allowed: limits of ratios. Check them.")
        errors = (np.log(highs) - np.log(lows)) / (2 * normal_quantile(level))
        arrays = [np.asarray(x, dtype=np.float64) for x in (dose, ratio, errors, cases, total)]
        return cls(label, design, *arrays)

    @property
    def log_ratio(self) -> NDArray[np.float64]:
        """Natural logarithms of the ratios, without the reference; shape (categories - 1,)."""
        return np.asarray(np.log(self.ratio[1:]), dtype=np.float64)

    def _check_shape(self) -> None:
        sizes = {name: getattr(self, name).shape for name in ("dose", "ratio", "standard_error", "cases", "total")}
        if len(set(sizes.values())) > 1 or len(self.dose.shape) != 1 or self.dose.size < 2:
            raise InputError(
                f"{self.label}: shapes {', '.join(f'{name} {shape}' for name, shape in sizes.items())}; allowed: one "
                "number for each category in every column, two categories at least. Put the reference first."
            )

    def _check_numbers(self) -> None:
        wrong = [
            ("dose", ~np.isfinite(self.dose), "finite"),
            ("ratio", ~((self.ratio > 0) & np.isfinite(self.ratio)), "above 0"),
            ("standard_error", ~(self.standard_error[1:] > 0) | ~np.isfinite(self.standard_error[1:]), "above 0"),
            ("cases", ~((self.cases >= 0) & np.isfinite(self.cases)), "0 or more"),
            ("total", ~((self.total > 0) & np.isfinite(self.total)), "above 0"),
        ]
        if self.design != "incidence":
            wrong.append(("cases", self.cases > self.total, "at most the total"))
        for name, bad, allowed in wrong:
            if bad.any():
                raise InputError(
                    f"{self.label}: {name} is {getattr(self, name).tolist()}; allowed: {allowed}. Check the table."
                )
        if self.ratio[0] != 1:
            raise InputError(f"{self.label}: the first ratio is {self.ratio[0]:g}; allowed: 1, the reference first.")
