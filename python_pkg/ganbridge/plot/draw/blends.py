"""A row of waves that turns from one into another, as an area chart."""

from __future__ import annotations

import numpy as np

from ..data.blends import BlendPanel, Blends
from .panels import Axes, Figure, new_figure, plain

FIRST_TO_LAST = ("#0072B2", "#56B4E9", "#E69F00", "#D55E00")  # of Okabe and Ito's palette, from blue to red


def draw_blends(shown: Blends) -> Figure:
    """Waves as areas behind each other, in a panel for each channel."""
    count = len(shown.panels)
    figure = new_figure(max(7.0, 3.4 * count), 5.6)
    grid = figure.subplots(1, count, sharex=True, squeeze=False)[0]
    for axes, panel in zip(grid, shown.panels, strict=True):
        _draw_areas(axes, panel, shown.time.step)
        axes.set_xlim(*shown.time.limits)
        axes.set_yticks([])
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.set_xlabel(shown.time.label)
        if panel.title:
            axes.set_title(plain(panel.title), loc="left", fontsize="medium")
    grid[0].set_ylabel(f"{shown.count:,} waves, from the first (top) to the last")
    return figure


def _draw_areas(axes: Axes, panel: BlendPanel, step: float) -> None:
    colours = shades(len(panel.waves))
    for i, wave in enumerate(panel.waves):
        time = np.arange(len(wave)) * step
        axes.fill_between(time, panel.base, wave, facecolor=colours[i], edgecolor="none", zorder=i + 1.0)
        axes.plot(time, wave, color="white", linewidth=0.7, zorder=i + 1.0)
    axes.set_ylim(*panel.limits)


def shades(count: int) -> np.ndarray:
    """Colours (count, 3) from the first to the last."""
    fixed = np.array([[int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5)] for code in FIRST_TO_LAST])
    at = np.linspace(0.0, 1.0, count)
    return np.stack([np.interp(at, np.linspace(0.0, 1.0, len(fixed)), fixed[:, i]) for i in range(3)], 1)
