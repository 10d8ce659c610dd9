"""A table's traced samples over the epochs, with the real rows and the noise behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from ..data.values import Shown, Source, together
from . import density
from .compare import choose_columns
from .marks import MOST_POINTS, TALLEST, TILES, Limits, axis_limits, draw_column, draw_density, draw_pair, sources
from .panels import (
    GENERATED,
    MARGIN,
    MOST_PANELS,
    NOISE,
    REAL,
    Axes,
    Figure,
    Picture,
    below,
    finish,
    grid_of,
    key,
    plain,
    spread_early,
)

MOST_COLUMNS = 4  # of a table whose columns are drawn below each other
LEAST_SHARE = 0.4  # of the axis, that the data keep where the noise is drawn as it is


@dataclass(frozen=True)
class Course:
    """What panels and frames are drawn from: epochs, the chosen columns of each sample, their common limits."""

    epochs: list[int]
    columns: list[list[Shown]]  # for each chosen column one for each epoch
    real: list[Shown] | None
    bounds: list[Limits]
    noise: tuple[float, float] | None  # mean and sd of the noise as it is drawn
    note: str

    @property
    def pair(self) -> bool:
        """Whether two columns are drawn against each other."""
        return len(self.columns) == 2

    def draw(self, axes: Axes, epoch: int, column: int = 0) -> None:
        """The sample of one epoch (by its place) into one panel."""
        parts = [sources(self.real[k] if self.real else None, shown[epoch]) for k, shown in enumerate(self.columns)]
        if self.pair:
            draw_pair(axes, parts[0], parts[1], (self.bounds[0], self.bounds[1]))
        elif self.columns[column][0].continuous:
            draw_density(axes, parts[column], self.bounds[column], self.noise)
        else:
            draw_column(axes, parts[column])
            axes.set_xlim(0.0, 1.0)  # the same length in every epoch

    def top(self, column: int) -> float:
        """How high the panels of a column of numbers are: to the highest density, but early peaks are cut."""
        tops = [float(density.curve(part.there)[1].max()) for part in self.columns[column] if len(part.there)]
        behind = (self.real or [parts[-1] for parts in self.columns])[column].there
        usual = [float(density.curve(behind)[1].max())] if len(behind) else []
        if self.noise is not None:
            usual.append(float(density.normal(np.array([self.noise[0]]), *self.noise)[0]))
        return min(max(tops + usual, default=1.0), TALLEST * max(usual, default=1.0)) * (1.0 + MARGIN)

    @property
    def notes(self) -> str:
        """What the picture leaves out, and how its tiles are read."""
        numbers = [columns[0].continuous for columns in self.columns]
        parts = [self.note]
        if self.pair and self.real and all(numbers) and max(len(column.values) for column in self.real) > MOST_POINTS:
            parts.append(f"Of more rows, {MOST_POINTS:,} are drawn as points.")
        if self.pair and self.real and not any(numbers):
            parts.append(TILES)
        return " ".join(part for part in parts if part)

    def entries(self) -> list[tuple[str, str]]:
        """The key's names and colours."""
        noise = [] if self.noise is None else [("noise" if self.noise == (0.0, 1.0) else "noise, rescaled", NOISE)]
        return noise + ([("real", REAL)] if self.real else []) + [("generated", GENERATED)]


def course(
    samples: Sequence[tuple[int, Any]], real: Any = None, columns: Sequence[Any] | None = None, noise: bool = True
) -> Course:
    """Unpack the pairs of an epoch and its rows; `noise` only matters for a single column of numbers."""
    if not samples:
        check.fail("fit", "a fit with a traced sample", samples, "Fit with a smaller `trace`.")
    sources_ = [Source("fit", rows) for _, rows in samples]
    chosen, note = choose_columns(sources_[0], columns, most=MOST_COLUMNS)
    truth = None if real is None else Source("real", real)
    places = chosen if truth is None else sources_[0].places_in(truth, chosen)
    parts, behind = [], []
    for i, j in zip(chosen, places, strict=True):
        shown = [source.column(i) for source in sources_]
        shown = together(shown if truth is None else [truth.column(j), *shown])
        behind.append(shown[0])
        parts.append(shown if truth is None else shown[1:])
    bounds = [axis_limits([first, *shown]) for first, shown in zip(behind, parts, strict=True)]
    normal = None
    if noise and len(parts) == 1 and behind[0].kind == "number":
        normal, bounds[0] = _noise(behind[0] if truth is not None else parts[0][-1], bounds[0])
    return Course([epoch for epoch, _ in samples], parts, behind if truth else None, bounds, normal, note)


def _noise(column: Shown, bounds: Limits) -> tuple[tuple[float, float] | None, Limits]:
    """Standard normal noise as it is, where the axis has room for it beside the data; otherwise on the data's scale."""
    wide = (min(bounds[0], -3.2), max(bounds[1], 3.2))
    if bounds[1] - bounds[0] >= LEAST_SHARE * (wide[1] - wide[0]) and bounds[1] - bounds[0] <= 40.0:
        return (0.0, 1.0), wide
    mean, sd = float(column.there.mean()), float(column.there.std())
    return ((mean, sd) if sd > 0.0 else None), bounds


def plot_training(
    samples: Sequence[tuple[int, Any]],
    real: Any = None,
    columns: Sequence[Any] | None = None,
    nrow: int | None = None,
    noise: bool = True,
) -> Figure:
    """Draw a table's samples over the epochs.

    One column becomes densities, with the noise that a generator starts from (dashed) behind them; two become scatter
    plots with contours, one panel for each of at most twelve epochs; more become rows of densities, for four epochs.
    """
    if columns is not None and len(columns) > MOST_COLUMNS and not isinstance(columns, str):
        raise ValueError(f"`columns` must be at most {MOST_COLUMNS} columns, not {len(columns)}.")
    wide = len(columns) if columns is not None and not isinstance(columns, str) else _width(samples)
    most = MOST_PANELS if wide <= 2 else MOST_PANELS // 3
    shown = course([samples[i] for i in spread_early(len(samples), most)], real, columns, noise)
    return _grid_of_columns(shown) if len(shown.columns) > 2 else _grid_of_epochs(shown, nrow)


def _width(samples: Sequence[tuple[int, Any]]) -> int:
    return len(Source("fit", samples[0][1]).names) if samples else 1


def _grid_of_epochs(shown: Course, nrow: int | None) -> Figure:
    count = len(shown.epochs)
    rows, across = grid_of(count, nrow)
    picture = Picture(figsize=(max(5.2, 0.6 + 2.4 * across), max(3.4, 0.7 + 2.0 * rows)), layout="constrained")
    grid = picture.subplots(rows, across, sharex=True, sharey=True, squeeze=False).ravel()
    for i, axes in enumerate(grid):
        axes.set_visible(i < count)
        if i < count:
            shown.draw(axes, i)
            finish(axes, f"epoch {shown.epochs[i]:,}")
            axes.set(xlabel="", ylabel="")
            if i + across >= count:
                axes.tick_params(labelbottom=True)
    first = shown.columns[0][0]
    if not shown.pair and first.continuous:
        grid[0].set_ylim(0.0, shown.top(0))
    level = not shown.pair and not first.continuous
    below(picture, "share of rows" if level else plain(first.name), shown.notes)
    picture.supylabel(
        plain(shown.columns[1][0].name) if shown.pair else plain(first.name) if level else "density", fontsize="medium"
    )
    key(picture, shown.entries())
    return picture


def _grid_of_columns(shown: Course) -> Figure:
    rows, across = len(shown.columns), len(shown.epochs)
    picture = Picture(figsize=(max(5.2, 0.6 + 2.4 * across), 0.8 + 1.9 * rows), layout="constrained")
    grid = picture.subplots(rows, across, squeeze=False, sharey="row")
    for k, row in enumerate(grid):
        for i, axes in enumerate(row):
            shown.draw(axes, i, k)
            finish(axes, f"epoch {shown.epochs[i]:,}" if k == 0 else None)
            axes.set(xlabel=plain(shown.columns[k][0].name), ylabel="")
        if shown.columns[k][0].continuous:
            row[0].set_ylim(0.0, shown.top(k))
            row[0].set_ylabel("density")
        else:
            for axes in row:
                axes.set_xlabel("share of rows")
            row[0].set_ylabel(plain(shown.columns[k][0].name))
    key(picture, shown.entries())
    below(picture, "", shown.notes)
    return picture
