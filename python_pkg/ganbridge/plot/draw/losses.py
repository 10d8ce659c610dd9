"""Losses over the epochs, and the scores where some were taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .panels import DISCRIMINATOR, GENERATED, GRID, SCORE, Axes, Figure, MaxNLocator, Picture, finish, limits

TREND_FROM = 30  # epochs from which a smooth line goes with the losses as they were


def plot_losses(history: Mapping[str, Any], kept: int | None = None) -> Figure:
    """Both networks' losses over the epochs; with many epochs as thin lines, and their trend as thick ones.

    Args:
        history: columns `epoch`, `generator_loss` and `discriminator_loss`, each of shape (epochs,), and perhaps
            `score`, which is NaN where none was taken. Finite scores get a panel of their own below.
        kept: the epoch whose generator was kept, marked beside the scores.

    Raises:
        ValueError: where no loss is finite.
    """
    epoch = np.asarray(history["epoch"])
    losses = {role: np.asarray(history[f"{role}_loss"], dtype=float) for role in ("generator", "discriminator")}
    finite = np.concatenate([loss[np.isfinite(loss)] for loss in losses.values()])
    if not finite.size:
        raise ValueError("`fit` must hold at least one finite loss to draw, not none.")
    score = np.asarray(history.get("score", np.full(len(epoch), np.nan)), dtype=float)
    scored = bool(np.isfinite(score).any())
    picture = Picture(figsize=(6.4, 5.0 if scored else 3.6), layout="constrained")
    grid = picture.subplots(1 + scored, 1, sharex=True, squeeze=False, height_ratios=[3, 2][: 1 + scored]).ravel()
    axes = grid[0]
    many = len(epoch) >= TREND_FROM
    for (role, loss), colour in zip(losses.items(), (GENERATED, DISCRIMINATOR), strict=True):
        shown = np.isfinite(loss)
        x, y = epoch[shown], loss[shown]
        axes.plot(x, y, color=colour, linewidth=0.7 if many else 1.5, alpha=0.45 if many else 1.0)
        trend = _moving_mean(y, len(y) // 15) if many else y
        marker = "o" if len(x) == 1 else ""
        axes.plot(x, trend, color=colour, linewidth=1.8, marker=marker, label=role)
    axes.set_xlim(*limits(epoch, margin=0.0))
    axes.set_ylim(*limits(finite))
    axes.set_ylabel("loss")
    axes.grid(**GRID)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderaxespad=0.0)
    if scored:
        _draw_scores(grid[1], epoch, score, kept)
    grid[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    grid[-1].set_xlabel("epoch")
    return picture


def _draw_scores(axes: Axes, epoch: np.ndarray, score: np.ndarray, kept: int | None) -> None:
    """From zero, which is perfect, so that a small change looks small."""
    taken = np.isfinite(score)
    axes.plot(epoch[taken], score[taken], color=SCORE, linewidth=1.2, marker="o", markersize=3.5)
    top = float(score[taken].max())
    axes.set_ylim(0.0, 1.06 * top if top > 0.0 else 1.0)
    axes.set_ylabel("score, 0 is perfect")
    if kept is not None and epoch[0] <= kept <= epoch[-1]:
        axes.axvline(kept, color="0.35", linewidth=1.0, linestyle=":", zorder=1)
        axes.set_title(f"kept: epoch {kept:,}", loc="right", fontsize="medium", color="0.35")
    finish(axes)


def _moving_mean(values: np.ndarray, reach: int) -> np.ndarray:
    """Means over at most `reach` neighbours on either side, over fewer towards the ends."""
    place = np.arange(len(values))
    reaches = np.minimum(reach, np.minimum(place, place[::-1]))
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((total[place + reaches + 1] - total[place - reaches]) / (2 * reaches + 1))
