"""Data <-> standardized arrays.

Every encoder has `kind`, `width`, `grid`, `schema`, `normal`, `offsets`, `fit`, `encode`, `decode` and its state.

Inside this folder files build on each other in this order: series, data, then arrays, column and components, then
category and unequal, then one file per kind of data, then given and conditions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Array, Data, Ragged, checked, first_of, from_python, settled
from .conditions import LABEL, Conditions, as_labels, split
from .data import Frame, Matrix, given_from_python, labels_from_python
from .image import ImageEncoder
from .series import CATEGORIES, COLUMN_TYPES, NUMBERS, Column
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
    "CATEGORIES",
    "COLUMN_TYPES",
    "ENCODERS",
    "LABEL",
    "NUMBERS",
    "Array",
    "Column",
    "Conditions",
    "Data",
    "Encoder",
    "Frame",
    "ImageEncoder",
    "Matrix",
    "Ragged",
    "TableEncoder",
    "WaveEncoder",
    "as_labels",
    "cast",
    "checked",
    "encoder_from_state",
    "first_of",
    "from_python",
    "given_from_python",
    "labels_from_python",
    "settled",
    "split",
]
