"""The data folder as a whole: read, check, and hand over as one frozen object."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from hipevidence.errors import EvidenceError, InputError, Problem
from hipevidence.evidence.certainty import FILE as CERTAINTY_FILE
from hipevidence.evidence.certainty import read_certainty
from hipevidence.evidence.checks import acknowledge
from hipevidence.evidence.entries import Entries, check_links, read_claims, read_questions
from hipevidence.evidence.flow import FILE as FLOW_FILE
from hipevidence.evidence.flow import Flow, read_flow
from hipevidence.evidence.flow_sums import check_flow
from hipevidence.evidence.keys import Targets, check_foreign_keys, check_unique, column_keys
from hipevidence.evidence.networks import FILE as NETWORKS_FILE
from hipevidence.evidence.networks import check_networks, read_networks
from hipevidence.evidence.references import read_references
from hipevidence.evidence.risk_models import FILE as RISK_MODELS_FILE
from hipevidence.evidence.risk_models import check_risk_models, read_risk_models
from hipevidence.evidence.rules import check_rules
from hipevidence.evidence.schema import REQUIRED_TABLES, Schema, read_schema
from hipevidence.evidence.sources import Source, read_source
from hipevidence.evidence.tables import Table, empty_table, read_table
from hipevidence.evidence.vocabulary import Vocabulary, read_vocabulary
from hipevidence.evidence.wording import Words, advice, did_you_mean, listed, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd

    from hipevidence.evidence.certainty import SignedCertainty
    from hipevidence.evidence.models import Claim, Network, Question, RiskModel

SCHEMA_FILE = "datapackage.json"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Evidence:
    """Everything in a data folder, checked.

    Attributes
    ----------
    folder
        Where it was read.
    schema
        Description of the tables.
    studies, published_pools, instruments, reported_quality, risk_of_bias
        The tables, indexed 0 to n - 1 in the order of the file: numbers and counts as float with nan for empty,
        truth as bool, text as str with ``""`` for empty.
    printed
        Table name to the same table as text, as printed ("5.20" keeps its precision).
    lines
        Table name to the line of each row in its file, the header being line 1.
    questions, networks, claims, risk_models
        Entries of questions.toml, networks.toml, claims.toml and risk_models.toml, in the order of the files.
    certainty
        Entries of certainty.toml: what a person has signed.
    flow
        Counts and days of the search; all unknown without flow.toml.
    vocabulary
        Section to key to term, with ``covers``.
    references
        Key to CSL-JSON entry.
    hashes
        File name to SHA-256 of its bytes, in hexadecimal.
    warnings
        What should be looked at but stops nothing; without what somebody has acknowledged.
    """

    folder: Path
    schema: Schema
    studies: pd.DataFrame
    published_pools: pd.DataFrame
    instruments: pd.DataFrame
    reported_quality: pd.DataFrame
    risk_of_bias: pd.DataFrame
    printed: Mapping[str, pd.DataFrame]
    lines: Mapping[str, tuple[int, ...]]
    questions: tuple[Question, ...]
    networks: tuple[Network, ...]
    claims: tuple[Claim, ...]
    risk_models: tuple[RiskModel, ...]
    certainty: tuple[SignedCertainty, ...]
    flow: Flow
    vocabulary: Vocabulary
    references: Mapping[str, Mapping[str, Any]]
    hashes: Mapping[str, str]
    warnings: tuple[Problem, ...]
    _records: dict[str, list[dict[str, Any]]] = field(init=False, default_factory=dict)  # made when first asked for

    def __repr__(self) -> str:
        parts = f"{len(self.studies)} rows, {len(self.questions)} questions, {len(self.claims)} claims"
        return f"Evidence({str(self.folder)!r}: {parts})"

    def records(
        self, table: Literal["studies", "published_pools", "instruments", "reported_quality", "risk_of_bias"]
    ) -> list[dict[str, Any]]:
        """Return the rows of a table as mappings of column to value, in the order of the file; to be read only."""
        if table not in self._records:
            frame: pd.DataFrame = getattr(self, table)
            columns = (frame[name].tolist() for name in frame.columns)
            self._records[table] = [
                dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)
            ]
        return self._records[table]

    def instrument(self, key: str) -> dict[str, Any]:
        """Return the row of an instrument.

        Raises
        ------
        InputError
            If there is none with this key.
        """
        for row in self.records("instruments"):
            if row["instrument"] == key:
                return row
        raise InputError(_no_such("instrument", key, [str(row["instrument"]) for row in self.records("instruments")]))

    def question(self, key: str) -> Question:
        """Return the question with this id.

        Raises
        ------
        InputError
            If there is none.
        """
        questions = {question.id: question for question in self.questions}
        if key in questions:
            return questions[key]
        raise InputError(_no_such("question", key, questions))


def load_evidence(folder: str | Path) -> Evidence:
    """Read and check a data folder.

    Parameters
    ----------
    folder
        Folder with studies.csv, instruments.csv, questions.toml, vocabulary.toml, references.json and
        datapackage.json; networks.toml, claims.toml, risk_models.toml, certainty.toml, flow.toml,
        published_pools.csv, reported_quality.csv and risk_of_bias.csv may be missing.

    Returns
    -------
    Evidence
        Tables, questions, claims, vocabulary and references.

    Raises
    ------
    EvidenceError
        If anything stops the work; ``problems`` holds everything that was found in all files.
    """
    reading = _read(Path(folder))
    problems = reading.sorted_problems()
    if any(problem.level == "error" for problem in problems):
        raise EvidenceError(_open(problems))
    return _evidence(reading, _open(problems))


def validate(folder: str | Path, *, acknowledged: bool = False) -> tuple[Problem, ...]:
    """Return everything that was found in a data folder: errors, warnings and queries, by file and line.

    Parameters
    ----------
    folder
        As for :func:`load_evidence`.
    acknowledged
        Whether to return also what somebody has acknowledged in the table with a written reason.

    Returns
    -------
    tuple of Problem
        Empty when all is well; bad data never raises.
    """
    problems = _read(Path(folder)).sorted_problems()
    return problems if acknowledged else _open(problems)


def _open(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if not problem.acknowledged)


def _no_such(what: str, key: str, known: Collection[str]) -> str:
    allowed = listed(known) or "none yet"
    return (
        f"found no {what} {plain(key)}; allowed: {allowed}. {advice(did_you_mean(key, known), 'Choose one of them.')}"
    )


@dataclass(slots=True)
class _Reading:
    """What has been read so far; a part is ``None`` when its file cannot be read."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    schema: Schema | None = None
    tables: dict[str, Table | None] = field(default_factory=dict)
    vocabulary: Vocabulary | None = None
    references: dict[str, dict[str, Any]] | None = None
    questions: Entries[Question] | None = None
    networks: Entries[Network] | None = None
    claims: Entries[Claim] | None = None
    risk_models: Entries[RiskModel] | None = None
    certainty: Entries[SignedCertainty] | None = None
    flow: Flow | None = None

    def source(self, name: str, *, required: bool) -> Source | None:
        source = read_source(self.folder, name, self.problems, required=required)
        if source is not None:
            self.sources[name] = source
        return source

    def sorted_problems(self) -> tuple[Problem, ...]:
        # Stable: within a line they keep the order in which they were found.
        return tuple(sorted(dict.fromkeys(self.problems), key=lambda problem: (problem.file, problem.line)))


def _read(folder: Path) -> _Reading:
    reading = _Reading(folder)
    if missing := _no_folder(folder):
        words = Words(missing, "a data folder", "Check the name, or name the folder with --data.")
        reading.problems.append(Problem(plain(str(folder), 400), 0, "", "", *words, rule="missing_folder"))
        return reading
    _read_topic(reading)
    _read_tables(reading)
    targets = _targets(reading)
    for table in reading.tables.values():
        if table is not None:
            reading.problems.extend(check_unique(table))
            reading.problems.extend(check_foreign_keys(table, targets))
            reading.problems.extend(_checked(reading, table))
    for entries in (reading.questions, reading.networks, reading.claims, reading.risk_models, reading.certainty):
        if entries is not None:
            reading.problems.extend(check_links(entries, targets))
    if reading.networks is not None and reading.vocabulary is not None:
        reading.problems.extend(check_networks(reading.networks, reading.vocabulary))
    studies = reading.tables.get("studies")
    if reading.flow is not None:
        reading.problems.extend(check_flow(reading.flow, None if studies is None else studies.records()))
    if reading.risk_models is not None and studies is not None and reading.vocabulary is not None:
        reading.problems.extend(check_risk_models(reading.risk_models, studies.records(), reading.vocabulary))
    return reading


def _checked(reading: _Reading, table: Table) -> Iterator[Problem]:
    last_search = reading.flow.last_search if reading.flow else ""
    found = check_rules(table, reading.tables, reading.vocabulary, last_search)
    return acknowledge(table, found)


def _no_folder(folder: Path) -> str:
    """Return what stands where the data folder should be, or ``""``."""
    try:
        if folder.is_dir():
            return ""
        return "a file" if folder.exists() else "no such folder"
    except OSError as error:
        return plain(error.strerror or "a folder that cannot be read")


def _read_topic(reading: _Reading) -> None:
    problems = reading.problems
    if source := reading.source(SCHEMA_FILE, required=True):
        reading.schema = read_schema(source, problems)
    if source := reading.source("vocabulary.toml", required=True):
        reading.vocabulary = read_vocabulary(source, problems)
    if source := reading.source("references.json", required=True):
        reading.references = read_references(source, problems)
    if source := reading.source("questions.toml", required=True):
        reading.questions = read_questions(source, problems)
    if source := reading.source(NETWORKS_FILE, required=False):
        reading.networks = read_networks(source, problems)
    if source := reading.source("claims.toml", required=False):
        reading.claims = read_claims(source, problems)
    if source := reading.source(RISK_MODELS_FILE, required=False):
        reading.risk_models = read_risk_models(source, problems)
    if source := reading.source(CERTAINTY_FILE, required=False):
        reading.certainty = read_certainty(source, problems)
    if source := reading.source(FLOW_FILE, required=False):
        reading.flow = read_flow(source, problems)


def _read_tables(reading: _Reading) -> None:
    for resource in reading.schema.resources if reading.schema else ():
        required = resource.name in REQUIRED_TABLES
        before = len(reading.problems)
        source = reading.source(resource.path, required=required)
        if source is not None:
            reading.tables[resource.name] = read_table(source, resource, reading.problems)
        else:
            # A missing optional table is an empty one; an unreadable one is unknown.
            unreadable = len(reading.problems) > before
            reading.tables[resource.name] = None if unreadable else empty_table(resource)
    studies = reading.tables.get("studies")
    if studies is not None and studies.read and not studies.rows:
        action = "Add a row for each result; until then every question is open."
        words = Words("no rows", "a header alone is allowed", action)
        reading.problems.append(Problem(studies.resource.path, 1, "", "", *words, rule="no_rows", level="warning"))


def _targets(reading: _Reading) -> Targets:
    targets: dict[tuple[str, str], Any] = {}
    for table in reading.tables.values():
        if table is not None:
            targets.update(column_keys(table))
    if reading.references is not None:
        targets["references", "id"] = reading.references
    if reading.questions is not None:
        targets["questions", "id"] = reading.questions.ids
    return targets | _vocabulary_targets(reading)


def _vocabulary_targets(reading: _Reading) -> dict[tuple[str, str], Any]:
    if reading.vocabulary is None:
        return {}
    asked = {"population", "intervention", "comparator", "outcome"}
    return {
        (f"vocabulary.{section}", "key"): reading.vocabulary.get(section, {}).keys()
        for section in asked | set(reading.vocabulary)
    }


def _evidence(reading: _Reading, problems: tuple[Problem, ...]) -> Evidence:
    tables = {name: table for name, table in reading.tables.items() if table is not None}
    if reading.schema is None or reading.vocabulary is None:
        raise EvidenceError(problems)
    return Evidence(
        folder=reading.folder,
        schema=reading.schema,
        studies=tables["studies"].to_frame(),
        published_pools=tables["published_pools"].to_frame(),
        instruments=tables["instruments"].to_frame(),
        reported_quality=tables["reported_quality"].to_frame(),
        risk_of_bias=tables["risk_of_bias"].to_frame(),
        printed=MappingProxyType({name: table.printed_frame() for name, table in tables.items()}),
        lines=MappingProxyType({name: tuple(row.line for row in table.rows) for name, table in tables.items()}),
        questions=reading.questions.records if reading.questions else (),
        networks=reading.networks.records if reading.networks else (),
        claims=reading.claims.records if reading.claims else (),
        risk_models=reading.risk_models.records if reading.risk_models else (),
        certainty=reading.certainty.records if reading.certainty else (),
        flow=reading.flow or Flow(),
        vocabulary=reading.vocabulary,
        references=MappingProxyType(reading.references or {}),
        hashes=MappingProxyType({name: source.sha256 for name, source in sorted(reading.sources.items())}),
        warnings=problems,
    )
