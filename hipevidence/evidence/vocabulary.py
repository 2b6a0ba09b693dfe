"""The vocabulary: which words mean the same, and which term is a kind of which."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from hipevidence.errors import Problem
from hipevidence.evidence.explain import explain
from hipevidence.evidence.keys import unknown_key
from hipevidence.evidence.models import Key, Term
from hipevidence.evidence.toml_text import line_of_table, parse_toml
from hipevidence.evidence.wording import Words, plain, shown

if TYPE_CHECKING:
    from hipevidence.evidence.sources import Source

Terms = dict[str, dict[str, Term]]
KEY: TypeAdapter[str] = TypeAdapter(Key)


class Vocabulary(Mapping[str, Mapping[str, Term]]):
    """Sections (population, intervention ...) of terms, and what is a kind of what.

    Parameters
    ----------
    sections
        Section to key to term.

    Examples
    --------
    >>> words = Vocabulary({"fruit": {"apple": Term(label="apple"), "boskoop": Term(label="Boskoop", is_a=("apple",))}})
    >>> words.covers("fruit", "apple", "boskoop"), words.covers("fruit", "boskoop", "apple")
    (True, False)
    """

    __slots__ = ("_broader", "_sections")

    def __init__(self, sections: Mapping[str, Mapping[str, Term]]) -> None:
        self._sections = {name: dict(terms) for name, terms in sections.items()}
        self._broader = {
            name: {key: frozenset(_broader(terms, key)) for key in terms} for name, terms in self._sections.items()
        }

    def __getitem__(self, section: str) -> Mapping[str, Term]:
        return self._sections[section]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)

    def covers(self, section: str, broad: str, narrow: str) -> bool:
        """Return whether ``narrow`` is ``broad`` or, through any number of steps of ``is_a``, a kind of it.

        Parameters
        ----------
        section
            Section of both, such as ``population``.
        broad, narrow
            Keys of terms; a key that does not exist covers nothing but itself.
        """
        return broad in self.broader(section, narrow)

    def broader(self, section: str, key: str) -> frozenset[str]:
        """Return a key and every key it is a kind of."""
        return self._broader.get(section, {}).get(key, frozenset({key}))


def read_vocabulary(source: Source, problems: list[Problem]) -> Vocabulary | None:
    """Read ``vocabulary.toml``, adding what is wrong with it to ``problems``.

    Parameters
    ----------
    source
        The file.
    problems
        Collects what is wrong.

    Returns
    -------
    Vocabulary or None
        ``None`` when the file is no TOML; terms that are wrong are left out.
    """
    data = parse_toml(source, problems)
    if data is None:
        return None
    sections: Terms = {}
    for section, entries in data.items():
        if not isinstance(entries, dict):
            action = f"Write it as [{plain(section)}.some_key] with a label."
            words = Words(f"a bare value for {shown(section)}", "sections of terms", action)
            problems.append(Problem(source.name, 0, plain(section), "", *words, rule="entry"))
            continue
        sections[section] = dict(_terms(source, section, entries, problems))
    for section, terms in sections.items():
        # Against all keys of the file: a term with a mistake in it is not also an unknown one.
        problems.extend(_broken_links(source, section, terms, data[section].keys()))
    return Vocabulary(sections)


def _broader(terms: Mapping[str, Term], key: str) -> Iterator[str]:
    found = {key}
    queue = [key]
    while queue:
        current = queue.pop()
        yield current
        for parent in terms[current].is_a if current in terms else ():
            if parent not in found:
                found.add(parent)
                queue.append(parent)


def _terms(
    source: Source, section: str, entries: dict[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, Term]]:
    for key, entry in entries.items():
        try:
            yield KEY.validate_python(key), Term.model_validate(entry)
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                words = explain(error, Term.model_fields)
                column = plain(".".join(map(str, error["loc"])))
                line = line_of_table(source, section, key)
                name = plain(f"{section}.{key}")
                problems.append(Problem(source.name, line, name, column, *words, rule="entry"))


def _broken_links(source: Source, section: str, terms: Mapping[str, Term], known: Collection[str]) -> Iterator[Problem]:
    for key, term in terms.items():
        wrong = [
            (unknown_key(parent, f"vocabulary.{section}", known), "unknown_key")
            for parent in term.is_a
            if parent not in known
        ]
        if any(key in _broader(terms, parent) for parent in term.is_a):
            words = Words("a term that is a kind of itself", "no circles", "Delete one is_a on the way round.")
            wrong.append((words, "circular_term"))
        for words, rule in wrong:
            line = line_of_table(source, section, key)
            yield Problem(source.name, line, plain(f"{section}.{key}"), "is_a", *words, rule=rule)
