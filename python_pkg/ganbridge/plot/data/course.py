"""A table's traced samples over the epochs, with the real rows and the noise behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ... import check
from .axis import Axis, Limits, axis_limits
from .columns import choose_columns
from .grid import MOST_PANELS, frames_of, grid_of, spread_early
from .levels import aligned
from .marginal import Bars, Densities, bars, densities, highest
from .pair import MOST_POINTS, THINNED, TILES, Pair, holding_contours, pair_of
from .values import PlotColumn, Source

MOST_COLUMNS = 4  # of a table whose columns are drawn below each other
LEAST_SHARE = 0.4  # of the axis, that the data keep if the noise is drawn as it is
STANDARD = (0.0, 1.0)  # mean and sd of the noise that a generator starts from


@dataclass(frozen=True)
class Course:
    """One panel for each epoch.

    marginals: for each column shown one list of panels, or else pairs: one list of panels of two columns. tops: for
    each column the upper limit of its densities or shares. rows, columns: the grid of panels. keys: names of what is
    drawn, from the back to the front.
    """

    epochs: list[int]
    marginals: list[list[Densities | Bars]]
    pairs: list[Pair]
    tops: list[float]
    rows: int
    columns: int
    keys: list[str]
    note: str


@dataclass(frozen=True)
class _Rows:
    """The columns shown: of each epoch's sample, of the real rows if there are any, and their common limits."""

    columns: list[list[PlotColumn]]  # for each column one entry for each epoch
    real: list[PlotColumn] | None
    limits: list[Limits]
    note: str

    def of(self, column: int, epoch: int) -> list[PlotColumn]:
        shown = self.columns[column][epoch]
        return [shown] if self.real is None else [self.real[column], shown]

    @property
    def sources(self) -> tuple[str, ...]:
        return ("generated",) if self.real is None else ("real", "generated")


def course_panels(
    samples: Sequence[tuple[int, Any]],
    real: Any = None,
    columns: Sequence[Any] | None = None,
    nrow: int | None = None,
) -> Course:
    """A table's samples side by side, `samples` being pairs of an epoch and its rows.

    One column becomes densities, with the noise that a generator starts from behind them; two become scatter plots with
    contours, one panel for each of at most twelve epochs; more become rows of densities, for four epochs.
    """
    if columns is not None and len(columns) > MOST_COLUMNS and not isinstance(columns, str):
        raise ValueError(f"`columns` must be at most {MOST_COLUMNS} columns, not {len(columns)}.")
    wide = len(columns) if columns is not None and not isinstance(columns, str) else _width(samples)
    most = MOST_PANELS if wide <= 2 else MOST_PANELS // 3
    return _course([samples[i] for i in spread_early(len(samples), most)], real, columns, nrow)


def course_frames(samples: Sequence[tuple[int, Any]], real: Any = None, columns: Sequence[Any] | None = None) -> Course:
    """A table's samples one after the other, on axes common to all epochs; the grid is that of one frame."""
    return _course(frames_of(samples), real, columns, None)


def _width(samples: Sequence[tuple[int, Any]]) -> int:
    return len(Source("fit", samples[0][1]).names) if samples else 1


def _course(samples: Sequence[tuple[int, Any]], real: Any, columns: Sequence[Any] | None, nrow: int | None) -> Course:
    rows = _read(samples, real, columns)
    epochs, count = [epoch for epoch, _ in samples], len(rows.columns)
    noise, keys, limits = None, [], rows.limits
    if count == 1 and rows.columns[0][0].column_type == "number":
        noise, limits = _noise(rows)
        keys = [] if noise is None else ["noise" if noise == STANDARD else "noise, rescaled"]
    marginals: list[list[Densities | Bars]] = []
    pairs: list[Pair] = []
    tops: list[float] = []
    if count == 2:
        axes = (Axis.of(rows.columns[0][:1], limits[0]), Axis.of(rows.columns[1][:1], limits[1]))
        pairs = [pair_of(rows.of(0, i), rows.of(1, i), rows.sources, axes) for i in range(len(epochs))]
        pairs = holding_contours(pairs)
    else:
        for k in range(count):
            panels, top = _marginals(rows, k, limits[k], noise)
            marginals.append(panels)
            tops.append(top)
    grid = grid_of(len(epochs), nrow) if count <= 2 else (count, len(epochs))
    return Course(epochs, marginals, pairs, tops, *grid, [*keys, *rows.sources], _note(rows))


def _read(samples: Sequence[tuple[int, Any]], real: Any, columns: Sequence[Any] | None) -> _Rows:
    if not samples:
        check.fail("fit", "a fit with a traced sample", samples, "Fit with a smaller `trace`.")
    sources = [Source("fit", rows) for _, rows in samples]
    chosen, note = choose_columns(sources[0], columns, most=MOST_COLUMNS)
    truth = None if real is None else Source("real", real)
    indices = chosen if truth is None else sources[0].indices_in(truth, chosen)
    parts, behind, limits = [], [], []
    for i, j in zip(chosen, indices, strict=True):
        generated = [source.column(i) for source in sources]
        shown = aligned(generated if truth is None else [truth.column(j), *generated])
        limits.append(axis_limits(shown))
        behind.append(shown[0])
        parts.append(shown if truth is None else shown[1:])
    return _Rows(parts, None if truth is None else behind, limits, note)


def _marginals(rows: _Rows, k: int, limits: Limits, noise: Limits | None) -> tuple[list[Densities | Bars], float]:
    """One column's panels and the upper limit that they share."""
    epochs = range(len(rows.columns[k]))
    if not rows.columns[k][0].continuous:  # all rows, so that bars have the same length in every epoch
        return [bars(rows.of(k, i), rows.sources, 1.0) for i in epochs], 1.0
    panels = [densities(rows.of(k, i), rows.sources, limits, noise) for i in epochs]
    return [*panels], highest(panels, noise)


def _noise(rows: _Rows) -> tuple[tuple[float, float] | None, list[Limits]]:
    """Mean and sd of the noise as it is drawn, and the limits of the axis with it.

    It is standard normal if the axis has room for that beside the data, and otherwise on the data's scale.
    """
    column = rows.columns[0][-1] if rows.real is None else rows.real[0]
    low, high = rows.limits[0]
    wide = (min(low, -3.2), max(high, 3.2))
    if high - low >= LEAST_SHARE * (wide[1] - wide[0]) and high - low <= 40.0:
        return STANDARD, [wide]
    mean, sd = float(column.present.mean()), float(column.present.std())
    return ((mean, sd) if sd > 0.0 else None), rows.limits


def _note(rows: _Rows) -> str:
    """What the plot leaves out, and how its tiles are read."""
    continuous, parts = [column[0].continuous for column in rows.columns], [rows.note]
    if len(continuous) == 2 and rows.real is not None:
        if all(continuous) and max(len(column.values) for column in rows.real) > MOST_POINTS:
            parts.append(THINNED)
        if not any(continuous):
            parts.append(TILES)
    return " ".join(filter(None, parts))
