"""Images: n arrays of height x width, grey or of several channels."""

from __future__ import annotations

import numpy as np

from ..check import came
from ..config import Grid
from ..data import Array, Data, Schema
from ..encode import ImageEncoder
from ..encode.image import WANTED
from .base import Kind

BLOCKS = 4  # along each side of an image, whose means are compared instead of pixels


class Image(Kind):
    """Rows that are images."""

    name = "image"
    row, rows, axes = "image", "images", "n x height x width"
    encoder = ImageEncoder
    order = 2
    calibrated = False  # pixels have no marginals of their own
    traced = 64
    usual_coverage, least_coverage = 0.5, 0.2  # noise moves images that look right away from all real ones

    def takes(self, data: Data) -> bool:
        return isinstance(data, Array)

    def claims(self, data: Data) -> bool:
        return isinstance(data, Array) and data.values.ndim > 3

    def complaint(self, data: Data, argument: str) -> str | None:
        return (
            f'`{argument}` must be {WANTED}, for kind "image", not {came(data.to_python())}.'
            " Give it these dimensions first, with data.reshape() in Python or with array() in R."
        )

    def view(self, encoded: np.ndarray, real: np.ndarray, grid: Grid | None) -> np.ndarray:
        """Means of 4 blocks along each side: between whole images all distances are alike; blocks tell what is where.

        encoded: (n, height * width * channels). Returns (n, 4 * 4 * channels).
        """
        assert grid is not None
        blocks = encoded.reshape(len(encoded), *grid.sizes, grid.channels)
        for axis, size in enumerate(grid.sizes, start=1):
            edges = np.arange(BLOCKS) * size // BLOCKS
            lengths = np.diff([*edges, size]).reshape(-1, *(1,) * (blocks.ndim - 1 - axis))
            blocks = np.add.reduceat(blocks, edges, axis=axis) / lengths
        return np.asarray(blocks.reshape(len(encoded), -1))

    def describe(self, schema: Schema, columns: int, rate: float | None) -> str:
        """`60 images of 8 x 9`."""
        return f"{schema.rows:,} images of {' x '.join(map(str, schema.shape or []))}"
