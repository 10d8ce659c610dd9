"""Search for columns of which one is never above the other.

Two things must not be chance. Were the columns independent, with the values that they have, too many of n rows would
break the order. And the differences must end at zero abruptly: two columns that merely rise together, one of them
usually larger, have differences that run out smoothly, above zero in all rows or not (`chance.expected_below`). Dates
and times that no row has in the other order need not show that: one event comes after the other, however long after.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...data.column import NUMBERS
from .chance import MOST_BROKEN, SPURIOUS, expected_below, log_at_most, log_at_most_poisson, log_level
from .order import Order
from .view import View

TRIED = 256  # rows on which a candidate is tried first
SHOWING = 4096  # rows that show how often independent values would break it
ORDERED_COLUMNS = 300  # columns of numbers that are compared
LEAST_ROWS = 50


def find_orders(views: Sequence[View], apart: set[tuple[int, int]]) -> list[Order]:
    """Orders that no others imply. apart: pairs of indices that are left out, because more is known about them."""
    numbers = [view for view in views if view.numeric and not view.constant][:ORDERED_COLUMNS]
    level = log_level(len(numbers) * (len(numbers) - 1))
    found: dict[tuple[int, int], Order] = {}
    tried = np.stack([view.values[:TRIED] for view in numbers], 1) if numbers else np.zeros((0, 0))
    for i, low in enumerate(numbers):
        with np.errstate(invalid="ignore"):
            above = (tried[:, i, None] > tried).sum(0)
        for j in np.flatnonzero(above <= 4 * MOST_BROKEN * len(tried)):
            high = numbers[j]
            if (
                i == j
                or not _comparable(low, high)
                or (min(low.index, high.index), max(low.index, high.index)) in apart
            ):
                continue
            order = _order(low, high, level)
            if order is not None:
                found[low.index, high.index] = order
    exact = {pair for pair, order in found.items() if order.holds == 1.0}
    return [order for (a, b), order in found.items() if not any((a, c) in exact and (c, b) in exact for _, c in exact)]


def _comparable(low: View, high: View) -> bool:
    a, b = low.column, high.column
    return (a.type in NUMBERS and b.type in NUMBERS) or (a.type == b.type and a.unit == b.unit)


def _order(low: View, high: View, level: float) -> Order | None:
    both = ~(low.missing | high.missing)
    a, b = low.values[both], high.values[both]
    rows = len(a)
    if rows < LEAST_ROWS or a.max() <= b.min():
        return None
    difference = b - a
    # Rows with the lowest of all values as `a`, or the highest as `b`, could not break the order.
    telling = difference[(a > b.min()) & (b < a.max())]
    broken = int((difference < 0.0).sum())
    shown = np.sort(b[:SHOWING])
    by_chance = float(np.searchsorted(shown, a[:SHOWING], "left").mean() / len(shown))
    if broken > MOST_BROKEN * rows or broken > SPURIOUS * by_chance * rows:
        return None
    if log_at_most(broken, rows, by_chance) > level:
        return None
    if broken == 0 and low.column.type in ("date", "datetime"):
        return Order([low.column, high.column])
    step = min(low.step, high.step)  # the finer grid; 0 if there is none
    expected, below = expected_below(telling, step)
    if log_at_most_poisson(below, expected) > level:
        return None
    return Order([low.column, high.column], 1.0 - broken / rows)
