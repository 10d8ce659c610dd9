"""Two columns of which one is never above the other: start <= end."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ..base import State
from .relation import Relation, named


class Order(Relation):
    """The first of two columns is at most the second one, where both are present."""

    kind = "order"

    @property
    def words(self) -> str:
        """See `Relation`."""
        return f"{named(self.likes[0])} <= {named(self.likes[1])}"

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return np.asarray(values[0] > values[1])

    def to_state(self) -> State:
        """See `Relation`."""
        return {}, {}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Order:
        """Inverse of `to_state`."""
        stored.values("relation", plain, {})
        stored.require(len(likes) == 2 and likes[0].numeric and likes[1].numeric, "a relation is about other columns")
        return cls(likes)
