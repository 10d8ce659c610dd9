"""Images: n arrays of height x width, grey or of several channels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..check import came
from ..config import Config, NetworkName, ScalingName
from ..data import Array, Column, Data, Schema
from ..encode import ImageEncoder
from ..encode.image import WANTED
from ..recipes import FALLING_RATES, DataShape, Grid
from .base import Kind

BLOCKS = 4  # along each side of an image, whose means are compared instead of pixels


class Image(Kind):
    """Rows that are images."""

    name = "image"
    row, rows, axes = "image", "images", "n x height x width"
    encoder = ImageEncoder
    example = DataShape(rows=1000, width=784, grid=Grid((28, 28)))
    order = 2
    network = "convolutional"
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

    def scalings(self, network: NetworkName) -> tuple[ScalingName, ...]:
        return ("range",)

    def has_grid(self, data: Data) -> bool:
        return True

    def networks(self, network: NetworkName) -> Config:
        """Outputs within [-1, 1], as pixels are."""
        hidden = (256, 256) if network == "dense" else None
        return Config(output_activation="tanh", latent_dim=100, generator_hidden=hidden, discriminator_hidden=hidden)

    def recipe(self, network: NetworkName, shape: DataShape) -> Config:
        if network == "dense":
            return FALLING_RATES
        # R1 (Mescheder et al. 2018) instead of dropout, and rates that it makes safe. Its weight is 9 for 28 x 28 and 3
        # for 8 x 8, where the best of those tried were 10 and 3: in proportion to the side.
        penalty = round(math.sqrt(shape.width) / 3.0, 1)
        return replace(FALLING_RATES, generator_lr=2e-3, discriminator_lr=2e-3, dropout=0.0, r1=penalty)

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

    def summaries(self, data: Data) -> list[Column]:
        """Mean and standard deviation of the pixels of each image."""
        images = data.as_images()
        assert images is not None
        return [
            Column("the mean of the pixels", "double", np.array([float(image.mean()) for image in images])),
            Column("their standard deviation", "double", np.array([float(image.std()) for image in images])),
        ]

    def describe(self, schema: Schema, columns: int, rate: float | None) -> str:
        """`60 images of 8 x 9`."""
        return f"{schema.rows:,} images of {' x '.join(map(str, schema.shape or []))}"
