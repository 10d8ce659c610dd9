"""A row of waves that turns from one into another, as an area chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check
from .channels import Scales, as_waves, time_axis
from .panels import Figure, Picture

FIRST_TO_LAST = ("#0072B2", "#56B4E9", "#E69F00", "#D55E00")  # of Okabe and Ito's palette, from blue to red
STEP = 0.1  # between two waves, in ranges of the values


def plot_blends(samples: Any, rate: float | None = None, channels: Sequence[Any] | None = None) -> Figure:
    """Waves in their order as areas behind each other, the first one at the back, in a panel for each channel.

    Args:
        samples: an array of n waves by m points (by channels), or a list of waves of different lengths.
        rate: points per second, for an axis of time; None counts points.
        channels: their names; None numbers them from 0.

    Raises:
        ValueError: where `samples` holds no waves.
    """
    rate = None if rate is None else check.rate(rate)
    waves = as_waves(samples)
    count = waves[0].shape[1]
    names = Scales.of(waves, channels).names
    step, label = time_axis(rate)
    picture = Picture(figsize=(max(7.0, 3.4 * count), 5.6), layout="constrained")
    panels = picture.subplots(1, count, sharex=True, squeeze=False)[0]
    for k, axes in enumerate(panels):
        _areas(axes, [wave[:, k] for wave in waves], step)
        axes.set_xlim(0, (max(map(len, waves)) - 1) * step)
        axes.set_yticks([])
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.set_xlabel(label)
        if count > 1:
            axes.set_title(names[k], loc="left", fontsize="medium")
    panels[0].set_ylabel(f"{len(waves):,} waves, from the first (top) to the last")
    return picture


def _areas(axes: Any, waves: list[np.ndarray], step: float) -> None:
    low, high = min(map(np.min, waves)), max(map(np.max, waves))
    apart = STEP * (high - low or 1.0)
    colours = shades(len(waves))
    for i, wave in enumerate(waves):
        time, values = np.arange(len(wave)) * step, wave + (len(waves) - 1 - i) * apart
        axes.fill_between(time, low, values, facecolor=colours[i], edgecolor="none", zorder=i + 1.0)
        axes.plot(time, values, color="white", linewidth=0.7, zorder=i + 1.0)
    axes.set_ylim(low, high + (len(waves) - 1) * apart)


def shades(count: int) -> np.ndarray:
    """Colours (count, 3) from the first to the last."""
    fixed = np.array([[int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5)] for code in FIRST_TO_LAST])
    place = np.linspace(0.0, 1.0, count)
    return np.stack([np.interp(place, np.linspace(0.0, 1.0, len(fixed)), fixed[:, i]) for i in range(3)], 1)
