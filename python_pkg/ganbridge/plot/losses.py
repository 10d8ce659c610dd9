"""Losses over the epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .panels import DISCRIMINATOR, GENERATED, GRID, Figure, MaxNLocator, Picture, limits

TREND_FROM = 30  # epochs from which a smooth line goes with the losses as they were


def plot_losses(history: Mapping[str, Any]) -> Figure:
    """Both networks' losses over the epochs; with many epochs as thin lines, and their trend as thick ones.

    Args:
        history: columns `epoch`, `generator_loss` and `discriminator_loss`, each of shape (epochs,).

    Raises:
        ValueError: where no loss is finite.
    """
    epoch = np.asarray(history["epoch"])
    losses = {role: np.asarray(history[f"{role}_loss"], dtype=float) for role in ("generator", "discriminator")}
    finite = np.concatenate([loss[np.isfinite(loss)] for loss in losses.values()])
    if not finite.size:
        raise ValueError("`fit` must hold at least one finite loss to draw, not none.")
    picture = Picture(figsize=(6.4, 3.6), layout="constrained")
    axes = picture.subplots()
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
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="epoch", ylabel="loss")
    axes.grid(**GRID)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, borderaxespad=0.0)
    return picture


def _moving_mean(values: np.ndarray, reach: int) -> np.ndarray:
    """Means over at most `reach` neighbours on either side, over fewer towards the ends."""
    place = np.arange(len(values))
    reaches = np.minimum(reach, np.minimum(place, place[::-1]))
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((total[place + reaches + 1] - total[place - reaches]) / (2 * reaches + 1))
