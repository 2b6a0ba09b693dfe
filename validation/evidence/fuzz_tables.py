"""Damage 20,000 data folders and look whether every one is met with a message: no traceback, no hang, no write.

Run it from the top of the repository: ``python validation/evidence/fuzz_tables.py [how many] [seed]``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).parents[2] / "tests"
# Another package may have left a folder of this name where it was installed; ours is meant.
sys.modules["tests"] = ModuleType("tests")
sys.modules["tests"].__path__ = [str(TESTS)]

from tests.evidence.mutations import survives  # noqa: E402 - after its place is known
from tests.support import Tiny  # noqa: E402 - the same

#: Every so many folders, adding a damaged row is planned too: it checks the whole folder three times.
PLAN_EVERY = 10
#: Seconds after which one folder counts as a hang.
HANG = 10.0


def main(count: int, seed: int) -> int:
    """Return the number of folders that were not met with a message."""
    ended: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Tiny(Path(scratch) / "data").write()
        whole = {path.name: path.read_bytes() for path in folder.iterdir()}
        for number in range(count):
            start = time.perf_counter()
            chance = random.Random(f"{seed} {number}")  # noqa: S311 - the same folders every time
            try:
                ended[survives(folder, whole, chance, plan=number % PLAN_EVERY == 0)] += 1
            except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
                ended["FAILED"] += 1
                print(f"seed {seed}, folder {number}: {error!r}")
            taken = time.perf_counter() - start
            slowest = max(slowest, taken)
            ended["HUNG"] += taken > HANG
    print(f"{count} folders: {dict(ended)}; slowest {slowest:.2f} s")
    return ended["FAILED"] + ended["HUNG"]


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(min(main(*numbers, *(20_000, 20261123)[len(numbers) :]), 1))
