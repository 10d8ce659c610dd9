"""Data <-> standardized arrays. Every encoder has `kind`, `width`, `schema`, `fit`, `encode`, `decode` and its state.

Inside this folder files build on each other in this order: data, then arrays and column, then one file per kind
of data.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Array, Data, checked, first_of, from_python, settled
from .data import Column, Frame, Matrix
from .image import ImageEncoder
from .table import TableEncoder
from .wave import WaveEncoder

Encoder = TableEncoder | WaveEncoder | ImageEncoder
ENCODERS: dict[str, type[TableEncoder] | type[WaveEncoder] | type[ImageEncoder]] = {
    "table": TableEncoder,
    "wave": WaveEncoder,
    "image": ImageEncoder,
}


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
    "ImageEncoder",
    "Matrix",
    "TableEncoder",
    "WaveEncoder",
    "checked",
    "encoder_from_state",
    "first_of",
    "from_python",
    "settled",
]
