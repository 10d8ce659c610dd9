"""Images: n arrays of height x width, grey or of several channels."""

from __future__ import annotations

from ..encode import ImageEncoder
from .base import Kind


class Image(Kind):
    """Rows that are images."""

    name = "image"
    row, rows = "image", "images"
    encoder = ImageEncoder
    traced = 64
    order = 2
