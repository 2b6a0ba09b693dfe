"""The entries of ``questions.toml`` and ``claims.toml``: checked records, and every key they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import ValidationError

from hipevidence.errors import Problem
from hipevidence.evidence.explain import explain
from hipevidence.evidence.figures import MEASURES
from hipevidence.evidence.keys import Targets, unknown_key
from hipevidence.evidence.models import Claim, Question, Record
from hipevidence.evidence.toml_text import Lines, parse_toml
from hipevidence.evidence.wording import Words, advice, did_you_mean, listed, plain, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hipevidence.evidence.sources import Source

RecordT = TypeVar("RecordT", bound=Record)
Place = tuple[int | str, ...]

PICO = {name: (f"vocabulary.{name}", "key") for name in ("population", "intervention", "comparator", "outcome")}
# where in an entry keys of other files stand: dotted path to (table, column)
QUESTION_LINKS = {
    **PICO,
    "prefer_instruments": ("instruments", "instrument"),
    "only_instruments": ("instruments", "instrument"),
    "exclude": ("studies", "row_id"),
    "sensitivity.add_rows": ("studies", "row_id"),
    "sensitivity.drop_rows": ("studies", "row_id"),
    "sensitivity.null_rows": ("studies", "row_id"),
}
CLAIM_LINKS = {
    **PICO,
    "instrument": ("instruments", "instrument"),
    "figures.outcome": PICO["outcome"],
    "source.identified": ("references", "id"),
    "rows": ("studies", "row_id"),
    "pools": ("published_pools", "pool_id"),
    "questions": ("questions", "id"),
}


@dataclass(frozen=True, slots=True)
class Entries(Generic[RecordT]):
    """All entries of one TOML file.

    Attributes
    ----------
    source
        The file.
    raw
        Each entry as the parser gives it, also those with mistakes in them.
    lines
        Where they stand.
    records
        The entries without mistakes.
    links
        Dotted path to the (table, column) whose keys may stand there.
    """

    source: Source
    raw: tuple[dict[str, Any], ...]
    lines: Lines
    records: tuple[RecordT, ...]
    links: dict[str, tuple[str, str]]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all entries, also of those with mistakes in them."""
        return frozenset(entry["id"] for entry in self.raw if isinstance(entry.get("id"), str))

    def problem(self, position: int, place: Place, words: Words, rule: str) -> Problem:
        """Return a problem at a place of an entry; ``words`` say what and why."""
        name = self.raw[position].get("id")
        entry = plain(name) if isinstance(name, str) else f"entry {position + 1}"
        return Problem(self.source.name, self.lines.of(position, place), entry, plain(dotted(place)), *words, rule=rule)


def read_questions(source: Source, problems: list[Problem]) -> Entries[Question] | None:
    """Read ``questions.toml``, adding what is wrong with it to ``problems``; ``None`` when it is no TOML."""
    entries = read_entries(source, "question", Question, QUESTION_LINKS, problems)
    if entries is not None:
        problems.extend(unknown_measures(entries))
        problems.extend(reversed_windows(entries))
    return entries


def read_claims(source: Source, problems: list[Problem]) -> Entries[Claim] | None:
    """Read ``claims.toml``, adding what is wrong with it to ``problems``; ``None`` when it is no TOML."""
    return read_entries(source, "claim", Claim, CLAIM_LINKS, problems)


def check_links(entries: Entries[Any], targets: Targets) -> Iterator[Problem]:
    """Yield a problem for each key of another file that does not exist there."""
    for path, target in entries.links.items():
        known = targets.get(target)
        if known is None:
            continue
        for position, entry in enumerate(entries.raw):
            for place, key in _follow(entry, path.split("."), ()):
                if key not in known:
                    yield entries.problem(position, place, unknown_key(key, target[0], known), "unknown_key")


def read_entries(
    source: Source, kind: str, model: type[RecordT], links: dict[str, tuple[str, str]], problems: list[Problem]
) -> Entries[RecordT] | None:
    """Read the ``[[kind]]`` entries of a TOML file as records, adding what is wrong with it to ``problems``.

    Parameters
    ----------
    source
        The file.
    kind
        Name of the entries, such as ``question``.
    model
        Record that each entry becomes.
    links
        Path of a key inside an entry to the table and column it refers to; checked by :func:`check_links`.
    problems
        Collects what is found.

    Returns
    -------
    Entries or None
        ``None`` when the file is no TOML or holds no list of such entries.
    """
    data = parse_toml(source, problems)
    if data is None:
        return None
    problems.extend(_foreign_sections(source, data, kind))
    found = data.get(kind, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        action = f"Begin each entry with [[{kind}]] on a line of its own."
        words = Words(f"{kind} that is no list of entries", f"[[{kind}]] before each entry", action)
        problems.append(Problem(source.name, 0, "", kind, *words, rule="entry"))
        return None
    raw: Entries[RecordT] = Entries(source, tuple(found), Lines(source, kind, len(found)), (), links)
    records = tuple(_records(raw, model, problems))
    problems.extend(_repeated(raw))
    return Entries(source, raw.raw, raw.lines, records, links)


def _foreign_sections(source: Source, data: dict[str, Any], kind: str) -> Iterator[Problem]:
    for name in data:
        if name != kind:
            action = advice(did_you_mean(name, {kind}), "Correct or delete it.")
            words = Words(f"unknown section {shown(name)}", f"[[{kind}]] only", action)
            yield Problem(source.name, 0, "", plain(name), *words, rule="entry")


def _records(entries: Entries[Any], model: type[RecordT], problems: list[Problem]) -> Iterator[RecordT]:
    for position, entry in enumerate(entries.raw):
        try:
            yield model.model_validate(entry)
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                words = explain(error, known_keys(model, error["loc"]))
                problems.append(entries.problem(position, error["loc"], words, "entry"))


def known_keys(model: type[Record], place: Place) -> tuple[str, ...]:
    """Return the keys that may stand where an unknown one was found."""
    fields = model.model_fields
    for step in place[:-1]:
        if isinstance(step, int):
            continue
        kind = fields[step].annotation if step in fields else None
        inner = [part for part in (kind, *getattr(kind, "__args__", ())) if hasattr(part, "model_fields")]
        if not inner:
            return ()
        fields = inner[0].model_fields
    return tuple(fields)


def _repeated(entries: Entries[Any]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for position, entry in enumerate(entries.raw):
        key = entry.get("id")
        if not isinstance(key, str):
            continue
        if key in first:
            found = f"{shown(key)} again, first in line {entries.lines.of(first[key])}"
            words = Words(found, "each id once", "Give this entry an id of its own, or delete it if it is a copy.")
            yield entries.problem(position, ("id",), words, "duplicate_key")
        first.setdefault(key, position)


def unknown_measures(entries: Entries[Any], allowed: Collection[str] = MEASURES) -> Iterator[Problem]:
    """Yield a problem for each measure that is none of the allowed ones."""
    for position, entry in enumerate(entries.raw):
        for place, measure in (*_follow(entry, ["measure"], ()), *_follow(entry, ["sensitivity", "measure"], ())):
            if measure not in allowed:
                action = advice(did_you_mean(measure, allowed), "Correct it.")
                words = Words(f"unknown measure {shown(measure)}", f"one of {listed(sorted(allowed))}", action)
                yield entries.problem(position, place, words, "unknown_measure")


def reversed_windows(entries: Entries[Any]) -> Iterator[Problem]:
    """Yield a problem for each window of time whose end lies before its beginning."""
    for position, entry in enumerate(entries.raw):
        match entry.get("time_weeks"):
            case [int() | float() as first, int() | float() as last] if not first <= last:
                words = Words(f"{first} to {last}", "the first week before the last", "Exchange the two.")
                yield entries.problem(position, ("time_weeks",), words, "reversed_window")


def _follow(value: Any, path: list[str], place: Place) -> Iterator[tuple[Place, str]]:
    """Yield (place, text) of each text at the end of a path, through lists and keys of tables."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _follow(item, path, (*place, position))
    elif path and isinstance(value, dict):
        if path[0] in value:
            yield from _follow(value[path[0]], path[1:], (*place, path[0]))
    elif isinstance(value, dict):
        for key in value:
            yield (*place, key), key
    elif not path and isinstance(value, str):
        yield place, value


def dotted(place: Place) -> str:
    """Return a place as people count: ``sensitivity[1].method``."""
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
