"""Dates and times as parts of the calendar: the season, the day of the week and the time of day, if they matter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ... import stored
from ...data import Column
from ...data.column import NUMBERS
from ..calendar import MONDAY, WEEKDAYS, YEAR, weekday_of
from ..clock import DAY, clock_seconds, days, of_days, times_at
from ..decimals import decimals_of
from .chance import log_level
from .day import has_shifted_midnights, is_day
from .seasonal import seasonal
from .step import DECIMALS, Columns, Step, ends_of, replace_column

LEAST_ROWS = 100
SPANS = {"season": 1.5 * YEAR, "weekday": 28.0, "time": 4.0}  # days that times must span for a part to be looked at
BINS = {"season": 12, "weekday": 7, "time": 8}
MOST_LEVELS = 20  # of a category that may depend on a part


class Calendar(Step):
    """A date or a time <-> whole numbers and a level that say where in the calendar it lies.

    With a season: the nearest of the yearly peaks, which lie `peak` days (or weeks, next to a day of the week) after
    1970-01-01 and each year after that; the distance to it; and whether it is before or after it. A column that is
    highest at the peak then falls with the distance, so that even a normal distribution knows the season. Without one:
    the day, or the week. Then the day of the week and the time of day.

    reach: between which days the target lies, as `ends_of` has it; beyond it days are moved by years, or else weeks.
    """

    name = "calendar"
    rules: ClassVar[dict[str, stored.Rule]] = {
        "peak": stored.optional(stored.number(-1e6, 1e6)),
        "weekday": stored.flag,
        "time": stored.flag,
        "reach": stored.listed(stored.number(-1e8, 1e8), 2),
        "decimals": DECIMALS,
    }

    def check(self) -> None:
        """See `Step`."""
        super().check()
        stored.require(self.like.type in ("date", "datetime"), "`calendar` is for dates and times")
        stored.require(self.reach[0] <= self.reach[1], "`reach` must be from the first to the last day")

    def __init__(
        self,
        relations: Sequence[Any],
        target: Column,
        peak: float | None,
        weekday: bool,
        time: bool,
        reach: Sequence[float],
        decimals: int | None = 0,
    ) -> None:
        super().__init__(relations, target)
        self.peak, self.weekday, self.time, self.decimals = peak, weekday, time, decimals
        self.reach = (float(reach[0]), float(reach[1]))

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        return {
            "peak": self.peak,
            "weekday": self.weekday,
            "time": self.time,
            "reach": list(self.reach),
            "decimals": self.decimals,
        }

    @property
    def words(self) -> str:
        """The parts in few words."""
        parts = {"season": self.peak is not None, "weekday": self.weekday, "time of day": self.time}
        return ", ".join(part for part, used in parts.items() if used)

    def part_name(self, part: str) -> str:
        """The name of the column of one part."""
        return f"{self.target} ({part})"

    @property
    def first_part(self) -> str:
        """The part that rises with time."""
        return "year" if self.peak is not None else ("week" if self.weekday else "day")

    @property
    def _unit(self) -> float:
        return 7.0 if self.weekday else 1.0

    def _peak_of(self, count: np.ndarray) -> np.ndarray:
        """Days, or weeks, of yearly peaks."""
        return np.asarray(np.rint((self.peak or 0.0) + count * YEAR / self._unit))

    def parts(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """The parts (n,) of values (n,) by name."""
        clock = values * DAY if self.like.type == "date" else clock_seconds(self.like, values)
        day = np.floor(clock / DAY)
        parts: dict[str, np.ndarray] = {}
        unit = np.floor((day - MONDAY) / 7.0) if self.weekday else day
        if self.peak is None:
            parts[self.first_part] = unit
        else:
            count = np.rint((unit - self.peak) * self._unit / YEAR)
            offset = unit - self._peak_of(count)
            parts |= {"year": count, "distance": np.where(offset < 0.0, -offset - 1.0, offset)}
            parts["after"] = np.asarray(offset >= 0.0, dtype=np.float64)
        if self.weekday:
            parts["weekday"] = day - MONDAY - 7.0 * unit
        if self.time:
            parts["time"] = clock - day * DAY
        return parts

    def value(self, parts: dict[str, np.ndarray]) -> np.ndarray:
        """Values (n,) of parts: the inverse of `parts`, moved into reach."""
        if self.peak is None:
            unit = parts[self.first_part]
        else:
            offset = np.where(parts["after"] > 0.5, parts["distance"], -parts["distance"] - 1.0)
            unit = self._peak_of(parts["year"]) + offset
        unit = self._within_reach(unit, parts["weekday"] if self.weekday else np.zeros(len(unit)))
        day = unit * 7.0 + MONDAY + parts["weekday"] if self.weekday else unit
        if self.like.type == "date":
            return np.asarray(day)
        if not self.time:
            return of_days(self.like, day)
        times = times_at(self.like, day * DAY + parts["time"].clip(0.0, DAY - 1e-6))
        return np.asarray(times if self.decimals is None else np.round(times, self.decimals))

    def _within_reach(self, unit: np.ndarray, weekday: np.ndarray) -> np.ndarray:
        """Days, or weeks, of which those out of reach are moved by years, and if that does not help to its end."""
        low, high = (np.full(len(unit), end) for end in self.reach)
        if self.weekday:
            low, high = np.ceil((low - MONDAY - weekday) / 7.0), np.floor((high - MONDAY - weekday) / 7.0)
        if self.peak is not None:
            year = YEAR / self._unit
            unit = unit - np.rint(np.ceil(np.maximum(unit - high, 0.0) / year) * year)
            unit = unit + np.rint(np.ceil(np.maximum(low - unit, 0.0) / year) * year)
        return np.asarray(np.minimum(np.maximum(unit, low), high))

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        column = columns[self.target]
        new = []
        for part, values in self.parts(column.values).items():
            name, missing = self.part_name(part), column.missing
            if part == "weekday":
                new.append(Column(name, "factor", values, levels=WEEKDAYS, missing=missing))
            elif part == "after":
                new.append(Column(name, "factor", values, levels=["before", "after"], missing=missing))
            else:
                new.append(Column(name, "double" if part == "time" else "integer", values, missing=missing))
        replace_column(columns, self.target, *new)

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        # What is missing is so in all parts; if parts disagree, the first one decides.
        names = list(self.parts(np.zeros(1)))
        parts = {part: columns[self.part_name(part)] for part in names}
        values = self.value({part: column.values for part, column in parts.items()})
        missing = parts[names[0]].missing
        replace_column(columns, self.part_name(names[0]), self.like.like(values, missing))
        for part in names[1:]:
            del columns[self.part_name(part)]


# --- which parts matter ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Times:
    """A column of dates or times: which rows are present, days since 1970-01-01 (k,), and seconds of the day (k,)."""

    rows: np.ndarray
    day: np.ndarray
    seconds: np.ndarray

    def bins(self, part: str) -> np.ndarray:
        """Which of the BINS each time lies in, of a part of the calendar."""
        if part == "season":
            return np.floor((self.day / YEAR) % 1.0 * BINS[part]).astype(np.int64)
        if part == "weekday":
            return weekday_of(self.day).astype(np.int64)
        return np.floor(self.seconds / DAY * BINS[part]).astype(np.int64).clip(0, BINS[part] - 1)


def calendars(columns: Columns, fixed: Sequence[str]) -> list[Step]:
    """Steps for the dates and times of which parts matter, and for numbers that follow the season of one of them.

    A part matters if times do not lie evenly in it (no rows on Sundays), or another column depends on it beyond a
    linear trend over time: a test of Kruskal and Wallis for numbers, chi squared for categories, at the level of
    `chance.LEVEL` divided by the number of such tests. Midnights of a zone with summer time are generated as days.
    """
    times = [
        column
        for name, column in columns.items()
        if column.type in ("date", "datetime") and name not in fixed and len(column.present)
    ]
    others = [column for column in columns.values() if column.type not in ("date", "datetime")]
    level = log_level(len(times) * len(SPANS) * (1 + len(others)))
    steps: list[Step] = []
    without: list[Step] = []
    free = [other for other in others if other.type in NUMBERS and str(other.name) not in fixed]
    for column in times:
        step = _calendar(column, others, level) if len(column.present) >= LEAST_ROWS else None
        if step is None and has_shifted_midnights(column):
            step = Calendar([], column, None, False, False, ends_of(days(column, column.present), 0), 0)
        if step is None:
            continue
        steps.append(step)
        for other in free if step.peak is not None else []:
            adjusted = seasonal(other, column, decimals_of(other.present, other.dtype) if len(other.present) else None)
            if adjusted is not None:
                without.append(adjusted)
                free = [each for each in free if each is not other]
    return without + steps


def _calendar(column: Column, others: Sequence[Column], level: float) -> Calendar | None:
    rows = np.flatnonzero(~column.missing)
    values = column.values[rows]
    clock = values * DAY if column.type == "date" else clock_seconds(column, values)
    day = np.floor(clock / DAY)
    times = _Times(rows, day, clock - day * DAY)
    dates = is_day(column)
    parts = {}
    for part, span in SPANS.items():
        if float(day.max() - day.min()) < span or (part == "time" and dates):
            continue
        bins = times.bins(part)
        depends = [_log_chance(other, times, bins, BINS[part]) for other in others]
        if min([_log_uneven(bins, BINS[part]), *depends]) <= level:
            parts[part] = depends
    if not parts:
        return None
    weekday = "weekday" in parts
    peak = None
    if "season" in parts:
        strongest = others[int(np.argmin(parts["season"]))] if others else None
        peak = _peak(times, strongest)
        peak = round((peak - MONDAY) / 7.0, 1) if weekday else round(peak)
    decimals = 0 if (values == np.rint(values)).all() else 6
    return Calendar([], column, peak, weekday, not dates, ends_of(day, 0), decimals)


def _scores(other: Column, times: _Times) -> np.ndarray:
    """Ranks (k,) of a column of numbers without its linear trend over time, NaN if missing."""
    values = np.where(other.missing, np.nan, other.values)[times.rows]
    present = ~np.isnan(values)
    scores = np.full(len(values), np.nan)
    ordered = np.sort(values[present])
    y = (np.searchsorted(ordered, values[present], "left") + np.searchsorted(ordered, values[present], "right")) / 2.0
    x = times.day[present] - times.day[present].mean() if present.any() else y
    spread = float((x * x).sum())
    y = y - (y.mean() if len(y) else 0.0)
    scores[present] = y - x * (float((x * y).sum()) / spread if spread else 0.0)
    return scores


def _log_chance(other: Column, times: _Times, bins: np.ndarray, count: int) -> float:
    """The log probability of such a dependence of a column on the bins of a part by chance."""
    if other.numeric:
        scores = _scores(other, times)
        present = ~np.isnan(scores)
        y, b = scores[present], bins[present]
        variance = float(y.var()) if len(y) > count else 0.0
        if variance <= 0.0:
            return 0.0
        size = np.bincount(b, minlength=count)
        means = np.bincount(b, y, count) / np.maximum(size, 1)
        return _log_tail(float((size * means**2).sum()) / variance, int((size > 0).sum()) - 1)
    codes = np.unique(other.codes[times.rows], return_inverse=True)[1].ravel()
    if codes.max() + 1 > MOST_LEVELS or codes.max() == 0:
        return 0.0
    table = np.zeros((codes.max() + 1, count))
    np.add.at(table, (codes, bins), 1.0)
    table = table[:, table.sum(0) > 0]
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    if expected.min() < 1.0:
        return 0.0
    return _log_tail(float(((table - expected) ** 2 / expected).sum()), (table.shape[0] - 1) * (table.shape[1] - 1))


def _log_uneven(bins: np.ndarray, count: int) -> float:
    """The log probability that the bins are filled so unevenly by chance."""
    expected = len(bins) / count
    return _log_tail(float(((np.bincount(bins, minlength=count) - expected) ** 2 / expected).sum()), count - 1)


def _log_tail(statistic: float, freedom: int) -> float:
    """The log probability that chi squared is at least that large (Chernoff's bound)."""
    if freedom < 1 or statistic <= freedom:
        return 0.0
    return -0.5 * (statistic - freedom - freedom * math.log(statistic / freedom))


def _peak(times: _Times, other: Column | None) -> float:
    """The day after 1970-01-01 at which the first harmonic of a column's season is highest; of the times themselves
    if there is no column of numbers."""
    angle = 2.0 * np.pi * times.day / YEAR
    scores = np.ones(len(angle)) if other is None or not other.numeric else np.nan_to_num(_scores(other, times))
    return float(np.arctan2((scores * np.sin(angle)).sum(), (scores * np.cos(angle)).sum()) / (2.0 * np.pi) * YEAR)
