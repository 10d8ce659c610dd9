"""Waves: n rows of m points, of one channel or several, whose points share one scale in each channel.

They are encoded as points themselves or as scores of their principal components. "components" keeps the directions in
which the waves differ by more than white noise could make them differ, and replaces the rest by noise of the size that
it had: the networks then learn a few scores instead of all points.

Waves of different lengths begin together, and their points have the same distance. Of a shorter one the later points
are not known: its length is one more encoded number, learned together with its shape, and cuts a generated wave
off. Among points themselves, what comes after a wave's end repeats its last value.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..config import ScalingName
from ..data import Array, Data, Matrix, Ragged, Schema
from ..recipes import Grid
from ..stored import anything, array, choice, listed, number, only, optional, require, values, whole
from .base import Encoder, Noise, State
from .components import components, from_scores, scores_of, signed, singular_values
from .decimals import LEAST_DECIMALS, MOST_DECIMALS, bounded, decimals_of
from .knots import mean_of_highest, mean_of_lowest
from .scaler import Scaler, spread
from .unequal import scores_of_known, unequal_components

VIEWED = 30  # directions in which waves differ most
RULES = {
    "schema": anything,
    "scaling": choice(("components", "standard", "range", "none")),
    "low": listed(number()),
    "high": listed(number()),
    "decimals": listed(optional(whole(LEAST_DECIMALS, MOST_DECIMALS))),
    "scale": listed(number(0.0, open_low=True)),
    "range_margin": number(0.0),
    "scores": listed(anything),
    "length": anything,
}


class WaveEncoder(Encoder):
    """Waves of up to m points by c channels <-> float32 array of shape (n, width).

    Inside, a wave is a row of p = m * c numbers, point after point. width is p or the number of components kept, and
    one more if lengths differ.
    """

    kind = "wave"

    def __init__(self, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        self.plain = plain
        self.schema = Schema.from_dict(plain["schema"])
        # In one order in memory, fresh or loaded: products differ in the last bits with the order of their factors.
        self.arrays = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
        self.center = self.arrays["center"]  # (p,)
        self.scale = np.tile(plain["scale"], len(self.center) // len(plain["scale"]))  # (p,)
        self.basis = self.arrays.get("basis")  # (scores, p), orthonormal rows
        self.scores = [Scaler(**fields) for fields in plain["scores"]]
        self.length = Scaler(**plain["length"]) if plain["length"] else None
        for i, column in enumerate([*self.scores, *([self.length] if self.length else [])]):
            column.knots = self.arrays[f"knots.{i}"]
        self.width = (len(self.center) if self.basis is None else len(self.basis)) + (self.length is not None)
        channels = len(plain["low"])
        # Known if every number is a point.
        self.grid = None
        if self.basis is None and self.length is None:
            self.grid = Grid((len(self.center) // channels,), channels)

    @classmethod
    def fit(
        cls, data: Data, scaling: Any, range_margin: float, k: int = 1, of_scores: ScalingName = "quantile"
    ) -> WaveEncoder:
        """Learn the scale of each channel, or the components; of_scores: the scaling of the scores on these."""
        data = _checked(data)
        values, lengths = _rows_of(data)
        channels = _channels(data)
        seen = _values_of_channels(data)
        plain: dict[str, Any] = {
            "schema": data.schema.to_dict(),
            "scaling": scaling,
            "low": [mean_of_lowest(ends, k) for ends in _ends_of_channels(data, np.minimum)],
            "high": [mean_of_highest(ends, k) for ends in _ends_of_channels(data, np.maximum)],
            "decimals": [decimals_of(channel, data.dtype) for channel in seen],
            "scale": [1.0] * channels,
            "range_margin": range_margin,
            "scores": [],
            "length": None,
        }
        arrays = {"center": _scale(plain, seen, values.shape[1])}
        columns = []
        if scaling == "components":
            known = None if lengths is None else lengths * channels
            arrays |= components(values, channels) if known is None else unequal_components(values, known, channels)
            columns = [Scaler.fit(scores, "double", of_scores, k=k) for scores in _scores(values, known, arrays).T]
            plain["scores"] = [column.to_dict() for column in columns]
        if lengths is not None:
            columns.append(Scaler.fit(lengths.astype(np.float64), "integer", "quantile", k=k))
            plain["length"] = columns[-1].to_dict()
        arrays |= {f"knots.{i}": column.knots for i, column in enumerate(columns)}
        return cls(plain, arrays)

    @property
    def channels(self) -> int:
        """Number of channels."""
        return len(self.plain["low"])

    @property
    def normal(self) -> np.ndarray:
        """Which of the encoded numbers have standard normal marginals in the training data (width,)."""
        return np.full(self.width, bool(self.scores))

    @property
    def view(self) -> np.ndarray:
        """A matrix (width, k): encoded rows times it are as far apart as their waves, if channels have a spread of 1.

        A length weighs as much as the direction in which waves differ most.
        """
        channels = self.channels
        rows = np.eye(len(self.center))
        if self.basis is not None:
            scale = np.array([column.scale for column in self.scores])
            rows = self.basis * self.arrays.get("weight", 1.0) * scale[:, None]
        sd = np.sqrt((rows**2).sum(0).reshape(-1, channels).mean(0))
        rows = rows / np.tile(np.where(sd > 0, sd, 1.0), rows.shape[1] // channels)
        size, along = singular_values(rows.T)
        along = signed(along[:VIEWED]) * size[:VIEWED, None]
        if self.length is None:
            return np.ascontiguousarray(along.T)
        whole = np.zeros((self.width, len(along) + 1))
        whole[:-1, :-1], whole[-1, -1] = along.T, size[0]
        return whole

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized waves, float32 of shape (n, width)."""
        data = _checked(data)
        values, lengths = _rows_of(data)
        if self.basis is None:
            encoded = np.asarray((values - self.center) / self.scale, dtype=np.float32)
        else:
            known = None if lengths is None else lengths * _channels(data)
            scores = _scores(values, known, self.arrays)
            columns = [column.encode(scores[:, i], rng) for i, column in enumerate(self.scores)]
            encoded = np.stack(columns, 1).astype(np.float32)
        if self.length is None or lengths is None:
            return encoded
        length = self.length.encode(lengths.astype(np.float64), rng)
        return np.concatenate([encoded, length[:, None].astype(np.float32)], 1)

    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Waves like the training waves; `rng` draws the noise that the components leave out."""
        values = encoded.astype(np.float64)
        margin = self.plain["range_margin"]
        points = len(self.center) // len(self.plain["low"])
        if self.length is not None:
            lengths = self.length.decode(values[:, -1], margin).clip(2, points).astype(np.int64)
            values = values[:, :-1]
        if self.basis is None:
            values = values * self.scale + self.center
        else:
            scores = np.stack([column.decode(values[:, i], margin) for i, column in enumerate(self.scores)], 1)
            noise = rng.standard_normal((len(values), len(self.center))) * self.arrays["noise"]
            weight = self.arrays.get("weight", 1.0)
            scores -= scores_of(noise / weight, self.basis)
            values = from_scores(scores, self.basis) * weight + self.center + noise
        values = self._bounded(values.reshape(len(values), points, -1))
        value_type, dtype, names = self.schema.value_type, self.schema.numpy_dtype, self.schema.names
        if self.length is not None:
            seen = np.arange(points) < lengths[:, None]
            return Ragged(values[seen], lengths, bool(self.schema.flat), value_type, dtype, names)
        if self.schema.form == "matrix":
            return Matrix(values[:, :, 0], value_type, names, dtype, self.schema.like)
        return Array(values, value_type, dtype, names)

    def _bounded(self, values: np.ndarray) -> np.ndarray:
        """Waves (n, m, c) within what each channel had, on its grid."""
        plain, margin = self.plain, self.plain["range_margin"]
        bounds = zip(plain["low"], plain["high"], plain["decimals"], strict=True)
        channels = [
            bounded(values[:, :, k], low, high, margin, decimals) for k, (low, high, decimals) in enumerate(bounds)
        ]
        return np.stack(channels, 2)

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        return self.plain, self.arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> WaveEncoder:
        """Inverse of `to_state`."""
        plain = values("encoder", plain, RULES)
        channels = len(plain["low"])
        listings = all(len(plain[name]) == channels for name in ("high", "decimals", "scale"))
        require(channels > 0 and listings, "`encoder` must have as many bounds as channels")
        ordered = all(low <= high for low, high in zip(plain["low"], plain["high"], strict=True))
        require(ordered, "`encoder.high` must be at least `encoder.low`")
        points = array("encoder", arrays, "center", "float64", (None,)).size
        _check_form(Schema.from_dict(plain["schema"]), channels, points, plain["length"] is not None)
        _check_components(plain, arrays, points)
        return cls(plain, arrays)


def _check_form(schema: Schema, channels: int, numbers: int, of_lengths: bool) -> None:
    """Raise BadFileError if the waves of a file are not of so many channels, and of so many numbers at most."""
    names = None if schema.names is None else len(schema.names)
    if schema.form == "matrix":
        right = channels == 1 and names in (None, numbers)
    elif schema.form == "array":
        right = len(schema.shape or []) == 2 and schema.shape == [numbers // channels, channels]
        right = right and names in (None, channels)
    else:
        least, most = schema.lengths or (0, 0)
        right = schema.channels == channels and names in (None, channels) and not (schema.flat and channels > 1)
        right = right and least > 1 and most * channels == numbers
    require(numbers > 0 and numbers % channels == 0 and right, "`schema` must be that of the waves")
    require((schema.form == "ragged") == of_lengths, "`encoder.length` must be there if lengths differ")


def _check_components(plain: dict[str, Any], arrays: dict[str, np.ndarray], numbers: int) -> None:
    """Raise BadFileError if the components of a file are not those of waves of so many numbers."""
    part, scores = "encoder", plain["scores"]
    columns = [*scores, *([plain["length"]] if plain["length"] is not None else [])]
    knots = [f"knots.{i}" for i in range(len(columns))]
    only(part, arrays, ["center", "basis", "noise", "weight", "penalty", *knots])
    for i, fields in enumerate(columns):
        require(knots[i] in arrays, f"`{part}.{knots[i]}` is missing")
        Scaler.from_state(f"{part}.scores[{i}]", fields, arrays, f"knots.{i}")
    require(("basis" in arrays) == bool(scores) == (plain["scaling"] == "components"), f"`{part}` must have components")
    if scores:
        array(part, arrays, "basis", "float64", (len(scores), numbers))
        array(part, arrays, "noise", "float64", (numbers,), 0.0)
    if "weight" in arrays:
        positive = bool((array(part, arrays, "weight", "float64", (numbers,)) > 0.0).all())
        require(positive, f"`{part}.weight` must be above 0")
    if scores and plain["length"] is not None:
        array(part, arrays, "penalty", "float64", (len(scores),), 0.0)


def _checked(data: Data) -> Matrix | Array | Ragged:
    if not isinstance(data, (Matrix, Array, Ragged)):
        raise TypeError(f"`data` must be waves, not {data.noun}.")
    return data


def _scale(plain: dict[str, Any], seen: list[np.ndarray], numbers: int) -> np.ndarray:
    """Center of each number (numbers,) for the scalings of points; the scale of each channel goes into `plain`."""
    center = np.zeros(numbers)
    for k, channel in enumerate(seen):
        low, high = plain["low"][k], plain["high"][k]
        if plain["scaling"] == "standard":
            center[k :: len(seen)] += channel.mean()
            plain["scale"][k] = spread(channel) or 1.0
        elif plain["scaling"] == "range":
            center[k :: len(seen)] += (low + high) / 2.0
            plain["scale"][k] = (high - low) / 2.0 or 1.0
    return center


def _channels(data: Matrix | Array | Ragged) -> int:
    return 1 if isinstance(data, Matrix) else int(data.values.shape[-1])


def _values_of_channels(data: Matrix | Array | Ragged) -> list[np.ndarray]:
    """For each channel all values that it has."""
    if isinstance(data, Ragged):
        return [data.values[:, k] for k in range(_channels(data))]
    return [_rows_of(data)[0][:, k :: _channels(data)] for k in range(_channels(data))]


def _ends_of_channels(data: Matrix | Array | Ragged, end: np.ufunc) -> list[np.ndarray]:
    """For each channel the lowest or the highest value of each wave (n,). end: np.minimum or np.maximum."""
    if isinstance(data, Ragged):
        return list(end.reduceat(data.values, data.starts, axis=0).T)
    return [end.reduce(_rows_of(data)[0][:, k :: _channels(data)], axis=1) for k in range(_channels(data))]


def _rows_of(data: Matrix | Array | Ragged) -> tuple[np.ndarray, np.ndarray | None]:
    """Waves as rows (n, p); and their lengths if these differ. What comes after the end is the last value."""
    if not isinstance(data, Ragged):
        return np.ascontiguousarray(data.values, dtype=np.float64).reshape(data.rows, -1), None
    points = data.starts[:, None] + np.minimum(np.arange(data.lengths.max()), data.lengths[:, None] - 1)
    return data.values[points].reshape(data.rows, -1), data.lengths


def _scores(values: np.ndarray, known: np.ndarray | None, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Scores (n, width) of waves (n, p) on the components in `arrays`."""
    rest = values - arrays["center"]
    if "weight" in arrays:
        rest = rest / arrays["weight"]
    if known is None:
        return scores_of(rest, arrays["basis"])
    return scores_of_known(rest, known, arrays["basis"], arrays["penalty"])
