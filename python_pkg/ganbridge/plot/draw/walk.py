"""Rows along a walk through the latent space, column by column or as a path through pairs of columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check
from ..data.values import Shown, Source, together
from .compare import BY, choose_columns
from .marks import MOST_POINTS, axis_limits, mark_axis
from .panels import GENERATED, REAL, Axes, Figure, Picture, below, finish, grid_of, key, plain

USUAL = (5.0, 95.0)  # percentiles of the real rows, between which the band lies
Both = list[Shown]  # the real column where there is one, and the walk's


def plot_walk(
    walk: Any, real: Any = None, by: str = "column", columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Figure:
    """Draw the rows of a walk in their order.

    Args:
        walk: a DataFrame or an array of at least two rows, in the order of the walk.
        real: the real rows, or None.
        by: "column" for values over the steps of the walk, with a band that holds the middle 90 percent of the real
            rows; "pair" for the path through pairs of columns, with the real rows behind it.
        columns: names, or places counted from 0; None takes as many of the first ones as twelve panels have room for.
        nrow: rows of panels; None chooses.
    """
    check.choice("by", by, BY)
    path = Source("walk", walk)
    if path.rows < 2:
        check.fail("walk", "rows along a walk, at least two", walk)
    truth = None if real is None else Source("real", real)
    chosen, note = choose_columns(path, columns, by)
    places = chosen if truth is None else path.places_in(truth, chosen)
    parts = []
    for i, j in zip(chosen, places, strict=True):
        behind = [] if truth is None else [truth.column(j)]
        parts.append(together([*behind, path.column(i)]))
    if by == "pair" and len(parts) < 2:
        check.fail("columns", "at least two columns for pairs", [part[-1].name for part in parts])
    panels = [(part,) for part in parts] if by == "column" else list(itertools.combinations(parts, 2))
    return _draw(panels, nrow, note, [("walk", GENERATED)] if truth is None else [("real", REAL), ("walk", GENERATED)])


def _draw(panels: Sequence[tuple[Both, ...]], nrow: int | None, note: str, entries: list[tuple[str, str]]) -> Figure:
    rows, across = grid_of(len(panels), nrow)
    picture = Picture(figsize=(max(4.8, 0.6 + 2.9 * across), max(3.2, 0.6 + 2.2 * rows)), layout="constrained")
    grid = picture.subplots(rows, across, squeeze=False).ravel()
    for axes, parts in zip(grid, panels, strict=False):
        if len(parts) == 1:
            _along(axes, parts[0])
        else:
            _path(axes, *parts)
        finish(axes)
    for axes in grid[len(panels) :]:
        axes.set_visible(False)
    key(picture, entries)
    ends = "The ring is where the walk starts, the dot where it ends." if len(panels[0]) == 2 else ""
    band = "Grey: the middle 90% of the real rows." if len(panels[0]) == 1 and len(entries) == 2 else ""
    below(picture, "", " ".join(part for part in (note, ends, band) if part))
    return picture


def _along(axes: Axes, both: Both) -> None:
    walk, steps = both[-1], np.arange(1, len(both[-1].values) + 1)
    bounds = axis_limits(both)
    if len(both) == 2 and walk.continuous and len(both[0].there):
        axes.axhspan(*np.percentile(both[0].there, USUAL), color=REAL, alpha=0.25, linewidth=0)
    marked: Any = {"marker": "o", "markersize": 3.0} if len(steps) <= 60 or not walk.continuous else {}
    line: Any = {"linewidth": 1.4} if walk.continuous else {"linewidth": 0.8, "drawstyle": "steps-mid", "alpha": 0.8}
    axes.plot(steps, walk.values, color=GENERATED, **line, **marked)
    axes.set(xlabel="step of the walk", ylabel=plain(walk.name), xlim=(1 - 0.02 * len(steps), len(steps) * 1.02))
    mark_axis(axes, "y", walk, bounds)


def _path(axes: Axes, x: Both, y: Both) -> None:
    if len(x) == 2:
        some = np.unique(np.linspace(0, len(x[0].values) - 1, min(len(x[0].values), MOST_POINTS)).round().astype(int))
        across, up = _apart(x[0], 0.618)[some], _apart(y[0], 0.755)[some]
        axes.scatter(across, up, s=10, color=REAL, alpha=0.3, linewidths=0)
    a, b = x[-1].values, y[-1].values
    axes.plot(a, b, color=GENERATED, linewidth=1.4, marker="o", markersize=2.5)
    axes.plot(a[:1], b[:1], color=GENERATED, marker="o", markersize=7, markerfacecolor="white", linestyle="")
    axes.plot(a[-1:], b[-1:], color=GENERATED, marker="o", markersize=7, linestyle="")
    axes.set(xlabel=plain(x[-1].name), ylabel=plain(y[-1].name))
    mark_axis(axes, "x", x[-1], axis_limits(x))
    mark_axis(axes, "y", y[-1], axis_limits(y))


def _apart(column: Shown, step: float) -> np.ndarray:
    """Levels with their rows beside each other, by multiples of an irrational step instead of chance."""
    if column.continuous:
        return column.values
    return np.asarray(column.values + 0.5 * ((np.arange(1, len(column.values) + 1) * step) % 1.0 - 0.5))
