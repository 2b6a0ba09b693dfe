"""The pictures of the gallery, loaded from the script that draws them for the documentation."""

from __future__ import annotations

import functools
import importlib.util
import sys

from tests.support import ROOT

_SPEC = importlib.util.spec_from_file_location("make_gallery", ROOT / "docs" / "make_gallery.py")
make_gallery = importlib.util.module_from_spec(_SPEC)
sys.modules["make_gallery"] = make_gallery
_SPEC.loader.exec_module(make_gallery)

NEED_MORE = {"leave_one_out", "baujat", "gosh_plot", "bubble", "influence_panel", "funnel"}
"""Pictures that refuse one study."""
PICTURES = {picture.__name__: picture for picture in make_gallery.PICTURES}
ALL = [
    (picture.__name__, variant)
    for picture, variants in make_gallery.PICTURES.items()
    for variant in variants
    if not (variant == "1" and picture.__name__ in NEED_MORE)
]
"""Every picture that is drawn, with its variant."""


@functools.cache
def drawn(name, variant):
    """The figure and its description."""
    return PICTURES[name](variant)
