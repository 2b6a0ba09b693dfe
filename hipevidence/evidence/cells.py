"""From the text of a cell to its value: each column's type, limits and pattern as one pydantic check."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from hipevidence.evidence.wording import advice, did_you_mean

if TYPE_CHECKING:
    from hipevidence.evidence.schema import Column

Cell = str | float | int | bool | None
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
INTEGER = re.compile(r"[+-]?[0-9]{1,15}")  # beyond 15 digits a float no longer holds every whole number
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
LONG_MINUS = "\u2212\u2013\u2014"
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


class ColumnCheck:
    """The check of one column, built once and used for each cell.

    Parameters
    ----------
    column
        Its description.

    Raises
    ------
    pydantic_core.SchemaError
        If its pattern is no regular expression.
    """

    __slots__ = ("_adapter", "column")

    def __init__(self, column: Column) -> None:
        self.column = column
        self._adapter = _adapter(column)

    def value(self, text: str) -> Cell:
        """Return the value of a cell that is not empty.

        Raises
        ------
        ValidationError
            If the cell is not allowed.
        """
        value: Cell = self._adapter.validate_python(text)
        return value

    def action(self, text: str, error: ValidationError) -> str:
        """Return what to do about a cell that is not allowed."""
        kind = error.errors(include_url=False)[0]["type"]
        return _action(self.column, text, kind)


def control_characters(text: str) -> bool:
    """Return whether text holds control characters other than a line end or a tab."""
    if text.isprintable():
        return False
    return any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text)


@functools.lru_cache(maxsize=1024)
def _adapter(column: Column) -> TypeAdapter[Any]:
    # Building one takes as long as checking a thousand cells; tests and notebooks load the same columns many times.
    return TypeAdapter(_annotation(column))


def _annotation(column: Column) -> Any:
    rules = column.constraints
    if column.type == "boolean":
        return Annotated[bool, BeforeValidator(_boolean)]
    if column.type == "string":
        limits: list[Any] = [Field(pattern=rules.pattern)]
        base: Any = str
    else:
        base, reader = (int, _integer) if column.type == "integer" else (float, _number)
        limits = [
            BeforeValidator(reader),
            Field(
                ge=rules.minimum,
                gt=rules.exclusive_minimum,
                le=rules.maximum,
                lt=rules.exclusive_maximum,
                allow_inf_nan=False if base is float else None,
            ),
        ]
    if rules.enum is not None:
        limits.append(AfterValidator(_membership(rules.enum)))
    return Annotated[(base, *limits)]


def _number(text: str) -> float:
    if NUMBER.fullmatch(text):
        return float(text)
    raise PydanticCustomError("no_number", "not a number")


def _integer(text: str) -> int:
    if INTEGER.fullmatch(text):
        return int(text)
    raise PydanticCustomError("no_number", "not a whole number")


def _boolean(text: str) -> bool:
    value = BOOLEANS.get(text.lower())
    if value is None:
        raise PydanticCustomError("no_boolean", "neither true nor false")
    return value


def _membership(options: tuple[str | int | float, ...]) -> Any:
    def check(value: Cell) -> Cell:
        if value in options:
            return value
        raise PydanticCustomError("not_listed", "not one of the list")

    return check


def _action(column: Column, text: str, kind: str) -> str:
    if kind == "no_number":
        return _number_action(column, text)
    if kind == "no_boolean":
        return "Write true or false."
    if kind == "not_listed":
        options = [str(option) for option in column.constraints.enum or ()]
        return advice(did_you_mean(text, options), "Choose one of the list.")
    if kind == "string_pattern_mismatch":
        return advice("Correct it.", column.description)
    return "Look the figure up again; correct it, or leave the cell empty and say why in the note."


def _number_action(column: Column, text: str) -> str:
    if text[0] in LONG_MINUS:
        return f"Replace the long minus by the hyphen of the keyboard: -{text[1:]}."
    if DECIMAL_COMMA.fullmatch(text):
        if column.type == "integer":
            return "Write a whole number without a comma."
        return f"Write it with a decimal point: {text.replace(',', '.')}. (Nor is there a comma between thousands.)"
    return "Write the bare figure, without unit, sign or remark; a remark belongs into the note."
