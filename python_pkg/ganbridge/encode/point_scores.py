"""Points of a channel of waves as normal scores, for channels that a mixture of normal distributions fits better so.

Smooth channels lie near curved surfaces of few dimensions, which normal scores would bend; channels with spikes, bounds
or steps do not. Values that many points share become one score each and are met exactly again. Which is better is
decided by the likelihood of normal distributions around groups of alike waves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .clusters import clusters
from .scaler import Scaler, interpolated, normal_scores, normal_shares

STEPS = 0.05  # share of one value from which on a channel is one of steps
COMPARED = 2_000  # waves by which the choice is made,
GROUPS, GROUP_ROWS = 20, 20  # in so many groups at most, with so many waves at least,
PSEUDO_ROWS = 20.0  # whose covariances are shrunk towards the mean one by so many rows
RIDGE = 1e-6
NORMAL_ENTROPY = 0.5 * math.log(2.0 * math.pi * math.e)


@dataclass(frozen=True, eq=False)
class PointScores:
    """scaler: the quantiles of a channel."""

    scaler: Scaler

    def encode(self, points: np.ndarray) -> np.ndarray:
        """Scores of points, of any shape; a value that many share has one score, that of the middle of its share."""
        flat, (values, z) = points.ravel(), self.scaler.knots
        scores, shares = interpolated(flat, values, z), normal_shares(z)
        below, above = self.scaler.reach(flat, shares)
        if (above > below).any():
            unique, where = np.unique(flat[above > below], return_inverse=True)
            below_unique, above_unique = self.scaler.reach(unique, shares)
            scores[above > below] = normal_scores((below_unique + above_unique) / 2.0)[where.ravel()]
        return np.asarray(scores.reshape(points.shape))

    def decode(self, scores: np.ndarray, margin: float) -> np.ndarray:
        """Inverse of `encode`; points lie at most `margin` ranges outside those of the training data."""
        return self.scaler.decode(scores.ravel(), margin).reshape(scores.shape)


def points_with_scores(channels: Iterator[np.ndarray], dtype: str | None, k: int) -> Iterator[PointScores | None]:
    """For each channel (n, points) its scores, or None if its points are better as they are.

    dtype: what they were before they became float64. k: waves that share what a fit keeps of their values.
    """
    for waves in channels:
        scores = None
        if len(waves) >= GROUP_ROWS and waves.max() > waves.min():
            shared = k if k == 1 else min(k * waves.shape[1], waves.size)
            scaler = Scaler.fit(waves.ravel(), "double", "quantile", dtype, shared)
            scores = None if scaler.constant else PointScores(scaler)
        yield scores if scores is not None and _better(scores, waves) else None


def _better(scores: PointScores, waves: np.ndarray) -> bool:
    """Whether normal distributions fit the scores of points better than the points."""
    points = waves.ravel()
    unique, counts = np.unique(points, return_counts=True)
    if counts.max() >= STEPS * points.size:
        return True
    sd = float(points.std())
    waves = waves[:: math.ceil(len(waves) / COMPARED)]
    entropy = _entropy(points / sd, float(np.median(np.diff(unique))) / sd)
    gain = waves.shape[1] * (NORMAL_ENTROPY - entropy)  # the log of the scores' slope, over a wave's points
    return bool(_likelihood(scores.encode(waves)) + gain > _likelihood(waves / sd))


def _entropy(points: np.ndarray, step: float) -> float:
    """Differential entropy of points by their spacings (Vasicek 1976); step: the least distance of different ones."""
    points, n = np.sort(points), points.size
    reach, i = max(1, math.isqrt(n)), np.arange(n)
    first, last = np.maximum(i - reach, 0), np.minimum(i + reach, n - 1)
    gap = np.maximum(points[last] - points[first], step)
    return float(np.log(gap * n / (last - first)).mean())


def _likelihood(waves: np.ndarray) -> float:
    """Mean log-likelihood of waves (n, points) around the centers of their groups, but for what all scales share."""
    import torch

    n, points = waves.shape
    rest = waves - waves.mean(0)
    group = clusters(rest, max(1, min(GROUPS, n // GROUP_ROWS)), seed=0)
    sums = np.zeros((int(group.max()) + 1, points))
    np.add.at(sums, group, rest)
    counts = np.bincount(group)
    rest = torch.from_numpy(rest - (sums / np.maximum(counts, 1)[:, None])[group])
    pooled, total = rest.T @ rest / n + RIDGE * torch.eye(points, dtype=torch.float64), 0.0
    for k in np.flatnonzero(counts):
        part = rest[torch.from_numpy(group == k)]
        covariance = (part.T @ part + PSEUDO_ROWS * pooled) / (len(part) + PSEUDO_ROWS)
        total -= 0.5 * len(part) / n * float(torch.linalg.slogdet(covariance)[1])
    return total
