"""Two columns in one panel: points with contours, boxes or tiles."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ..data.marginal import FEW
from ..data.pair import Boxes, Pair, Points, Tiles
from .axis import mark_axis
from .panels import COLOURS, Axes, PatchCollection, Rectangle, to_rgb
from .parts import shares_in_words, tell, value_in_words

BOX = ("lower quartile", "median", "upper quartile")


def draw_pair(axes: Axes, pair: Pair) -> None:
    """What the pair's types ask for, and both axes."""
    if isinstance(pair, Points):
        _draw_points(axes, pair)
    elif isinstance(pair, Boxes):
        _draw_boxes(axes, pair)
    else:
        _draw_tiles(axes, pair)
    mark_axis(axes, "x", pair.x)
    mark_axis(axes, "y", pair.y)


def _draw_points(axes: Axes, pair: Points) -> None:
    for i, (cloud, source) in enumerate(zip(pair.clouds, pair.sources, strict=True)):
        # The more points, the more of what lies under them shines through.
        alpha = min(0.7, max(0.15, 10.0 / math.sqrt(len(cloud.x) or 1)))
        size = 12 if i < len(pair.clouds) - 1 else 7
        axes.scatter(cloud.x, cloud.y, s=size, color=COLOURS[source], alpha=alpha, linewidths=0)
    for cloud, source in zip(pair.clouds, pair.sources, strict=True):
        lines = cloud.contours
        if lines is not None:
            style: Any = {"colors": [COLOURS[source]], "linewidths": 1.1, "alpha": 0.95}
            axes.contour(lines.x, lines.y, lines.density, levels=lines.levels, **style)


def _draw_boxes(axes: Axes, pair: Boxes) -> None:
    """The sources' boxes of a level stand side by side."""
    count = len(pair.sources)
    width = 0.8 / count
    turn = -1 if not pair.upright and pair.y.rising else 1
    boxes = zip(pair.source.tolist(), pair.level.tolist(), pair.values, pair.counts.tolist(), strict=True)
    for source, level, values, rows in boxes:
        at = level + turn * (source - (count - 1) / 2) * width
        _draw_box(axes, values, at, 0.42 * width, COLOURS[pair.sources[source]], pair.upright)
        if rows > FEW:  # quartiles of few rows are values of single rows
            side = (at - 0.5 * width, at + 0.5 * width)
            words = _box_in_words(pair, source, level, values)
            tell(axes, words, x=side if pair.upright else None, y=None if pair.upright else side)
        else:
            end = (at, values[-1]) if pair.upright else (values[-1], at)
            where: Any = {"ha": "center", "va": "bottom"} if pair.upright else {"ha": "left", "va": "center"}
            axes.text(*end, f" {rows} ", fontsize="xx-small", color=COLOURS[pair.sources[source]], **where)


def _box_in_words(pair: Boxes, source: int, level: int, values: np.ndarray) -> str:
    levels, measure = (pair.x, pair.y) if pair.upright else (pair.y, pair.x)
    quartiles = [f"{name} {value_in_words(measure, value)}" for name, value in zip(BOX, values[1:4], strict=True)]
    return f"{levels.label} {levels.levels[level]}, {pair.sources[source]}: {measure.label} {', '.join(quartiles)}"


def _draw_box(axes: Axes, values: np.ndarray, at: float, half: float, colour: str, upright: bool) -> None:
    least, low, middle, high, greatest = values
    fill, line = (axes.bar, axes.plot) if upright else (axes.barh, _turned(axes.plot))
    sizes: Any = {"width": 2 * half} if upright else {"height": 2 * half}
    extent = {"bottom": low} if upright else {"left": low}
    fill(at, high - low, **sizes, **extent, color=colour, alpha=0.35, edgecolor=colour)
    line([at, at], [least, low], color=colour, linewidth=1.0)
    line([at, at], [high, greatest], color=colour, linewidth=1.0)
    line([at - half, at + half], [middle, middle], color=colour, linewidth=2.0)


def _turned(line: Any) -> Any:
    return lambda across, up, **style: line(up, across, **style)


def _draw_tiles(axes: Axes, pair: Tiles) -> None:
    """A tile's left half is real, its right half generated."""
    width = 0.92 / len(pair.sources)
    tiles, shades = [], []
    for i, (shares, source) in enumerate(zip(pair.shares, pair.sources, strict=True)):
        for row, column in itertools.product(*map(range, shares.shape)):
            tiles.append(Rectangle((column - 0.46 + i * width, row - 0.46), width, 0.92))
            ink = min(shares[row, column] / pair.most, 1.0)
            shades.append(1.0 - ink * (1.0 - np.array(to_rgb(COLOURS[source]))))
    for row, column in itertools.product(*map(range, pair.shares.shape[1:])):
        words = f"{pair.x.label} {pair.x.levels[column]}, {pair.y.label} {pair.y.levels[row]}"
        shown = shares_in_words(pair.sources, pair.shares[:, row, column])
        tell(axes, f"{words}: {shown}", (column - 0.5, column + 0.5), (row - 0.5, row + 0.5))
    axes.add_collection(PatchCollection(tiles, facecolors=shades, linewidths=0))
    axes.grid(visible=False)
