"""Ranges of the numbers within levels, and within combinations of two levels that few rows have.

Shapes: cells (n, columns), int64.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

LEAST_ROWS = 10  # of a level or a combination of levels whose ranges count,
MOST_ROWS = 100  # and most of a combination
MOST_COMBINATIONS = 128  # of levels of two columns,
MOST_PAIRS = 15  # so many pairs of columns
MOST_TABLE = 10_000  # rows of a table up to which combinations count
MARGIN = 0.05  # how far numbers may leave a range, in ranges

Key = tuple[int, ...]  # two columns of levels, and a column of numbers


def ranges_within(level: Tensor, known: Tensor, cell: Tensor, value: Tensor) -> Tensor:
    """First and last cells (2, levels) of rows' numbers within their levels, and a margin; all cells if not known.

    level, cell (n,): of rows. known (levels,): mask. value (cells,): mean values of cells, rising.
    """
    seen, endless = value[cell], torch.full((len(known),), torch.inf, dtype=value.dtype)
    low = endless.scatter_reduce(0, level, seen, "amin")
    high = (-endless).scatter_reduce(0, level, seen, "amax")
    room = MARGIN * (high - low)
    first = torch.searchsorted(value, (low - room).nan_to_num(0.0, 0.0, 0.0))
    last = torch.searchsorted(value, (high + room).nan_to_num(0.0, 0.0, 0.0), right=True) - 1
    return torch.stack([torch.where(known, first, 0), torch.where(known, last, len(value))])


class CombinedRanges:
    """ranges: for two columns of levels and a column of numbers the first and the last cell that each combination of
    levels may have, (2, combinations). sizes: cells of each column."""

    def __init__(self, ranges: Mapping[Key, Tensor], sizes: Sequence[int]) -> None:
        self.ranges, self.sizes = dict(ranges), list(sizes)

    @classmethod
    def fit(
        cls, cells: Tensor, levels: Sequence[int], values: Mapping[int, Tensor], sizes: Sequence[int]
    ) -> CombinedRanges:
        """levels: columns whose cells count as levels. values: for columns of numbers the mean value of each cell."""
        found = cls({}, sizes)
        pairs = itertools.combinations(levels, 2) if len(cells) <= MOST_TABLE else ()
        few = [pair for pair in pairs if sizes[pair[0]] * sizes[pair[1]] <= MOST_COMBINATIONS]
        for a, b in few[:MOST_PAIRS]:
            at = found._combination(cells, a, b)
            rows = torch.bincount(at, minlength=sizes[a] * sizes[b])
            known = (rows >= LEAST_ROWS) & (rows <= MOST_ROWS)
            for number, value in values.items():
                if number not in (a, b) and bool(known.any()):
                    found.ranges[a, b, number] = ranges_within(at, known, cells[:, number], value)
        return found

    def outside(self, cells: Tensor) -> Tensor:
        """Rows (n,) with a number outside the range of their combination of levels."""
        outside = torch.zeros(len(cells), dtype=torch.bool)
        for (a, b), keys in itertools.groupby(self.ranges, key=lambda key: key[:2]):
            at = self._combination(cells, a, b)
            for key in keys:
                low, high = self.ranges[key]
                outside |= (cells[:, key[2]] < low[at]) | (cells[:, key[2]] > high[at])
        return outside

    def shape(self, key: Key) -> tuple[int, int]:
        """Of the ranges of a key."""
        return 2, self.sizes[key[0]] * self.sizes[key[1]]

    def _combination(self, cells: Tensor, a: int, b: int) -> Tensor:
        return cells[:, a] * self.sizes[b] + cells[:, b]
