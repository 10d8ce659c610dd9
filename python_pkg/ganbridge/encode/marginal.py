"""One column of a table as a function of its ranks: u in [0, 1) <-> values, levels and what is missing.

A column's marginal distribution is the image of the uniform distribution on [0, 1): present values first (numbers in
their order, through the quantile knots of their scaler; levels side by side, each with its share), then missing ones.
The interval is divided into cells, the finest parts that a discrete prior tells apart. What a user asks for of a
column (a level, a range) is a set of intervals of ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..data import Column
from ..stored import array, require, rising, shares
from .allowed import Allowed
from .category import CategoryCodec
from .codec import Codec
from .groups import grouped, in_order
from .number import NumberCodec
from .scaler import Scaler, normal_shares

MANY_COLUMNS = 100  # of a table, beyond which levels are taken as cuts of a number's scale,
FEW_ROWS = 100  # and rows below which they may be
GROUPS = 64  # cells that a column of numbers has by its quantiles,
TAIL = 16  # times as many towards both ends, where rare levels may lie,
OWN_SHARE = 0.5  # beside those of values with this share of such a cell's rows
SPIKE = 0.9  # share of a cell's ranks that one value has if the cell is its own
NEAREST = 1e-3  # of the ranks, around a value that no training row has
MOST_LEVELS = 128  # cells of categories; rarer levels share them


Moves = tuple[np.ndarray, np.ndarray]  # numbers, and to what they are moved; linear in between


@dataclass(frozen=True, eq=False)
class Cells:
    """What a prior on cells has to know of a column.

    edges (cells + 1,): ranks at which cells begin, from 0 to 1. ordered: whether cells have an order. values (cells,):
    of a column of numbers the value in the middle of each cell, NaN for what is missing; None for categories.
    quantiles (2, k): of a column of numbers, shares of the present values and the values.
    """

    edges: np.ndarray
    ordered: bool
    values: np.ndarray | None
    quantiles: np.ndarray | None = None

    @property
    def count(self) -> int:
        """Number of cells."""
        return len(self.edges) - 1


class Marginal:
    """The marginal distribution of one column.

    codec: the column's codec in a TableEncoder. edges (cells + 1,): ranks at which cells begin, from 0 to 1. ordered:
    whether cells have an order. present: share of the rows that are not missing.
    """

    codec: Codec
    ordered: bool
    edges: np.ndarray
    present: float

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.edges) - 1

    def cell_of(self, ranks: np.ndarray) -> np.ndarray:
        """Cells (n,) in which ranks (n,) lie."""
        return (np.searchsorted(self.edges, ranks, "right") - 1).clip(0, self.cells - 1)

    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """Ranks (n,) of values; rows that share a value are spread over its share by `rng`."""
        raise NotImplementedError

    def reach(self, column: Column) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last rank (n,) that each value stands for."""
        raise NotImplementedError

    def decode(self, ranks: np.ndarray, range_margin: float) -> tuple[np.ndarray, np.ndarray]:
        """Values (n,) and a mask of what is missing (n,)."""
        raise NotImplementedError

    def as_cells(self) -> Cells:
        """The cells, as a prior sees them."""
        return Cells(self.edges, self.ordered, None)

    def of_missing(self) -> Allowed:
        """The ranks of what is missing."""
        return Allowed(np.array([[self.present, 1.0]]))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """What a file holds of it beside its codec."""
        raise NotImplementedError


class NumberMarginal(Marginal):
    """Numbers, dates and time spans, through the quantile knots of their scaler."""

    codec: NumberCodec
    ordered = True

    def __init__(self, codec: NumberCodec, edges: np.ndarray) -> None:
        self.codec, self.edges = codec, edges
        self.present = 1.0 - codec.missing_share
        if codec.scaler is not None and not codec.scaler.constant:
            self._values, self._ranks = codec.scaler.knots[0], normal_shares(codec.scaler.knots[1])

    @classmethod
    def fit(cls, codec: NumberCodec, column: Column) -> NumberMarginal:
        """Cells of equal shares, and of their own for values that many rows share."""
        present = np.sort(column.present)
        edges = [0.0]
        if len(present):
            _, counts = np.unique(present, return_counts=True)
            first = np.cumsum(counts) - counts
            to_end = np.minimum(first + counts, len(present) - first)  # rows up to the nearer end
            size = np.clip(to_end / 2.0, len(present) / GROUPS / TAIL, len(present) / GROUPS)
            spike = counts >= OWN_SHARE * size
            rows = 0.0
            for i, count in enumerate(counts):
                if i and (spike[i] or rows >= size[i]):
                    edges.append(first[i] / len(present))
                    rows = 0.0
                rows = np.inf if spike[i] else rows + count
        share = 1.0 - codec.missing_share
        edges = [edge * share for edge in edges] + ([share] if 0.0 < codec.missing_share < 1.0 else []) + [1.0]
        return cls(codec, np.unique(edges))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """See `Marginal`."""
        return {"edges": self.edges}

    @classmethod
    def from_state(cls, codec: NumberCodec, arrays: Mapping[str, np.ndarray], prefix: str) -> NumberMarginal:
        """Inverse of `to_arrays`, whose names follow a prefix. Raises BadFileError for what is none."""
        edges = array("encoder", arrays, f"{prefix}edges", "float64", (None,), 0.0, 1.0)
        whole = len(edges) > 1 and edges[0] == 0.0 and edges[-1] == 1.0 and rising(edges, strictly=True)
        require(whole, f"`encoder.{prefix}edges` must rise from 0 to 1")
        ranked = codec.scaler is None or codec.scaler.scaling == "quantile"
        require(ranked, f"`encoder.{prefix}knots` must be there: ranks need quantiles")
        return cls(codec, edges)

    @property
    def _scaler(self) -> Scaler | None:
        scaler = self.codec.scaler
        return None if scaler is None or scaler.constant else scaler

    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """See `Marginal`."""
        below, above = self._reach(column)
        ranks = below + rng.random(len(below)) * (above - below)
        ranks = ranks.clip(0.0, 1.0 - 1e-9) * self.present
        missing = self.present + rng.random(len(ranks)) * (1.0 - self.present)
        return np.where(column.missing, missing.clip(max=1.0 - 1e-12), ranks)

    def reach(self, column: Column) -> tuple[np.ndarray, np.ndarray]:
        """See `Marginal`."""
        below, above = (part.clip(0.0, 1.0 - 1e-9) * self.present for part in self._reach(column))
        return np.where(column.missing, self.present, below), np.where(column.missing, 1.0 - 1e-12, above)

    def _reach(self, column: Column) -> tuple[np.ndarray, np.ndarray]:
        """First and last ranks (n,) among present values."""
        if self._scaler is None:
            return np.zeros(len(column.values)), np.ones(len(column.values))
        values = (column.values - self.codec.grid[0]) / self.codec.grid[1]
        return self._scaler.reach(values, self._ranks)

    def decode(
        self, ranks: np.ndarray, range_margin: float, moves: Moves | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Marginal`. moves: of numbers on the scaler's grid."""
        scaler, (start, step) = self.codec.scaler, self.codec.grid
        if scaler is None:
            return np.zeros(len(ranks)), np.ones(len(ranks), dtype=bool)
        missing = ranks >= self.present if self.present < 1.0 else np.zeros(len(ranks), dtype=bool)
        if scaler.constant:
            return start + step * np.full(len(ranks), scaler.low), missing
        # A value under the mask may be needed: what is missing may have to follow from another column.
        within = np.where(missing, (ranks - self.present) / max(1.0 - self.present, 1e-12), ranks / self.present)
        values = np.interp(within, self._ranks, self._values)
        values = values if moves is None else np.interp(values, *moves)
        return start + step * scaler.bounded(values, range_margin), missing

    @property
    def knots(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and ranks of the quantile function, on the scaler's grid; none if all values are the same."""
        none = np.zeros(0)
        return (none, none) if self._scaler is None else (self._values, self._ranks)

    def ranks_of(self, numbers: np.ndarray) -> np.ndarray:
        """Ranks among present values, of numbers on the scaler's grid (n,); of a spike's the middle."""
        first = np.searchsorted(self._values, numbers, "left").clip(0, len(self._values) - 1)
        last = (np.searchsorted(self._values, numbers, "right") - 1).clip(0, len(self._values) - 1)
        between = np.interp(numbers, self._values, self._ranks)
        return np.asarray(np.where(last > first, (self._ranks[first] + self._ranks[last]) / 2.0, between))

    def values_of(self, ranks: np.ndarray) -> np.ndarray:
        """Numbers on the scaler's grid (n,) of ranks among present values."""
        return np.asarray(np.interp(ranks, self._ranks, self._values))

    def spikes(self) -> np.ndarray:
        """Which cells are one value, bool (cells,): knots hold it at both of its ends."""
        same = np.flatnonzero(np.diff(self._values) == 0)
        low, high = self._ranks[same] * self.present, self._ranks[same + 1] * self.present
        cells = self.cell_of((low + high) / 2.0)
        share = np.bincount(cells, high - low, self.cells) / np.diff(self.edges)
        return np.asarray(share > SPIKE)

    def as_cells(self) -> Cells:
        """The cells, as a prior sees them."""
        values, missing = self.decode((self.edges[1:] + self.edges[:-1]) / 2.0, 0.0)
        quantiles = None if self._scaler is None else np.stack([self._ranks, self._values])
        return Cells(self.edges, self.ordered, np.where(missing, np.nan, values), quantiles)

    def between(self, low: float, high: float) -> Allowed:
        """The ranks of values from low to high, both included; no intervals if there are none."""
        if self._scaler is None:
            inside = self.codec.value_range is not None and low <= self.codec.value_range[0] <= high
            return Allowed(np.array([[0.0, self.present]]) if inside else np.zeros((0, 2)))
        start, step = self.codec.grid
        half = self._scaler.step / 2.0 if self._scaler.on_grid else 0.0
        reach = np.array([(low - start) / step - half, (high - start) / step + half])
        # At a spike the knots hold one value twice: from its first rank to its last one.
        first = np.interp(reach[0], self._values, self._ranks) if reach[0] > self._values[0] else 0.0
        spike = np.searchsorted(self._values, reach[0], "left")
        if spike < len(self._values) and self._values[spike] == reach[0]:
            first = self._ranks[spike]
        last = 1.0
        if reach[1] < self._values[-1]:
            spike = np.searchsorted(self._values, reach[1], "right") - 1
            exact = spike >= 0 and self._values[spike] == reach[1]
            last = self._ranks[spike] if exact else np.interp(reach[1], self._values, self._ranks)
        return Allowed(np.array([[first, last]]) * self.present if last > first else np.zeros((0, 2)))

    def nearest(self, low: float, high: float) -> Allowed:
        """A little interval of ranks around values between which no training value lies; the values are kept."""
        start, step = self.codec.grid
        rank = float(np.interp(((low + high) / 2.0 - start) / step, self._values, self._ranks))
        first = min(max(rank - NEAREST / 2.0, 0.0), 1.0 - NEAREST)
        return Allowed(np.array([[first, first + NEAREST]]) * self.present, np.array([[low, high]]))


class CategoryMarginal(Marginal):
    """Levels side by side in the order of their cells.

    codes (k,): levels that occur, -1 for missing (always the last), in the order of their ranks. cell (k,): of each.
    """

    codec: CategoryCodec

    def __init__(self, codec: CategoryCodec, codes: np.ndarray, shares: np.ndarray, cell: np.ndarray) -> None:
        self.codec, self.codes, self.shares, self.cell = codec, codes, shares, cell
        self.ordered = codec.ranks is not None and len(codes) == int(cell.max()) + 1
        self.ends = np.concatenate([[0.0], np.cumsum(shares)])
        self.ends[-1] = 1.0
        self.edges = np.append(self.ends[:-1][np.diff(cell, prepend=-1) > 0], 1.0)
        self.present = float(self.ends[-2]) if codes[-1] < 0 else 1.0

    def to_arrays(self) -> dict[str, np.ndarray]:
        """See `Marginal`."""
        return {"codes": self.codes, "code_shares": self.shares, "code_cells": self.cell}

    @classmethod
    def from_state(cls, codec: CategoryCodec, arrays: Mapping[str, np.ndarray], prefix: str) -> CategoryMarginal:
        """Inverse of `to_arrays`, whose names follow a prefix. Raises BadFileError for what is none."""
        part, count = "encoder", len(codec.codes)
        codes = array(part, arrays, f"{prefix}codes", "int64", (count,))
        order = np.sort(codes)
        known = bool((order == codec.codes).all()) and not (codes[:-1] < 0).any()
        require(known, f"`{part}.{prefix}codes` must be those of the codec, missing ones last")
        of_codes = shares(part, arrays, f"{prefix}code_shares", count)
        cell = array(part, arrays, f"{prefix}code_cells", "int64", (count,), 0)
        by_one = cell[0] == 0 and bool(np.isin(np.diff(cell), (0, 1)).all())
        require(by_one, f"`{part}.{prefix}code_cells` must rise by 1")
        marginal = cls(codec, codes, of_codes, cell)
        require(rising(marginal.edges, strictly=True), f"`{part}.{prefix}code_shares` must make cells that rise")
        return marginal

    @classmethod
    def fit(cls, codec: CategoryCodec, column: Column, profile: np.ndarray, seed: int) -> CategoryMarginal:
        """One cell for each level; rare levels of a column with many share cells with those that occur with the same.

        profile (n, p): the other columns as standardized numbers; if there are any, few levels without an order are put
        in one.
        """
        codes, shares = codec.codes, codec.shares_of_codes
        order = np.argsort(codes < 0, kind="stable")  # what is missing comes last
        codes, shares = codes[order], shares[order]
        cell, levels = np.arange(len(codes)), codes >= 0
        values = np.where(column.missing, -1, column.values.astype(np.int64))
        rank = np.full(int(codes.max()) + 2, len(codes) - 1)
        rank[codes] = np.arange(len(codes))
        if not shares_cells(codec) and profile.size and column.type != "ordered" and levels.sum() > 2:
            seen = ~column.missing
            order = in_order(rank[values[seen]], (shares * len(values))[levels], profile[seen])
            codes[levels], shares[levels] = codes[levels][order], shares[levels][order]
        elif shares_cells(codec):
            cell[levels] = grouped(rank[values], shares * len(values), levels, profile, MOST_LEVELS, seed)
            cell[~levels] = cell[levels].max() + 1
            order = np.argsort(cell, kind="stable")
            codes, shares, cell = codes[order], shares[order], cell[order]
        return cls(codec, codes, shares, cell)

    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """See `Marginal`."""
        below, above = self.reach(column)
        return np.asarray(below + rng.random(len(below)) * (above - below) * (1.0 - 1e-9))

    def reach(self, column: Column) -> tuple[np.ndarray, np.ndarray]:
        """See `Marginal`."""
        at = self.position(column)
        return self.ends[at], self.ends[at + 1]

    def position(self, column: Column) -> np.ndarray:
        """Where in `codes` each level of a column stands (n,)."""
        values = np.where(column.missing, -1, column.values.astype(np.int64))
        position = np.zeros(int(max(self.codes.max(), values.max(initial=0))) + 2, dtype=np.int64)
        position[self.codes] = np.arange(len(self.codes))  # -1 is the last entry
        return np.asarray(position[values])

    def decode(self, ranks: np.ndarray, range_margin: float) -> tuple[np.ndarray, np.ndarray]:
        """See `Marginal`."""
        codes = self.codes[(np.searchsorted(self.ends, ranks, "right") - 1).clip(0, len(self.codes) - 1)]
        missing = codes < 0
        if missing.any() and self.present > 0.0:  # as with numbers, each has a level under the mask
            within = (ranks[missing] - self.present) / (1.0 - self.present) * self.present
            codes[missing] = self.codes[(np.searchsorted(self.ends, within, "right") - 1).clip(0, len(self.codes) - 2)]
        return np.maximum(codes, 0).astype(np.float64), missing

    def only(self, allowed: Allowed) -> int:
        """The code of the level whose ranks these are; -1 if they are not one level's."""
        at = (
            int(np.searchsorted(self.ends, allowed.intervals[0, 0], "right")) - 1 if len(allowed.intervals) == 1 else -1
        )
        one = 0 <= at < len(self.codes) and bool((allowed.intervals[0] == self.ends[at : at + 2]).all())
        return int(self.codes[at]) if one else -1

    def among(self, codes: np.ndarray) -> Allowed:
        """The ranks of these levels."""
        chosen = np.flatnonzero(np.isin(self.codes, codes))
        return Allowed(np.stack([self.ends[chosen], self.ends[chosen + 1]], 1))


def shares_cells(codec: Codec) -> bool:
    """Whether a category has so many levels that some share cells."""
    return isinstance(codec, CategoryCodec) and len(codec.codes) > MOST_LEVELS


def marginal_from_state(codec: Codec, arrays: Mapping[str, np.ndarray], prefix: str) -> Marginal:
    """The marginal of a column with that codec, from what a file holds of it."""
    if isinstance(codec, NumberCodec):
        return NumberMarginal.from_state(codec, arrays, prefix)
    assert isinstance(codec, CategoryCodec)
    return CategoryMarginal.from_state(codec, arrays, prefix)


def marginal_of(codec: Codec, column: Column, profile: np.ndarray, seed: int) -> Marginal:
    """The marginal of a column with that codec."""
    if isinstance(codec, NumberCodec):
        return NumberMarginal.fit(codec, column)
    assert isinstance(codec, CategoryCodec)
    return CategoryMarginal.fit(codec, column, profile, seed)
