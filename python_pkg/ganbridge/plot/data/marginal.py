"""One column of a table: a histogram, bars or densities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import density
from .axis import MARGIN, Axis, Limits, limits_of
from .values import PlotColumn

FEW = 10  # rows, up to which their number stands beside a bar or a box
WIDEST = 1000  # whole width of a bin up to which others are tried
TALLEST = 2.0  # times the real rows' highest density, or most frequent tile; a collapsed sample would press others flat


@dataclass(frozen=True)
class Histogram:
    """Numbers or times in bins that all sources share.

    edges (k + 1,); shares (sources, k) of all rows; missing (sources,): shares of rows without a value; top: the upper
    limit of the axis of shares.
    """

    axis: Axis
    sources: tuple[str, ...]
    edges: np.ndarray
    shares: np.ndarray
    missing: np.ndarray
    top: float


@dataclass(frozen=True)
class Bars:
    """Levels: counts (sources, levels) of rows, and shares of all rows; top: the upper limit of the axis of shares."""

    axis: Axis
    sources: tuple[str, ...]
    shares: np.ndarray
    counts: np.ndarray
    top: float


@dataclass(frozen=True)
class Curve:
    """A density: x (k,) and height (k,)."""

    x: np.ndarray
    height: np.ndarray

    @property
    def peak(self) -> float:
        """The highest density."""
        return float(self.height.max())


@dataclass(frozen=True)
class Densities:
    """Numbers or times as densities, one curve for each source, None for a source that has no values."""

    axis: Axis
    sources: tuple[str, ...]
    curves: tuple[Curve | None, ...]
    noise: Curve | None = None


def marginal_of(columns: Sequence[PlotColumn], sources: tuple[str, ...]) -> Histogram | Bars:
    """What shows one column, one entry of `columns` for each source."""
    return _histogram(columns, sources) if columns[0].continuous else bars(columns, sources)


def _histogram(columns: Sequence[PlotColumn], sources: tuple[str, ...]) -> Histogram:
    edges = bin_edges([column.present for column in columns])
    shares = np.stack([np.histogram(column.present, edges)[0] / len(column.values) for column in columns])
    axis = Axis.of(columns, limits_of(edges, 0.02 if len(edges) > 2 else 5.0))
    return Histogram(axis, sources, edges, shares, np.array([column.missing for column in columns]), _top(shares))


def bars(columns: Sequence[PlotColumn], sources: tuple[str, ...], top: float | None = None) -> Bars:
    """Bars of levels; without `top`, the axis of shares ends beyond the longest one."""
    count = len(columns[0].levels)
    counts = np.stack([np.bincount(column.present.astype(int), minlength=count) for column in columns])
    shares = counts / np.array([[len(column.values)] for column in columns])
    return Bars(Axis.of(columns), sources, shares, counts, _top(shares) if top is None else top)


def _top(shares: np.ndarray) -> float:
    return float(shares.max(initial=0.0)) * 1.05 or 1.0


def bin_edges(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Bins by Freedman and Diaconis, but 2 n^(1/3) at least, and from 10 to 40; of whole numbers, whole ones.

    Two peaks far apart have quartiles far apart, by which the first rule would make bins as wide as a peak.
    """
    values = np.concatenate(parts) if sum(map(len, parts)) else np.zeros(1)
    low, high = float(values.min()), float(values.max())
    if not high > low:  # a constant is one narrow bar
        return low + np.array([-0.05, 0.05]) * (abs(low) or 1.0)
    upper, lower = np.percentile(values, [75, 25])
    root = max(map(len, parts)) ** (1.0 / 3.0)
    width = 2.0 * float(upper - lower) / root
    count = 40 if width <= 0.0 else min(40, max(10, math.ceil(2.0 * root), math.ceil((high - low) / width)))
    if (values == np.floor(values)).all() and high - low < 2**50:
        step = _step(high - low + 1.0, count)
        return low - 0.5 + step * np.arange(math.ceil((high - low + 1.0) / step) + 1)
    return np.linspace(low, high, count + 1)


def _step(span: float, count: int) -> int:
    """A whole width for about `count` bins, the last of them as full as can be: a half one would look like a dip."""
    step = math.ceil(span / count)
    if step > WIDEST:  # of a wide bin, what the last one lacks is too little to be seen
        return step
    candidates = range(max(1, math.ceil(0.75 * step)), math.floor(1.34 * step) + 1)
    return min(candidates, key=lambda width: (-span % width / width, abs(width - step)))


def densities(
    columns: Sequence[PlotColumn], sources: tuple[str, ...], limits: Limits, noise: Limits | None = None
) -> Densities:
    """Densities on an axis of these limits; `noise` is the mean and sd of a normal distribution beside them."""
    curves = tuple(Curve(*density.curve(column.present)) if len(column.present) else None for column in columns)
    return Densities(Axis.of(columns, limits), sources, curves, None if noise is None else _normal(limits, *noise))


def _normal(limits: Limits, mean: float, sd: float) -> Curve:
    x = np.linspace(*limits, density.POINTS)
    return Curve(x, density.normal(x, mean, sd))


def highest(panels: Sequence[Densities], noise: Limits | None) -> float:
    """The upper limit of densities that share an axis: the highest one, but early peaks are cut.

    Peaks are measured by the real rows, or by the last panel if there are none.
    """
    peaks = [panel.curves[-1].peak for panel in panels if panel.curves[-1] is not None]
    behind = panels[0].curves[0] if len(panels[0].sources) > 1 else panels[-1].curves[-1]
    usual = [] if behind is None else [behind.peak]
    if noise is not None:
        usual.append(float(density.normal(np.array([noise[0]]), *noise)[0]))
    return min(max(peaks + usual, default=1.0), TALLEST * max(usual, default=1.0)) * (1.0 + MARGIN)
