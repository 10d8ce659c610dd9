"""Parts of the calendar: what year, month, weekday or hour it is, of many days at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

YEAR = 365.2425  # days
MONDAY = 4.0  # 1970-01-05, in days since 1970-01-01
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
HOUR = 3600.0


def _months(day: np.ndarray) -> np.ndarray:
    """Months (n,) since January 1970."""
    return np.asarray(day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def _start(day: np.ndarray, unit: str) -> np.ndarray:
    """First days (n,) of the months ("M") or years ("Y") of days."""
    return np.asarray(
        day.astype("datetime64[D]").astype(f"datetime64[{unit}]").astype("datetime64[D]").astype(np.int64)
    )


def weekday_of(day: np.ndarray) -> np.ndarray:
    """0 for Monday to 6 for Sunday (n,), of days since 1970-01-01 (n,)."""
    return np.asarray((np.floor(day) - MONDAY) % 7.0)


def day_of_year(day: np.ndarray) -> np.ndarray:
    """1 for the first of January (n,), of days since 1970-01-01 (n,)."""
    whole = np.floor(day).astype(np.int64)
    return np.asarray((whole - _start(whole, "Y") + 1).astype(np.float64))


def _week(day: np.ndarray) -> np.ndarray:
    """The week of the year (ISO 8601): that of its Thursday."""
    thursday = day - weekday_of(day).astype(np.int64) + 3
    return np.asarray((thursday - _start(thursday, "Y")) // 7 + 1)


_Part = Callable[[np.ndarray], np.ndarray]  # of whole days since 1970-01-01, int64 (n,)

# In the order in which they are looked for: the first that explains a column is the one that is meant.
_OF_DAYS: dict[str, _Part] = {
    "quarter": lambda day: _months(day) % 12 // 3 + 1,
    "year": lambda day: _months(day) // 12 + 1970,
    "weekday": lambda day: weekday_of(day) + 1,
    "month": lambda day: _months(day) % 12 + 1,
    "week": _week,
    "year and quarter": lambda day: (_months(day) // 12 + 1970) * 10 + _months(day) % 12 // 3 + 1,
    "year and month": lambda day: (_months(day) // 12 + 1970) * 100 + _months(day) % 12 + 1,
    "day of the month": lambda day: day - _start(day, "M") + 1,
    "day of the year": lambda day: day - _start(day, "Y") + 1,
}
PARTS = (*_OF_DAYS, "hour")
COUNTED = ("year", "year and quarter", "year and month")  # parts that do not come again


def part_of(part: str, clock: np.ndarray) -> np.ndarray:
    """A part (n,), as a whole number that counts from 1 (hours from 0), of what clocks show: seconds (n,), no NaN."""
    if part == "hour":
        return np.asarray(np.floor(clock / HOUR) % 24.0)
    return np.asarray(_OF_DAYS[part](np.floor(clock / (24.0 * HOUR)).astype(np.int64)), dtype=np.float64)


def full_years(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Birthdays (n,) from days to later ones, both since 1970-01-01 (n,): the age in years."""
    dates = [day.astype(np.int64) for day in (first, last)]
    months = [_months(day) for day in dates]
    within = [day - _start(day, "M") for day in dates]
    return np.asarray(np.floor((months[1] - months[0] - (within[1] < within[0])) / 12.0))
