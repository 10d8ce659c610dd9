"""Two columns of a table: points with contours, boxes, or tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import density
from .axis import Axis
from .grid import spread_evenly
from .marginal import TALLEST
from .values import PlotColumn

MOST_POINTS = 2000  # of each source in one panel; more are thinned out evenly
TILES = "Tiles: left half real, right half generated; the darker, the more rows."
THINNED = f"Of more rows, {MOST_POINTS:,} are drawn as points."
Columns = Sequence[PlotColumn]  # one for each source, as `aligned` returns them


@dataclass(frozen=True)
class Contours:
    """x (k,), y (k,), density (k, k) with a row for each y, and the rising densities of the lines."""

    x: np.ndarray
    y: np.ndarray
    density: np.ndarray
    levels: list[float]

    @property
    def reach(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Lowest and highest x, and y, of the lines, and a step of the grid beyond them."""
        inside = self.density >= self.levels[0] if self.levels else np.zeros_like(self.density, dtype=bool)
        ends = []
        for points, line in ((self.x, inside.any(0)), (self.y, inside.any(1))):
            at = np.flatnonzero(line)
            first, last = (at[0] - 1, at[-1] + 1) if len(at) else (len(points) // 2,) * 2
            ends.append((float(points[max(first, 0)]), float(points[min(last, len(points) - 1)])))
        return ends[0], ends[1]


@dataclass(frozen=True)
class Cloud:
    """Rows of one source as points, x (n,) and y (n,); no contours if rows are too few or a column is constant."""

    x: np.ndarray
    y: np.ndarray
    contours: Contours | None


@dataclass(frozen=True)
class Points:
    """Two columns of numbers or times; thinned: whether rows were left out."""

    x: Axis
    y: Axis
    sources: tuple[str, ...]
    clouds: tuple[Cloud, ...]
    thinned: bool


@dataclass(frozen=True)
class Boxes:
    """Numbers or times by level.

    source (k,) and level (k,): indices of the source and the level of each box. values (k, 5): the end of the lower
    whisker, the quartiles, the end of the upper whisker. counts (k,): rows. upright: whether the levels lie along x.
    """

    x: Axis
    y: Axis
    sources: tuple[str, ...]
    upright: bool
    source: np.ndarray
    level: np.ndarray
    values: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Tiles:
    """Two columns of levels: shares (sources, y's levels, x's levels) of rows; most: the share of the darkest tile."""

    x: Axis
    y: Axis
    sources: tuple[str, ...]
    shares: np.ndarray
    most: float


Pair = Points | Boxes | Tiles


def pair_of(x: Columns, y: Columns, sources: tuple[str, ...], axes: tuple[Axis, Axis] | None = None) -> Pair:
    """What shows two columns, by their types; `axes` if several panels share them."""
    across, up = axes or (Axis.of(x), Axis.of(y))
    if across.continuous and up.continuous:
        points = _points(x, y, sources, across, up)
        return points if axes else holding_contours([points])[0]
    if across.continuous or up.continuous:
        return _boxes(x, y, sources, across, up)
    return _tiles(x, y, sources, across, up)


def _points(x: Columns, y: Columns, sources: tuple[str, ...], across: Axis, up: Axis) -> Points:
    clouds, thinned, widths = [], False, None
    for one, other in zip(x, y, strict=True):
        present = np.isfinite(one.values) & np.isfinite(other.values)
        a, b = one.values[present], other.values[present]
        drawn = spread_evenly(len(a), MOST_POINTS)
        thinned |= len(drawn) < len(a)
        widths = widths or density.bandwidths(a, b)  # of the real rows: the same sharpness for all
        surface = density.surface(a, b, widths)
        clouds.append(Cloud(a[drawn], b[drawn], None if surface is None else Contours(*surface)))
    return Points(across, up, sources, tuple(clouds), thinned)


def holding_contours(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs on common axes, extended so that no contour is cut; of points only."""
    points = [pair for pair in pairs if isinstance(pair, Points)]
    reaches = [reach for pair in points for cloud in pair.clouds if cloud.contours for reach in [cloud.contours.reach]]
    if not reaches:
        return list(pairs)
    low, high = np.array(reaches)[:, :, 0].min(0), np.array(reaches)[:, :, 1].max(0)
    wider = [
        replace(axis, limits=(min(axis.limits[0], float(low[k])), max(axis.limits[1], float(high[k]))))
        for k, axis in enumerate((points[0].x, points[0].y))
    ]
    return [replace(pair, x=wider[0], y=wider[1]) for pair in points]


def notes_of(pairs: Sequence[Pair]) -> str:
    """What the panels leave out, and how tiles are read."""
    thinned = any(isinstance(pair, Points) and pair.thinned for pair in pairs)
    tiles = any(isinstance(pair, Tiles) and len(pair.sources) > 1 for pair in pairs)
    return " ".join([THINNED] * thinned + [TILES] * tiles)


def _boxes(x: Columns, y: Columns, sources: tuple[str, ...], across: Axis, up: Axis) -> Boxes:
    upright = not across.continuous
    levels, measures = (x, y) if upright else (y, x)
    boxes = []
    for i, (column, measure) in enumerate(zip(levels, measures, strict=True)):
        for level in range(len(column.levels)):
            inside = measure.values[(column.values == level) & np.isfinite(measure.values)]
            if len(inside):
                boxes.append((i, level, len(inside), _box(inside)))
    values = np.array([box[3] for box in boxes], dtype=float).reshape(-1, 5)
    source, level_of, counts = (np.array([box[k] for box in boxes], dtype=int) for k in (0, 1, 2))
    return Boxes(across, up, sources, upright, source, level_of, values, counts)


def _box(values: np.ndarray) -> tuple[float, ...]:
    """Median, quartiles, and whiskers to the last value within 1.5 times the box's length (Tukey's)."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (high - low)
    within = values[(values >= low - reach) & (values <= high + reach)]
    return within.min(), low, middle, high, within.max()


def _tiles(x: Columns, y: Columns, sources: tuple[str, ...], across: Axis, up: Axis) -> Tiles:
    shares = []
    for one, other in zip(x, y, strict=True):
        present = np.isfinite(one.values) & np.isfinite(other.values)
        counts = np.zeros((len(up.levels), len(across.levels)))
        np.add.at(counts, (other.values[present].astype(int), one.values[present].astype(int)), 1.0)
        shares.append(counts / max(len(present), 1))
    most = max(float(share.max()) for share in shares) or 1.0
    if len(shares) > 1 and shares[0].any():
        # A collapsed sample's darkest tile would make all others pale, and the real ones change with the epoch.
        most = min(most, TALLEST * float(shares[0].max()))
    return Tiles(across, up, sources, np.stack(shares), most)
