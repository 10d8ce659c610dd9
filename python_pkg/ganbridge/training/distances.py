"""Distances between rows and between samples: what a fit is scored and diagnosed by.

Between rows they are taken in blocks, so that memory grows with one sample only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

BLOCK = 512


def squared_distances(rows: np.ndarray, others: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Squared distances (block, k) of `rows` (n, p) from `others` (k, p), a block of rows after the other.

    |a|^2 + |b|^2 - 2ab loses its digits far from 0, so that both are moved there first.
    """
    center = others.mean(0)
    rows, others = rows - center, others - center
    squares = (others**2).sum(1)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        square = (block**2).sum(1)[:, None] + squares[None] - 2.0 * block @ others.T
        yield slice(start, start + len(block)), np.maximum(square, 0.0)


def nearest(
    rows: np.ndarray, others: np.ndarray, *, skip_self: bool = False, rank: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Distance to, and index of, the rank-th nearest of `others` (k, p) for each of `rows` (n, p).

    skip_self: `others` are the same rows, and a row is not its own neighbour.
    """
    distances, indices = nearest_ranks(rows, others, (rank,), skip_self=skip_self)
    return distances[0], indices[0]


def nearest_ranks(
    rows: np.ndarray, others: np.ndarray, ranks: tuple[int, ...], *, skip_self: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest`, for several ranks at once: distances and indices of shape (ranks, n)."""
    columns = [rank - 1 for rank in ranks]
    distances, indices = np.empty((len(ranks), len(rows))), np.empty((len(ranks), len(rows)), dtype=np.int64)
    for block, square in squared_distances(rows, others):
        if skip_self:
            square[np.arange(len(square)), np.arange(block.start, block.stop)] = np.inf
        neighbours = np.argpartition(square, columns, axis=1)[:, columns].T
        indices[:, block] = neighbours
        # Once more without the short cut: a row is exactly 0 from its copy.
        distances[:, block] = np.sqrt(((rows[block] - others[neighbours]) ** 2).sum(2))
    return distances, indices


def directions(width: int, count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors (count, width): evenly over the half circle in two dimensions, else axes and random directions.

    All axes, or if there are many, as many of them as random directions.
    """
    if width == 1:
        return np.ones((1, 1))
    if width == 2:
        angle = math.pi * np.arange(count) / count
        return np.stack([np.cos(angle), np.sin(angle)], 1)
    axes = np.unique(np.linspace(0, width - 1, min(width, count // 2)).round().astype(int))
    drawn = np.random.default_rng(seed).standard_normal((count - len(axes), width))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    along_axes = np.zeros((len(axes), width))
    along_axes[np.arange(len(axes)), axes] = 1.0
    return np.concatenate([along_axes, drawn])


def sliced_wasserstein(a: np.ndarray, b: np.ndarray, along: np.ndarray, levels: int = 0) -> float:
    """Mean Wasserstein-1 distance of a (n, p) and b (k, p) projected on the rows of `along` (Bonneel et al. 2015).

    Quantiles are compared at `levels` evenly spaced levels; 0 takes as many as the smaller sample has rows.
    """
    # einsum has one thread: the bits of a score must not depend on how many cores numpy's BLAS finds.
    projected = [np.sort(np.einsum("np,kp->nk", x, along.astype(x.dtype)), axis=0) for x in (a, b)]
    levels = levels or min(len(a), len(b))
    quantiles = []
    for values in projected:
        rank = (np.arange(levels) + 0.5) / levels * len(values) - 0.5
        below = np.clip(np.floor(rank).astype(int), 0, len(values) - 1)
        above = np.clip(below + 1, 0, len(values) - 1)
        share = np.clip(rank - below, 0.0, 1.0)[:, None]
        quantiles.append(values[below] * (1.0 - share) + values[above] * share)
    return float(np.abs(quantiles[0] - quantiles[1]).mean())


def coverage(generated: np.ndarray, real: np.ndarray, neighbours: int = 5) -> float:
    """Share of real rows with a generated row within the distance of their k-th real neighbour (Naeem et al. 2020).

    About 1 - 2 ** -k for two samples of one distribution and equal size; low if the generator left parts out.
    """
    inner, _ = nearest(real, real, skip_self=True, rank=neighbours)
    return float((nearest(real, generated)[0] <= inner).mean())


def nearest_distance_ratio(generated: np.ndarray, training: np.ndarray) -> float:
    """Median distance of a generated row to its nearest training row, over that of a training row to the others.

    Near 1 if generated rows keep the distance that independent rows keep; near 0 if they are copies.
    """
    among = float(np.median(nearest(training, training, skip_self=True)[0]))
    return float(np.median(nearest(generated, training)[0])) / among if among > 0 else float("nan")
