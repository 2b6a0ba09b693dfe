"""No test of this folder depends on how fast the machine is, nor leaves examples behind."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no-clock", deadline=None, database=None)
settings.load_profile("no-clock")
