"""Numbers and their standardized form.

Four scalings: "standard" (x - mean) / sd; "range" onto [-1, 1]; "none"; and "quantile", which maps a column onto the
standard normal distribution through its own empirical quantiles, so that gaps, skew, spikes and several modes are
gone before a network sees them (the normal-scores transform, van der Waerden 1952; CTGAN's mode-specific
normalization has the same aim).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np

from ..stored import array, choice, number, optional, require, rising, values, whole
from .decimals import LEAST_DECIMALS, MOST_DECIMALS, bounded, decimals_of

AROUND = 5  # values on either side of a hole from which the density in it is estimated
OF_NUMBERS = ("double", "integer", "date", "datetime", "difftime")
RULES = {
    "type": choice(OF_NUMBERS),
    "scaling": choice(("quantile", "standard", "range", "none")),
    "low": number(),
    "high": number(),
    "center": number(),
    "scale": number(0.0, open_low=True),
    "decimals": optional(whole(LEAST_DECIMALS, MOST_DECIMALS)),
}
MOST_KNOTS = 4096  # quantiles kept of a column; finer ones are not visible in any sample that fits into memory


def normal_scores(shares: np.ndarray) -> np.ndarray:
    """Quantiles of the standard normal distribution."""
    inverse = NormalDist().inv_cdf
    return np.fromiter((inverse(share) for share in shares.tolist()), dtype=np.float64, count=len(shares))


def normal_shares(scores: np.ndarray) -> np.ndarray:
    """Inverse of `normal_scores`: the share of the standard normal distribution below each score."""
    below = NormalDist().cdf
    return np.fromiter((below(score) for score in scores.tolist()), dtype=np.float64, count=len(scores))


def spread(values: np.ndarray) -> float:
    """Standard deviation, also of numbers so small that their squares are 0."""
    size = float(np.abs(values).max()) or 1.0
    return float((values / size).std()) * size


@dataclass
class Scaler:
    """How numbers are encoded of which none is missing.

    knots: (2, k), pairs of a value and its normal score, both non-decreasing; none (2, 0) for other scalings.
    """

    type: str
    scaling: str
    low: float
    high: float
    center: float
    scale: float
    decimals: int | None
    knots: np.ndarray = field(default_factory=lambda: np.zeros((2, 0)))

    @classmethod
    def fit(
        cls, values: np.ndarray, column_type: str, scaling: str, dtype: str | None = None, most_knots: int = MOST_KNOTS
    ) -> Scaler:
        """Learn the encoding from values (n,); dtype: what they were before they became float64."""
        low, high = float(values.min()), float(values.max())
        center, scale = 0.0, 1.0
        if scaling == "standard":
            center, scale = float(values.mean()), spread(values)
        elif scaling == "range":
            center, scale = (low + high) / 2.0, (high - low) / 2.0
        scale = scale or 1.0  # of a constant column, or of numbers whose half is 0
        scaler = cls(column_type, scaling, low, high, center, scale, decimals_of(values, dtype))
        if scaling == "quantile" and low < high:
            scaler.knots = scaler._quantile_knots(values, most_knots)
        return scaler

    @property
    def constant(self) -> bool:
        """Whether there was one value only; it then has no encoded form."""
        return self.low == self.high

    @property
    def step(self) -> float:
        """Distance of two neighbouring values on their grid; 0 for continuous numbers."""
        return 0.0 if self.decimals is None else 10.0**-self.decimals

    def _quantile_knots(self, values: np.ndarray, most: int) -> np.ndarray:
        unique, counts = np.unique(values, return_counts=True)
        above = np.cumsum(counts) / len(values)
        below = np.concatenate([[0.0], above[:-1]])
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
        if len(x) > most:
            # Evenly by rank; but a value with a large share of its own keeps both of its ends.
            large = np.flatnonzero(np.diff(u) > 4.0 / most)
            even = np.linspace(0, len(x) - 1, most // 2).round().astype(int)
            chosen = np.unique(np.concatenate([even, large, large + 1]))
            x, u = x[chosen], u[chosen]
        return np.stack([x, normal_scores(u)])

    def _halfwidths(self, unique: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far each value's share reaches to its left and right, for numbers on a grid; 0 for continuous ones."""
        n = counts.sum()
        continuous = self.decimals is None or len(unique) > 0.9 * n
        if continuous or (unique + self.step / 2.0 == unique).any():  # beyond float64 there is no half step
            return np.zeros(len(unique)), np.zeros(len(unique))
        gap = np.diff(unique)
        # A hole between two values is filled if so few rows would be expected in it, by the density around it, that
        # chance may have emptied it.
        before = np.arange(len(gap))
        first, last = np.maximum(before - AROUND + 1, 0), np.minimum(before + AROUND, len(unique) - 1)
        total = np.concatenate([[0], np.cumsum(counts)])
        density = (total[last + 1] - total[first]) / ((unique[last] - unique[first]) / self.step + 1.0)
        expected = density * (gap / self.step - 1.0)
        half = np.where(expected < 3.0, gap / 2.0, self.step / 2.0)
        return np.concatenate([[self.step / 2.0], half]), np.concatenate([half, [self.step / 2.0]])

    def encode(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Standardized values (n,); rows that share a value are spread by `rng` over that value's share."""
        if self.constant:
            return np.zeros(len(values))
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
            u = normal_shares(z)
            share = rng.random(len(values))[shared]
            below, above = u[first[shared]], u[last[shared]]
            encoded[shared] = normal_scores(below + share * (above - below))
        return encoded

    @property
    def on_grid(self) -> bool:
        """Whether each value stands for an interval around it (whole or rounded numbers with ties)."""
        return bool(self.knots.shape[1] and self.knots[0, 0] < self.low)

    def decode(self, encoded: np.ndarray, margin: float) -> np.ndarray:
        """Values (n,) from standardized ones, on their grid, at most `margin` ranges outside the training data's."""
        if self.constant:
            return np.full(len(encoded), self.low)
        if self.scaling == "quantile":
            x, z = self.knots
            values: np.ndarray = np.interp(encoded, z, x)
            if margin > 0:
                reach = (self.high - self.low) / max(z[-1] - z[0], 1e-9)
                values += reach * (np.maximum(encoded - z[-1], 0.0) - np.maximum(z[0] - encoded, 0.0))
        else:
            values = encoded * self.scale + self.center
        return self.bounded(values, margin)

    def bounded(self, values: np.ndarray, margin: float) -> np.ndarray:
        """Values (n,) on their grid, at most `margin` ranges outside what was seen."""
        return bounded(values, self.low, self.high, margin, self.decimals)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, without the knots."""
        return {name: getattr(self, name) for name in RULES}

    @classmethod
    def from_state(cls, part: str, plain: Any, arrays: Mapping[str, np.ndarray], knots: str = "knots") -> Scaler:
        """Inverse of `to_dict`, with the array that is called `knots`. part: what errors call the scaler."""
        scaler = cls(**values(part, plain, RULES))
        require(scaler.low <= scaler.high, f"`{part}` ends below its beginning")
        if scaler.scaling == "quantile" and not scaler.constant:
            scaler.knots = array(part, arrays, knots, "float64", (2, None))
            require(scaler.knots.shape[1] > 1 and rising(scaler.knots), f"`{part}.{knots}` must be rising")
            return scaler
        array(part, {knots: scaler.knots, **arrays}, knots, "float64", (2, 0))
        return scaler
