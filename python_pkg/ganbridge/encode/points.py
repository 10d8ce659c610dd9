"""Few categories as points with noise around them.

Two categories are the points -1 and 1, more of them the corners of a simplex, with one number for each; two categories
lie a distance of 2 apart in both. A little noise makes a cloud of each point, because a discriminator tells any
generator from bare points.
"""

from __future__ import annotations

import math

import numpy as np

NOISE = 0.1  # standard deviation around each point; at a distance of 1 to the border nothing crosses it
SWEEPS = 50


class Points:
    """Categories, counted from 0, as points. shares: of each among the training rows; all above zero."""

    def __init__(self, shares: np.ndarray) -> None:
        self.shares = shares
        count = len(shares)
        self.width = {0: 0, 1: 0, 2: 1}.get(count, count)

    @classmethod
    def of_missing(cls, share: float) -> Points:
        """Two points, present and missing, for a share of missing values; none if all values are one of these."""
        return cls(np.array([1.0 - share, share]) if 0.0 < share < 1.0 else np.ones(1))

    def encode(self, categories: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Points (n, width) of categories (n,)."""
        if not self.width:
            return np.zeros((len(categories), 0))
        noise = NOISE * rng.standard_normal((len(categories), self.width))
        if self.width == 1:
            return np.asarray(2.0 * categories[:, None] - 1.0 + noise)
        corners = math.sqrt(2.0) * (np.eye(self.width) - self.shares)
        return np.asarray(corners[categories] + noise)

    def decode(self, encoded: np.ndarray) -> np.ndarray:
        """Categories (n,) to which rows (n, width) belong."""
        if not self.width:
            return np.zeros(len(encoded), dtype=np.int64)
        if self.width == 1:
            return np.asarray(encoded[:, 0] > 0, dtype=np.int64)
        return np.asarray((encoded + math.sqrt(2.0) * self.shares).argmax(1))

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width), so that each category gets its share of them."""
        if not self.width:
            return np.zeros(0)
        if self.width == 1:
            return np.array([-_threshold(generated[:, 0], self.shares[0], 0.0)])
        # Category by category, the offset at which it gets exactly its share against the others as they are: the dual
        # ascent of optimal transport onto few points, by coordinates.
        score = generated.astype(np.float64) + math.sqrt(2.0) * self.shares
        offset = np.zeros(self.width)
        for _ in range(SWEEPS):
            before = offset.copy()
            for category in range(self.width):
                others = np.delete(score + offset, category, axis=1).max(1)
                offset[category] = _threshold(others - score[:, category], self.shares[category], offset[category])
            if np.abs(offset - before).max() < 1e-3:
                break
        return offset


def _threshold(values: np.ndarray, share: float, near: float) -> float:
    """A number below which `share` of the values lie, to three thousandths of it: the one closest to `near`."""
    room = 0.003 * min(share, 1.0 - share)
    low, high = np.quantile(values, [share - room, share + room])
    return float(min(max(near, low), high))
