"""From an error of pydantic to our own words: what was found, what is allowed, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.evidence.wording import Words, advice, did_you_mean, listed, plain, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic_core import ErrorDetails

# what is allowed, by the beginning of pydantic's name of the error
KINDS = {
    "string": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list in square brackets",
    "dict": "a table of keys and values",
    "model": "a table of keys and values",
    "finite": "a finite number",
    "date": "a day of the calendar, such as 2030-01-31",
}
LIMITS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
    "too_short": ("min_length", "a list of at least"),
    "too_long": ("max_length", "a list of at most"),
    "string_too_short": ("min_length", "text of length at least"),
    "string_too_long": ("max_length", "text of length at most"),
}


def explain(error: ErrorDetails, known: Collection[str]) -> Words:
    """Return what was found, what is allowed and what to do, for one error of pydantic.

    Parameters
    ----------
    error
        One item of ``ValidationError.errors()``.
    known
        Keys that may stand at this place, for a misspelt one.

    Returns
    -------
    Words
        Found, allowed, action.
    """
    kind = error["type"]
    key = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "missing":
        return Words("nothing", f"a value for {plain(key)}", "Add it.")
    if kind == "extra_forbidden":
        action = advice(did_you_mean(key, known), "Correct or delete it.")
        return Words(f"unknown key {shown(key)}", _keys(known), action)
    return Words(_value(error["input"]), _allowed(kind, error.get("ctx", {})), _action(error))


def _keys(known: Collection[str]) -> str:
    return f"the keys {listed(known)}" if known else "the keys of the standard"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, (dict, list, tuple)):
        noun = "a table" if isinstance(value, dict) else "a list"
        return f"{noun} of {len(value)}"
    return plain(str(value))


def _allowed(kind: str, context: dict[str, object]) -> str:
    if kind == "literal_error":
        return "one of " + plain(str(context["expected"]).replace("'", ""), 400)
    if kind == "string_pattern_mismatch":
        return f"text of the pattern {context['pattern']}"
    if kind in LIMITS:
        name, words = LIMITS[kind]
        return f"{words} {context[name]}"
    return KINDS.get(kind.split("_", maxsplit=1)[0], "a value as in the other entries")


def _action(error: ErrorDetails) -> str:
    expected = str(error.get("ctx", {}).get("expected", ""))
    options = {word.strip(" '") for word in expected.replace(" or ", ",").split(",")} - {""}
    value = error["input"]
    return advice(did_you_mean(value, options) if isinstance(value, str) else "", "Correct it.")
