"""Waves as small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import check
from .panels import CHANNELS, GENERATED, GRID, MOST_PANELS, Figure, Line2D, Picture, grid_of, limits

UNLIKE = 10.0  # channels whose ranges differ by more than this factor get a strip each
STRIP = 0.9  # of the room for a strip that its channel takes

Wave = np.ndarray  # (points, channels)


@dataclass
class Panel:
    """Waves drawn over each other under one title."""

    title: str
    waves: list[Wave]


def plot_waves(
    samples: Any,
    ids: Sequence[int] | None = None,
    nrow: int | None = None,
    labels: Sequence[Any] | None = None,
    rate: float | None = None,
) -> Figure:
    """Waves as small multiples on common axes.

    Args:
        samples: an array of n waves by m points, or by m points by channels, or a list of waves of different lengths,
            drawn in one panel each; or pairs of an epoch and such samples, drawn in one panel for each epoch (at most
            twelve, spread evenly), with the waves over each other. A channel has a colour; more channels than there
            are colours, or channels whose ranges differ much, have a strip each, which spans their range.
        ids: which waves, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.
        labels: titles of the panels, one for each wave there is or one for each in `ids`; not for pairs.
        rate: points per second, for an axis of time; None counts points.

    Raises:
        ValueError: where `samples` holds no waves, a wave in `ids` is not there, or labels are too many or too few.
    """
    rate = None if rate is None else check.rate(rate)
    traced = _pairs(samples)
    if traced is None:
        waves = as_waves(samples)
        chosen = wave_ids(ids, len(waves))
        titles = _titles(labels, chosen, len(waves))
        panels = [Panel(title, [waves[i]]) for title, i in zip(titles, chosen, strict=True)]
    else:
        if labels is not None:
            check.fail("labels", "None for a trace, whose panels are epochs", labels)
        chosen = wave_ids(ids, min(len(waves) for _, waves in traced))
        shown = np.unique(np.linspace(0, len(traced) - 1, min(len(traced), MOST_PANELS)).round().astype(int))
        panels = [Panel(f"epoch {traced[i][0]:,}", [traced[i][1][k] for k in chosen]) for i in shown]
    return _small_multiples(panels, nrow, rate)


def wave_ids(ids: Sequence[int] | None, limit: int | None = None) -> list[int]:
    """The rows that are asked for, counted from 0, of `limit` rows (None: of as many as one likes)."""
    if ids is None:
        return list(range(MOST_PANELS if limit is None else min(MOST_PANELS, limit)))
    wanted = "row numbers of waves, counted from 0"
    last = check.SEED_LIMIT if limit is None else limit - 1
    if isinstance(ids, range):
        ids = list(ids)
    chosen = check.sequence("ids", ids, lambda name, value: check.whole(name, value, 0, last), wanted)
    if not chosen:
        check.fail("ids", f"{wanted}, at least one", ids)
    return list(chosen)


def _titles(labels: Sequence[Any] | None, chosen: list[int], count: int) -> list[str]:
    if labels is None:
        return [f"wave {i}" for i in chosen]
    if isinstance(labels, str) or not hasattr(labels, "__len__") or len(labels) not in (count, len(chosen)):
        each = f"one for each of the {count} waves"
        check.fail("labels", each + (f", or of the {len(chosen)} shown" if len(chosen) != count else ""), labels)
    words = [str(label) for label in labels]
    return [words[i] for i in chosen] if len(words) == count else words


def _pairs(samples: Any) -> list[tuple[int, list[Wave]]] | None:
    """Pairs of an epoch and its waves, or None where `samples` is not made of pairs."""
    if not isinstance(samples, (list, tuple)) or not all(
        isinstance(entry, tuple) and len(entry) == 2 and np.ndim(entry[0]) == 0 and not np.isscalar(entry[1])
        for entry in samples
    ):
        return None
    if not samples:
        check.fail("samples_or_fit", "a trace with samples", samples, "Fit with a smaller `trace`.")
    return [(int(epoch), as_waves(waves)) for epoch, waves in samples]


def as_waves(samples: Any) -> list[Wave]:
    """Waves (points, channels) from an array of two or three dimensions, or from a list of waves."""
    wanted = "waves (an array or a list), a trace of waves or a fit of waves"
    parts = samples if isinstance(samples, (list, tuple)) else None
    try:
        if parts and len({len(part) for part in parts if np.ndim(part)}) > 1:
            arrays = [np.asarray(part, dtype=float) for part in parts]
        else:
            whole = np.asarray(samples, dtype=float)
            arrays = list(whole) if whole.ndim in (2, 3) else []
    except (TypeError, ValueError):
        whole, arrays = None, []
    waves = [wave[:, None] if wave.ndim == 1 else wave for wave in arrays]
    if not waves or any(wave.ndim != 2 or len(wave) < 2 or wave.shape[1] != waves[0].shape[1] for wave in waves):
        flat = not arrays and whole is not None and whole.ndim == 1 and whole.size > 1
        remedy = "Write samples.reshape(1, -1) to draw one wave." if flat else ""
        shown = samples if parts or whole is None or not whole.ndim else whole
        check.fail("samples_or_fit", wanted, shown, remedy)
    bad = np.array([not np.isfinite(wave).all() for wave in waves])
    if bad.any():
        raise ValueError(f"`samples_or_fit` must hold finite values only; see {check.positions(bad)}.")
    return waves


def time_axis(rate: float | None) -> tuple[float, str]:
    """Distance of two points on the axis, and the axis' label."""
    return (1.0, "point") if rate is None else (1.0 / rate, "time [s]")


def _small_multiples(panels: list[Panel], nrow: int | None, rate: float | None) -> Figure:
    rows, columns = grid_of(len(panels), nrow)
    waves = [wave for panel in panels for wave in panel.waves]
    scales = _Scales.of(waves)
    height = 1.6 if scales.shared else max(1.6, 0.4 + 0.25 * waves[0].shape[1])
    size = (max(4.8, 0.5 + 2.3 * columns), max(2.8, 0.5 + height * rows))
    picture = Picture(figsize=size, layout="constrained")
    grid = picture.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    all_axes = grid.ravel()
    step, label = time_axis(rate)
    for axes, panel in zip(all_axes, panels, strict=False):
        opacity = max(0.25, 1.0 / math.sqrt(len(panel.waves)))
        for wave in panel.waves:
            for k, values in enumerate(scales.place(wave).T):
                axes.plot(np.arange(len(values)) * step, values, color=scales.colours[k], linewidth=1.1, alpha=opacity)
        axes.set_title(panel.title, loc="left", fontsize="medium")
        axes.grid(**GRID)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in all_axes[len(panels) :]:
        axes.set_visible(False)
    # Where a column ends early, its last panel gets the tick labels that the hidden one would have had.
    for axes in all_axes[max(0, len(panels) - columns) : len(panels)]:
        axes.tick_params(labelbottom=True)
    all_axes[0].set_xlim(0, (max(len(wave) for wave in waves) - 1) * step)
    scales.mark(picture, all_axes[0])
    picture.supxlabel(label, fontsize="medium")
    return picture


@dataclass
class _Scales:
    """Where the channels' values lie on the common axis: as they are, or each channel in a strip of its own."""

    low: np.ndarray  # (channels,)
    high: np.ndarray
    shared: bool

    @classmethod
    def of(cls, waves: list[Wave]) -> _Scales:
        low = np.min([wave.min(0) for wave in waves], axis=0)
        high = np.max([wave.max(0) for wave in waves], axis=0)
        reach = (high - low)[high > low]
        alike = not reach.size or float(reach.max()) <= UNLIKE * float(reach.min())
        return cls(low, high, len(low) <= len(CHANNELS) and alike)

    @property
    def colours(self) -> list[str]:
        """A colour for each channel; strips need none to be told apart."""
        return list(CHANNELS[: len(self.low)]) if self.shared else [GENERATED] * len(self.low)

    def place(self, wave: Wave) -> Wave:
        """The wave as it is drawn; the first channel's strip is the topmost."""
        if self.shared:
            return wave
        reach = np.where(self.high > self.low, self.high - self.low, 1.0)
        return np.asarray((wave - self.low) / reach * STRIP + np.arange(len(self.low))[::-1])

    def mark(self, picture: Figure, axes: Any) -> None:
        """Limits and ticks, and a key above the panels where there are colours to tell apart."""
        names = [f"channel {k}" for k in range(len(self.low))]
        if not self.shared:
            axes.set_ylim(STRIP - 1.0, len(names))
            axes.set_yticks(np.arange(len(names))[::-1] + STRIP / 2.0, names)
            return
        axes.set_ylim(*limits(np.concatenate([self.low, self.high])))
        picture.supylabel("value", fontsize="medium")
        if len(names) > 1:
            keys = [Line2D([], [], color=colour, linewidth=1.8) for colour in self.colours]
            picture.legend(keys, names, loc="outside upper right", ncols=len(names), frameon=False)
