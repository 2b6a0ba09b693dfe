from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from hipevidence.cli import app
from tests.support import ROOT, Tiny

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON; what is no JSON number is refused."""
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.fixture
def run():
    """Run a command inside this process, the user's mistakes included; any other exception is a failure."""

    def _run(*arguments: object) -> Run:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Run(done.exit_code, done.stdout, done.stderr)

    return _run


@pytest.fixture
def program():
    """Run the program as people do: a process of its own, in a folder of its own."""

    def _run(*arguments: object, cwd: Path = ROOT, **environment: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "hipevidence", *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHONIOENCODING": "utf-8", **environment},
        )
        encoding = environment.get("PYTHONIOENCODING", "utf-8")
        return Run(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))

    return _run


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path / "data")


@pytest.fixture
def data() -> Path:
    return ROOT / "data"
