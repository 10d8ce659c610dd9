"""Limits and ticks of one axis."""

from __future__ import annotations

from typing import Any

from ..data.axis import Axis
from .panels import Axes, MaxNLocator, plain_level

ROUND = [1, 2, 2.5, 5, 10]  # steps between ticks, as R has them
MOST_SLANTED = 6  # labels below an axis


def mark_axis(axes: Axes, which: str, shown: Axis) -> None:
    """Ticks and limits of x or y: numbers, dates, or levels (the first at the top, numbers rising)."""
    axis: Any = axes.xaxis if which == "x" else axes.yaxis
    set_limits = axes.set_xlim if which == "x" else axes.set_ylim
    if shown.column_type == "category":
        turned = which == "y" and not shown.rising
        set_limits(*(shown.limits[::-1] if turned else shown.limits))
        _mark_levels(axes, axis, shown, slanted=which == "x")
        return
    if shown.column_type == "time":
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        dates = AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
        axis.set_major_locator(dates)
        axis.set_major_formatter(ConciseDateFormatter(dates))  # type: ignore[no-untyped-call]
    else:
        wide = which == "x" and max(map(abs, shown.limits)) >= 1e4  # long numbers stand side by side
        axis.set_major_locator(MaxNLocator(3 if wide else 5, steps=ROUND, min_n_ticks=2 if wide else 3))
    set_limits(*shown.limits)


def _mark_levels(axes: Axes, axis: Any, shown: Axis, slanted: bool) -> None:
    labels = [plain_level(level) for level in shown.levels]
    axis.set_ticks(range(len(labels)), labels)
    if not slanted or sum(map(len, labels)) <= 24:
        return
    many = len(labels) > MOST_SLANTED  # so many would lie over each other if they were not upright
    axis.set_ticks(range(len(labels)), [plain_level(level, 14) for level in shown.levels])
    axes.tick_params(axis="x", rotation=90 if many else 30)
    for label in axes.get_xticklabels():
        label.set(ha="right", va="center" if many else "baseline", rotation_mode="anchor")
