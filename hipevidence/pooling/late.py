"""Fields of a frozen result that are dear and seldom asked for: computed at first access, then kept."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

LATER: Any = object()
"""Given for a field in place of its value: the field is computed when it is first read."""


class Late:
    """Base of frozen result dataclasses with slots; ``_COMPUTED`` names the fields that may come later.

    A field that was given as ``LATER`` is an empty slot, and Python asks ``__getattr__`` for empty slots only. All else
    works as with any dataclass: fields, ``dataclasses.replace``, comparison, copying and pickling see the values.

    Examples
    --------
    >>> import dataclasses
    >>> @dataclasses.dataclass(frozen=True, slots=True)
    ... class Square(Late):
    ...     _COMPUTED = {"area": "_area"}
    ...     side: float
    ...     area: float = LATER
    ...     def _area(self):
    ...         return {"area": self.side**2}
    >>> Square(3.0).area
    9.0
    """

    __slots__ = ("_source",)
    _COMPUTED: ClassVar[Mapping[str, str]] = {}
    """Field that may come later, and the method that returns it (and others it gives with it) by name."""

    _source: Any
    """What the later fields are computed from, where the other fields do not suffice."""

    def __post_init__(self) -> None:
        """Empty the slots of fields that are to come later."""
        for name in self._COMPUTED:
            if getattr(self, name) is LATER:
                object.__delattr__(self, name)

    if not TYPE_CHECKING:  # a typed __getattr__ would make every misspelt attribute pass

        def __getattr__(self, name: str) -> object:
            """Compute a field that is read for the first time."""
            if name not in self._COMPUTED:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            for found, value in getattr(self, self._COMPUTED[name])().items():
                object.__setattr__(self, found, value)
            return object.__getattribute__(self, name)

    @classmethod
    def given_fields(cls) -> list[str]:
        """Return the names of the fields that never come later."""
        return [field.name for field in dataclasses.fields(cls) if field.name not in cls._COMPUTED]  # type: ignore[arg-type]  # every subclass is a dataclass

    @classmethod
    def all_later(cls) -> dict[str, Any]:
        """Return the fields that may come later, all of them put off."""
        return dict.fromkeys(cls._COMPUTED, LATER)
