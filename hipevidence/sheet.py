"""Results as small tables of a web page, for JupyterLab: every number worded by ``format``, every text escaped.

Neither pandas nor a style sheet is needed; JupyterLab gives tables their look.
"""

from __future__ import annotations

import dataclasses
import numbers
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hipevidence import format as fmt
from hipevidence.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LONGEST: Final = 20
"""Rows of a table that are shown; a batch may have a hundred thousand."""
WIDEST: Final = 8
"""Elements of an array that are shown in a cell."""

LEFT: Final = "text-align: left"
RIGHT: Final = "text-align: right; white-space: nowrap"

_BY_NAME: Final[Mapping[str, Callable[[float], str]]] = {
    "p_value": fmt.p_value,
    "i2": lambda x: fmt.percent(x, 2),
    "r2": lambda x: fmt.percent(x, 2),
    "level": fmt.coverage,
    "year": lambda x: fmt.exact(x, missing=fmt.DASH),
}
_WORDS: Final = {True: "yes", False: "no", None: fmt.DASH}


def text(name: str, value: Any) -> str:
    """Return a value as text, a number in the way that the name of its quantity asks for.

    Parameters
    ----------
    name
        Name of the field or column; what stands before its last underscore may say more, as in ``q_p_value``.
    value
        Number, text, truth value, array, or result.

    Examples
    --------
    >>> text("estimate", -0.607198), text("q_p_value", 0.2599), text("i2", 18.0245), text("proven", True)
    ('−0.6072', '0.260', '18.02%', 'yes')
    >>> text("weights", [45.783, 31.8138, 22.4032])
    '45.78, 31.81, 22.40'
    """
    if value is None or isinstance(value, (bool, np.bool_)):
        return _WORDS[None if value is None else bool(value)]
    if isinstance(value, numbers.Real):
        return _number(name, float(value))
    if isinstance(value, Interval):
        return _interval(name, value)
    if isinstance(value, (tuple, list, np.ndarray)):
        return _several(name, value)
    return str(value)


def _number(name: str, value: float) -> str:
    quantity = name.removesuffix("_ci")
    for key, word in _BY_NAME.items():
        if quantity == key or quantity.endswith(f"_{key}"):
            return word(value)
    return fmt.significant(value)


def _interval(name: str, limits: Interval) -> str:
    if not limits.exists:
        return fmt.NOT_ESTIMATED
    return f"{_number(name, limits.low)} to {_number(name, limits.high)}"


def _several(name: str, values: Any) -> str:
    if isinstance(values, np.ndarray) and values.ndim > 1:
        return " × ".join(fmt.count(size) for size in values.shape) + " values"
    shown = ", ".join(text(name, value) for value in values[:WIDEST])
    return shown if len(values) <= WIDEST else f"{shown}, … ({fmt.plural(len(values), 'value')})"


def frame(table: Any) -> str:
    """Return a data frame as HTML: names and values where it has one row, a row for each where it has several.

    Columns ``x_low``, ``x_high`` and ``x_level`` become one interval ``x``; empty text is left out of names and values.
    """
    columns = _join_limits({str(name): table[name].tolist() for name in table.columns})
    if len(table) != 1:
        return rows(columns)
    return pairs({name: values[0] for name, values in columns.items() if not isinstance(values[0], str) or values[0]})


def _join_limits(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    joined: dict[str, Sequence[Any]] = {}
    for name, values in columns.items():
        start = name.removesuffix("low").removesuffix("high").removesuffix("level")
        low, high = f"{start}low", f"{start}high"
        if name == "level" or not {low, high} <= columns.keys():
            joined[name] = values
        elif name == low:
            limits = zip(values, columns[high], strict=True)
            base = start.removesuffix("_")
            joined[f"{base}_ci" if base in columns else base or "interval"] = [Interval(*pair) for pair in limits]
    return joined


def pairs(values: Mapping[str, Any]) -> str:
    """Return names and values as an HTML table of two columns."""
    lines = (
        f'<tr><th scope="row">{escape(name)}</th>{_cell(name, value, LEFT)}</tr>' for name, value in values.items()
    )
    return f"<table><tbody>{''.join(lines)}</tbody></table>"


def rows(columns: Mapping[str, Sequence[Any]]) -> str:
    """Return columns of equal length as an HTML table; what is beyond the first rows is counted, not shown.

    A column is left out where it holds nothing: no text, or intervals that nobody asked for.
    """
    count = len(next(iter(columns.values()), ()))
    shown = {name: values[:LONGEST] for name, values in columns.items() if not all(map(_is_empty, values))}
    sides = {name: RIGHT if all(map(_is_number, values)) else LEFT for name, values in shown.items()}
    head = "".join(f'<th scope="col" style="{sides[name]}">{escape(name)}</th>' for name in shown)
    lines = (
        f"<tr>{''.join(_cell(name, values[i], sides[name]) for name, values in shown.items())}</tr>"
        for i in range(min(count, LONGEST))
    )
    rest = f"<p>and {fmt.plural(count - LONGEST, 'more row')}</p>" if count > LONGEST else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{rest}"


def paragraph(words: str) -> str:
    """Return a sentence as an HTML paragraph."""
    return f"<p>{escape(words)}</p>"


def items(heading: str, sentences: Iterable[str]) -> str:
    """Return sentences as an HTML list below a heading; nothing where there are none."""
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<p>{escape(heading)}</p><ul>{lines}</ul>" if lines else ""


def _cell(name: str, value: Any, side: str) -> str:
    if isinstance(value, tuple) and value and all(dataclasses.is_dataclass(one) for one in value):
        names = [field.name for field in dataclasses.fields(value[0])]
        return f"<td>{rows({key: [getattr(one, key) for one in value] for key in names})}</td>"
    return f'<td style="{side}">{escape(text(name, value))}</td>'


def _is_empty(value: Any) -> bool:
    return value == "" if isinstance(value, str) else isinstance(value, Interval) and not value.exists


def _is_number(value: Any) -> bool:
    return isinstance(value, (numbers.Real, Interval))
