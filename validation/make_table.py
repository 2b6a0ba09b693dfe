"""Compare every number of every method with its peers, and write the table of README.md.

    python validation/make_table.py               # about two minutes
    python validation/make_table.py --check       # writes nothing; fails where a difference has no cause
    python validation/make_table.py rare exact    # writes nothing; prints these folders' tables, and where the worst is

Each folder with a compare.py is one part of the page. ``peers.toml`` names the peers and says why a number differs.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

HERE = Path(__file__).parent
LIMIT = 1e-6
"""A difference above this needs a cause."""
START, END = "<!-- table: made by make_table.py -->", "<!-- end of the table -->"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    method
        What was compared.
    count
        How many numbers.
    worst
        Largest relative difference.
    where
        Which number that is; empty where the script does not say.
    """

    method: str
    count: int
    worst: float
    where: str = ""


def load(folder: str) -> ModuleType:
    """Return the compare.py of a folder."""
    name = f"compare_{folder}"
    spec = importlib.util.spec_from_file_location(name, HERE / folder / "compare.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder}/compare.py cannot be read.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def rows_of(folder: str) -> list[Row]:
    """Compare everything in one folder; its script yields either pairs of numbers, or what they come to."""
    module = load(folder)
    if folder == "pooling":
        tally = module.compare()
        return [Row(kind, count, *tally.worst[kind]) for kind, count in tally.count.items()]
    if hasattr(module, "compare"):
        return [Row(what, count, worst) for what, (count, worst) in module.compare().items()]
    if folder == "network":
        return _gather((one.what, f"{one.network} {one.quantity}", one.difference) for one in module.numbers())
    if folder == "bayes":
        return _gather(module.comparisons())
    return _gather((kind, where, _relative(ours, theirs)) for kind, where, ours, theirs in module.comparisons())


def _relative(ours: float, theirs: float) -> float:
    return 0.0 if ours == theirs else abs(ours - theirs) / abs(theirs) if theirs else math.inf


def _gather(differences: Iterable[tuple[str, str, float]]) -> list[Row]:
    kinds: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for kind, where, difference in differences:
        kinds[kind].append((difference, where))
    return [Row(kind, len(found), *max(found)) for kind, found in kinds.items()]


def find(texts: dict[str, str], method: str) -> str:
    """Return the text whose key the method begins with, the longest key first; empty if none."""
    keys = [key for key in texts if method.startswith(key)]
    return texts[max(keys, key=len)] if keys else ""


def rooms() -> list[dict[str, Any]]:
    """Return the entries of peers.toml."""
    return list(tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))["room"])


def problems(room: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    """Yield every difference without a cause, and every cause without a difference."""
    causes = room.get("causes", {})
    large = [row for row in rows if not row.worst <= LIMIT]
    for row in large:
        if not find(causes, row.method):
            yield f"{room['folder']}: {row.method} differs by {row.worst:.1e}; write its cause into peers.toml."
    for key in causes:
        if not any(row.method.startswith(key) for row in large):
            yield f"{room['folder']}: the cause of {key!r} explains no difference; take it out of peers.toml."


def section(room: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    """Yield the lines of one part of the page."""
    yield f"## {room['title']}"
    yield ""
    yield "| method | compared with | numbers | worst relative difference | cause, if above 1e-6 |"
    yield "|---|---|---:|---:|---|"
    for row in rows:
        peer = find(room.get("against", {}), row.method) or room["peer"]
        cause = find(room.get("causes", {}), row.method) if row.worst > LIMIT else ""
        yield f"| {row.method} | {peer} | {row.count:,} | {row.worst:.1e} | {cause} |"
    yield ""


def print_folder(folder: str) -> None:
    """Print what was compared in one folder, and where the worst difference of each line is."""
    rows = rows_of(folder)
    print("| what | numbers | worst relative difference | where |")
    print("|---|---:|---:|---|")
    for row in rows:
        print(f"| {row.method} | {row.count:,} | {row.worst:.1e} | {row.where} |")
    print(f"| **all** | **{sum(row.count for row in rows):,}** | **{max(row.worst for row in rows):.1e}** | |\n")


def main() -> None:
    """Write the table into the page, or say what is missing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", help="print these folders' tables instead")
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    for folder in arguments.folders:
        print_folder(folder)
    if arguments.folders:
        return
    check = arguments.check
    found = [(room, rows_of(room["folder"])) for room in rooms()]
    missing = [problem for room, rows in found for problem in problems(room, rows)]
    if missing:
        sys.exit("\n".join(missing))
    if check:
        return
    everything = [row for _, rows in found for row in rows]
    large = sum(row.worst > LIMIT for row in everything)
    lines = [
        f"{sum(row.count for row in everything):,} numbers in {len(everything)} rows; {large} rows differ by more "
    ]
    lines[0] += "than 1e-6 somewhere, each with its cause."
    lines += ["", *(line for room, rows in found for line in section(room, rows))]
    page = HERE / "README.md"
    before, rest = page.read_text(encoding="utf-8").split(START)
    text = "\n".join(lines)
    page.write_text(f"{before}{START}\n\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
