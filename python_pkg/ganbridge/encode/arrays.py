"""Data that is no table: arrays of more than two dimensions.

With them comes what all forms of data share on their way in: `from_python`, `checked`, and the kind of data that they
can be.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..check import fail, positions
from .data import LARGEST, REMEDY, Data, type_of
from .data import checked as checked_table
from .data import from_python as table_from_python
from .series import EXACT, Column, cast


@dataclass
class Array:
    """n things of one shape: values (n, ...) of three dimensions or more.

    They stay as they came, in dtype and order in memory, because there may be many; dtype: what they become again
    (empty from R). names: of the entries along the last dimension (channels), or None.
    """

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

    def first(self, n: int) -> Array:
        """The first n things."""
        return Array(self.values[:n], self.type, self.dtype, self.names)

    def followed_by(self, others: Sequence[Data]) -> Array:
        """These things and those of others like them."""
        values = np.concatenate([self.values, *(other.values for other in others if isinstance(other, Array))])
        return Array(values, self.type, self.dtype, self.names)

    def to_python(self) -> np.ndarray:
        """The numpy array that went in."""
        return cast(self.values, self.type, self.dtype)


def place_names(shape: Sequence[int]) -> list[str]:
    """Names of the places in an array of that shape, the first index running fastest: "1,1", "2,1", ..."""
    places = itertools.product(*(range(1, size + 1) for size in reversed(shape)))
    return [",".join(map(str, reversed(place))) for place in places]


def from_python(data: Any) -> Data:
    """What a user's object holds: a DataFrame, an array of two dimensions or more, or nested lists of numbers.

    Raises ValueError where a value is missing or infinite, TypeError where something is not numeric.
    """
    if not isinstance(data, np.ndarray) or data.ndim < 3:
        return table_from_python(data)
    if np.ma.getmaskarray(data).any():
        raise ValueError(f"`data` must have no masked values. {REMEDY}")
    return checked(Array(np.asarray(data), type_of(data.dtype, "`data`"), data.dtype.name))


def checked(data: Data) -> Data:
    """The same data, once it is known to have two rows, a column, and finite values only."""
    if not isinstance(data, Array):
        return checked_table(data)
    if data.rows < 2:
        raise ValueError(f"`data` must have at least two rows, not {data.rows}.")
    if not data.values.size:
        fail("data", "an array without a dimension of length 0", data.values)
    low, high = float(data.values.min()), float(data.values.max())  # NaN where one value is
    if data.type == "integer" and max(-low, high) > EXACT:
        raise ValueError("`data` must hold whole numbers of at most 2^53 in size. Subtract a constant first.")
    if low >= -LARGEST and high <= LARGEST:
        return data
    for words, wrong in (
        ("finite values only, not a missing one", np.isnan),
        ("finite values only, not an infinite one", np.isinf),
        (f"numbers of at most {LARGEST:g} in size, not {high if high > LARGEST else low}", lambda x: abs(x) > LARGEST),
    ):
        bad = wrong(data.values).reshape(data.rows, -1).any(1)
        if bad.any():
            raise ValueError(f"`data` must have {words} ({positions(bad)}). {REMEDY}")
    return data


def settled(data: Data, kind: str) -> tuple[Data, str]:
    """Data and its kind, once they are known to go together and "auto" is decided."""
    if isinstance(data, Array) and kind in ("auto", "table"):
        dimensions = data.values.ndim
        if dimensions > 3 and kind == "auto":
            return data, "image"
        wanted = '"image" (n x height x width) or "wave" (n x points x channels)' if dimensions == 3 else '"image"'
        fail("kind", f"{wanted} for an array of {dimensions} dimensions", kind)
    return data, "table" if kind == "auto" else kind
