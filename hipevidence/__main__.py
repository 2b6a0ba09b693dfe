"""``python -m hipevidence``: the same as the command ``hipevidence``."""

from __future__ import annotations

from hipevidence.cli import run

if __name__ == "__main__":
    run()
