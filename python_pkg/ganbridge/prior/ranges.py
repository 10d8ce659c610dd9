"""Ranges of the numbers within levels, and within combinations of two levels that few rows have.

Shapes: cells (n, columns), int64.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

LEAST_ROWS = 10  # of a level or a combination of levels whose ranges count,
MOST_ROWS = 100  # and most of a combination
MOST_COMBINATIONS = 128  # of levels of two columns,
MOST_PAIRS = 15  # so many pairs of columns
MOST_TABLE = 10_000  # rows of a table up to which combinations count
MARGIN = 0.05  # how far numbers may leave a range, in ranges

Key = tuple[int, ...]  # one or two columns of levels, and a column of numbers


class LevelRanges:
    """ranges: for columns of levels and a column of numbers the first and the last cell that each (combination of)
    level(s) may have, (2, levels). sizes: cells of each column."""

    def __init__(self, ranges: Mapping[Key, Tensor], sizes: Sequence[int]) -> None:
        self.ranges, self.sizes = dict(ranges), list(sizes)

    @classmethod
    def fit(
        cls, cells: Tensor, levels: Sequence[int], values: Mapping[int, Tensor], sizes: Sequence[int]
    ) -> LevelRanges:
        """levels: columns whose cells count as levels. values: for columns of numbers the mean value of each cell."""
        found = cls({}, sizes)
        pairs = itertools.combinations(levels, 2) if len(cells) <= MOST_TABLE else ()
        few = [pair for pair in pairs if sizes[pair[0]] * sizes[pair[1]] <= MOST_COMBINATIONS]
        for columns in [*((level,) for level in levels), *few[:MOST_PAIRS]]:
            at = found._level(cells, columns)
            rows = torch.bincount(at, minlength=found._count(columns))
            known = (rows >= LEAST_ROWS) & ((rows <= MOST_ROWS) | (len(columns) == 1))
            for number, value in values.items():
                if number not in columns and bool(known.any()):
                    found.ranges[(*columns, number)] = _ranges(at, known, cells[:, number], value)
        return found

    def outside(self, cells: Tensor) -> Tensor:
        """Rows (n,) with a number outside the range of one of their levels."""
        outside = torch.zeros(len(cells), dtype=torch.bool)
        for columns, keys in itertools.groupby(self.ranges, key=lambda key: key[:-1]):
            at = self._level(cells, columns)
            for key in keys:
                low, high = self.ranges[key]
                outside |= (cells[:, key[-1]] < low[at]) | (cells[:, key[-1]] > high[at])
        return outside

    def shapes(self, keys: Sequence[Key]) -> Iterator[tuple[Key, tuple[int, int]]]:
        """The shape of the ranges of each key."""
        return ((key, (2, self._count(key[:-1]))) for key in keys)

    def _count(self, columns: Key) -> int:
        return math.prod(self.sizes[j] for j in columns)

    def _level(self, cells: Tensor, columns: Key) -> Tensor:
        """The (combination of) level(s) of each row (n,)."""
        at = cells[:, columns[0]]
        for j in columns[1:]:
            at = at * self.sizes[j] + cells[:, j]
        return at


def _ranges(level: Tensor, known: Tensor, cell: Tensor, value: Tensor) -> Tensor:
    """First and last cells (2, levels) of rows' numbers within their levels, and a margin; all of unknown levels.

    level, cell (n,): of rows. known (levels,): mask. value (cells,): rising.
    """
    seen, endless = value[cell], torch.full((len(known),), torch.inf, dtype=value.dtype)
    low = endless.scatter_reduce(0, level, seen, "amin")
    high = (-endless).scatter_reduce(0, level, seen, "amax")
    room = MARGIN * (high - low)
    first = torch.searchsorted(value, (low - room).nan_to_num(0.0, 0.0, 0.0))
    last = torch.searchsorted(value, (high + room).nan_to_num(0.0, 0.0, 0.0), right=True) - 1
    return torch.stack([torch.where(known, first, 0), torch.where(known, last, len(value))])
