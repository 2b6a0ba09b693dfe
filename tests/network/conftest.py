"""The published networks and the peer's numbers, read by the script that prints validation's table."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import settings

from hipevidence.network import from_contrasts

settings.register_profile("no-clock", deadline=None, database=None)
settings.load_profile("no-clock")

SCRIPT = Path(__file__).parents[2] / "validation" / "network" / "compare.py"


def load_script():
    """Return validation/network/compare.py as a module."""
    spec = importlib.util.spec_from_file_location("network_compare", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def compare():
    """Return the comparison script."""
    return load_script()


@pytest.fixture(scope="session")
def senn(compare):
    """Return the 26 trials of Senn 2013, one of them with three arms."""
    return compare.load("Senn2013")


@pytest.fixture(scope="session")
def smoking(compare):
    """Return the 24 smoking-cessation trials, two of them with three arms."""
    return compare.load("smokingcessation")


@pytest.fixture(scope="session")
def hott():
    """Return the three arms of one trial, given as three differences with confidence limits."""
    return from_contrasts(
        study=["Hott"] * 3,
        treatment1=["hip", "hip", "knee"],
        treatment2=["none", "knee", "none"],
        effect=[1.0, 0.8, 0.2],
        ci_low=[-4.6, -4.8, -5.5],
        ci_high=[6.6, 6.4, 6.0],
        n1=[39, 39, 37],
        n2=[36, 37, 36],
        measure="MD",
    )


@pytest.fixture(scope="session")
def two_pieces():
    """Return a network that falls into {a, b, c} and {x, y}."""
    return from_contrasts(
        study=["1", "2", "3", "4", "5"],
        treatment1=["a", "b", "a", "x", "x"],
        treatment2=["b", "c", "c", "y", "y"],
        effect=[1.0, 0.5, 1.2, 2.0, 3.0],
        se=[0.4, 0.5, 0.6, 0.3, 0.2],
        measure="MD",
    )
