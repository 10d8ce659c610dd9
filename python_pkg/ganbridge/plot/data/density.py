"""Smooth densities of one column and of two, from counts on a grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .grid import spread_evenly

POINTS = 256  # of a curve
BINS = 512  # that a column's values are counted in before they are smoothed
POINTS_ACROSS = 128  # of a surface, along either axis
SHARES = (0.9, 0.5)  # of the rows, that lie within the contours
LEAST_ROWS = 20  # of a surface
FACTORS = (1.0, 0.7, 0.5, 0.35, 0.25, 0.16)  # of Silverman's width, that are tried for a surface
MOST_TRIED = 300  # rows that they are tried on
CALM = 1.2  # times the width found, because cross-validation leaves contours ragged
LOCAL = (0.7, 1.0, 1.5)  # times that width, where rows are dense, and where they are rare
Widths = tuple[float, float]


def bandwidth(values: np.ndarray) -> float:
    """Silverman's rule of thumb (Silverman 1986, equation 3.31): .9 min(sd, IQR / 1.34) n^(-1/5); 0 for a constant."""
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    upper, lower = np.percentile(values, [75, 25])
    quartiles = float(upper - lower) / 1.34
    return float(0.9 * (min(spread, quartiles) if quartiles > 0.0 else spread) * len(values) ** -0.2)


def curve(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and density of a Gaussian kernel estimate, both (k,).

    It is cut at the ends of the data: a curve that ran on would show values that nobody has seen. A constant column has
    no bandwidth and becomes a narrow peak.
    """
    low, high = float(values.min()), float(values.max())
    width = bandwidth(values)
    if not high > low or not width > 0.0:
        width = max(abs(low), 1.0) / 100.0 if not high > low else (high - low) / 100.0
        low, high = (low - 3.0 * width, high + 3.0 * width) if not high > low else (low, high)
    counts, edges = np.histogram(values, BINS, (low, high))
    width = max(width, float(edges[1] - edges[0]))
    x = np.linspace(low, high, POINTS)
    kernel = _kernel(x, 0.5 * (edges[1:] + edges[:-1]), width)
    return x, kernel @ counts / len(values)


def surface(
    x: np.ndarray, y: np.ndarray, widths: Widths | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[float]] | None:
    """x (k,), y (k,), densities (k, k) with a row for each y, and the rising levels of the contours.

    A contour is a region of highest density (Hyndman 1996): it holds the share of the rows that SHARES names. The
    kernels are wider where rows are rare (Abramson 1982). `widths` are those of `bandwidths`, if they are known. No
    contour reaches the edge of the grid. None if there are too few rows, or one of the columns is constant.
    """
    widths = bandwidths(x, y) if widths is None else widths
    if widths is None or len(x) < LEAST_ROWS or not (np.ptp(x) > 0.0 and np.ptp(y) > 0.0):
        return None
    sides = [_Side.of(values, width) for values, width in zip((x, y), widths, strict=True)]
    bins = [side.bins(values) for side, values in zip(sides, (x, y), strict=True)]
    everything = _counts(*bins)
    pilot = (sides[1].smooth(1.0, True) @ everything @ sides[0].smooth(1.0, True).T)[bins[1], bins[0]]
    local = np.sqrt(np.exp(np.log(pilot).mean()) / pilot)
    nearest = np.abs(np.log(local[:, None] / np.array(LOCAL))).argmin(1)
    density = np.zeros((POINTS_ACROSS, POINTS_ACROSS))
    for k, factor in enumerate(LOCAL):
        inside = nearest == k
        if inside.any():
            counts = _counts(bins[0][inside], bins[1][inside])
            density += sides[1].smooth(factor) @ counts @ sides[0].smooth(factor).T / len(x)
    density[[0, -1]] = density[:, [0, -1]] = 0.0
    return sides[0].grid, sides[1].grid, density, _levels(density, sides, x, y)


def bandwidths(x: np.ndarray, y: np.ndarray) -> Widths | None:
    """Widths of a product kernel for two columns, by cross-validation; None if there is no surface.

    Silverman's rule knows how far each column spreads, but not how narrow a band along a curve is. Of its widths times
    FACTORS, these are the pair under which rows that were left out are most likely, on at most MOST_TRIED rows.
    """
    if len(x) < LEAST_ROWS or not (np.ptp(x) > 0.0 and np.ptp(y) > 0.0):
        return None
    tried = spread_evenly(len(x), MOST_TRIED)
    rules = [bandwidth(values) or float(values.std()) * len(values) ** -0.2 for values in (x, y)]
    kernels = [_kernels(values[tried], rule) for values, rule in zip((x, y), rules, strict=True)]
    rare = 0.01 * len(tried) / (np.ptp(x) * np.ptp(y))  # a row far from all others must not decide alone
    scores = {
        (i, j): float(np.log(np.einsum("ij,ij->i", one, other) + rare).mean())
        for i, one in enumerate(kernels[0])
        for j, other in enumerate(kernels[1])
    }
    best = max(scores, key=scores.__getitem__)
    shrink = CALM * (len(tried) / len(x)) ** (1.0 / 6.0)
    first, second = (
        max(FACTORS[k] * rule * shrink, _least(values)) for k, rule, values in zip(best, rules, (x, y), strict=True)
    )
    return first, second


def _kernels(values: np.ndarray, rule: float) -> list[np.ndarray]:
    """Densities of each value under a kernel at each other one, (n, n) for each of FACTORS; none under its own."""
    apart = (values[:, None] - values) ** 2
    kernels = []
    for factor in FACTORS:
        width = factor * rule
        kernel = np.exp(apart * (-0.5 / width**2)) / (width * math.sqrt(2.0 * math.pi))
        np.fill_diagonal(kernel, 0.0)
        kernels.append(kernel)
    return kernels


def _least(values: np.ndarray) -> float:
    """The least width: a share of the range, and of the distance between rounded values, which are no ridges."""
    different = np.unique(values)
    return max(0.8 * float(np.median(np.diff(different))), 0.01 * float(different[-1] - different[0]))


@dataclass(frozen=True)
class _Side:
    """One axis of a surface: edges of the bins that rows are counted in, points of the grid, and the kernel's width."""

    edges: np.ndarray
    grid: np.ndarray
    width: float

    @classmethod
    def of(cls, values: np.ndarray, width: float) -> _Side:
        low, high = float(values.min()) - 3.0 * width, float(values.max()) + 3.0 * width
        return cls(np.linspace(low, high, 2 * POINTS_ACROSS + 1), np.linspace(low, high, POINTS_ACROSS), width)

    def bins(self, values: np.ndarray) -> np.ndarray:
        """The bin of each value."""
        return np.clip(np.searchsorted(self.edges, values, side="right") - 1, 0, len(self.edges) - 2)

    def smooth(self, factor: float, at_bins: bool = False) -> np.ndarray:
        """Kernels of the bins, (points of the grid, bins), or at the bins themselves."""
        centres = 0.5 * (self.edges[1:] + self.edges[:-1])
        return _kernel(centres if at_bins else self.grid, centres, factor * self.width)

    def below(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each value the index of the grid's point below it, and the share of the way to the next one."""
        at = (values - self.grid[0]) / (self.grid[1] - self.grid[0])
        index = np.clip(np.floor(at).astype(int), 0, len(self.grid) - 2)
        return index, at - index


def _counts(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Rows in each bin, (y's bins, x's bins)."""
    across = 2 * POINTS_ACROSS
    return np.bincount(y * across + x, minlength=across**2).reshape(across, across).astype(float)


def _levels(density: np.ndarray, sides: Sequence[_Side], x: np.ndarray, y: np.ndarray) -> list[float]:
    """The densities that SHARES of the rows exceed, rising."""
    (i, a), (j, b) = sides[0].below(x), sides[1].below(y)
    lower = density[j, i] * (1.0 - a) + density[j, i + 1] * a
    upper = density[j + 1, i] * (1.0 - a) + density[j + 1, i + 1] * a
    at_rows = lower * (1.0 - b) + upper * b
    levels = np.quantile(at_rows, [1.0 - share for share in SHARES])
    return sorted({float(level) for level in levels if level > 0.0})


def normal(x: np.ndarray, mean: float | np.ndarray, sd: float) -> np.ndarray:
    """The density of a normal distribution."""
    return np.asarray(np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2.0 * math.pi)))


def _kernel(x: np.ndarray, centres: np.ndarray, width: float) -> np.ndarray:
    return normal(x[:, None], centres[None, :], width)
