"""Images: n arrays of height x width, grey or of several channels."""

from __future__ import annotations

from typing import Any

from ..encode import ImageEncoder
from .base import Kind


class Image(Kind):
    """Rows that are images."""

    name = "image"
    row, rows = "image", "images"
    encoder = ImageEncoder
    traced = 64
    order = 2

    def describe(self, schema: dict[str, Any], columns: int, rate: float | None) -> str:
        """`60 images of 8 x 9`."""
        return f"{schema['rows']:,} images of {' x '.join(map(str, schema['shape']))}"
