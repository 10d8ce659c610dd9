"""Distances between rows, in blocks, so that memory grows with one sample only."""

from __future__ import annotations

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
    """Distance to, and number of, the rank-th nearest of `others` (k, p) for each of `rows` (n, p).

    skip_self: `others` are the same rows, and a row is not its own neighbour.
    """
    distances, numbers = nearest_ranks(rows, others, (rank,), skip_self=skip_self)
    return distances[0], numbers[0]


def nearest_ranks(
    rows: np.ndarray, others: np.ndarray, ranks: tuple[int, ...], *, skip_self: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest`, for several ranks at once: distances and numbers of shape (ranks, n)."""
    places = [rank - 1 for rank in ranks]
    distances, numbers = np.empty((len(ranks), len(rows))), np.empty((len(ranks), len(rows)), dtype=np.int64)
    for place, square in squared_distances(rows, others):
        if skip_self:
            square[np.arange(len(square)), np.arange(place.start, place.stop)] = np.inf
        found = np.argpartition(square, places, axis=1)[:, places].T
        numbers[:, place] = found
        # Once more without the short cut: a row is exactly 0 from its copy.
        distances[:, place] = np.sqrt(((rows[place] - others[found]) ** 2).sum(2))
    return distances, numbers
