"""A data folder damaged at random, as editors, spreadsheets, crashes and mischief damage one."""

from __future__ import annotations

import contextlib
import hashlib
import warnings
from typing import TYPE_CHECKING

from hipevidence.claims import verdicts
from hipevidence.errors import EvidenceError, InputError
from hipevidence.evidence import load_evidence, validate
from hipevidence.evidence.writing import insert_rows, plan_addition
from hipevidence.evidence.writing.bibliography import insert_reference
from hipevidence.synthesis import synthesise
from tests.support import STUDY

if TYPE_CHECKING:
    import random
    from pathlib import Path

TABLES = ("studies.csv", "published_pools.csv", "instruments.csv", "reported_quality.csv", "risk_of_bias.csv")
FILES = (*TABLES, "questions.toml", "claims.toml", "vocabulary.toml", "references.json", "datapackage.json")
SNIPPETS = (
    *(b'"', b",", b"\n", b"\r\n", b"\r", b";", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"\n\n\n", b"\x1b[31m"),
    *(b"=1+1", b"-", b".", b"1e999", b"nan", b"inf", b"9" * 30, b"0", b"-0", b"2,6", "−1".encode(), b"<0.001"),
    *(b"{", b"}", b"[", b"]", b"[[", b"#", b"\\", b"null", b"true", b"[[question]]", "\u202e".encode()),
    *(b"a" * 5000, b"10.1/x", b"smith2020", b"studies"),
)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return a content with one to three things wrong with it."""
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(WAYS)(content, chance)
    return content


def _place(content: bytes, chance: random.Random) -> int:
    return chance.randint(0, len(content))


def _replace(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + chance.choice(SNIPPETS) + content[place + chance.randint(1, 8) :]


def _insert(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + chance.choice(SNIPPETS) + content[place:]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: _place(content, chance)]


def _flip(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + bytes([chance.randint(0, 255)]) + content[place + 1 :]


def _repeat_line(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    line = chance.choice(lines)
    return b"\n".join([*lines, line]) if chance.random() < 0.5 else content.replace(line, line + b"\n" + line, 1)


def _drop_line(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def _swap_cells(content: bytes, chance: random.Random) -> bytes:
    cells = content.split(b",")
    one, other = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[one], cells[other] = cells[other], cells[one]
    return b",".join(cells)


def _other_digit(content: bytes, chance: random.Random) -> bytes:
    """Mistype a digit: the one damage that most tables survive, so that what comes after reading is tried too."""
    digits = [place for place, sign in enumerate(content) if sign in b"0123456789"]
    if not digits:
        return content
    place = chance.choice(digits)
    return content[:place] + str(chance.randint(0, 9)).encode() + content[place + 1 :]


WAYS = (_replace, _insert, _cut, _repeat_line, _drop_line, _swap_cells, _flip, _other_digit, _other_digit)


def fingerprint(folder: Path) -> str:
    """Return a hash over every file of a folder and its name."""
    parts = (path.name.encode() + path.read_bytes() for path in sorted(folder.iterdir()))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _row(chance: random.Random) -> dict[str, str]:
    """Return a new row with a few cells damaged."""
    row = {**STUDY, "row_id": "new.sleep", "sample_id": "new", "mean1_post": "5.5"}
    for column in chance.sample(list(row), chance.randint(0, 3)):
        row[column] = damaged(row[column].encode(), chance).decode(errors="replace")
    return row


def survives(folder: Path, whole: dict[str, bytes], chance: random.Random, *, plan: bool) -> str:
    """Damage one file, read, check, answer and plan an addition, and return how it ended; put the file right again.

    Anything but a message for a person, and any write, is an error that is raised.
    """
    name = chance.choice((*TABLES, *FILES))
    row = _row(chance)
    (folder / name).write_bytes(damaged(whole[name], chance))
    before = fingerprint(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ended = _used(folder, name, row, plan=plan)
    finally:
        after = fingerprint(folder)
        (folder / name).write_bytes(whole[name])
    if after != before:
        raise RuntimeError(f"{name} was written to")
    return ended


def _used(folder: Path, name: str, row: dict[str, str], *, plan: bool) -> str:
    validate(folder, acknowledged=True)
    content = (folder / name).read_bytes()
    with contextlib.suppress(InputError, UnicodeDecodeError):
        insert_reference(content, {"id": "new"}) if name == "references.json" else insert_rows(content, [row])
    try:
        evidence = load_evidence(folder)
        verdicts(evidence, [synthesise(evidence, question) for question in evidence.questions])
    except EvidenceError as error:
        if not error.problems or "\x1b" in str(error):
            raise RuntimeError("an error without a problem, or with control characters in it") from error
        return "refused"
    if plan:
        try:
            return "planned" if plan_addition(evidence, "studies", [row]).after is None else "added"
        except InputError:
            return "not added"
    return "read"
