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

from ..stored import array, choice, listed, number, optional, require, rising, values, whole
from .decimals import LEAST_DECIMALS, MOST_DECIMALS, bounded, decimals_of
from .knots import shared_knots

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
    "span": optional(listed(number(), 2)),
    "half": optional(number(0.0)),
}
SINCE_4 = {"span": None, "half": None}
MOST_KNOTS = 4096  # quantiles kept of a column; finer ones are not visible in any sample that fits into memory

TINY = 1e-200  # size of numbers that are multiplied before slopes between them are computed


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


def interpolated(values: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Linear interpolation, also of numbers so small that slopes are infinite."""
    factor = 2.0**600 if max(abs(x[0]), abs(x[-1])) < TINY else 1.0
    return np.asarray(np.interp(values * factor, x * factor, y))


@dataclass
class Scaler:
    """How numbers are encoded of which none is missing.

    low, high: of samples, without a margin. span: what the training data lies within; None: from low to high.
    half: if rows share the knots, half the step of the grid on which values stand for the interval around them, 0 for
    continuous numbers; None if each row has a knot. knots: (2, m), pairs of a value and its normal score, both
    non-decreasing; none (2, 0) for other scalings.
    """

    type: str
    scaling: str
    low: float
    high: float
    center: float
    scale: float
    decimals: int | None
    span: tuple[float, float] | None = None
    half: float | None = None
    knots: np.ndarray = field(default_factory=lambda: np.zeros((2, 0)))

    def __post_init__(self) -> None:
        self.span = None if self.span is None else (float(self.span[0]), float(self.span[1]))

    @property
    def value_range(self) -> tuple[float, float]:
        """What the training data lies within."""
        return self.span or (self.low, self.high)

    @classmethod
    def fit(
        cls,
        values: np.ndarray,
        column_type: str,
        scaling: str,
        dtype: str | None = None,
        k: int = 1,
        most_knots: int = MOST_KNOTS,
    ) -> Scaler:
        """Learn the encoding from values (n,), n >= k.

        dtype: what they were before they became float64. k: rows that share a knot, or whose mean it is.
        """
        low, high = float(values.min()), float(values.max())
        scaler = cls(column_type, scaling, low, high, 0.0, 1.0, decimals_of(values, dtype))
        if low < high and k > 1:
            scaler._share_knots(np.sort(values), k, most_knots)
        elif low < high and scaling == "quantile":
            scaler.knots = scaler._quantile_knots(values, most_knots)
        low, high = scaler.low, scaler.high
        if scaling == "standard":
            scaler.center, scaler.scale = float(values.mean()), spread(values)
        elif scaling == "range":
            scaler.center, scaler.scale = (low + high) / 2.0, (high - low) / 2.0
        scaler.scale = scaler.scale or 1.0  # of a constant column, or of numbers whose half is 0
        return scaler

    def _share_knots(self, values: np.ndarray, k: int, most: int) -> None:
        """Learn knots and ends from sorted values."""
        unique = np.unique(values)
        half = 0.0 if self._continuous(unique, len(values)) else self.step / 2.0
        shared = shared_knots(values, k, half, most)
        (low, high), span = (shared.low, shared.high), shared.span
        if self.decimals is not None:
            low, high = float(np.round(low, self.decimals)) + 0.0, float(np.round(high, self.decimals)) + 0.0
            first, last = np.floor(span[0] / self.step + 1e-9), np.ceil(span[1] / self.step - 1e-9)
            span = (float(np.round(first * self.step, self.decimals)), float(np.round(last * self.step, self.decimals)))
        self.low, self.high, self.span = low, high, (min(low, span[0]), max(high, span[1]))
        if self.scaling == "quantile" and low < high:
            self.half, self.knots = half, np.stack([shared.x, normal_scores(shared.u)])

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
        if self._continuous(unique, int(counts.sum())):
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

    def _continuous(self, unique: np.ndarray, rows: int) -> bool:
        """Whether values are not on a grid, or so different, or so large, that each stands for itself only."""
        if self.decimals is None or len(unique) > 0.9 * rows:
            return True
        return bool((unique + self.step / 2.0 == unique).any())  # beyond float64 there is no half step

    def encode(self, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Standardized values (n,); rows that share a value are spread by `rng` over that value's share."""
        if self.constant:
            return np.zeros(len(values))
        if self.scaling != "quantile":
            return np.asarray((values - self.center) / self.scale)
        x, z = self.knots
        encoded = interpolated(values, x, z)
        below, above = self.reach(values, normal_shares(z))
        shared = above > below
        if shared.any():
            share = rng.random(len(values))[shared]
            below, above = below[shared], above[shared]
            encoded[shared] = normal_scores(below + share * (above - below))
        return encoded

    def reach(self, values: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last share (n,) that each value stands for. shares: of the knots."""
        x = self.knots[0]
        reach = 0.0 if self.half is None else self.half
        if self.half is not None:
            values = values.clip(self.low, self.high)
        first = np.searchsorted(x, values - reach, "left").clip(0, len(x) - 1)
        last = (np.searchsorted(x, values + reach, "right") - 1).clip(0, len(x) - 1)
        if self.half is None and self.on_grid:  # a value stands for the interval between the knots around it
            first, last = last, (last + 1).clip(0, len(x) - 1)
            return shares[first], np.maximum(shares[first], shares[last])
        below = np.where(x[first] == values - reach, shares[first], interpolated(values - reach, x, shares))
        above = np.where(x[last] == values + reach, shares[last], interpolated(values + reach, x, shares))
        return below, np.maximum(below, above)

    @property
    def on_grid(self) -> bool:
        """Whether each value stands for an interval around it (whole or rounded numbers with ties)."""
        if self.half is not None:
            return self.half > 0.0
        return bool(self.knots.shape[1] and self.knots[0, 0] < self.low)

    def blurred(self, values: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
        """Values (n,), each moved within such a share of the rows; those that as many rows have stay."""
        x, u = self.knots[0], normal_shares(self.knots[1])
        below, above = self.reach(values, u)
        at = ((below + above) / 2.0 + share * (rng.random(len(values)) - 0.5)).clip(0.0, 1.0)
        return np.where(above - below >= share, values, self.bounded(np.interp(at, u, x), 0.0))

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
        scaler = cls(**values(part, plain, RULES, SINCE_4))
        require(scaler.low <= scaler.high, f"`{part}` ends below its beginning")
        first, last = scaler.value_range
        require(first <= scaler.low and scaler.high <= last, f"`{part}.span` must hold its ends")
        if scaler.scaling == "quantile" and not scaler.constant:
            scaler.knots = array(part, arrays, knots, "float64", (2, None))
            require(scaler.knots.shape[1] > 1 and rising(scaler.knots), f"`{part}.{knots}` must be rising")
            return scaler
        array(part, {knots: scaler.knots, **arrays}, knots, "float64", (2, 0))
        return scaler
