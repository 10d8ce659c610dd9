"""Data <-> standardized arrays: base.py says what every encoder does."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Encoder
from .conditions import Conditions, split
from .image import ImageEncoder
from .table import TableEncoder
from .wave import WaveEncoder

ENCODERS: dict[str, type[Encoder]] = {"table": TableEncoder, "wave": WaveEncoder, "image": ImageEncoder}


def encoder_from_state(kind: str, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Encoder:
    """The encoder of that kind, from what `to_state` returned."""
    return ENCODERS[kind].from_state(plain, arrays)


__all__ = [
    "ENCODERS",
    "Conditions",
    "Encoder",
    "ImageEncoder",
    "TableEncoder",
    "WaveEncoder",
    "encoder_from_state",
    "split",
]
