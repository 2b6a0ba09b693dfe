"""Damage 20,000 data folders and look whether every one is met with a message: no traceback, no hang, no write.

From the top of the repository: ``python validation/evidence/fuzz_tables.py [--folders N] [--seed N] [--record FILE]``.
With a record, every batch that is done is a line of it: a run that was stopped goes on where it stood, and several
processes share the work when each is given folders of its own (``--first``).
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType, ModuleType

TESTS = Path(__file__).parents[2] / "tests"
# Another package may have left a folder of this name where it was installed; ours is meant.
sys.modules["tests"] = ModuleType("tests")
sys.modules["tests"].__path__ = [str(TESTS)]

from tests.evidence.mutations import survives  # noqa: E402 - after its place is known
from tests.support import Tiny  # noqa: E402 - the same

#: Every so many folders, adding a damaged row is planned too: it checks the whole folder three times.
PLAN_EVERY = 10
#: Seconds after which one folder counts as a hang, and is given up.
HANG = 10
#: Folders that are counted, told of and recorded together.
BATCH = 500


def batch(first: int, count: int, seed: int) -> dict[str, float]:
    """Return how so many folders ended, from number ``first`` on, and the seconds that the slowest took."""
    ended: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Tiny(Path(scratch) / "data").write()
        whole = {path.name: path.read_bytes() for path in folder.iterdir()}
        for number in range(first, first + count):
            start = time.perf_counter()
            ended[_one(folder, whole, seed, number)] += 1
            slowest = max(slowest, time.perf_counter() - start)
    return {"seed": seed, "first": first, **ended, "slowest": round(slowest, 3)}


def _one(folder: Path, whole: dict[str, bytes], seed: int, number: int) -> str:
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - the same folders every time
    signal.alarm(HANG)
    try:
        return survives(folder, whole, chance, plan=number % PLAN_EVERY == 0)
    except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
        print(f"seed {seed}, folder {number}: {error!r}", flush=True)
        return "FAILED"
    finally:
        signal.alarm(0)


def _give_up(_: int, frame: FrameType | None) -> None:
    where = f" at {frame.f_code.co_filename}:{frame.f_lineno}" if frame else ""
    raise TimeoutError(f"no end after {HANG} s{where}")


def main() -> int:
    """Run the batches that the record does not hold, and return 1 if a folder was not met with a message."""
    asked = _asked()
    signal.signal(signal.SIGALRM, _give_up)
    done = {
        entry["first"]: entry
        for entry in map(json.loads, asked.record.read_text().splitlines() if asked.record.exists() else ())
        if entry["seed"] == asked.seed
    }
    for first in range(asked.first, asked.first + asked.folders, BATCH):
        if first not in done:
            done[first] = batch(first, min(BATCH, asked.first + asked.folders - first), asked.seed)
            with asked.record.open("a") as record:
                record.write(json.dumps(done[first]) + "\n")
            print(done[first], flush=True)
    slowest = max(entry["slowest"] for entry in done.values())
    ended = sum((Counter(_endings(entry)) for entry in done.values()), Counter())
    print(f"{ended.total()} folders of seed {asked.seed}: {dict(ended)}; slowest {slowest:.2f} s")
    return min(ended["FAILED"], 1)


def _endings(entry: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in entry.items() if name not in {"seed", "first", "slowest"}}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folders", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first folder")
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--record", type=Path, default=Path("/dev/null"), help="file of the batches that are done")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
