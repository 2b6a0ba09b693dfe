"""Selection models: which effect would fit if publication had depended on the P value."""

from __future__ import annotations

from hipevidence.bias.selection.model import SelectionModel, selection_model

__all__ = ["SelectionModel", "selection_model"]
