"""Losses over the epochs, and the scores in a second panel."""

from __future__ import annotations

import itertools

from ..data.grid import spread_evenly
from ..data.losses import Losses, Scores
from .panels import COLOURS, GRID, SCORE, Axes, Figure, MaxNLocator, finish, new_figure
from .parts import tell

MOST_TOLD = 200  # epochs whose losses a page tells


def draw_losses(shown: Losses) -> Figure:
    """Both networks' losses; if they were smoothed, as thin lines, and their trend as thick ones."""
    scored = shown.scores is not None
    figure = new_figure(6.4, 5.0 if scored else 3.6)
    grid = figure.subplots(1 + scored, 1, sharex=True, squeeze=False, height_ratios=[3, 2][: 1 + scored]).ravel()
    axes = grid[0]
    thin = shown.smoothed
    for loss in shown.losses:
        colour = COLOURS[loss.network]
        axes.plot(loss.epoch, loss.value, color=colour, linewidth=0.7 if thin else 1.5, alpha=0.45 if thin else 1.0)
        marker = "o" if len(loss.epoch) == 1 else ""
        axes.plot(loss.epoch, loss.trend, color=colour, linewidth=1.8, marker=marker, label=loss.network)
    axes.set_xlim(*shown.x)
    axes.set_ylim(*shown.y)
    axes.set_ylabel("loss of held-out rows" if shown.of_trees else "loss")
    axes.grid(**GRID)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderaxespad=0.0)
    _tell_epochs(axes, shown)
    if shown.scores is not None:
        _draw_scores(grid[1], shown.scores)
    grid[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    grid[-1].set_xlabel("tree" if shown.of_trees else "epoch")
    return figure


def _tell_epochs(axes: Axes, shown: Losses) -> None:
    """Both losses of an epoch, in a strip around it."""
    by_network = [dict(zip(loss.epoch.tolist(), loss.value.tolist(), strict=True)) for loss in shown.losses]
    epochs = sorted(by_network[-1])
    told = [epochs[i] for i in spread_evenly(len(epochs), MOST_TOLD)]
    between = [0.5 * (one + other) for one, other in itertools.pairwise(told)]
    for epoch, low, high in zip(told, [shown.x[0], *between], [*between, shown.x[1]], strict=True):
        parts = [
            f"{loss.network} {values[epoch]:.3g}"
            for loss, values in zip(shown.losses, by_network, strict=True)
            if epoch in values
        ]
        tell(axes, f"{'tree' if shown.of_trees else 'epoch'} {epoch:,}: {', '.join(parts)}", (low, high))


def _draw_scores(axes: Axes, scores: Scores) -> None:
    axes.plot(scores.epoch, scores.value, color=SCORE, linewidth=1.2, marker="o", markersize=3.5)
    axes.set_ylim(0.0, scores.top)
    axes.set_ylabel("score, 0 is perfect")
    if scores.kept is not None:
        axes.axvline(scores.kept, color="0.35", linewidth=1.0, linestyle=":", zorder=1)
        axes.set_title(f"kept: epoch {scores.kept:,}", loc="right", fontsize="medium", color="0.35")
    finish(axes)
