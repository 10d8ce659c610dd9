"""Data that is no table: arrays of three dimensions or more, and waves of different lengths."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..check import fail, positions
from .base import LARGEST, REMEDY, Data, type_of
from .column import Column, cast, check_exact, exact
from .schema import Schema
from .table import Matrix


@dataclass
class Array(Data):
    """n things of one shape: values (n, ...) of three dimensions or more.

    They keep their dtype and order in memory, because there may be many; dtype: what they become again, None from R.
    names: of the entries along the last dimension (channels), or None.
    """

    values: np.ndarray
    type: str = "double"
    dtype: str | None = None
    names: list[str] | None = None

    noun = "an array of more than two dimensions"

    @property
    def rows(self) -> int:
        """Number of things."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> list[Column]:
        """The same values as columns named by their index, such as "3,1"; the first index runs fastest, as in R."""
        flat = self.values.reshape((self.rows, -1), order="F")
        names = index_names(self.values.shape[1:])
        return [Column(name, self.type, flat[:, i], self.dtype) for i, name in enumerate(names)]

    @property
    def parts(self) -> list[Any]:
        """See `Data`; not pixel by pixel."""
        return [self.names, self.type, self.values]

    @property
    def channels(self) -> list[str]:
        """Names of the channels."""
        return self.names or [f"channel {k + 1}" for k in range(self.values.shape[-1])]

    def as_waves(self) -> list[np.ndarray] | None:
        """Each row as a wave (points, channels), if there are three dimensions."""
        return list(self.values) if self.values.ndim == 3 else None

    def as_images(self) -> np.ndarray | None:
        """The rows as images (n, height, width, channels), if there are three dimensions or four."""
        if self.values.ndim > 4:
            return None
        return self.values if self.values.ndim == 4 else self.values[..., None]

    @property
    def schema(self) -> Schema:
        """Form, size, names, type, and the shape of a row."""
        shape = list(self.values.shape[1:])
        return Schema("array", self.rows, self.names, self.type, self.dtype or "", shape=shape)

    def take(self, rows: Any) -> Array:
        """These rows only, by index, mask or slice."""
        return replace(self, values=self.values[rows])

    def followed_by(self, others: Sequence[Array]) -> Array:
        """These rows and those of other arrays."""
        return replace(self, values=np.concatenate([self.values, *(other.values for other in others)]))

    def checked(self, argument: str = "data") -> Array:
        """The same array, validated: two rows, no empty dimension, finite values."""
        if self.rows < 2:
            raise ValueError(f"`{argument}` must have at least two rows, not {self.rows}.")
        if not self.values.size:
            fail(argument, "an array without a dimension of length 0", self.values)
        _check_values(self.values, self.type, "row", argument)
        return self

    def to_python(self) -> np.ndarray:
        """The numpy array that went in."""
        return cast(self.values, self.type, self.dtype)


def index_names(shape: Sequence[int]) -> list[str]:
    """Names of the entries of an array of that shape, the first index running fastest: "1,1", "2,1", ..."""
    indices = itertools.product(*(range(1, size + 1) for size in reversed(shape)))
    return [",".join(map(str, reversed(index))) for index in indices]


@dataclass
class Ragged(Data):
    """n waves of different lengths, one after the other: values (sum of lengths, channels), lengths (n,).

    flat: whether a wave was a vector, not a matrix with one column per channel. names: of the channels, or None.
    """

    values: np.ndarray
    lengths: np.ndarray
    flat: bool
    type: str = "double"
    dtype: str | None = None
    names: list[str] | None = None

    noun = "a list of waves"
    is_ragged = True

    @property
    def rows(self) -> int:
        """Number of waves."""
        return len(self.lengths)

    @property
    def columns(self) -> list[Column]:
        """The lengths, and the values of each channel over all waves."""
        names = self.channels or ["value"]
        values = [Column(name, self.type, self.values[:, k], self.dtype) for k, name in enumerate(names)]
        return [Column("length", "integer", self.lengths.astype(np.float64)), *values]

    @property
    def channels(self) -> list[str] | None:
        """Names of the channels; None if waves are flat."""
        return None if self.flat else self.names or [f"channel {k + 1}" for k in range(self.values.shape[1])]

    def as_waves(self) -> list[np.ndarray]:
        """The waves (length, channels)."""
        return np.split(self.values, self.starts[1:])

    @property
    def waves(self) -> list[np.ndarray]:
        """The waves (length, channels), or (length,) if they are flat."""
        return [wave[:, 0] for wave in self.as_waves()] if self.flat else self.as_waves()

    @property
    def starts(self) -> np.ndarray:
        """Index of each wave's first point among the values, (n,)."""
        return np.concatenate([[0], np.cumsum(self.lengths)[:-1]])

    @property
    def schema(self) -> Schema:
        """Form, size, names, type, and the lengths."""
        lengths = [int(self.lengths.min()), int(self.lengths.max())]
        channels = int(self.values.shape[1])
        common = Schema("ragged", self.rows, self.names, self.type, self.dtype or "")
        return replace(common, lengths=lengths, channels=channels, flat=self.flat)

    def take(self, rows: Any) -> Ragged:
        """These waves only, by index, mask or slice."""
        starts, lengths = self.starts[rows], self.lengths[rows]
        points = [np.arange(start, start + length) for start, length in zip(starts, lengths, strict=True)]
        return replace(self, values=self.values[np.concatenate(points)], lengths=lengths)

    def followed_by(self, others: Sequence[Ragged]) -> Ragged:
        """These waves and other ones."""
        parts = [self, *others]
        values, lengths = (np.concatenate([getattr(part, key) for part in parts]) for key in ("values", "lengths"))
        return replace(self, values=values, lengths=lengths)

    def checked(self, argument: str = "data") -> Ragged:
        """The same waves, validated: two of them, of two points at least, with finite values."""
        if self.rows < 2:
            raise ValueError(f"`{argument}` must have at least two waves, not {self.rows}.")
        short = self.lengths < 2
        if short.any():
            raise ValueError(
                f"`{argument}` must have waves of at least 2 points, not of {self.lengths[short][0]}"
                f" ({positions(short, what='wave')}). Leave those waves out."
            )
        _check_values(self.values, self.type, "wave", argument, self.starts)
        return self

    def to_python(self) -> list[np.ndarray]:
        """The list of numpy arrays that went in."""
        return [cast(wave, self.type, self.dtype) for wave in self.waves]

    def regular(self) -> Matrix | Array | Ragged:
        """As a matrix or an array, if all waves have one length."""
        if len(set(self.lengths.tolist())) > 1:
            return self
        if self.flat:
            return Matrix(self.values.reshape(self.rows, -1), self.type, None, self.dtype)
        values = self.values.reshape(self.rows, -1, self.values.shape[1])
        return Array(values, self.type, self.dtype, self.names)


def ragged(waves: list[np.ndarray], names: list[str] | None = None, argument: str = "data") -> Ragged:
    """Waves (length,) or (length, channels) of different lengths; a ValueError if their channels differ."""
    channels = [wave.shape[1] if wave.ndim == 2 else 0 for wave in waves]
    other = next((i for i, count in enumerate(channels) if count != channels[0]), None)
    if other is not None:
        words = ["none (a vector)" if count == 0 else f"{count}" for count in (channels[0], channels[other])]
        raise ValueError(
            f"`{argument}` must have the same number of channels in every wave, not {words[0]} in wave 1 and {words[1]}"
            f" in wave {other + 1}."
        )
    values = np.concatenate([wave.reshape(len(wave), -1) if wave.ndim == 2 else wave[:, None] for wave in waves])
    column_type = type_of(values.dtype, f"`{argument}`")
    lengths = np.array([len(wave) for wave in waves], dtype=np.int64)
    return Ragged(exact(values, f"`{argument}`"), lengths, channels[0] == 0, column_type, values.dtype.name, names)


def _check_values(
    values: np.ndarray, column_type: str, what: str, argument: str, starts: np.ndarray | None = None
) -> None:
    """Raise ValueError for a value that is missing, infinite or too large, with the row (what) that it stands in.

    starts: where the rows begin along the first dimension; None if each entry is a row.
    """
    low, high = float(values.min()), float(values.max())  # NaN if one value is
    if column_type == "integer":
        check_exact(max(-low, high), f"`{argument}`")
    if low >= -LARGEST and high <= LARGEST:
        return
    largest = high if high > LARGEST else low
    for words, wrong in (
        ("finite values only, not a missing one", np.isnan),
        ("finite values only, not an infinite one", np.isinf),
        (f"numbers of at most {LARGEST:g} in size, not {largest}", lambda x: abs(x) > LARGEST),
    ):
        bad = wrong(values).reshape(len(values), -1).any(1)
        if bad.any():
            bad = bad if starts is None else np.logical_or.reduceat(bad, starts)
            raise ValueError(
                f"`{argument}` must have {words} ({positions(bad, what=what)}). {REMEDY.replace('row', what)}"
            )
