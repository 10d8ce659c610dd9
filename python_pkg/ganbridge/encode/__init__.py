"""Data <-> standardized arrays. Every encoder has `kind`, `width`, `schema`, `fit`, `encode`, `decode` and its state.

Inside this folder files build on each other in this order: data, then arrays, column and components, then
unequal, then one file per kind of data.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Array, Data, Ragged, checked, first_of, from_python, settled
from .data import Column, Frame, Matrix
from .table import TableEncoder
from .wave import WaveEncoder

ENCODERS: dict[str, type[TableEncoder] | type[WaveEncoder]] = {"table": TableEncoder, "wave": WaveEncoder}
Encoder = TableEncoder | WaveEncoder


def encoder_from_state(kind: str, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Encoder:
    """The encoder of that kind, from what `to_state` gave."""
    return ENCODERS[kind].from_state(plain, arrays)


__all__ = [
    "ENCODERS",
    "Array",
    "Column",
    "Data",
    "Encoder",
    "Frame",
    "Matrix",
    "Ragged",
    "TableEncoder",
    "WaveEncoder",
    "checked",
    "encoder_from_state",
    "first_of",
    "from_python",
    "settled",
]
