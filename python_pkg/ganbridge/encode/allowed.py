"""Ranks of a column that may come, by what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Allowed:
    """Ranks that may come: disjoint intervals [low, high) as rows of `intervals` (k, 2), in order.

    bounds (k, 2): the lowest and the highest value in each interval, if numbers were asked for: what is decoded is
    moved between them.

    The measure up to a rank is a piecewise linear function, by which ranks are drawn evenly from what is allowed.
    """

    intervals: np.ndarray
    bounds: np.ndarray | None = None

    @property
    def _before(self) -> np.ndarray:
        """How much is allowed before each interval, and in all (k + 1,)."""
        return np.concatenate([[0.0], np.cumsum(self.intervals[:, 1] - self.intervals[:, 0])])

    def measure(self, ranks: np.ndarray) -> np.ndarray:
        """How much is allowed below each rank."""
        return np.asarray(np.interp(ranks, self.intervals.ravel(), np.repeat(self._before, 2)[1:-1]))

    def shares(self, edges: np.ndarray) -> np.ndarray:
        """Share of each cell (cells,) that is allowed; edges (cells + 1,)."""
        return np.asarray(np.diff(self.measure(edges)) / np.maximum(np.diff(edges), 1e-300)).clip(0.0, 1.0)

    def at(self, measure: np.ndarray) -> np.ndarray:
        """Allowed ranks up to which the measure is as given: the inverse of `measure` on what is allowed."""
        before = self._before
        interval = np.searchsorted(before[1:], measure, "right").clip(0, len(self.intervals) - 1)
        low, high = self.intervals[interval].T
        return np.asarray((low + (measure - before[interval])).clip(low, np.nextafter(high, low)))

    def within(self, values: np.ndarray, ranks: np.ndarray) -> np.ndarray:
        """Values (n,) that were decoded from ranks (n,), within the bounds of their intervals."""
        if self.bounds is None:
            return values
        interval = np.searchsorted(self.intervals[:, 1], ranks, "right").clip(0, len(self.intervals) - 1)
        return np.asarray(values.clip(*self.bounds[interval].T))


def joined(parts: Sequence[Allowed]) -> Allowed:
    """What any of them allows; those that overlap share what they cover equally."""
    free = np.array([[-np.inf, np.inf]])
    intervals = np.concatenate([part.intervals for part in parts])
    bounds = np.concatenate([free.repeat(len(p.intervals), 0) if p.bounds is None else p.bounds for p in parts])
    order = np.argsort(intervals[:, 0], kind="stable")
    intervals, bounds = intervals[order], bounds[order]
    reach = np.maximum.accumulate(intervals[:, 1])
    begins = np.flatnonzero(np.append(True, intervals[1:, 0] >= reach[:-1]))
    for first, end in zip(begins, np.append(begins[1:], len(intervals)), strict=True):
        if end > first + 1:
            cuts = np.linspace(intervals[first, 0], reach[end - 1], end - first + 1)
            intervals[first:end] = np.stack([cuts[:-1], cuts[1:]], 1)
    return Allowed(intervals, bounds if np.isfinite(bounds).any() else None)
