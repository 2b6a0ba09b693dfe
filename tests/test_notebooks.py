"""The notebooks run from clean, as a reader would run them, and show what they promise."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: What a reader sees: pictures, and words among the outputs.
SHOWN = {
    "1_pooled_estimates": (2, ["−0.61 (95% CI −1.38 to 0.17)", "−0.61 (95% CI −0.96 to −0.26)", "Known nulls as zero"]),
    "2_add_a_study": (
        2,
        ['allowed: "0" to "20"', "−0.71 [−3.19 to 1.77] -> −0.61 [−1.38 to 0.17]", "Severity: crosses"],
    ),
    "3_risk_model": (2, ["odds ratio 1.70 (95% CI 1.10 to 2.60)", "about 30 of 100", "No estimate"]),
    "4_figures_for_patients": (2, ["misattributed", "comparator", "1 of 100 (99 do not, 95% CI 1 to 2)"]),
    "5_metafor_users": (2, ["38 of 42 printed values are the same", "81.92% to 97.68%"]),
}


def words(output: Any) -> str:
    """The text of an output, whatever its kind."""
    data = output.get("data", {})
    text = (
        output.get("text", "")
        or data.get("text/html", "")
        or data.get("text/markdown", "")
        or data.get("text/plain", "")
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "".join(text))).split())


def test_there_is_a_notebook_for_each_reader():
    assert [path.stem for path in NOTEBOOKS] == list(SHOWN)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)
    assert "widgets" not in notebook.metadata


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # the kernel's own libraries warn about events that are not ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_from_clean(path):
    notebook = nbformat.read(path, as_version=4)
    executed = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    seen = "\n".join(words(output) for output in outputs)
    pictures, promised = SHOWN[path.stem]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == pictures
    assert [text for text in promised if text not in seen] == []
    assert not any(output.get("name") == "stderr" for output in outputs)
