"""Smooth densities of one column and of two, from counts on a grid."""

from __future__ import annotations

import math

import numpy as np

POINTS = 256  # of a curve
BINS = 512  # that a column's values are counted in before they are smoothed
POINTS_ACROSS = 72  # of a surface, along either axis
SHARES = (0.9, 0.5)  # of the rows, that lie within the contours


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


def surface(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[float]] | None:
    """x (k,), y (k,), densities (k, k) with a row for each y, and the rising levels of the contours.

    A contour holds the densest share of the rows that SHARES names. None if there are too few rows, or one of the
    columns is constant.
    """
    widths = [bandwidth(x), bandwidth(y)]
    if len(x) < 20 or not min(widths) > 0.0:
        return None
    ranges = [(v.min() - 2.5 * width, v.max() + 2.5 * width) for v, width in zip((x, y), widths, strict=True)]
    counts, *edges = np.histogram2d(x, y, 2 * POINTS_ACROSS, ranges)
    kernels, grid = [], []
    for side, width, (low, high) in zip(edges, widths, ranges, strict=True):
        grid.append(np.linspace(low, high, POINTS_ACROSS))
        # Narrow, because a band along a curve must not melt into a cloud.
        width = max(0.9 * width, float(side[1] - side[0]))
        kernels.append(_kernel(grid[-1], 0.5 * (side[1:] + side[:-1]), width))
    density = kernels[1] @ counts.T @ kernels[0].T / len(x)
    ranked = np.sort(density, axis=None)[::-1]
    within = np.cumsum(ranked) / ranked.sum()
    last = np.minimum(np.searchsorted(within, SHARES), ranked.size - 1)
    levels = sorted(set(ranked[last].tolist()))
    return grid[0], grid[1], density, levels


def normal(x: np.ndarray, mean: float | np.ndarray, sd: float) -> np.ndarray:
    """The density of a normal distribution."""
    return np.asarray(np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2.0 * math.pi)))


def _kernel(x: np.ndarray, centres: np.ndarray, width: float) -> np.ndarray:
    return normal(x[:, None], centres[None, :], width)
