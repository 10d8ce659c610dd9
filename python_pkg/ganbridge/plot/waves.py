"""Waves as small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import check
from .panels import GENERATED, GRID, MOST_PANELS, Figure, Picture, grid_of, limits

Panel = tuple[str, np.ndarray]  # a title and the waves (k, m) drawn under it


def plot_waves(samples: Any, ids: Sequence[int] | None = None, nrow: int | None = None) -> Figure:
    """Waves as small multiples on common axes.

    Args:
        samples: an array of n waves by m points, drawn in one panel each; or pairs of an epoch and such an array, drawn
            in one panel for each epoch (at most twelve, spread evenly), with the waves over each other.
        ids: which rows of the arrays, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.

    Raises:
        ValueError: where `samples` holds no waves, or a row in `ids` is not there.
    """
    traced = _pairs(samples)
    if traced is None:
        waves = _waves(samples)
        panels = [(f"wave {i}", waves[i : i + 1]) for i in wave_ids(ids, len(waves))]
        opacity = 1.0
    else:
        chosen = wave_ids(ids, min(len(waves) for _, waves in traced))
        shown = np.unique(np.linspace(0, len(traced) - 1, min(len(traced), MOST_PANELS)).round().astype(int))
        panels = [(f"epoch {traced[i][0]:,}", traced[i][1][chosen]) for i in shown]
        opacity = max(0.25, 1.0 / math.sqrt(len(chosen)))
    return _small_multiples(panels, nrow, opacity)


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


def _pairs(samples: Any) -> list[tuple[int, np.ndarray]] | None:
    """Pairs of an epoch and its waves, or None where `samples` is not made of pairs."""
    if not isinstance(samples, (list, tuple)) or not all(
        isinstance(entry, tuple) and len(entry) == 2 and np.ndim(entry[0]) == 0 for entry in samples
    ):
        return None
    if not samples:
        check.fail("samples_or_fit", "a trace with samples", samples, "Fit with a smaller `trace`.")
    return [(int(epoch), _waves(waves)) for epoch, waves in samples]


def _waves(samples: Any) -> np.ndarray:
    wanted = "an array of n waves by m points, a trace of waves or a fit of waves"
    try:
        waves = np.asarray(samples, dtype=float)
    except (TypeError, ValueError):
        waves = None
    if waves is None or waves.ndim == 0:
        check.fail("samples_or_fit", wanted, samples)
    elif waves.ndim != 2 or len(waves) < 1 or waves.shape[1] < 2:
        remedy = "Write samples.reshape(1, -1) to draw one wave." if waves.ndim == 1 and waves.size > 1 else ""
        check.fail("samples_or_fit", wanted, waves, remedy)
    elif not np.isfinite(waves).all():
        bad = ~np.isfinite(waves).all(1)
        raise ValueError(f"`samples_or_fit` must hold finite values only; see {check.positions(bad)}.")
    return np.asarray(waves)


def _small_multiples(panels: list[Panel], nrow: int | None, opacity: float) -> Figure:
    rows, columns = grid_of(len(panels), nrow)
    size = (max(4.8, 0.5 + 2.3 * columns), max(2.8, 0.5 + 1.6 * rows))
    picture = Picture(figsize=size, layout="constrained")
    grid = picture.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    all_axes = grid.ravel()
    for axes, (title, waves) in zip(all_axes, panels, strict=False):
        axes.plot(np.arange(waves.shape[1]), waves.T, color=GENERATED, linewidth=1.1, alpha=opacity)
        axes.set_title(title, loc="left", fontsize="medium")
        axes.grid(**GRID)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in all_axes[len(panels) :]:
        axes.set_visible(False)
    # Where a column ends early, its last panel gets the tick labels that the hidden one would have had.
    for axes in all_axes[max(0, len(panels) - columns) : len(panels)]:
        axes.tick_params(labelbottom=True)
    all_axes[0].set_xlim(0, max(waves.shape[1] for _, waves in panels) - 1)
    all_axes[0].set_ylim(*limits(np.concatenate([waves.ravel() for _, waves in panels])))
    picture.supxlabel("point", fontsize="medium")
    picture.supylabel("value", fontsize="medium")
    return picture
