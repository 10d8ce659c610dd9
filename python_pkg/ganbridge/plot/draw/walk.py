"""Rows along a walk through the latent space."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.walk import Path, Steps, Walk
from .axis import mark_axis
from .panels import GENERATED, REAL, Axes, Figure, finish, hide_rest, key, label_below, new_figure, plain


def draw_walk(shown: Walk) -> Figure:
    """One panel for each column or pair."""
    figure = new_figure(max(4.8, 0.6 + 2.9 * shown.columns), max(3.2, 0.6 + 2.2 * shown.rows))
    grid = figure.subplots(shown.rows, shown.columns, squeeze=False).ravel()
    for axes, panel in zip(grid, shown.panels, strict=False):
        if isinstance(panel, Steps):
            _draw_steps(axes, panel)
        else:
            _draw_path(axes, panel)
        finish(axes)
    hide_rest(grid, len(shown.panels))
    key(figure, shown.keys)
    label_below(figure, "", shown.note)
    return figure


def _draw_steps(axes: Axes, panel: Steps) -> None:
    count, continuous = len(panel.values), panel.axis.continuous
    if panel.band is not None:
        axes.axhspan(*panel.band, color=REAL, alpha=0.25, linewidth=0)
    marked: Any = {"marker": "o", "markersize": 3.0} if count <= 60 or not continuous else {}
    line: Any = {"linewidth": 1.4} if continuous else {"linewidth": 0.8, "drawstyle": "steps-mid", "alpha": 0.8}
    axes.plot(np.arange(1, count + 1), panel.values, color=GENERATED, **line, **marked)
    axes.set(xlabel="step of the walk", ylabel=plain(panel.axis.label), xlim=(1 - 0.02 * count, count * 1.02))
    mark_axis(axes, "y", panel.axis)


def _draw_path(axes: Axes, panel: Path) -> None:
    """From a ring to a dot."""
    if panel.real is not None:
        axes.scatter(panel.real[:, 0], panel.real[:, 1], s=10, color=REAL, alpha=0.3, linewidths=0)
    x, y = panel.walk.T
    axes.plot(x, y, color=GENERATED, linewidth=1.4, marker="o", markersize=2.5)
    axes.plot(x[:1], y[:1], color=GENERATED, marker="o", markersize=7, markerfacecolor="white", linestyle="")
    axes.plot(x[-1:], y[-1:], color=GENERATED, marker="o", markersize=7, linestyle="")
    axes.set(xlabel=plain(panel.x.label), ylabel=plain(panel.y.label))
    mark_axis(axes, "x", panel.x)
    mark_axis(axes, "y", panel.y)
