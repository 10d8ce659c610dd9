"""Plots of an evaluation's metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .data.metrics import metric_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_metrics(panels: Sequence[Mapping[str, Any]]) -> Figure:
    """Metrics beside their baselines, from mappings with `title`, `unit`, and lists `label`, `value` and `baseline`."""
    from . import draw

    return draw.draw_metrics(metric_panels(panels))
