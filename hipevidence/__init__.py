"""Hold a clinic's public statements about hip strengthening and knee pain against the trials."""

from __future__ import annotations
