"""Search for numbers that are multiples, sums or differences of others, and for dates that are the days of times.

Equality must hold in every row up to the decimals of the column. Chance: were one of the columns of a sum independent
of the others, a row would keep the sum with at most the share p of that column's most frequent value, and n rows with
p^n; for a multiple with a constant, which two rows fix, each further distinct value would lie on the line with about
the width of the tolerance divided by the range.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from ...data import Column
from ...data.column import NUMBERS, UNITS
from .chance import MOST_BROKEN, log_at_most, log_level
from .day import Day, is_day
from .factors import simplest
from .linear import OFF, Linear
from .view import View

LEAST_ROWS = 20
TRIED = 32  # rows on which a sum is tried first,
FIRST = 4  # and rows before these
MOST_ROWS = 4096  # rows by which a factor is estimated
CHOSEN_FROM = 4096  # rows of which they are chosen
SUMMED_COLUMNS = 300  # columns of numbers, of which pairs are summed,
TRIPLED_COLUMNS = 60  # and triples
LEAST_DISTINCT = 8  # values beyond two that must lie on a line
EXACTLY = 0.01  # of the step of the decimals
COARSE = 8.0  # least range of a column in tolerances
DAY = 86400.0


def find_linear(views: Sequence[View]) -> list[Linear | Day]:
    """Multiples first, then sums of two and of three, of columns that are not yet known to depend on others."""
    numbers = [view for view in views if view.numeric and not view.constant][:SUMMED_COLUMNS]
    found: list[Linear | Day] = [*_days(numbers)]
    done = {relation.columns[-1] for relation in found}
    for multiple in _multiples(numbers):
        found.append(multiple)
        done.add(multiple.columns[-1])
    left = [view for view in numbers if view.name not in done]
    for sum_ in [*_spans(left), *_sums(left)]:
        if sum_.columns[-1] not in done:
            found.append(sum_)
            done.add(sum_.columns[-1])
    return found


def _days(views: Sequence[View]) -> list[Day]:
    """Dates that are the days of times in all rows; chance as for sums."""
    days = [view for view in views if is_day(view.column)]
    times = [view for view in views if view.column.type == "datetime" and view not in days]
    found: list[Day] = []
    for date in days:
        for time in times:
            relation = Day([time.column, date.column])
            both = np.flatnonzero(~(time.missing | date.missing))
            few = both[:TRIED]
            if len(both) < LEAST_ROWS or relation._broken([time.values[few], date.values[few]]).any():
                continue
            most = float(np.unique(date.values[both], return_counts=True)[1].max()) / len(both)
            unlikely = log_at_most(0, len(both), 1.0 - most) <= log_level(len(days) * len(times))
            if unlikely and not relation._broken([time.values[both], date.values[both]]).any():
                found.append(relation)
                break
    return found


# --- multiples ----------------------------------------------------------------------------------------------------


def _multiples(views: Sequence[View]) -> list[Linear]:
    """Columns that are a multiple of an earlier one, with a constant."""
    level = log_level(len(views) * (len(views) - 1) // 2)
    found: list[Linear] = []
    done: set[int] = set()
    for i, a in enumerate(views):
        if a.index in done:
            continue
        for b in views[i + 1 :]:
            if b.index not in done and _same_kind(a.column, b.column):
                both_ways = [each for each in (_multiple(a, b, level), _multiple(b, a, level)) if each is not None]
                if both_ways:
                    relation = min(both_ways, key=lambda each: len(each.words))  # f = 1.8 * c + 32
                    found.append(relation)
                    done.add(next(v.index for v in (a, b) if v.name == relation.columns[-1]))
                    if a.index in done:
                        break
    return found


def _same_kind(a: Column, b: Column) -> bool:
    plain = (*NUMBERS, "difftime")
    return (a.type in plain and b.type in plain) or (a.type == b.type and a.unit == b.unit)


def _multiple(a: View, b: View, level: float) -> Linear | None:
    """b as a multiple of a."""
    few = slice(0, 8 * TRIED)
    present = ~(a.missing[few] | b.missing[few])
    x, y = a.values[few][present], b.values[few][present]
    if len(x) < LEAST_ROWS or x.max() == x.min() or y.max() == y.min():
        return None
    low, high = int(x.argmin()), int(x.argmax())
    factor = float((y[high] - y[low]) / (x[high] - x[low]))
    slack = 2.0 * b.step + 1e-6 * float(y.max() - y.min())
    if factor == 0.0 or slack * COARSE > y.max() - y.min():
        return None
    if np.abs(y[low] + factor * (x - x[low]) - y).max() > slack + 1e-6 * np.abs(y).max():
        return None
    return _on_line(a, b, level)


def _on_line(a: View, b: View, level: float) -> Linear | None:
    both = ~(a.missing | b.missing)
    x, y = a.values[both], b.values[both]
    count, spread = len(np.unique(x)), float(y.max() - y.min())
    share = (b.step + OFF * float(np.abs(y).max())) * 2.0 / spread
    if count - 2 < LEAST_DISTINCT or share >= 1.0 or (count - 2) * math.log(max(share, 1e-300)) > level:
        return None
    factors = simplest(x[:MOST_ROWS, None], y[:MOST_ROWS], b.step)
    if factors is None or factors[1] == 0.0:
        return None
    relation = Linear([a.column, b.column], [float(factors[1])], float(factors[0]), b.decimals)
    return None if relation._broken([x, y]).any() else relation


# --- sums ---------------------------------------------------------------------------------------------------------


def _spans(views: Sequence[View]) -> list[Linear]:
    """Times that are another one and a span, in some unit: end = start + length."""
    times = [view for view in views if view.column.type in ("date", "datetime")]
    spans = [view for view in views if view.column.type in (*NUMBERS, "difftime")]
    pairs = [(a, b) for a, b in itertools.permutations(times, 2) if _same_kind(a.column, b.column)]
    level = log_level(len(pairs) * len(spans) * len(UNITS))
    found: list[Linear] = []
    done: set[str] = set()
    if not spans:
        return found
    few = np.stack([np.where(view.missing[:TRIED], np.nan, view.values[:TRIED]) for view in spans], 1)
    steps = np.array([view.step for view in spans])
    for start, end in pairs:
        if end.name in done or start.name in done:
            continue
        unit = DAY if start.column.type == "date" else 1.0
        dates = is_day(start.column) and is_day(end.column)
        for span in _possible_spans(start, end, few, steps, unit, spans):
            sizes = [span.column.seconds] if span.column.type == "difftime" else list(UNITS.values())
            if span.column.type != "difftime" and dates:
                sizes.remove(DAY)  # of dates, days are counted (`find_spans`)
            relations = (_checked([start, span], end, [1.0, size / unit], level) for size in sizes)
            relation = next((each for each in relations if each is not None), None)
            if relation is not None:
                found.append(relation)
                done.add(end.name)
                break
    return found


def _possible_spans(
    start: View, end: View, few: np.ndarray, steps: np.ndarray, unit: float, spans: Sequence[View]
) -> list[View]:
    """Those that may be what lies between, in any unit, by a few rows (TRIED, spans): most are ruled out at once."""
    gap = end.values[:TRIED] - start.values[:TRIED]
    gap[start.missing[:TRIED] | end.missing[:TRIED]] = np.nan
    possible = np.zeros(len(spans), dtype=bool)
    seconds = [view.column.seconds if view.column.type == "difftime" else 0.0 for view in spans]
    for size in {*UNITS.values(), *seconds} - {0.0}:
        factor = size / unit
        slack = 2.0 * (end.step + start.step + factor * steps) + 1e-6 * np.abs(factor * few)
        possible |= (np.abs(gap[:, None] - factor * few) > slack).sum(0) <= 4 * MOST_BROKEN * TRIED
    return [view for view, maybe in zip(spans, possible.tolist(), strict=True) if maybe]


def _sums(views: Sequence[View]) -> list[Linear]:
    """Columns that are the sum of two others, or of three."""
    views = [view for view in views if view.column.type in (*NUMBERS, "difftime")]
    if len(views) < 3:
        return []
    values, slack = _tried(views)
    found: list[Linear] = []
    done: set[int] = set()
    for size in (2, 3):
        if size == 3 and len(views) > TRIPLED_COLUMNS:
            break
        level = log_level(math.comb(len(views), size) * (len(views) - size))
        for group, target in _sum_candidates(values, slack, size):
            if target in done or target in group or done & set(group):
                continue
            relation = _checked([views[i] for i in group], views[target], [1.0] * size, level)
            if relation is not None:
                found.append(relation)
                done.add(target)
    return found


def _tried(views: Sequence[View]) -> tuple[np.ndarray, np.ndarray]:
    """Values (TRIED, columns) of rows in which few are missing or the most frequent ones, and slack (columns,)."""
    few = np.stack([view.values[:CHOSEN_FROM] for view in views], 1)
    usual = np.array([view.distinct[view.counts.argmax()] for view in views])
    dull = (np.isnan(few) | (few == usual)).sum(1)
    rows = np.argsort(dull, kind="stable")[:TRIED]
    size = np.nanmax(np.abs(few), axis=0, initial=0.0)
    slack = np.array([0.51 * view.step for view in views]) + OFF * size
    return few[rows], slack


def _sum_candidates(values: np.ndarray, slack: np.ndarray, size: int) -> list[tuple[tuple[int, ...], int]]:
    """Groups of columns and the column that is their sum in all tried rows, as far as these are present."""
    count = values.shape[1]
    candidates = []
    for group in itertools.combinations(range(count), size - 1):
        rest = np.arange(group[-1] + 1, count)
        if not len(rest):
            continue
        part = values[:, group].sum(1)
        total = part[:FIRST, None] + values[:FIRST, rest]  # (rows, last term)
        off = np.abs(total[:, :, None] - values[:FIRST, None, :]) > slack + OFF * np.abs(total[:, :, None])
        for last, target in np.argwhere(~off.any(0)):
            total_of_one = part + values[:, rest[last]]
            if not (np.abs(total_of_one - values[:, target]) > slack[target] + OFF * np.abs(total_of_one)).any():
                candidates.append(((*group, int(rest[last])), int(target)))
    return candidates


def _checked(sources: Sequence[View], target: View, factors: Sequence[float], level: float) -> Linear | None:
    """The sum, if nearly all rows have it and chance does not explain it."""
    both = ~np.any([view.missing for view in (*sources, target)], axis=0)
    rows = int(both.sum())
    if rows < LEAST_ROWS:
        return None
    values = [view.values[both] for view in (*sources, target)]
    relation = Linear([view.column for view in (*sources, target)], factors, 0.0, target.decimals)
    broken = int(relation._broken([part[:TRIED] for part in values]).sum())
    if broken > 4 * MOST_BROKEN * TRIED:
        return None
    broken = int(relation._broken(values).sum())
    # Whole numbers that add up exactly are told from chance by their values, however few; others need a range.
    exact = float(np.abs(values[-1] - relation.exact(values[:-1])).max()) <= EXACTLY * target.step
    slack = 0.0 if exact else float(relation.tolerance(values[:-1]).max())
    for factor, part in zip([*factors, 1.0], values, strict=True):
        most = int(np.unique(part, return_counts=True)[1].max()) / rows
        if abs(factor) * float(part.max() - part.min()) < COARSE * slack:
            return None
        if broken > MOST_BROKEN * rows * (1.0 - most) or log_at_most(broken, rows, 1.0 - most) > level:
            return None
    relation.holds = 1.0 - broken / rows
    relation.enforced = broken == 0
    return relation
