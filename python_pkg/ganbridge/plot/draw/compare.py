"""Real data beside generated data: column by column, or pair by pair."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check
from ..data.values import Shown, Source, together
from .marks import MOST_POINTS, TILES, axis_limits, draw_column, draw_pair, sources
from .panels import GENERATED, MOST_PANELS, REAL, Figure, Picture, below, finish, grid_of, key, plain

Both = tuple[list[Shown], str]
BY = ("column", "pair")
KEY = (("real", REAL), ("generated", GENERATED))


def plot_compare(
    synthetic: Any, real: Any, by: str = "column", columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Figure:
    """Draw each column, or each pair of columns, of real rows beside generated ones.

    Args:
        synthetic, real: pandas DataFrames or arrays of n rows by p columns; `real` may have further columns.
        by: "column" for histograms and bars, "pair" for scatter plots with contours, boxes and tiles.
        columns: names, or places counted from 0; None takes as many of the first ones as twelve panels have room for.
        nrow: rows of panels; None chooses.
    """
    check.choice("by", by, BY)
    generated, truth = Source("synthetic_or_fit", synthetic), Source("real", real)
    chosen, note = choose_columns(generated, columns, by)
    places = generated.places_in(truth, chosen)
    pairs = [together([truth.column(j), generated.column(i)]) for i, j in zip(chosen, places, strict=True)]
    if by == "pair":
        if len(pairs) < 2:
            check.fail("columns", "at least two columns for pairs", [column[0].name for column in pairs])
        return _pairs(pairs, nrow, note)
    return _columns(pairs, nrow, note)


def choose_columns(source: Source, columns: Any, by: str = "column", most: int = MOST_PANELS) -> tuple[list[int], str]:
    """Places of the columns to draw, and what is to be said of those left out."""
    if columns is not None:
        return _named(source, columns), ""
    count = len(source.names)
    if by == "pair":
        most = next(k for k in range(most, 1, -1) if k * (k - 1) // 2 <= most)
    if count <= most:
        return list(range(count)), ""
    return list(range(most)), f"The first {most} of {count:,} columns; `columns` names others."


def _named(source: Source, columns: Any) -> list[int]:
    if isinstance(columns, (str, int, np.integer)):
        columns = [columns]
    wanted = "names of columns, or their places counted from 0"
    chosen = []
    for i, name in enumerate(check.sequence("columns", columns, lambda _, value: value, wanted)):
        if isinstance(name, (int, np.integer)) and not isinstance(name, bool) and str(name) not in source.names:
            chosen.append(check.whole(f"columns[{i}]", int(name), 0, len(source.names) - 1))
        else:
            chosen.append(source.names.index(check.choice(f"columns[{i}]", str(name), dict.fromkeys(source.names))))
    if not chosen:
        check.fail("columns", f"{wanted}, at least one", columns)
    return chosen


def _columns(columns: list[list[Shown]], nrow: int | None, note: str) -> Figure:
    rows, across = grid_of(len(columns), nrow)
    longest = max((len(plain(level, 18)) for both in columns for level in both[0].levels), default=0)
    wide = 2.7 + 0.08 * max(0, longest - 8)  # room for levels beside the bars
    picture = Picture(figsize=(max(4.8, 0.6 + wide * across), max(3.0, 0.6 + 2.1 * rows)), layout="constrained")
    grid = picture.subplots(rows, across, squeeze=False).ravel()
    for axes, both in zip(grid, columns, strict=False):
        draw_column(axes, sources(*both))
        finish(axes, plain(both[1].name))
        axes.grid(visible=False, axis="x" if both[0].continuous else "y")
    _finish(picture, grid, len(columns), note)
    return picture


def _pairs(columns: list[list[Shown]], nrow: int | None, note: str) -> Figure:
    pairs = list(itertools.combinations(columns, 2))
    rows, across = grid_of(len(pairs), nrow)
    longest = max((len(plain(level, 18)) for both in columns for level in both[0].levels), default=0)
    wide, high = 3.0 + 0.08 * max(0, longest - 8), 2.5 + 0.06 * max(0, longest - 8)
    picture = Picture(figsize=(max(5.2, 0.6 + wide * across), max(3.6, 0.6 + high * rows)), layout="constrained")
    grid = picture.subplots(rows, across, squeeze=False).ravel()
    thinned = False
    for axes, (x, y) in zip(grid, pairs, strict=False):
        thinned |= draw_pair(axes, sources(*x), sources(*y), (axis_limits(x), axis_limits(y)))
        finish(axes)
        axes.set(xlabel=plain(x[1].name), ylabel=plain(y[1].name))
        if not (x[0].continuous or y[0].continuous):
            axes.grid(visible=False)
    if thinned:
        note = f"{note} Of more rows, {MOST_POINTS:,} are drawn as points.".strip()
    if any(not (x[0].continuous or y[0].continuous) for x, y in pairs):
        note = f"{note} {TILES}".strip()
    _finish(picture, grid, len(pairs), note)
    return picture


def _finish(picture: Figure, grid: np.ndarray, count: int, note: str) -> None:
    for axes in grid[count:]:
        axes.set_visible(False)
    key(picture, KEY)
    below(picture, "", note)
