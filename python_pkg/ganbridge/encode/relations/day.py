"""A date that is the day of a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ..base import State
from ..clock import DAY, days, of_days
from .relation import Relation, named

TRIED = 1000  # rows that show whether times are dates


class Day(Relation):
    """The second of two columns, dates or times at midnight, is the day on which the first one, a time, lies.

    The day is that of the time's own time zone.
    """

    kind = "day"

    @property
    def words(self) -> str:
        """See `Relation`."""
        return f"{named(self.likes[1])} is the day of {named(self.likes[0])}"

    def result(self, times: np.ndarray) -> np.ndarray:
        """The second column (n,) for times (n,)."""
        return of_days(self.likes[1], days(self.likes[0], times))

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(days(self.likes[0], values[0]) - days(self.likes[1], values[1])) > 0.0)

    def to_state(self) -> State:
        """See `Relation`."""
        return {}, {}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Day:
        """Inverse of `to_state`."""
        stored.values("relation", plain, {})
        types = [like.type for like in likes]
        right = types in (["datetime", "date"], ["datetime", "datetime"])
        stored.require(right, "a relation is about other columns")
        return cls(likes)


def is_day(column: Column) -> bool:
    """Whether a column holds dates, or times that are all at midnight, as pandas has dates."""
    if column.type != "datetime":
        return column.type == "date"
    some, every = column.present[:TRIED], column.present
    return all(bool((of_days(column, days(column, part)) == part).all()) for part in (some, every))


def has_shifted_midnights(column: Column) -> bool:
    """Whether a column holds midnights of a time zone whose clocks are set on and back, so that no grid holds them."""
    present = column.present
    if column.type != "datetime" or not len(present) or not is_day(column):
        return False
    return bool((present % DAY != present[0] % DAY).any())
