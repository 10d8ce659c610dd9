"""A number that counts the days, hours or years from one date or time to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np

from ... import stored
from ...data import Column
from ...data.column import NUMBERS, UNITS
from ..base import State
from ..calendar import full_years
from ..clock import DAY, days, of_days
from ..decimals import MOST_DECIMALS
from .day import is_day
from .relation import Relation, named

Counting = Literal["calendar", "rounded", "full"]
COUNTED_IN = (*UNITS, "years")
RULES = {
    "unit": stored.choice(COUNTED_IN),
    "counting": stored.choice(get_args(Counting)),
    "decimals": stored.optional(stored.whole(-6, MOST_DECIMALS)),
    "whole_day": stored.flag,
}
OFF = 1e-9  # of a number's size, by which differences of floating-point numbers may be off


class Span(Relation):
    """The third of three columns, a number, counts what lies between the first and the second, dates or times.

    unit: one of COUNTED_IN. counting: by "calendar" days, whatever the time of day; elapsed time, "rounded" to the
    decimals of the third column; or "full" units (birthdays, if they are years). whole_day: whether the second column
    holds dates, or times that are all at midnight, so that the first and the third say what it is.
    """

    kind = "span"

    def __init__(
        self,
        likes: Sequence[Column],
        unit: str,
        counting: Counting,
        decimals: int | None,
        whole_day: bool,
        *,
        holds: float = 1.0,
        enforced: bool = True,
    ) -> None:
        super().__init__(likes, holds, enforced)
        self.unit, self.counting, self.decimals, self.whole_day = unit, counting, decimals, whole_day

    @property
    def words(self) -> str:
        """See `Relation`."""
        start, end, span = (named(like) for like in self.likes)
        how = {"calendar": "", "rounded": "elapsed ", "full": "full "}[self.counting]
        return f"{span} = {how}{self.unit} from {start} to {end}"

    @property
    def invertible(self) -> bool:
        """Whether the second column follows from the first and the third."""
        return self.counting == "calendar" and self.whole_day

    def result(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """The span (n,) from the first to the second column, each (n,), NaN if missing."""
        if self.unit == "years":
            first, last = self._days_of(values)
            known = ~np.isnan(first + last)
            result = np.full(len(first), np.nan)
            result[known] = full_years(first[known], last[known])
            return result
        if self.counting == "calendar":
            first, last = self._days_of(values)
            return np.asarray((last - first) / self.unit_days)
        span = self._elapsed(values)
        if self.counting == "full":
            return np.asarray(np.trunc(span + np.sign(span) * OFF) + 0.0)  # as as.integer() and int() cut
        return span if self.decimals is None else np.round(span, self.decimals) + 0.0

    def _days_of(self, values: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [days(like, part) for like, part in zip(self.likes[:2], values[:2], strict=True)]

    def _elapsed(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """What lies between both columns (n,) in the unit; whole days unless both are times."""
        if all(like.type == "datetime" for like in self.likes[:2]):
            seconds = values[1] - values[0]
        else:
            first, last = self._days_of(values)
            seconds = (last - first) * DAY
        return np.asarray(seconds / UNITS[self.unit])

    @property
    def unit_days(self) -> float:
        """Days in one of a span of calendar days: those of R's `difftime` have a unit of their own."""
        return self.likes[2].seconds / DAY if self.likes[2].type == "difftime" else 1.0

    def ends(self, start: np.ndarray, span: np.ndarray) -> np.ndarray:
        """The second column (n,) by the other two, if they say what it is."""
        return of_days(self.likes[1], days(self.likes[0], start) + np.rint(span * self.unit_days))

    def between(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """The span (n,) before it is rounded."""
        return self._elapsed(values) if self.counting == "rounded" else self.result(values)

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        result, room = self.between(values), 0.0
        if self.counting == "rounded" and self.decimals is not None:  # 2.5 may have become 2 or 3
            room = 0.5 * (1.0 + 1e-6) * 10.0**-self.decimals
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(values[2] - result) > room + OFF * np.abs(result))

    def to_state(self) -> State:
        """See `Relation`."""
        return {name: getattr(self, name) for name in RULES}, {}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Span:
        """Inverse of `to_state`."""
        plain = stored.values("relation", plain, RULES)
        right = len(likes) == 3 and all(like.type in ("date", "datetime") for like in likes[:2])
        right = right and likes[2].type in (*NUMBERS, "difftime")
        right = right and (plain["unit"] != "years" or plain["counting"] == "full")
        right = right and (plain["unit"] == "days" or plain["counting"] != "calendar")
        stored.require(right, "a span lies between dates or times")
        return cls(likes, plain["unit"], plain["counting"], plain["decimals"], plain["whole_day"])


def span_of(
    start: Column, end: Column, target: Column, unit: str, counting: Counting, decimals: int | None = None
) -> Span:
    """The relation of columns of training rows. decimals: of the target."""
    return Span([start, end, target], unit, counting, decimals, is_day(end))
