"""What every encoder does: data <-> standardized arrays. Each kind of data has one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from ..data import Data, Schema
from ..recipes import Grid

if TYPE_CHECKING:
    from typing_extensions import Self

State = tuple[dict[str, Any], dict[str, np.ndarray]]  # plain values for JSON, and arrays by name


class Noise(Protocol):
    """What decoding asks of a random generator."""

    def standard_normal(self, size: Any) -> Any:
        """Normal noise of that size, whose first dimension goes over rows."""


class Encoder(ABC):
    """Data of n rows <-> float32 array (n, width).

    kind: the name of the kind of data. schema: what the training data was. width: numbers per encoded row. grid: on
    which the numbers of a row lie (height x width of images, points of waves), or None.
    """

    kind: ClassVar[str]
    schema: Schema
    width: int
    grid: Grid | None

    @classmethod
    @abstractmethod
    def fit(cls, data: Data, scaling: Any, range_margin: float, k: int = 1) -> Self:
        """Learn the encoding. Raises TypeError or ValueError for data that this kind does not take.

        k: rows that share each value of the training data that is kept, or whose mean it is.
        """

    @property
    @abstractmethod
    def normal(self) -> np.ndarray:
        """Which of the encoded numbers have standard normal marginals in the training data, bool (width,)."""

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width) so that levels and missing values get their shares, (width,)."""
        return np.zeros(self.width)

    def present(self, generated: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Indices of numbers that may be missing, each with a mask of the generated rows in which it is not (n,)."""
        yield from ()

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Column, level and share of training rows, for each level that occurs and for what is missing (None)."""
        return []

    @abstractmethod
    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized rows, float32 (n, width)."""

    @abstractmethod
    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Data like the training data from standardized rows (n, width)."""

    @abstractmethod
    def to_state(self) -> State:
        """What a file holds of it."""

    @classmethod
    @abstractmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        """Inverse of `to_state`. Raises BadFileError for what `to_state` never returns; see stored.py."""
