"""JupyterLab as people meet it: the first notebook runs in Chromium, and another choice shows another interval.

Needs Chromium and its driver on the machine; is skipped, with that reason, where they are not.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from jupyter_core.paths import jupyter_path

from tests.support import ROOT

pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

SCRIPT = ROOT / "validation" / "notebooks" / "widget.py"
MANAGER = "@jupyter-widgets/jupyterlab-manager"


@pytest.fixture(scope="module")
def widget():
    spec = importlib.util.spec_from_file_location("widget", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def browser(widget):
    found = widget.chromium()
    if found is None:
        pytest.skip("no Chromium with its driver on this machine")
    yield found
    found.quit()


@pytest.mark.slow
def test_another_interval_chosen_in_the_widget_shows_another_answer(widget, browser):
    if not any((Path(folder) / MANAGER).exists() for folder in jupyter_path("labextensions")):
        pytest.skip("JupyterLab does not find its part of ipywidgets here")
    with widget.jupyter(ROOT) as address:
        before, after = widget.run_and_choose(browser, address, "wald")
    assert "−0.61 (95% CI −1.38 to 0.17)" in before
    assert "−0.61 (95% CI −0.94 to −0.28)" in after
