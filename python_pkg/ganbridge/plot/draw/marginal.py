"""One column in one panel: real rows in grey behind generated ones in blue."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..data.marginal import FEW, Bars, Densities, Histogram
from .axis import mark_axis
from .panels import COLOURS, NOISE, Axes
from .parts import shares_in_words, tell, value_in_words


def draw_marginal(axes: Axes, panel: Histogram | Bars | Densities) -> None:
    """A histogram with the missing share beside it, bars or densities."""
    if isinstance(panel, Histogram):
        _draw_histogram(axes, panel)
        if panel.missing.any():
            _draw_missing(axes, panel)
    elif isinstance(panel, Bars):
        _draw_bars(axes, panel)
    else:
        _draw_densities(axes, panel)


def _draw_histogram(axes: Axes, panel: Histogram) -> None:
    for i, (share, source) in enumerate(zip(panel.shares, panel.sources, strict=True)):
        behind = i == 0 and len(panel.sources) > 1
        axes.stairs(share, panel.edges, fill=True, color=COLOURS[source], alpha=0.4 if behind else 0.12)
        axes.stairs(share, panel.edges, color=COLOURS[source], linewidth=0.8 if behind else 1.5)
    axes.set_ylim(0.0, panel.top)
    axes.set_ylabel("share of rows")
    mark_axis(axes, "x", panel.axis)
    for k, (low, high) in enumerate(itertools.pairwise(panel.edges.tolist())):
        ends = " to ".join(value_in_words(panel.axis, value) for value in (low, high))
        words = f"{panel.axis.label} {ends}: {shares_in_words(panel.sources, panel.shares[:, k])}"
        tell(axes, words, (low, high))


def _draw_missing(axes: Axes, panel: Histogram) -> None:
    """The share of rows without a value, on a separate scale from none to all."""
    low, high = axes.get_xlim()
    # The word "missing" takes the room that the last ticks' labels would reach into.
    axes.set_xticks([at for at in axes.get_xticks() if low <= at <= high - 0.17 * (high - low)])
    count = len(panel.sources)
    aside = axes.inset_axes((1.05, 0.0, 0.15 * count, 1.0))
    for i, (share, source) in enumerate(zip(panel.missing.tolist(), panel.sources, strict=True)):
        aside.bar(i, share, width=0.7, color=COLOURS[source], alpha=0.75)
        aside.text(i, share, f"{100 * share:.0f}%", ha="center", va="bottom", fontsize="xx-small")
    aside.set(xlim=(-0.6, count - 0.4), ylim=(0.0, 1.12), yticks=[])
    aside.set_xticks([(count - 1) / 2], ["missing"], fontsize="small")
    aside.tick_params(length=0)
    tell(aside, f"{panel.axis.label} missing: {shares_in_words(panel.sources, panel.missing)}")
    aside.spines[["top", "right", "left"]].set_visible(False)


def _draw_bars(axes: Axes, panel: Bars) -> None:
    count = len(panel.sources)
    height = 0.8 / count
    for i, (share, source) in enumerate(zip(panel.shares, panel.sources, strict=True)):
        shift = (i - (count - 1) / 2) * height * (-1 if panel.axis.rising else 1)
        axes.barh(np.arange(len(share)) + shift, share, height=0.92 * height, color=COLOURS[source], alpha=0.85)
        for level in np.flatnonzero(panel.counts[i] <= FEW):
            words: Any = {"fontsize": "xx-small", "color": COLOURS[source], "va": "center"}
            axes.text(share[level], level + shift, f" {panel.counts[i, level]}", clip_on=True, **words)
    axes.set_xlim(0.0, panel.top)
    axes.set_xlabel("share of rows")
    axes.locator_params(axis="x", nbins=4)
    mark_axis(axes, "y", panel.axis)
    for k, name in enumerate(panel.axis.levels):
        words = f"{panel.axis.label} {name}: {shares_in_words(panel.sources, panel.shares[:, k])}"
        tell(axes, words, y=(k - 0.5, k + 0.5))


def _draw_densities(axes: Axes, panel: Densities) -> None:
    """Smooth densities, filled, with the noise behind them, dashed."""
    for i, (curve, source) in enumerate(zip(panel.curves, panel.sources, strict=True)):
        if curve is not None:
            alpha = 0.35 if i < len(panel.sources) - 1 else 0.12
            axes.fill_between(curve.x, curve.height, color=COLOURS[source], alpha=alpha, linewidth=0)
            axes.plot(curve.x, curve.height, color=COLOURS[source], linewidth=1.5)
    if panel.noise is not None:
        axes.plot(panel.noise.x, panel.noise.height, color=NOISE, linewidth=1.2, linestyle="--", zorder=1.5)
    mark_axis(axes, "x", panel.axis)
