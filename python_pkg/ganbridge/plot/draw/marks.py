"""What is drawn into one panel: a column or a pair of columns, real rows in grey behind generated ones in blue."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.values import Shown
from . import density
from .panels import (
    GENERATED,
    MARGIN,
    NOISE,
    REAL,
    Axes,
    MaxNLocator,
    PatchCollection,
    Rectangle,
    limits,
    plain,
    to_rgb,
)

ROUND = [1, 2, 2.5, 5, 10]  # steps between ticks, as R has them
MOST_SLANTED = 6  # labels below an axis
MOST_POINTS = 2000  # of either source in one panel; more are thinned out evenly
TALLEST = 2.0  # times the real rows' highest density, or most frequent tile; a collapsed sample would press others flat
TILES = "Tiles: left half real, right half generated; the darker, the more rows."
Limits = tuple[float, float]
Sources = Sequence[tuple[Shown, str]]  # columns that `together` has brought together, and their colours


def sources(real: Shown | None, generated: Shown) -> list[tuple[Shown, str]]:
    """Real rows, where there are any, and generated ones, with their colours."""
    return [(generated, GENERATED)] if real is None else [(real, REAL), (generated, GENERATED)]


def axis_limits(columns: Sequence[Shown]) -> Limits:
    """Limits that hold all the columns' values."""
    if not columns[0].continuous:
        return -0.6, max(len(columns[0].levels), 1) - 0.4
    values = np.concatenate([column.there for column in columns])
    return limits(values) if len(values) else (0.0, 1.0)


def mark_axis(axes: Axes, which: str, column: Shown, bounds: Limits) -> None:
    """Ticks and limits of one axis: numbers, dates, or levels (the first at the top, numbers rising)."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    set_limits = axes.set_xlim if which == "x" else axes.set_ylim
    if column.kind == "category":
        turned = which == "y" and not column.rising
        set_limits(*(bounds[::-1] if turned else bounds))
        labels = [plain(level, 18) for level in column.levels]
        axis.set_ticks(range(len(labels)), labels)
        if which == "x" and sum(map(len, labels)) > 24:
            many = len(labels) > MOST_SLANTED  # so many would lie over each other if they were not upright
            axis.set_ticks(range(len(labels)), [plain(level, 14) for level in column.levels])
            axes.tick_params(axis="x", rotation=90 if many else 30)
            for label in axes.get_xticklabels():
                label.set(ha="right", va="center" if many else "baseline", rotation_mode="anchor")
        return
    if column.kind == "time":
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        places = AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
        axis.set_major_locator(places)
        axis.set_major_formatter(ConciseDateFormatter(places))  # type: ignore[no-untyped-call]
    else:
        wide = which == "x" and max(map(abs, bounds)) >= 1e4  # long numbers stand side by side
        axis.set_major_locator(MaxNLocator(3 if wide else 5, steps=ROUND, min_n_ticks=2 if wide else 3))
    set_limits(*bounds)


def draw_column(axes: Axes, columns: Sources) -> None:
    """One column: a histogram on a common scale, or bars for each level; the missing share stands apart."""
    first = columns[0][0]
    if first.continuous:
        _draw_histogram(axes, columns)
        if any(column.missing for column, _ in columns):
            _draw_missing(axes, columns)
    else:
        _draw_bars(axes, columns)


def _draw_histogram(axes: Axes, columns: Sources) -> None:
    edges = _edges([column.there for column, _ in columns])
    for i, (column, colour) in enumerate(columns):
        share = np.histogram(column.there, edges)[0] / len(column.values)
        behind = i == 0 and len(columns) > 1
        axes.stairs(share, edges, fill=True, color=colour, alpha=0.4 if behind else 0.12)
        axes.stairs(share, edges, color=colour, linewidth=0.8 if behind else 1.5)
    axes.set_ylim(0.0, axes.dataLim.y1 * 1.05 or 1.0)
    axes.set_ylabel("share of rows")
    mark_axis(axes, "x", columns[0][0], limits(edges, 0.02 if len(edges) > 2 else 5.0))


def _edges(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Bins by Freedman and Diaconis, from 10 to 40; whole numbers share bins of whole numbers."""
    values = np.concatenate(parts) if sum(map(len, parts)) else np.zeros(1)
    low, high = float(values.min()), float(values.max())
    if not high > low:  # a constant is one narrow bar
        return low + np.array([-0.05, 0.05]) * (abs(low) or 1.0)
    upper, lower = np.percentile(values, [75, 25])
    width = 2.0 * float(upper - lower) / max(map(len, parts)) ** (1.0 / 3.0)
    count = 40 if width <= 0.0 else min(40, max(10, math.ceil((high - low) / width)))
    if (values == np.floor(values)).all() and high - low < 2**50:
        step = _step(high - low + 1.0, count)
        return low - 0.5 + step * np.arange(math.ceil((high - low + 1.0) / step) + 1)
    return np.linspace(low, high, count + 1)


def _step(span: float, count: int) -> int:
    """A whole width for about `count` bins, the last of them as full as can be: a half one would look like a dip."""
    step = math.ceil(span / count)
    candidates = range(max(1, math.ceil(0.75 * step)), math.floor(1.34 * step) + 1)
    return min(candidates, key=lambda width: (-span % width / width, abs(width - step)))


def _draw_missing(axes: Axes, columns: Sources) -> None:
    """The share of rows without a value, on a scale of its own from none to all."""
    low, high = axes.get_xlim()
    # The word "missing" stands where the last ticks' labels would reach.
    axes.set_xticks([at for at in axes.get_xticks() if low <= at <= high - 0.17 * (high - low)])
    aside = axes.inset_axes((1.05, 0.0, 0.15 * len(columns), 1.0))
    for i, (column, colour) in enumerate(columns):
        aside.bar(i, column.missing, width=0.7, color=colour, alpha=0.75)
        aside.text(i, column.missing, f"{100 * column.missing:.0f}%", ha="center", va="bottom", fontsize="xx-small")
    aside.set(xlim=(-0.6, len(columns) - 0.4), ylim=(0.0, 1.12), yticks=[])
    aside.set_xticks([(len(columns) - 1) / 2], ["missing"], fontsize="small")
    aside.tick_params(length=0)
    aside.spines[["top", "right", "left"]].set_visible(False)


def _draw_bars(axes: Axes, columns: Sources) -> None:
    count, first = len(columns), columns[0][0]
    height = 0.8 / count
    for i, (column, colour) in enumerate(columns):
        share = np.bincount(column.there.astype(int), minlength=len(first.levels)) / len(column.values)
        shift = (i - (count - 1) / 2) * height * (-1 if first.rising else 1)
        axes.barh(np.arange(len(first.levels)) + shift, share, height=0.92 * height, color=colour, alpha=0.85)
    axes.set_xlim(0.0, axes.dataLim.x1 * 1.05 or 1.0)
    axes.set_xlabel("share of rows")
    axes.locator_params(axis="x", nbins=4)
    mark_axis(axes, "y", first, axis_limits([first]))


def draw_density(axes: Axes, columns: Sources, bounds: Limits, noise: Limits | None = None) -> None:
    """Smooth densities, filled; `noise` is the mean and sd of a normal one that is drawn behind them, dashed."""
    top = 0.0
    for i, (column, colour) in enumerate(columns):
        if len(column.there):
            places, heights = density.curve(column.there)
            top = max(top, float(heights.max()))
            axes.fill_between(places, heights, color=colour, alpha=0.35 if i < len(columns) - 1 else 0.12, linewidth=0)
            axes.plot(places, heights, color=colour, linewidth=1.5)
    if noise is not None:
        places = np.linspace(*bounds, density.POINTS)
        heights = density.normal(places, *noise)
        top = max(top, float(heights.max()))
        axes.plot(places, heights, color=NOISE, linewidth=1.2, linestyle="--", zorder=1.5)
    axes.set_ylim(0.0, top * (1 + MARGIN) or 1.0)
    mark_axis(axes, "x", columns[0][0], bounds)


def draw_pair(axes: Axes, x: Sources, y: Sources, bounds: tuple[Limits, Limits]) -> bool:
    """A pair of columns by their types: points with contours, boxes or tiles. Says whether points were left out."""
    first, second = x[0][0], y[0][0]
    thinned = False
    if first.continuous and second.continuous:
        thinned = _draw_points(axes, x, y)
    elif first.continuous or second.continuous:
        _draw_boxes(axes, x, y)
    else:
        _draw_tiles(axes, x, y)
    mark_axis(axes, "x", first, bounds[0])
    mark_axis(axes, "y", second, bounds[1])
    return thinned


def _draw_points(axes: Axes, x: Sources, y: Sources) -> bool:
    thinned = False
    for i, ((across, colour), (up, _)) in enumerate(zip(x, y, strict=True)):
        there = np.isfinite(across.values) & np.isfinite(up.values)
        a, b = across.values[there], up.values[there]
        some = np.unique(np.linspace(0, max(len(a) - 1, 0), min(len(a), MOST_POINTS)).round().astype(int))
        thinned |= len(some) < len(a)
        # The more points, the more of what lies under them shines through.
        alpha = min(0.7, max(0.15, 10.0 / math.sqrt(len(some) or 1)))
        axes.scatter(a[some], b[some], s=12 if i < len(x) - 1 else 7, color=colour, alpha=alpha, linewidths=0)
    for (across, colour), (up, _) in zip(x, y, strict=True):
        there = np.isfinite(across.values) & np.isfinite(up.values)
        found = density.surface(across.values[there], up.values[there]) if there.any() else None
        if found is not None:
            axes.contour(*found[:3], levels=found[3], colors=[colour], linewidths=1.1, alpha=0.95)
    return thinned


def _draw_boxes(axes: Axes, x: Sources, y: Sources) -> None:
    """Medians, quartiles, and whiskers to the last value within 1.5 times the box's length (Tukey's)."""
    upright = not x[0][0].continuous
    count = len(x)
    levels, values = (x, y) if upright else (y, x)
    width = 0.8 / count
    turn = -1 if levels[0][0].rising and not upright else 1
    for i, ((column, colour), (numbers, _)) in enumerate(zip(levels, values, strict=True)):
        for level in range(len(column.levels)):
            inside = numbers.values[(column.values == level) & np.isfinite(numbers.values)]
            if len(inside):
                at = level + turn * (i - (count - 1) / 2) * width
                _draw_box(axes, inside, at, 0.42 * width, colour, upright)


def _draw_box(axes: Axes, values: np.ndarray, at: float, half: float, colour: str, upright: bool) -> None:
    low, middle, high = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (high - low)
    ends = values[(values >= low - reach) & (values <= high + reach)]
    fill, line = (axes.bar, axes.plot) if upright else (axes.barh, _turned(axes.plot))
    sizes: Any = {"width": 2 * half} if upright else {"height": 2 * half}
    extent = {"bottom": low} if upright else {"left": low}
    fill(at, high - low, **sizes, **extent, color=colour, alpha=0.35, edgecolor=colour)
    line([at, at], [ends.min(), low], color=colour, linewidth=1.0)
    line([at, at], [high, ends.max()], color=colour, linewidth=1.0)
    line([at - half, at + half], [middle, middle], color=colour, linewidth=2.0)


def _turned(line: Any) -> Any:
    return lambda across, up, **style: line(up, across, **style)


def _draw_tiles(axes: Axes, x: Sources, y: Sources) -> None:
    """Shares of rows by the levels of both; a tile's left half is real, its right half generated."""
    shape = (len(y[0][0].levels), len(x[0][0].levels))
    shares = []
    for (across, _), (up, _) in zip(x, y, strict=True):
        there = np.isfinite(across.values) & np.isfinite(up.values)
        pairs = np.zeros(shape)
        np.add.at(pairs, (up.values[there].astype(int), across.values[there].astype(int)), 1.0)
        shares.append(pairs / max(len(there), 1))
    most = max(float(share.max()) for share in shares) or 1.0
    if len(shares) > 1 and shares[0].any():
        # A collapsed sample's darkest tile would make all others pale, and the real ones change with the epoch.
        most = min(most, TALLEST * float(shares[0].max()))
    width = 0.92 / len(x)
    tiles, shades = [], []
    for i, (share, (_, colour)) in enumerate(zip(shares, x, strict=True)):
        for row, column in itertools.product(*map(range, shape)):
            tiles.append(Rectangle((column - 0.46 + i * width, row - 0.46), width, 0.92))
            shades.append(1.0 - min(share[row, column] / most, 1.0) * (1.0 - np.array(to_rgb(colour))))
    axes.add_collection(PatchCollection(tiles, facecolors=shades, linewidths=0))
    axes.grid(visible=False)
