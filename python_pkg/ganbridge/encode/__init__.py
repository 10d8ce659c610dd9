"""Data <-> standardized arrays: base.py says what every encoder does, codec.py what the encoding of one column does."""

from __future__ import annotations

from .base import Encoder
from .conditions import Conditions, split
from .image import ImageEncoder
from .table import TableEncoder
from .wave import WaveEncoder

__all__ = ["Conditions", "Encoder", "ImageEncoder", "TableEncoder", "WaveEncoder", "split"]
