"""One numeric column and its standardized form.

Four scalings: "standard" (x - mean) / sd; "range" onto [-1, 1]; "none"; and "quantile", which maps a column onto the
standard normal distribution through its own empirical quantiles, so that gaps, skew, spikes and several modes are
gone before a network sees them (the normal-scores transform, van der Waerden 1952; CTGAN's mode-specific
normalization has the same aim).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np

MOST_DECIMALS = 10  # beyond this a number has no decimals that a user chose
MOST_KNOTS = 4096  # quantiles kept of a column; finer ones are not visible in any sample that fits into memory


def normal_scores(shares: np.ndarray) -> np.ndarray:
    """Quantiles of the standard normal distribution."""
    inverse = NormalDist().inv_cdf
    return np.fromiter((inverse(share) for share in shares.tolist()), dtype=np.float64, count=len(shares))


def decimals_of(values: np.ndarray) -> int | None:
    """Fewest decimals that hold every value (below zero: multiples of 10, 100, ...); None where there is no such."""
    size = np.abs(values).max()
    if size == 0.0:
        return 0
    # A rounded value is off by a few units in its last place; what differs more is not a rounded number.
    tolerance = 4.0 * np.finfo(np.float64).eps * size
    for decimals in range(-6, MOST_DECIMALS + 1):
        if size >= 10.0**-decimals and np.abs(np.round(values, decimals) - values).max() <= tolerance:
            return decimals if decimals >= 0 or size >= 10.0 ** (1 - decimals) else 0
    return None


@dataclass
class NumericColumn:
    """How one column is encoded. `knots` (2, k) are pairs of a value and its normal score, both non-decreasing."""

    type: str
    scaling: str
    low: float
    high: float
    center: float
    scale: float
    decimals: int | None
    knots: np.ndarray = field(default_factory=lambda: np.zeros((2, 0)))

    @classmethod
    def fit(cls, values: np.ndarray, type: str, scaling: str) -> NumericColumn:
        """Learn the encoding from values of shape (n,)."""
        low, high = float(values.min()), float(values.max())
        center, scale = 0.0, 1.0
        if scaling == "standard":
            center, scale = float(values.mean()), float(values.std())
        elif scaling == "range":
            center, scale = (low + high) / 2.0, (high - low) / 2.0
        column = cls(type, scaling, low, high, center, scale, decimals_of(values))
        if scaling == "quantile" and low < high:
            column.knots = column._quantile_knots(values)
        return column

    @property
    def constant(self) -> bool:
        """Whether the column held one value only; it then has no encoded form."""
        return self.low == self.high

    @property
    def step(self) -> float:
        """Distance of two neighbouring values on the column's own grid; 0 for a continuous column."""
        return 0.0 if self.decimals is None else 10.0**-self.decimals

    def _quantile_knots(self, values: np.ndarray) -> np.ndarray:
        unique, counts = np.unique(values, return_counts=True)
        above = np.cumsum(counts) / len(values)
        below = above - counts / len(values)
        left, right = self._halfwidths(unique, counts)
        tied = (counts > 1) | (left + right > 0)
        # A value met once stands for the middle of its share; a tied one for all of it, from left edge to right edge.
        middle = (below + above) / 2.0
        x = np.where(tied, np.stack([unique - left, unique + right]), unique)
        u = np.where(tied, np.stack([below, above]), middle)
        edge = 0.25 / len(values)
        x, u = x.T.ravel(), u.T.ravel().clip(edge, 1.0 - edge)
        keep = np.concatenate([[True], (np.diff(x) > 0) | (np.diff(u) > 0)])
        x, u = x[keep], u[keep]
        if len(x) > MOST_KNOTS:
            chosen = np.unique(np.linspace(0, len(x) - 1, MOST_KNOTS).round().astype(int))
            x, u = x[chosen], u[chosen]
        return np.stack([x, normal_scores(u)])

    def _halfwidths(self, unique: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far each value's share reaches to its left and right, for columns on a grid; 0 for continuous ones."""
        n = counts.sum()
        if self.decimals is None or len(unique) > 0.9 * n:
            return np.zeros(len(unique)), np.zeros(len(unique))
        gap = np.diff(unique)
        # A hole between two values is filled where so few rows would be expected in it that chance emptied it.
        expected = (counts[:-1] + counts[1:]) / 2.0 * (gap / self.step - 1.0)
        half = np.where(expected < 3.0, gap / 2.0, self.step / 2.0)
        return np.concatenate([[self.step / 2.0], half]), np.concatenate([half, [self.step / 2.0]])

    def encode(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Standardized values (n,); rows that share a value are spread by `rng` over that value's share."""
        if self.scaling != "quantile":
            return np.asarray((values - self.center) / self.scale)
        x, z = self.knots
        first = np.searchsorted(x, values, "left").clip(0, len(x) - 1)
        last = (np.searchsorted(x, values, "right") - 1).clip(0, len(x) - 1)
        if self.on_grid:
            first, last = last, (last + 1).clip(0, len(x) - 1)
        encoded: np.ndarray = np.interp(values, x, z)
        shared = last > first
        if shared.any():
            u = np.array([NormalDist().cdf(score) for score in z])
            place = rng.random(len(values))[shared]
            below, above = u[first[shared]], u[last[shared]]
            encoded[shared] = normal_scores(below + place * (above - below))
        return encoded

    @property
    def on_grid(self) -> bool:
        """Whether each value stands for an interval around it (a column of whole or rounded numbers with ties)."""
        return bool(self.knots.shape[1] and self.knots[0, 0] < self.low)

    def decode(self, encoded: np.ndarray, margin: float) -> np.ndarray:
        """Values (n,) from standardized ones, on the column's grid, at most `margin` ranges outside what was seen."""
        if self.scaling == "quantile":
            x, z = self.knots
            values: np.ndarray = np.interp(encoded, z, x)
            if margin > 0:
                reach = (self.high - self.low) / max(z[-1] - z[0], 1e-9)
                values += reach * (np.maximum(encoded - z[-1], 0.0) - np.maximum(z[0] - encoded, 0.0))
        else:
            values = encoded * self.scale + self.center
        room = margin * (self.high - self.low)
        values = np.clip(values, self.low - room, self.high + room)
        if self.type == "integer" or self.decimals is not None:
            values = np.round(values, 0 if self.decimals is None else self.decimals)
            values = np.clip(values, self.low - room, self.high + room) if self.type == "double" else values
        return values

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, without the knots."""
        names = ("type", "scaling", "low", "high", "center", "scale", "decimals")
        return {name: getattr(self, name) for name in names}
