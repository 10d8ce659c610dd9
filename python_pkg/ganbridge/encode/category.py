"""One column of categories and its standardized form.

Two cells (levels that occur; missing counts as one) are the points -1 and 1; up to ONE_HOT_MOST cells the corners of a
simplex, one number for each; two cells lie a distance of 2 apart in both. A little noise makes a cloud of each point,
because a discriminator tells any generator from bare points. Ordered levels, and more levels than that, are ranks with
one number for all of them, encoded as whole numbers are: memory does not grow with the number of levels.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .column import NumericColumn

ONE_HOT_MOST = 24
NOISE = 0.1  # standard deviation around each point; at a distance of 1 to the border nothing crosses it
SWEEPS = 50


class Cells:
    """Few cells as points with noise. shares: of each cell among the training rows; all above zero."""

    def __init__(self, shares: np.ndarray) -> None:
        self.shares = shares
        count = len(shares)
        self.width = {0: 0, 1: 0, 2: 1}.get(count, count)
        self.normal = np.zeros(self.width, dtype=bool)

    def encode(self, cells: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Points (n, width) for the numbers of cells (n,)."""
        if not self.width:
            return np.zeros((len(cells), 0))
        noise = NOISE * rng.standard_normal((len(cells), self.width))
        if self.width == 1:
            return np.asarray(2.0 * cells[:, None] - 1.0 + noise)
        points = math.sqrt(2.0) * (np.eye(self.width) - self.shares)
        return np.asarray(points[cells] + noise)

    def decode(self, encoded: np.ndarray) -> np.ndarray:
        """Numbers of the cells (n,) that rows (n, width) lie in."""
        if not self.width:
            return np.zeros(len(encoded), dtype=np.int64)
        if self.width == 1:
            return np.asarray(encoded[:, 0] > 0, dtype=np.int64)
        return np.asarray((encoded + math.sqrt(2.0) * self.shares).argmax(1))

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width), so that each cell gets its share of them."""
        if not self.width:
            return np.zeros(0)
        if self.width == 1:
            return np.array([-_threshold(generated[:, 0], self.shares[0], 0.0)])
        # Level by level, the offset at which a cell gets exactly its share against the others as they stand: the dual
        # ascent of optimal transport onto few points, by coordinates.
        score = generated.astype(np.float64) + math.sqrt(2.0) * self.shares
        offset = np.zeros(self.width)
        for _ in range(SWEEPS):
            before = offset.copy()
            for cell in range(self.width):
                others = np.delete(score + offset, cell, axis=1).max(1)
                offset[cell] = _threshold(others - score[:, cell], self.shares[cell], offset[cell])
            if np.abs(offset - before).max() < 1e-3:
                break
        return offset


def _threshold(values: np.ndarray, share: float, near: float) -> float:
    """A place below which `share` of the values lie, to three thousandths of it: the one closest to `near`."""
    room = 0.003 * min(share, 1.0 - share)
    low, high = np.quantile(values, [share - room, share + room])
    return float(min(max(near, low), high))


class CategoryColumn:
    """How one column of categories is encoded.

    cells: codes of the levels that occur, in the order of their cells; -1 is missing. ranks: the encoding of the cells'
    numbers as one number, where there are too many for `points`, or an order.
    """

    def __init__(self, cells: np.ndarray, shares: np.ndarray, ranked: bool, ranks: NumericColumn | None) -> None:
        self.cells = cells
        self.present = cells[cells >= 0]
        self.ranked = ranked
        self.ranks = ranks
        self.shares = shares
        missing = shares[cells < 0]
        if ranked:
            self.points = Cells(np.concatenate([1.0 - missing, missing]) if missing.size else np.ones(1))
        else:
            self.points = Cells(shares)
        self.width = self.points.width + int(ranked)
        self.normal = np.concatenate([np.full(int(ranked), True), self.points.normal])

    @classmethod
    def fit(cls, codes: np.ndarray, missing: np.ndarray | None, ordered: bool) -> CategoryColumn:
        """Learn the cells from codes (n,)."""
        codes = _with_missing(codes, missing)
        cells, numbers, counts = np.unique(codes, return_inverse=True, return_counts=True)
        levels = int((cells >= 0).sum())
        ranked = levels > 2 and (ordered or len(cells) > ONE_HOT_MOST)
        ranks = None
        if ranked:
            present = numbers[codes >= 0] - (len(cells) - levels)
            ranks = NumericColumn.fit(present.astype(np.float64), "integer", "quantile", most_knots=2 * levels + 2)
        return cls(cells.astype(np.int64), counts / len(codes), ranked, ranks)

    def encode(self, codes: np.ndarray, missing: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
        """Standardized form (n, width)."""
        codes = _with_missing(codes, missing)
        if self.ranks is None:
            return self.points.encode(np.searchsorted(self.cells, codes), rng)
        gone = codes < 0
        ranks = np.searchsorted(self.present, codes).clip(0).astype(np.float64)
        scores = self.ranks.encode(ranks, rng)
        scores[gone] = rng.standard_normal(int(gone.sum()))
        return np.concatenate([scores[:, None], self.points.encode(gone.astype(np.int64), rng)], axis=1)

    def decode(self, encoded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Codes (n,) and a mask of what is missing (n,)."""
        if self.ranks is None:
            codes = self.cells[self.points.decode(encoded)]
            return np.maximum(codes, 0).astype(np.float64), codes < 0
        ranks = self.ranks.decode(encoded[:, 0].astype(np.float64), 0.0)
        return self.present[ranks.astype(np.int64)].astype(np.float64), self.points.decode(encoded[:, 1:]) == 1

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width) for the right shares; 0 where the column has normal margins."""
        start = int(self.ranked)
        return np.concatenate([np.zeros(start), self.points.offsets(generated[:, start:])])

    @property
    def may_be_missing(self) -> bool:
        """Whether any value was missing."""
        return bool((self.cells < 0).any())

    def words(self) -> str:
        """The encoding in few words."""
        if self.ranked:
            return "ranks, quantile"
        return {0: "constant", 1: "two points"}.get(self.width, "one-hot")

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        arrays = {"cells": self.cells, "shares": self.shares}
        plain: dict[str, Any] = {"codec": "category", "ranked": self.ranked, "ranks": None}
        if self.ranks is not None:
            plain["ranks"] = self.ranks.to_dict()
            arrays["knots"] = self.ranks.knots
        return plain, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> CategoryColumn:
        """Inverse of `to_state`."""
        ranks = None
        if plain["ranks"] is not None:
            ranks = NumericColumn(**plain["ranks"])
            ranks.knots = arrays["knots"]
        return cls(arrays["cells"], arrays["shares"], plain["ranked"], ranks)


def _with_missing(codes: np.ndarray, missing: np.ndarray | None) -> np.ndarray:
    whole = codes.astype(np.int64)
    return whole if missing is None else np.where(missing, -1, whole)
