"""Metrics of an evaluation beside their baselines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.metrics import MetricPanel
from .panels import GENERATED, GRID, REAL, Axes, Figure, new_figure, plain
from .parts import tell


def draw_metrics(panels: Sequence[MetricPanel]) -> Figure:
    """A panel below the other, in which each metric is a dot and its baseline a ring."""
    heights = [max(len(panel.labels), 2) for panel in panels]
    figure = new_figure(7.2, 0.6 + 0.27 * sum(heights) + 0.75 * len(heights))
    if not panels:
        return figure
    grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights).ravel()
    for axes, panel in zip(grid, panels, strict=True):
        _draw_panel(axes, panel)
    handles, labels = grid[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2, frameon=False)
    return figure


def _draw_panel(axes: Axes, panel: MetricPanel) -> None:
    value, baseline, at = panel.value, panel.baseline, np.arange(len(panel.value))[::-1]
    axes.hlines(at, np.minimum(value, baseline), np.maximum(value, baseline), color="0.7", linewidth=1.2, zorder=1)
    axes.plot(baseline, at, "o", mfc="white", mec=REAL, mew=1.6, ms=7, label="real beside real")
    axes.plot(value, at, "o", color=GENERATED, ms=6, label="generated beside real")
    axes.set_yticks(at, [plain(label, 60) for label in panel.labels])
    axes.set_ylim(-0.6, len(value) - 0.4)
    axes.set_xlim(*panel.limits)
    for label, height, ours, reached in zip(panel.labels, at.tolist(), value.tolist(), baseline.tolist(), strict=True):
        tell(axes, f"{label}: {ours:.3g}, real beside real {reached:.3g}", y=(height - 0.5, height + 0.5))
    axes.set_title(panel.title, loc="left", fontsize="medium")
    axes.set_xlabel(panel.unit)
    axes.grid(axis="x", **GRID)
    axes.spines[["top", "right"]].set_visible(False)
