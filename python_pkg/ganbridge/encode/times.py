"""What dates and times say beside their order: the day of the year, the weekday, the time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data import Column
from .calendar import WEEKDAYS, day_of_year, weekday_of
from .clock import DAY, clock_seconds

LEAST_YEAR = 366.0  # days beyond which the day of the year is not the date again
LEAST_WEEKS = 14.0  # days from which on weekdays repeat


@dataclass(frozen=True, eq=False)
class Times:
    """One column of dates or times. index: of the column. days: since 1970-01-01. parts: columns computed from them."""

    index: int
    days: Column
    parts: tuple[Column, ...]

    def take(self, rows: Any) -> Times:
        """These rows only."""
        return Times(self.index, self.days.take(rows), tuple(part.take(rows) for part in self.parts))


def times_of(columns: Sequence[Column], sample: Sequence[Column], real: Sequence[Column]) -> tuple[Times, ...]:
    """The dates and times of a sample; columns: the real ones with their types, real: the sample that has them.

    Which parts there are depends on the real rows only. Times are those of clocks in the columns' time zones.
    """
    found = []
    for i, column in enumerate(columns):
        if column.type in ("date", "datetime"):
            days, by = (_days(column, each) for each in (sample[i], real[i]))
            found.append(Times(i, days, tuple(_parts(days, by.present))))
    return tuple(found)


def _days(like: Column, column: Column) -> Column:
    """Days since 1970-01-01, with fractions; like: the type and the time zone."""
    values = np.where(column.missing, 0.0, column.values)
    days = values if like.type == "date" else clock_seconds(like, values) / DAY
    return Column(str(column.name), "double", days, missing=column.missing)


def _parts(days: Column, real: np.ndarray) -> list[Column]:
    span = float(np.ptp(np.floor(real))) if len(real) else 0.0
    parts = []
    if span > LEAST_YEAR:
        parts.append(Column(f"{days.name} (day of year)", "double", day_of_year(days.values), missing=days.missing))
    if span >= LEAST_WEEKS:
        codes = weekday_of(days.values)
        parts.append(Column(f"{days.name} (weekday)", "factor", codes, levels=WEEKDAYS, missing=days.missing))
    if len(real) and float(np.ptp(real - np.floor(real))) > 0.0:
        hours = (days.values - np.floor(days.values)) * 24.0
        parts.append(Column(f"{days.name} (time of day)", "double", hours, missing=days.missing))
    return parts


def same_day(first: Column, second: Column) -> float:
    """Share of rows in which two columns of days are on one day, of those with both."""
    both = ~(first.missing | second.missing)
    if not both.any():
        return float("nan")
    return float((np.floor(first.values[both]) == np.floor(second.values[both])).mean())


def days_between(first: Column, second: Column) -> np.ndarray:
    """Days from the first to the second column, of rows with both."""
    both = ~(first.missing | second.missing)
    return np.asarray(second.values[both] - first.values[both])
