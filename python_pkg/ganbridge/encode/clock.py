"""What a clock and a calendar show at a time in the time zone of its column, for many times at once."""

from __future__ import annotations

import datetime

import numpy as np

from ..data import Column
from ..data.zones import clock_in

DAY = 86400.0
QUARTER = 900.0  # seconds; clocks are set on or back at full quarters of an hour
_EPOCH = datetime.datetime(1970, 1, 1)


def clock_seconds(column: Column, values: np.ndarray) -> np.ndarray:
    """Seconds (n,) since 1970-01-01 00:00 that clocks show at times (n,), in seconds since then in UTC.

    column: whose time zone counts. A column of R without one has the machine's; pandas' times without one are UTC's.
    """
    if not column.unit and not column.machine_clock:
        return values
    quarters, which = np.unique(np.floor(values / QUARTER), return_inverse=True)
    return np.asarray(values + np.array([_offset(column, q * QUARTER) for q in quarters])[which.ravel()])


def times_at(column: Column, clock: np.ndarray) -> np.ndarray:
    """Times (n,) at which clocks show so many seconds (n,) since 1970-01-01 00:00: the inverse of `clock_seconds`."""
    times = clock
    for _ in range(2):  # the second time with the offset of about that time
        times = times - (clock_seconds(column, times) - clock)
    return np.asarray(times)


def _offset(column: Column, seconds: float) -> float:
    """By how many seconds a clock is ahead of UTC's at that time."""
    utc = _EPOCH + datetime.timedelta(seconds=seconds)
    clock = clock_in(column.unit, utc) if column.unit else datetime.datetime.fromtimestamp(seconds)
    return (clock - utc).total_seconds()


def days(column: Column, values: np.ndarray) -> np.ndarray:
    """Days (n,) since 1970-01-01 of dates or times (n,), NaN if missing."""
    if column.type == "date":
        return np.asarray(np.floor(values))
    known = ~np.isnan(values)
    result = np.full(len(values), np.nan)
    result[known] = np.floor(clock_seconds(column, values[known]) / DAY)
    return result


def of_days(column: Column, count: np.ndarray) -> np.ndarray:
    """Values (n,) of dates, or of times at midnight, so many days (n,) after 1970-01-01; NaN if missing."""
    if column.type == "date":
        return count
    known = ~np.isnan(count)
    result = np.full(len(count), np.nan)
    result[known] = times_at(column, count[known] * DAY)
    return result
