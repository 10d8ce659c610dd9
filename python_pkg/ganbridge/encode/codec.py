"""What is common to the codecs of one column: a number with a marginal of its own, and points for what is discrete."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from ..data import Column
from .base import State
from .points import Points


class Codec(ABC):
    """One column of n values <-> array (n, width).

    Its numbers are `leading` (0 or 1) number that lies on a scale, and then those of `points`: the levels of a
    category, or whether a value is missing.
    """

    def __init__(self, leading: int, normal: bool, points: Points) -> None:
        """normal: whether the leading number has a standard normal marginal."""
        self.leading = leading
        self.points = points
        self.width = leading + points.width
        self.normal = np.concatenate([np.full(leading, normal), np.zeros(points.width, dtype=bool)])

    @abstractmethod
    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """Standardized form (n, width); if a value is missing, its leading number is drawn from the marginal."""

    @abstractmethod
    def decode(self, encoded: np.ndarray, range_margin: float) -> tuple[np.ndarray, np.ndarray]:
        """Values (n,) and a mask of what is missing (n,)."""

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width) for the right shares; 0 for the leading number."""
        return np.concatenate([np.zeros(self.leading), self.points.offsets(generated[:, self.leading :])])

    def present(self, generated: np.ndarray) -> np.ndarray | None:
        """In which generated rows (n, width) the leading number is not missing (n,); None if it never is."""
        if not (self.leading and self.points.width):
            return None
        return np.asarray(self.points.decode(generated[:, self.leading :]) == 0)

    @property
    @abstractmethod
    def may_be_missing(self) -> bool:
        """Whether any value was missing."""

    @property
    def value_range(self) -> tuple[float, float] | None:
        """What the values of the training data lie within; None for categories, and if all are missing."""
        return None

    @abstractmethod
    def shares(self, column: Column) -> list[tuple[str | None, float]]:
        """Levels that occur in the training data and what is missing (None), each with its share of the rows."""

    @abstractmethod
    def words(self) -> str:
        """The encoding in few words."""

    @abstractmethod
    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""

    @classmethod
    @abstractmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Codec:
        """Inverse of `to_state`. Raises BadFileError for what `to_state` never returns; see stored.py."""

    @abstractmethod
    def check_column(self, column: Column) -> None:
        """Raise BadFileError if this can't be the codec of that column of a file, which has no values."""

    @abstractmethod
    def holds(self, column: Column) -> bool:
        """Whether all values of a column of that type are ones that the training data may have had."""
