"""Figures of an evaluation beside their baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .panels import GENERATED, GRID, REAL, Figure, Picture, plain


def plot_evaluation(panels: Sequence[Mapping[str, Any]]) -> Figure:
    """A panel below the other, in which each figure is a dot and its baseline a ring.

    Args:
        panels: `title`, `unit`, and `label`, `value` and `baseline`, each of one entry per figure.
    """
    heights = [max(len(panel["label"]), 2) for panel in panels]
    picture = Picture(figsize=(7.2, 0.6 + 0.27 * sum(heights) + 0.75 * len(heights)), layout="constrained")
    if not panels:
        return picture
    all_axes = picture.subplots(len(panels), 1, squeeze=False, height_ratios=heights).ravel()
    for axes, panel in zip(all_axes, panels, strict=True):
        _panel(axes, panel)
    handles, labels = all_axes[0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="outside upper right", ncols=2, frameon=False)
    return picture


def _panel(axes: Any, panel: Mapping[str, Any]) -> None:
    value, baseline = np.asarray(panel["value"]), np.asarray(panel["baseline"])
    place = np.arange(len(value))[::-1]
    axes.hlines(place, np.minimum(value, baseline), np.maximum(value, baseline), color="0.7", linewidth=1.2, zorder=1)
    axes.plot(baseline, place, "o", mfc="white", mec=REAL, mew=1.6, ms=7, label="real beside real")
    axes.plot(value, place, "o", color=GENERATED, ms=6, label="generated beside real")
    axes.set_yticks(place, [plain(label, 60) for label in panel["label"]])
    axes.set_ylim(-0.6, len(value) - 0.4)
    high = max(float(np.max([value, baseline])), 0.05)
    axes.set_xlim(-0.03 * high, 1.06 * high)
    axes.set_title(panel["title"], loc="left", fontsize="medium")
    axes.set_xlabel(panel["unit"])
    axes.grid(axis="x", **GRID)
    axes.spines[["top", "right"]].set_visible(False)
