"""The one schema: ``datapackage.json`` (Frictionless) as checked records, and what is generated from it."""

from __future__ import annotations

import csv
import functools
import io
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hipevidence.errors import InputError, Problem
from hipevidence.evidence.explain import explain
from hipevidence.evidence.sources import Source, file_problem
from hipevidence.evidence.wording import Words, did_you_mean, listed, plain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUIRED_TABLES = ("studies", "instruments")
OPTIONAL_TABLES = ("published_pools", "reported_quality", "risk_of_bias")
COPY = "Copy it from datapackage.json of a folder that hipevidence init makes."


class Descriptor(BaseModel):
    """Base of all descriptors: frozen; properties of the standard that play no part here are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Constraints(BaseModel):
    """What a cell may hold; an unknown constraint is an error, because it would not be checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    required: bool = False
    unique: bool = False
    pattern: str | None = None
    enum: tuple[str | int | float, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = Field(default=None, alias="exclusiveMinimum")
    exclusive_maximum: float | None = Field(default=None, alias="exclusiveMaximum")


class Column(Descriptor):
    """One column of a table."""

    name: str = Field(min_length=1)
    type: Literal["string", "integer", "number", "boolean"]
    description: str = ""
    example: str = ""
    constraints: Constraints = Constraints()

    @property
    def allowed(self) -> str:
        """What a cell of this column may hold, in words."""
        return _allowed(self) + ("" if self.constraints.required else ", or empty")


class Target(Descriptor):
    """Where a foreign key points: a table, ``references``, or ``vocabulary.<section>``."""

    resource: str
    fields: tuple[str]


class ForeignKey(Descriptor):
    """A column whose cells must exist elsewhere."""

    fields: tuple[str]
    reference: Target


class TableSchema(Descriptor):
    """Columns and keys of one table."""

    fields: tuple[Column, ...] = Field(min_length=1)
    primary_key: tuple[str, ...] = Field(default=(), alias="primaryKey")
    foreign_keys: tuple[ForeignKey, ...] = Field(default=(), alias="foreignKeys")


class Resource(Descriptor):
    """One table: its file, what it is for, its columns."""

    name: str
    path: str = Field(pattern=r"^[A-Za-z0-9_\-]+\.csv$")
    description: str = ""
    table: TableSchema = Field(alias="schema")

    @property
    def columns(self) -> dict[str, Column]:
        """Columns by name, in the order of the file."""
        return {column.name: column for column in self.table.fields}

    @property
    def known(self) -> dict[str, Column]:
        """Columns by name, and behind them those that the program knows and this folder does not have: all empty."""
        return self.columns | {name: each for name, each in _known(self.name).items() if name not in self.columns}


class Schema(Descriptor):
    """All tables of a data folder."""

    name: str = ""
    title: str = ""
    description: str = ""
    resources: tuple[Resource, ...]

    def resource(self, name: str) -> Resource:
        """Return the table called ``name``.

        Raises
        ------
        InputError
            If there is none.
        """
        for resource in self.resources:
            if resource.name == name:
                return resource
        names = [resource.name for resource in self.resources]
        raise InputError(f"found table {plain(name)}; allowed: {listed(names)}. {did_you_mean(name, names)}".rstrip())


def read_schema(source: Source, problems: list[Problem]) -> Schema | None:
    """Read ``datapackage.json``, adding what is wrong with it to ``problems``.

    Parameters
    ----------
    source
        The file.
    problems
        Collects what is wrong.

    Returns
    -------
    Schema or None
        ``None`` when the tables cannot be checked with it.
    """
    data = parse_json(source, problems)
    if data is None:
        return None
    try:
        schema = Schema.model_validate(data)
    except ValidationError as error:
        problems.extend(_descriptor_problem(source.name, data, item) for item in error.errors(include_url=False))
        return None
    found = [*_moved(source.name, data), *_inconsistencies(source.name, schema)]
    problems.extend(found)
    return None if found else schema


def parse_json(source: Source, problems: list[Problem]) -> Any:
    """Return what a JSON file holds, or ``None`` after adding what is wrong with it to ``problems``."""
    try:
        return json.loads(source.text)
    except json.JSONDecodeError as error:
        found = f"broken JSON at column {error.colno}: {error.msg}"
        action = "Look at this line and the one before for a missing comma, quote or bracket."
        problems.append(file_problem(source.name, error.lineno, Words(found, "valid JSON", action), "json_syntax"))
    except (ValueError, RecursionError) as error:
        found = f"JSON that cannot be read ({type(error).__name__})"
        action = "Look for a number of thousands of digits or brackets nested hundreds deep."
        problems.append(file_problem(source.name, 0, Words(found, "valid JSON", action), "json_syntax"))
    return None


def data_dictionary(schema: Schema) -> str:
    """Return the data dictionary of all tables as Markdown.

    Parameters
    ----------
    schema
        As read from ``datapackage.json``.

    Returns
    -------
    str
        One section a table: what it holds, then each column with its meaning, what is allowed and an example.
    """
    return "\n".join(_dictionary_section(resource) for resource in schema.resources)


def template_row(resource: Resource) -> str:
    """Return the header of a table and one row of examples, as CSV text.

    Parameters
    ----------
    resource
        The table, from :meth:`Schema.resource`.

    Returns
    -------
    str
        Two lines; a column without an example is empty.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(resource.columns)
    writer.writerow(column.example for column in resource.columns.values())
    return buffer.getvalue()


def _allowed(column: Column) -> str:
    rules = column.constraints
    if rules.enum is not None:
        return f"one of {listed(rules.enum)}"
    if column.type == "boolean":
        return "true or false"
    if column.type == "string":
        example = f" such as {column.example}" if column.example else ""
        return f"text{example}" + (f" (pattern {rules.pattern})" if rules.pattern else "")
    return ("a whole number" if column.type == "integer" else "a number") + _bounds(rules)


def _bounds(rules: Constraints) -> str:
    words = {
        "at least": rules.minimum,
        "above": rules.exclusive_minimum,
        "at most": rules.maximum,
        "below": rules.exclusive_maximum,
    }
    limits = [f"{word} {limit:g}" for word, limit in words.items() if limit is not None]
    return " " + " and ".join(limits) if limits else ""


def _dictionary_section(resource: Resource) -> str:
    head = [f"## {resource.name} (`{resource.path}`)", "", resource.description, ""]
    head += ["| column | meaning | allowed | example |", "| --- | --- | --- | --- |"]
    body = [
        f"| `{column.name}` | {_cell(column.description)} | {_cell(column.allowed)} | {_cell(column.example)} |"
        for column in resource.table.fields
    ]
    return "\n".join([*head, *body, ""])


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _descriptor_problem(name: str, data: Any, error: Any) -> Problem:
    place = error["loc"]
    value = data
    label = ""
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            label = value["name"]
    return Problem(name, 0, plain(label), plain(".".join(map(str, place))), *explain(error, ()), rule="schema")


def _moved(name: str, data: dict[str, Any]) -> Iterator[Problem]:
    """Refuse what stood here once and would now be ignored."""
    if "last_search" in data:
        found = f"last_search {shown(str(data['last_search']))}"
        action = "Move it to flow.toml as last_search of each of the [[sources]], and delete it here."
        yield Problem(name, 0, "", "last_search", found, "days of searches in flow.toml", action, rule="schema")


def _inconsistencies(name: str, schema: Schema) -> Iterator[Problem]:
    names = [resource.name for resource in schema.resources]
    for table in (*REQUIRED_TABLES, *OPTIONAL_TABLES):
        if table not in names:
            words = Words("no such table", "a description of this table", COPY)
            yield Problem(name, 0, table, "", *words, rule="schema")
    if len(set(names)) < len(names):
        words = Words("a table named twice", "each name once", "Give each table its own name.")
        yield Problem(name, 0, "", "name", *words, rule="schema")
    for resource in schema.resources:
        for column, words in (
            *_unknown_fields(resource),
            *_unknown_targets(resource, schema),
            *_other_kinds(resource),
        ):
            yield Problem(name, 0, plain(resource.name), plain(column), *words, rule="schema")


@functools.cache
def _known(table: str) -> dict[str, Column]:
    """Return the columns of a table that the program works with: those of a new folder."""
    content = resources.files("hipevidence.evidence").joinpath("template", "datapackage.json").read_bytes()
    found = (resource for resource in Schema.model_validate_json(content).resources if resource.name == table)
    return next((resource.columns for resource in found), {})


def _other_kinds(resource: Resource) -> Iterator[tuple[str, Words]]:
    """Yield the columns that the program could not work with: gone though always filled, or of another type."""
    action = "Copy the description of this column from a folder made by `hipevidence init`."
    for name, known in _known(resource.name).items():
        column = resource.columns.get(name)
        if column is None and known.constraints.required:
            yield name, Words("no such column", f"a column of type {known.type}", action)
        elif column is not None and _kind(column) != _kind(known):
            yield name, Words(f"type {column.type}", f"type {known.type}", action)


def _kind(column: Column) -> str:
    return "number" if column.type == "integer" else column.type


def _unknown_fields(resource: Resource) -> Iterator[tuple[str, Words]]:
    words = Words("a key on a column that is not described", "a described column", "Correct it.")
    for field in (*resource.table.primary_key, *(key.fields[0] for key in resource.table.foreign_keys)):
        if field not in resource.columns:
            yield field, words


def _unknown_targets(resource: Resource, schema: Schema) -> Iterator[tuple[str, Words]]:
    tables = {other.name: set(other.columns) for other in schema.resources}
    allowed = "a described table and column, references (id) or vocabulary.<section> (key)"
    for key in resource.table.foreign_keys:
        if not _is_target(key.reference, tables):
            found = f"a key into {plain(key.reference.resource)}, column {plain(key.reference.fields[0])}"
            yield key.fields[0], Words(found, allowed, "Correct it.")


def _is_target(target: Target, tables: dict[str, set[str]]) -> bool:
    if target.resource.startswith("vocabulary."):
        return target.fields[0] == "key"
    if target.resource == "references":
        return target.fields[0] == "id"
    return target.fields[0] in tables.get(target.resource, set())
