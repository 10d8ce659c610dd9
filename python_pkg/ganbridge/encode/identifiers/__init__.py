"""Columns whose values name rows: recognition.py finds them, pattern.py learns their look, making.py makes new ones."""

from __future__ import annotations

from .columns import Identifiers, take_out
from .marks import HeldMarks

__all__ = ["HeldMarks", "Identifiers", "take_out"]
