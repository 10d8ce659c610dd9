"""Images: n arrays of height x width, grey or of several channels, whose pixels share one scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..check import fail, positions
from ..data import Array, Data, Schema
from ..recipes import Grid
from ..stored import anything, number, require, values
from .base import Encoder, Noise, State
from .knots import mean_of_highest, mean_of_lowest

SMALLEST, LARGEST = 8, 64  # side of an image, in pixels
MOST_CHANNELS = 4
BRIGHTEST = {"integer": 255.0, "double": 1.0}
RULES = {"schema": anything, "low": number(0.0, 255.0), "high": number(0.0, 255.0)}
WANTED = "an array of n images of height x width, or of height x width x channels"


class ImageEncoder(Encoder):
    """Images (n, height, width) or (n, height, width, channels) <-> float32 array of shape (n, width) in [-1, 1].

    An encoded row holds an image's pixels in C order, channels last. -1 and 1 are the darkest and the brightest value
    of the training data, or the means of the k darkest and brightest images' ones.
    """

    kind = "image"

    def __init__(self, plain: dict[str, Any]) -> None:
        self.plain = plain
        self.schema = Schema.from_dict(plain["schema"])
        self.shape = self.schema.shape or []
        self.grid = Grid(tuple(self.shape[:2]), self.shape[2] if len(self.shape) > 2 else 1)
        self.width = math.prod(self.shape)
        self.center = (plain["low"] + plain["high"]) / 2.0
        self.scale = (plain["high"] - plain["low"]) / 2.0 or 1.0

    @classmethod
    def fit(cls, data: Data, scaling: Any, range_margin: float, k: int = 1) -> ImageEncoder:
        """Learn shape, type and range. Raises ValueError for an array that does not hold images."""
        if not isinstance(data, Array):
            raise TypeError(f"`data` must be {WANTED}, not {data.noun}.")
        if range_margin:
            fail("range_margin", '0 for kind "image", whose pixels have bounds', range_margin)
        _check(data)
        pixels = data.values.reshape(data.rows, -1)
        low = mean_of_lowest(pixels.min(1), k)
        high = mean_of_highest(pixels.max(1), k)
        return cls({"schema": data.schema.to_dict(), "low": low, "high": high})

    @property
    def normal(self) -> np.ndarray:
        """Which of the encoded numbers have standard normal marginals (width,): none."""
        return np.zeros(self.width, dtype=bool)

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized pixels, float32 of shape (n, width)."""
        if not isinstance(data, Array):
            raise TypeError(f"`data` must be an array of images, not {data.noun}.")
        encoded = np.array(data.values, dtype=np.float32, order="C").reshape(data.rows, -1)
        encoded -= np.float32(self.center)
        encoded /= np.float32(self.scale)
        return encoded

    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Images like the training images; whole numbers if those were."""
        values = (encoded.astype(np.float64) * self.scale + self.center).clip(self.plain["low"], self.plain["high"])
        values = values.reshape(len(encoded), *self.shape)
        value_type, dtype = self.schema.value_type, self.schema.numpy_dtype
        if value_type == "integer":
            values = np.rint(values).astype(dtype or "int32")
        elif dtype:
            values = values.astype(dtype)
        return Array(values, value_type, dtype, self.schema.names)

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        return self.plain, {}

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> ImageEncoder:
        """Inverse of `to_state`."""
        plain = values("encoder", plain, RULES)
        schema = Schema.from_dict(plain["schema"])
        shape, names = schema.shape or [], schema.names
        sides = len(shape) in (2, 3) and all(SMALLEST <= side <= LARGEST for side in shape[:2])
        require(sides and math.prod(shape[2:]) <= MOST_CHANNELS, "`schema.shape` must be that of an image")
        require(names is None or len(names) == math.prod(shape[2:]), "`schema.names` must be one per channel")
        require(plain["low"] <= plain["high"], "`encoder.high` must be at least `encoder.low`")
        return cls(plain)


def _check(data: Array) -> None:
    """Raise ValueError for an array that does not hold images."""
    shape = data.values.shape
    if len(shape) not in (3, 4):
        fail("data", WANTED, data.values)
    for name, size in zip(("height", "width"), shape[1:3], strict=True):
        if not SMALLEST <= size <= LARGEST:
            what = f"images of {shape[1]} x {shape[2]} pixels"
            raise ValueError(
                f"`data` must have images with a {name} of {SMALLEST} to {LARGEST} pixels, not {what}."
                " Resize, cut or pad them first."
            )
    if len(shape) == 4 and shape[3] > MOST_CHANNELS:
        raise ValueError(
            f"`data` must have images of 1 to {MOST_CHANNELS} channels in its last dimension, not {shape[3]}."
            " Move the channels there first, with numpy.moveaxis() in Python or with aperm() in R."
        )
    low, high = float(data.values.min()), float(data.values.max())
    brightest = BRIGHTEST[data.type]
    if low < 0.0 or high > brightest:
        outside = np.logical_or(data.values < 0, data.values > brightest).reshape(data.rows, -1).any(axis=1)
        value = low if low < 0.0 else high
        wanted = "pixels from 0 to 1 (integers: to 255)" if data.type == "double" else "integer pixels from 0 to 255"
        remedy = "Shift and scale them into that range first."
        if data.type == "double" and low >= 0.0:
            remedy = f"Divide by {high:.6g} first, or turn whole numbers into integers."
        raise ValueError(f"`data` must have {wanted}, not {value:.6g} ({positions(np.asarray(outside))}). {remedy}")
