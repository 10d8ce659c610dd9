"""Losses over the epochs, and the scores if any were taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .axis import Limits, limits_of

TREND_FROM = 30  # epochs from which a smooth line goes with the losses as they were


@dataclass(frozen=True)
class Loss:
    """The finite losses of one network: epoch, value and trend, each (k,)."""

    network: str
    epoch: np.ndarray
    value: np.ndarray
    trend: np.ndarray


@dataclass(frozen=True)
class Scores:
    """Finite scores: epoch and value (k,); top: the upper limit of their axis; kept: the epoch kept, if it is known."""

    epoch: np.ndarray
    value: np.ndarray
    top: float
    kept: int | None


@dataclass(frozen=True)
class Losses:
    """Losses of both networks, or of a discriminator alone, which then is one of trees: of held-out rows, tree by tree.

    smoothed: whether their trend differs from them. x, y: limits of the axes.
    """

    losses: list[Loss]
    smoothed: bool
    x: Limits
    y: Limits
    scores: Scores | None

    @property
    def of_trees(self) -> bool:
        """Whether there is no generator that is trained."""
        return len(self.losses) == 1


def losses_of(history: Mapping[str, Any], kept: int | None = None) -> Losses:
    """Both networks' losses over the epochs, or one's if the other has none; with many epochs also their trend.

    Args:
        history: columns `epoch`, `generator_loss` and `discriminator_loss`, each of shape (epochs,), and perhaps
            `score`, which is NaN for epochs without one.
        kept: the epoch whose generator was kept.

    Raises:
        ValueError: if no loss is finite.
    """
    epoch = np.asarray(history["epoch"])
    smoothed = len(epoch) >= TREND_FROM
    losses = []
    for network in ("generator", "discriminator"):
        value = np.asarray(history[f"{network}_loss"], dtype=float)
        finite = np.isfinite(value)
        if network == "generator" and np.isnan(value).all():
            continue
        value = value[finite]
        trend = _moving_mean(value, len(value) // 15) if smoothed else value
        losses.append(Loss(network, epoch[finite], value, trend))
    values = np.concatenate([loss.value for loss in losses])
    if not values.size:
        raise ValueError("`fit` must hold at least one finite loss to draw, not none.")
    score = np.asarray(history.get("score", np.full(len(epoch), np.nan)), dtype=float)
    scores = _scores(epoch, score, kept) if np.isfinite(score).any() else None
    return Losses(losses, smoothed, limits_of(epoch, margin=0.0), limits_of(values), scores)


def _scores(epoch: np.ndarray, score: np.ndarray, kept: int | None) -> Scores:
    """From zero, which is perfect, so that a small change looks small."""
    taken = np.isfinite(score)
    highest = float(score[taken].max())
    marked = kept if kept is not None and epoch[0] <= kept <= epoch[-1] else None
    return Scores(epoch[taken], score[taken], 1.06 * highest if highest > 0.0 else 1.0, marked)


def _moving_mean(values: np.ndarray, reach: int) -> np.ndarray:
    """Means over at most `reach` neighbours on either side, over fewer towards the ends."""
    index = np.arange(len(values))
    reaches = np.minimum(reach, np.minimum(index, index[::-1]))
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((total[index + reaches + 1] - total[index - reaches]) / (2 * reaches + 1))
