"""Rows along a walk through the latent space, column by column or as a path through pairs of columns."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from .axis import Axis
from .columns import BY, check_pairs, choose_columns, most_for_pairs
from .grid import MOST_PANELS, grid_of, spread_evenly
from .levels import aligned
from .pair import MOST_POINTS
from .values import PlotColumn, Source

USUAL = (5.0, 95.0)  # percentiles of the real rows, between which the band lies
APART = (0.618, 0.755)  # irrational steps along x and y, see `_apart`
ENDS = "The ring is where the walk starts, the dot where it ends."
BAND = "Grey: the middle 90% of the real rows."


@dataclass(frozen=True)
class Steps:
    """One column over the steps 1, 2, ...: values (n,); band: the middle 90 percent of the real rows, if any."""

    axis: Axis
    values: np.ndarray
    band: tuple[float, float] | None


@dataclass(frozen=True)
class Path:
    """Two columns: the walk (n, 2), and real rows (m, 2), if there are any, with levels spread around their axis."""

    x: Axis
    y: Axis
    walk: np.ndarray
    real: np.ndarray | None


@dataclass(frozen=True)
class Walk:
    """Panels row by row in a grid of rows x columns: all of them `Steps`, or all `Path`."""

    panels: list[Steps | Path]
    rows: int
    columns: int
    keys: list[str]
    note: str


def walk_of(
    walk: Any, real: Any = None, by: str = "column", columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Walk:
    """The rows of a walk in their order.

    Args:
        walk: a DataFrame or an array of at least two rows, in the order of the walk.
        real: the real rows, or None.
        by: "column" for values over the steps of the walk, with a band that holds the middle 90 percent of the real
            rows; "pair" for the path through pairs of columns, with the real rows behind it.
        columns: names, or indices counted from 0; None takes as many of the first ones as twelve panels have room for.
        nrow: rows of panels; None chooses.
    """
    check.choice("by", by, BY)
    path = Source("walk", walk)
    if path.rows < 2:
        check.fail("walk", "rows along a walk, at least two", walk)
    truth = None if real is None else Source("real", real)
    chosen, note = choose_columns(path, columns, most_for_pairs() if by == "pair" else MOST_PANELS)
    indices = chosen if truth is None else path.indices_in(truth, chosen)
    parts = [
        aligned([*([] if truth is None else [truth.column(j)]), path.column(i)])
        for i, j in zip(chosen, indices, strict=True)
    ]
    panels: list[Steps | Path]
    if by == "pair":
        check_pairs([part[-1].name for part in parts])
        panels = [_path(x, y) for x, y in itertools.combinations(parts, 2)]
        words = ENDS
    else:
        panels = [_steps(part) for part in parts]
        words = "" if truth is None else BAND
    keys = ["walk"] if truth is None else ["real", "walk"]
    return Walk(panels, *grid_of(len(panels), nrow), keys, " ".join(filter(None, [note, words])))


def _steps(both: Sequence[PlotColumn]) -> Steps:
    """From the real column, if there is one, and the walk's."""
    walk, band = both[-1], None
    if len(both) == 2 and walk.continuous and len(both[0].present):
        low, high = np.percentile(both[0].present, USUAL)
        band = (float(low), float(high))
    return Steps(Axis.of(both), walk.values, band)


def _path(x: Sequence[PlotColumn], y: Sequence[PlotColumn]) -> Path:
    real = None
    if len(x) == 2:
        drawn = spread_evenly(len(x[0].values), MOST_POINTS)
        real = np.stack([_apart(both[0], step)[drawn] for both, step in zip((x, y), APART, strict=True)], 1)
    return Path(Axis.of(x), Axis.of(y), np.stack([x[-1].values, y[-1].values], 1), real)


def _apart(column: PlotColumn, step: float) -> np.ndarray:
    """Levels with their rows beside each other, by multiples of an irrational step instead of chance."""
    if column.continuous:
        return column.values
    return np.asarray(column.values + 0.5 * ((np.arange(1, len(column.values) + 1) * step) % 1.0 - 0.5))
