"""Waves as small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from .channels import Scales, Wave, as_waves, time_axis
from .panels import GENERATED, GRID, MOST_PANELS, REAL, Figure, Picture, grid_of, spread_early

BESIDE = 8  # waves of either source, where the user does not say what to show


@dataclass
class Panel:
    """Waves drawn over each other under one title; `colour` counts where channels need none."""

    title: str
    waves: list[Wave]
    colour: str = GENERATED


def plot_waves(
    samples: Any,
    ids: Sequence[int] | None = None,
    nrow: int | None = None,
    labels: Sequence[Any] | None = None,
    rate: float | None = None,
    channels: Sequence[Any] | None = None,
    real: Any = None,
) -> Figure:
    """Waves as small multiples on common axes.

    Args:
        samples: an array of n waves by m points, or by m points by channels, or a list of waves of different lengths,
            drawn in one panel each; or pairs of an epoch and such samples, drawn in one panel for each epoch (at most
            twelve, most of them early), with the waves over each other. A channel has a colour; more channels than
            there are colours, or channels whose ranges differ much, have a strip each, which spans their range.
        ids: which waves, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.
        labels: titles of the panels, one for each wave there is or one for each in `ids`; not for pairs.
        rate: points per second, for an axis of time; None counts points.
        channels: names of the channels; None numbers them from 0.
        real: for pairs, real waves of as many channels, drawn as the last panel.

    Raises:
        ValueError: where `samples` holds no waves, a wave in `ids` is not there, or labels are too many or too few.
    """
    rate = None if rate is None else check.rate(rate)
    traced = _pairs(samples)
    if traced is None:
        waves = as_waves(samples)
        chosen = wave_ids(ids, len(waves))
        titles = _titles(labels, chosen, len(waves))
        panels: list[Panel | None] = [Panel(title, [waves[i]]) for title, i in zip(titles, chosen, strict=True)]
    else:
        if labels is not None:
            check.fail("labels", "None for a trace, whose panels are epochs", labels)
        chosen = wave_ids(ids, min(len(waves) for _, waves in traced))
        shown = spread_early(len(traced), MOST_PANELS)
        panels = [Panel(f"epoch {traced[i][0]:,}", [traced[i][1][k] for k in chosen]) for i in shown]
        if real is not None:
            panels.append(Panel("real", as_waves(real, "real")[: len(chosen)], REAL))
    return _small_multiples(panels, nrow, rate, channels)


def compare_waves(
    generated: Any, real: Any, nrow: int | None = None, rate: float | None = None, channels: Sequence[Any] | None = None
) -> Figure:
    """Rows of real waves above as many rows of generated ones, on common axes; of either the first eight at most."""
    made = as_waves(generated)
    there = as_waves(real, "real")
    width = made[0].shape[1]
    if there[0].shape[1] != width:
        check.fail("real", f"waves of {width} channel{'s' if width > 1 else ''}, as the generated ones", real)
    count = min(BESIDE, len(made), len(there))
    each = -(-count // 4) if nrow is None else min(max(1, check.whole("nrow", nrow) // 2), count)
    each = -(-count // -(-count // each))  # no row is left empty
    empty: list[Panel | None] = [None] * (-count % each)
    panels: list[Panel | None] = []
    for title, waves, colour in (("real", there, REAL), ("generated", made, GENERATED)):
        panels += [Panel(f"{title} {i}", [wave], colour) for i, wave in enumerate(waves[:count])]
        panels += empty
    return _small_multiples(panels, 2 * each, rate, channels)


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


def _small_multiples(
    panels: Sequence[Panel | None], nrow: int | None, rate: float | None, channels: Sequence[Any] | None
) -> Figure:
    """One panel each, and an empty place for None."""
    rows, columns = grid_of(len(panels), nrow)
    waves = [wave for panel in panels if panel for wave in panel.waves]
    scales = Scales.of(waves, channels)
    height = 1.6 if scales.shared else max(1.6, 0.4 + 0.25 * waves[0].shape[1])
    size = (max(4.8, 0.5 + 2.3 * columns), max(2.8, 0.5 + height * rows))
    picture = Picture(figsize=size, layout="constrained")
    grid = picture.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    step, label = time_axis(rate)
    shown = [*panels, *[None] * (grid.size - len(panels))]
    for place, (axes, panel) in enumerate(zip(grid.ravel(), shown, strict=True)):
        if panel is None:
            axes.set_visible(False)
            continue
        for wave in panel.waves:
            colour = None if scales.coloured else panel.colour
            scales.draw(axes, wave, step, max(0.25, 1.0 / math.sqrt(len(panel.waves))), colour)
        axes.set_title(panel.title, loc="left", fontsize="medium")
        axes.grid(**GRID)
        axes.spines[["top", "right"]].set_visible(False)
        # Where a column ends early, its last panel gets the tick labels that the hidden one would have had.
        if place + columns < grid.size and not any(shown[place + columns :: columns]):
            axes.tick_params(labelbottom=True)
    first = grid[0, 0]
    first.set_xlim(0, (max(len(wave) for wave in waves) - 1) * step)
    scales.mark(first)
    scales.key(picture)
    picture.supxlabel(label, fontsize="medium")
    if scales.shared:
        picture.supylabel("value", fontsize="medium")
    return picture
