"""Categories of which only some combinations occur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ..base import State
from .relation import Relation, listed, named, same
from .saved import from_file, to_file


class Combination(Relation):
    """Two or three columns whose values occur in some combinations only.

    allowed (k, columns): those combinations, NaN for missing.
    """

    kind = "combination"

    def __init__(
        self, likes: Sequence[Column], allowed: np.ndarray, *, holds: float = 1.0, enforced: bool = True
    ) -> None:
        super().__init__(likes, holds, enforced)
        self.allowed = allowed

    @property
    def words(self) -> str:
        """See `Relation`."""
        names = listed([named(like) for like in self.likes])
        return f"{names} occur in {len(self.allowed)} combinations"

    def index_of(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """Which of the combinations each row has (n,); -1 for none."""
        index = np.full(len(values[0]), -1, dtype=np.int64)
        for i, combination in enumerate(self.allowed):
            here = np.ones(len(index), dtype=bool)
            for part, value in zip(values, combination, strict=True):
                here &= same(part, np.full(len(part), value))
            index[here] = i
        return index

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        known = np.ones(len(values[0]), dtype=bool)
        for part, column in zip(values, self.allowed.T, strict=True):
            known &= np.isin(part, column) | (np.isnan(part) & bool(np.isnan(column).any()))
        return known & (self.index_of(values) < 0)

    def to_state(self) -> State:
        """See `Relation`."""
        return {}, {"allowed": to_file(self.allowed)}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Combination:
        """Inverse of `to_state`."""
        stored.values("relation", plain, {})
        allowed = from_file(arrays, "allowed", likes)
        categories = len(likes) > 1 and not any(like.numeric for like in likes)
        stored.require(categories and len(allowed) > 0, "combinations are of categories")
        return cls(likes, allowed)
