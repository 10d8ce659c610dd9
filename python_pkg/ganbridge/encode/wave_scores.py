"""Waves as standardized scores of their components, on the scale of each channel on which mixtures fit best.

What a fit without networks encodes: points of a channel are first replaced by their normal scores where that helps,
and the scores on the components keep the shape of their distributions, which a mixture follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import Array, Data, Matrix, Ragged, Schema
from ..stored import anything, listed, number, require, values
from .base import Encoder, Noise, State
from .point_scores import PointScores, points_with_scores
from .scaler import Scaler
from .wave import WaveEncoder

Waves = Matrix | Array | Ragged
KNOTS = "points."  # what the names of arrays of channels begin with
RULES = {"inner": anything, "schema": anything, "points": listed(anything), "range_margin": number(0.0)}


class WaveScores(Encoder):
    """Waves <-> float32 array (n, width).

    inner: the encoder of what the channels become. channels: the normal scores of each channel, or None.
    """

    kind = WaveEncoder.kind
    grid = None

    def __init__(
        self, schema: Schema, range_margin: float, inner: WaveEncoder, channels: list[PointScores | None]
    ) -> None:
        self.schema, self.range_margin, self.inner, self.channels = schema, range_margin, inner, channels
        self.width = inner.width

    @classmethod
    def fit(cls, data: Data, scaling: Any, range_margin: float, k: int = 1, seed: int = 0) -> WaveScores:
        """Learn the scales of the channels, and the components of what they become."""
        data = _checked(data)
        channels: list[PointScores | None] = [None]
        if not isinstance(data, Ragged):
            channels = list(points_with_scores(_by_channel(data), data.dtype, k))
        inner = WaveEncoder.fit(_scored(data, channels), scaling, range_margin, k, of_scores="standard")
        return cls(data.schema, range_margin, inner, channels)

    @property
    def normal(self) -> np.ndarray:
        """None of the numbers."""
        return np.zeros(self.width, dtype=bool)

    @property
    def view(self) -> np.ndarray:
        """See `WaveEncoder.view`."""
        return self.inner.view

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized scores, float32 (n, width)."""
        return self.inner.encode(_scored(_checked(data), self.channels), rng)

    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Waves like the training waves; `rng` draws the noise that the components leave out."""
        data = _checked(self.inner.decode(encoded, rng))
        if any(scores is not None for scores in self.channels):
            data = replace(data, values=_mapped(data.values, self._points))
        return replace(data, type=self.schema.value_type, dtype=self.schema.numpy_dtype)

    def _points(self, channel: int, scores: np.ndarray) -> np.ndarray:
        points = self.channels[channel]
        return scores if points is None else points.decode(scores, self.range_margin)

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        inner, arrays = self.inner.to_state()
        scalers = [None if channel is None else channel.scaler for channel in self.channels]
        plain = {
            "inner": inner,
            "schema": self.schema.to_dict(),
            "points": [None if scaler is None else scaler.to_dict() for scaler in scalers],
            "range_margin": self.range_margin,
        }
        knots = {f"{KNOTS}{i}": scaler.knots for i, scaler in enumerate(scalers) if scaler is not None}
        return plain, arrays | knots

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> WaveScores:
        """Inverse of `to_state`."""
        own = values("encoder", plain, RULES)
        inner = WaveEncoder.from_state(
            own["inner"], {name: part for name, part in arrays.items() if not name.startswith(KNOTS)}
        )
        channels: list[PointScores | None] = []
        for i, fields in enumerate(own["points"]):
            scaler = None if fields is None else Scaler.from_state(f"points[{i}]", fields, arrays, f"{KNOTS}{i}")
            require(scaler is None or scaler.knots.shape[1] > 1, "`encoder.points` must have quantiles")
            channels.append(None if scaler is None else PointScores(scaler))
        schema, ragged = Schema.from_dict(own["schema"]), inner.schema.form == "ragged"
        same = (schema.form, schema.shape, schema.rows) == (inner.schema.form, inner.schema.shape, inner.schema.rows)
        require(
            same and len(channels) == (1 if ragged else inner.channels), "`encoder.inner` must be of the same waves"
        )
        require(not ragged or channels == [None], "`encoder.points` must be of waves of one length")
        known = {f"{KNOTS}{i}" for i, channel in enumerate(channels) if channel is not None}
        require(known == {name for name in arrays if name.startswith(KNOTS)}, "`encoder` has unknown knots of points")
        return cls(schema, own["range_margin"], inner, channels)


def _checked(data: Data) -> Waves:
    if not isinstance(data, (Matrix, Array, Ragged)):
        raise TypeError(f"`data` must be waves, not {data.noun}.")
    return data


def _by_channel(data: Matrix | Array) -> Iterator[np.ndarray]:
    """The waves of each channel (n, points)."""
    channels = (
        [data.values] if isinstance(data, Matrix) else [data.values[..., i] for i in range(data.values.shape[-1])]
    )
    for channel in channels:  # in one order in memory, from R too: sums differ in the last bits with the order
        yield np.ascontiguousarray(channel, dtype=np.float64)


def _scored(data: Waves, channels: list[PointScores | None]) -> Waves:
    """Waves with normal scores for points of the channels that have them."""
    if all(scores is None for scores in channels):
        return data

    def encoded(channel: int, points: np.ndarray) -> np.ndarray:
        scores = channels[channel]
        return points if scores is None else scores.encode(points)

    return replace(data, values=_mapped(np.asarray(data.values, dtype=np.float64), encoded), type="double")


def _mapped(values: np.ndarray, each: Callable[[int, np.ndarray], np.ndarray]) -> np.ndarray:
    """Values whose channels, along the last of three dimensions, are replaced."""
    if values.ndim == 2:
        return each(0, values)
    return np.stack([each(k, values[..., k]) for k in range(values.shape[-1])], -1)
