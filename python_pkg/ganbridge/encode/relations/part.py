"""A column that is a part of the calendar, or follows from one: month, weekday, weekend, season."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ..base import State
from ..calendar import PARTS, part_of
from ..clock import DAY, clock_seconds
from .relation import Relation, named, same
from .saved import from_file, to_file

RULES = {"part": stored.choice(PARTS)}


class Part(Relation):
    """The second of two columns is known by a part of the calendar of the first one, a date or a time.

    part: its name in `encode.calendar`. keys (k,): values of that part, rising; results (k,): of the second column. If
    there are none, the second column is the part itself.
    """

    kind = "part"

    def __init__(
        self,
        likes: Sequence[Column],
        part: str,
        keys: np.ndarray,
        results: np.ndarray,
        *,
        holds: float = 1.0,
        enforced: bool = True,
    ) -> None:
        super().__init__(likes, holds, enforced)
        self.part = part
        itself = likes[-1].numeric and bool((keys == results).all())
        self.keys: np.ndarray = keys[:0] if itself else keys
        self.results: np.ndarray = results[:0] if itself else results

    @property
    def words(self) -> str:
        """See `Relation`."""
        return f"the {self.part} of {named(self.likes[0])} determines {named(self.likes[1])}"

    def result(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The second column (n,) for dates or times (n,), NaN if missing, and whether it is known (n,).

        Parts that the training rows do not hold stand for the next ones.
        """
        part = parts_of(self.part, self.likes[0], times)
        if not len(self.keys):
            return part, ~np.isnan(part)
        at = np.searchsorted(self.keys, np.nan_to_num(part)).clip(0, len(self.keys) - 1)
        below = (at - 1).clip(0)
        at = np.where(np.abs(self.keys[below] - part) < np.abs(self.keys[at] - part), below, at)
        return np.where(np.isnan(part), np.nan, self.results[at]), self.keys[at] == part

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        result, known = self.result(values[0])
        return np.asarray(known & ~np.isnan(values[1]) & ~same(result, values[1]))

    def without(self, left_out: np.ndarray) -> Part:
        """The relation without some of its keys, which stand for the next ones then. left_out: mask (k,)."""
        keys, results = self.keys[~left_out], self.results[~left_out]
        return Part(self.likes, self.part, keys, results, holds=self.holds, enforced=self.enforced)

    def to_state(self) -> State:
        """See `Relation`."""
        return {"part": self.part}, {"keys": to_file(self.keys), "results": to_file(self.results)}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Part:
        """Inverse of `to_state`."""
        plain = stored.values("relation", plain, RULES)
        right = len(likes) == 2 and likes[0].type in ("date", "datetime")
        stored.require(right, "a part of the calendar is one of dates or times")
        keys = np.array(stored.array("relations", arrays, "keys", "float64", (None,)))
        results = from_file(arrays, "results", likes[-1:], flat=True)
        stored.require(len(keys) == len(results), "`keys` must have a result each")
        stored.require(bool((np.diff(keys) > 0.0).all()), "`keys` must rise")
        stored.require(len(keys) > 0 or likes[1].numeric, "a category needs `keys`")
        return cls(likes, plain["part"], keys, results)


def parts_of(part: str, column: Column, values: np.ndarray) -> np.ndarray:
    """A part of the calendar (n,) of a column's dates or times (n,), NaN if missing."""
    known = ~np.isnan(values)
    result = np.full(len(values), np.nan)
    clock = values[known] * DAY if column.type == "date" else clock_seconds(column, values[known])
    result[known] = part_of(part, clock)
    return result
