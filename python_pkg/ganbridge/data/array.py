"""Data that is no table: arrays of more than two dimensions, and waves of different lengths.

With them comes what all forms of data share on their way in: `from_python`, `checked`, and what kind of data they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from ..check import fail, positions
from .column import EXACT, Column, cast, exact
from .table import LARGEST, REMEDY, Frame, Matrix, type_of
from .table import checked as checked_table
from .table import from_python as table_from_python


@dataclass
class Array:
    """n things of one shape: values (n, ...) of three dimensions or more.

    They stay as they came, in dtype and order in memory, because there may be many; dtype: what they become again
    (empty from R). names: of the entries along the last dimension (channels), or None.
    """

    noun: ClassVar[str] = "an array"
    has_names: ClassVar[bool] = False
    values: np.ndarray
    type: str = "double"
    dtype: str = ""
    names: list[str] | None = None

    @property
    def rows(self) -> int:
        """Number of things."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> list[Column]:
        """The same values as columns named by their place, such as "3,1"; the first place changes fastest, as in R."""
        flat = self.values.reshape((self.rows, -1), order="F")
        names = place_names(self.values.shape[1:])
        return [Column(name, self.type, flat[:, i], self.dtype) for i, name in enumerate(names)]

    def as_waves(self) -> list[np.ndarray] | None:
        """Each row as a wave (points, channels), where there are three dimensions."""
        return list(self.values) if self.values.ndim == 3 else None

    def as_images(self) -> np.ndarray | None:
        """The rows as images (n, height, width, channels), where there are three dimensions or four."""
        if self.values.ndim > 4:
            return None
        return self.values if self.values.ndim == 4 else self.values[..., None]

    @property
    def channels(self) -> list[str]:
        """Names of a wave's channels."""
        return self.names or [f"channel {k + 1}" for k in range(self.values.shape[-1])]

    def to_python(self) -> np.ndarray:
        """The numpy array that went in."""
        return cast(self.values, self.type, self.dtype)


def place_names(shape: Sequence[int]) -> list[str]:
    """Names of the places in an array of that shape, the first index running fastest: "1,1", "2,1", ..."""
    places = itertools.product(*(range(1, size + 1) for size in reversed(shape)))
    return [",".join(map(str, reversed(place))) for place in places]


@dataclass
class Ragged:
    """n waves of different lengths, one after the other: values (sum of lengths, channels), lengths (n,).

    flat: whether a wave was a vector, not a matrix with one column per channel. names: of the channels, or None.
    """

    noun: ClassVar[str] = "a list of waves"
    has_names: ClassVar[bool] = False
    values: np.ndarray
    lengths: np.ndarray
    flat: bool
    type: str = "double"
    dtype: str = ""
    names: list[str] | None = None

    @property
    def rows(self) -> int:
        """Number of waves."""
        return len(self.lengths)

    @property
    def columns(self) -> list[Column]:
        """The lengths, and the values of each channel over all waves."""
        names = self.names or [f"channel {k + 1}" for k in range(self.values.shape[1])]
        names = ["value"] if self.flat else names
        values = [Column(name, self.type, self.values[:, k], self.dtype) for k, name in enumerate(names)]
        return [Column("length", "integer", self.lengths.astype(np.float64)), *values]

    @property
    def waves(self) -> list[np.ndarray]:
        """The waves (length, channels), or (length,) where they are flat."""
        values = self.values[:, 0] if self.flat else self.values
        return np.split(values, np.cumsum(self.lengths)[:-1])

    def as_waves(self) -> list[np.ndarray]:
        """Each row as a wave (points, channels)."""
        return [wave.reshape(len(wave), -1) for wave in self.waves]

    def as_images(self) -> None:
        """Rows of different lengths are no images."""
        return

    @property
    def channels(self) -> list[str] | None:
        """Names of a wave's channels; None where waves are flat."""
        return None if self.flat else self.names or [f"channel {k + 1}" for k in range(self.values.shape[1])]

    def to_python(self) -> list[np.ndarray]:
        """The list of numpy arrays that went in."""
        return [cast(wave, self.type, self.dtype) for wave in self.waves]

    def regular(self) -> Matrix | Array | Ragged:
        """As a matrix or an array, where all waves have one length."""
        if len(set(self.lengths.tolist())) > 1:
            return self
        if self.flat:
            return Matrix(self.values.reshape(self.rows, -1), self.type, None, self.dtype)
        values = self.values.reshape(self.rows, -1, self.values.shape[1])
        return Array(values, self.type, self.dtype, self.names)


Data = Matrix | Frame | Array | Ragged


class Noise(Protocol):
    """What decoding asks of a random generator."""

    def standard_normal(self, size: Any) -> Any:
        """Normal noise of that size, whose first dimension goes over rows."""


def from_python(data: Any, argument: str = "data") -> Data:
    """What a user's object holds: a DataFrame, an array of two dimensions or more, nested lists, or a list of waves.

    Raises TypeError where something is not numeric; in a table, ValueError where a value is missing or infinite. Other
    forms are `checked` once it is known that they go with the kind. argument: what errors call the data.
    """
    if isinstance(data, np.ndarray) and data.dtype == object and data.ndim == 1:
        data = list(data)
    if isinstance(data, (list, tuple)):
        waves = _waves(data)
        if waves is not None and len({wave.shape for wave in waves}) > 1:
            return ragged(waves, argument=argument)
        data = data if waves is None else np.stack(waves)
    if not isinstance(data, np.ndarray) or data.ndim < 3:
        return table_from_python(data, argument)
    if np.ma.getmaskarray(data).any():
        raise ValueError(f"`{argument}` must have no masked values. {REMEDY}")
    return Array(np.asarray(data), type_of(data.dtype, f"`{argument}`"), data.dtype.name)


def _waves(data: list[Any] | tuple[Any, ...]) -> list[np.ndarray] | None:
    """The entries as arrays, where each is a vector or a matrix of numbers."""
    if not all(isinstance(entry, (list, tuple, np.ndarray)) or hasattr(entry, "__array__") for entry in data):
        return None
    try:
        waves = [np.asarray(entry) for entry in data]
    except ValueError:
        return None
    return waves if waves and all(wave.ndim in (1, 2) and wave.dtype.kind in "iuf" for wave in waves) else None


def ragged(waves: list[np.ndarray], names: list[str] | None = None, argument: str = "data") -> Ragged:
    """Waves (length,) or (length, channels) of different lengths; a ValueError where their channels differ."""
    channels = [wave.shape[1] if wave.ndim == 2 else 0 for wave in waves]
    other = next((i for i, count in enumerate(channels) if count != channels[0]), None)
    if other is not None:
        words = ["none (a vector)" if count == 0 else f"{count}" for count in (channels[0], channels[other])]
        raise ValueError(
            f"`{argument}` must have the same number of channels in every wave, not {words[0]} in wave 1 and {words[1]}"
            f" in wave {other + 1}."
        )
    values = np.concatenate([wave.reshape(len(wave), -1) if wave.ndim == 2 else wave[:, None] for wave in waves])
    type = type_of(values.dtype, f"`{argument}`")
    lengths = np.array([len(wave) for wave in waves], dtype=np.int64)
    return Ragged(exact(values, f"`{argument}`"), lengths, channels[0] == 0, type, values.dtype.name, names)


def checked(data: Data, argument: str = "data") -> Data:
    """The same data, once it is known to have two rows, a column, and finite values only."""
    if isinstance(data, (Matrix, Frame)):
        return checked_table(data, argument)
    what = "wave" if isinstance(data, Ragged) else "row"
    if data.rows < 2:
        raise ValueError(f"`{argument}` must have at least two {what}s, not {data.rows}.")
    if isinstance(data, Ragged) and data.lengths.min() < 2:
        short = data.lengths < 2
        where = positions(short, what=what)
        raise ValueError(
            f"`{argument}` must have waves of at least 2 points, not of {data.lengths[short][0]} ({where})."
            " Leave those waves out."
        )
    if not data.values.size:
        fail(argument, "an array without a dimension of length 0", data.values)
    low, high = float(data.values.min()), float(data.values.max())  # NaN where one value is
    if data.type == "integer" and max(-low, high) > EXACT:
        raise ValueError(f"`{argument}` must hold whole numbers of at most 2^53 in size. Subtract a constant first.")
    if low >= -LARGEST and high <= LARGEST:
        return data
    largest = high if high > LARGEST else low
    for words, wrong in (
        ("finite values only, not a missing one", np.isnan),
        ("finite values only, not an infinite one", np.isinf),
        (f"numbers of at most {LARGEST:g} in size, not {largest}", lambda x: abs(x) > LARGEST),
    ):
        bad = wrong(data.values)
        if bad.any():
            each = bad.reshape(len(bad), -1).any(1)
            if isinstance(data, Ragged):
                each = np.array([part.any() for part in np.split(each, np.cumsum(data.lengths)[:-1])])
            raise ValueError(
                f"`{argument}` must have {words} ({positions(each, what=what)}). {REMEDY.replace('row', what)}"
            )
    return data


def settled(data: Data, kind: str) -> tuple[Data, str]:
    """Data and its kind once they are known to go together: "auto" is decided, waves of one length are an array."""
    if isinstance(data, Array) and kind in ("auto", "table"):
        dimensions = data.values.ndim
        if dimensions > 3 and kind == "auto":
            return data, "image"
        remedy = "Images are n x height x width, waves are n x points x channels."
        wanted = '"image" or "wave"' if dimensions == 3 else '"image"'
        fail("kind", f"{wanted} for an array of {dimensions} dimensions", kind, remedy if dimensions == 3 else "")
    if isinstance(data, Ragged):
        if kind != "wave":
            fail("kind", '"wave" for a list of vectors or matrices', kind, "The rows of a table have one length.")
        data = data.regular()
    return data, "table" if kind == "auto" else kind


def first_of(parts: list[Data], n: int) -> Data:
    """The first n rows of parts of one form, put together."""
    first = parts[0]
    if isinstance(first, Frame):
        return first.followed_by([part for part in parts[1:] if isinstance(part, Frame)]).first(n)
    values = np.concatenate([part.values for part in parts if not isinstance(part, Frame)])
    if isinstance(first, Matrix):
        return Matrix(values[:n], first.type, first.names, first.dtype)
    if isinstance(first, Array):
        return Array(values[:n], first.type, first.dtype, first.names)
    lengths = np.concatenate([part.lengths for part in parts if isinstance(part, Ragged)])[:n]
    return Ragged(values[: lengths.sum()], lengths, first.flat, first.type, first.dtype, first.names)
