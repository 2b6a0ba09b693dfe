# ruff: noqa: INP001 - settings of Sphinx, not a package
"""How the documentation is built: ``python3 run.py docs`` writes it to ``docs/_build/html``.

The source folder is the whole repository, so that one and the same link works on GitHub and in the built pages.
"""

from __future__ import annotations

import importlib.metadata
import re
from typing import Any

project = "hipevidence"
author = "The hipevidence developers"
release = version = importlib.metadata.version("hipevidence")
root_doc = "docs/index"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/**",
    "notebooks/*.ipynb",
    "validation/**.md",
    "benchmarks/*.md",
]
exclude_patterns = ["docs/_build", "**/.ipynb_checkpoints"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

# Pages
myst_heading_anchors = 3
html_theme = "furo"
html_title = "hipevidence"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_css_files = ["tables.css"]
html_copy_source = False
html_show_copyright = False
html_show_sourcelink = False
html_last_updated_fmt = None  # the same sources give the same pages

# Notebooks: run from clean while the pages are built
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_show_tb = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # nothing is loaded from elsewhere; a page has no kernel anyway

# The programming interface
autodoc_typehints = "none"  # the text of each parameter says what it is
autodoc_member_order = "alphabetical"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_attr_annotations = False


def plain_bars(*arguments: Any) -> None:
    """Let docstrings write an absolute value as they would on paper."""
    lines = arguments[-1]
    lines[:] = [line.replace("|", r"\|") for line in lines]


def joined_names(*arguments: Any) -> None:
    """Keep attributes that share a line together; Sphinx would take the first for the type of the second."""
    lines = arguments[-1]
    lines[:] = [
        re.sub(r"(?<=:ivar )\w+(?:, \w+)+(?=:)", lambda names: names[0].replace(" ", ""), line) for line in lines
    ]


def finish_page(_app: Any, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Give captions, which Sphinx marks as headings, the level that screen readers ask for; leave out widgets' state.

    That state is of no use in a page without a kernel, and has other random names on every run.
    """
    for name in {"body", "furo_navigation_tree"} & context.keys():
        context[name] = context[name].replace('role="heading"', 'role="heading" aria-level="2"')
    scripts = context["script_files"]
    scripts[:] = [one for one in scripts if "widget-state" not in getattr(one, "attributes", {}).get("type", "")]


def setup(app: Any) -> None:
    """Tell Sphinx of all three; napoleon works between the first two."""
    app.connect("autodoc-process-docstring", plain_bars, priority=0)
    app.connect("autodoc-process-docstring", joined_names, priority=900)
    app.connect("html-page-context", finish_page, priority=900)
